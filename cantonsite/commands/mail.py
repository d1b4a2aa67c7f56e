"""flask mail: the deliverer."""

import signal
import time
from types import FrameType

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from ..services import delivery

mail = AppGroup("mail", help="Mail that the site sends.")
PAUSE_SECONDS = 1.0


@mail.command("deliver")
@click.option("--once", is_flag=True, help="Send what is due now, and end.")
def deliver(once: bool) -> None:
    """Send what is due, again and again, until told to stop. Several may run side by side."""
    if once:
        sent = 0
        while more := delivery.deliver_due():
            sent += more
        click.echo(f"{sent} sent.")
        return
    stopping = _stop_on_signal()
    while not stopping:
        try:
            delivery.deliver_due()
        except SQLAlchemyError as error:
            click.echo(f"The database does not answer: {error}", err=True)
        delivery.let_go()
        time.sleep(PAUSE_SECONDS)


def _stop_on_signal() -> list[int]:
    """A list that fills when a signal comes: the mail in hand is finished first."""
    caught: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        caught.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return caught
