"""flask mail: the deliverer."""

import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from .. import config
from ..services import bulletins, delivery, gathering, reminders, retention, waiting_list

mail = AppGroup("mail", help="Mail that the site sends.")
PAUSE_SECONDS = 1.0


@mail.command("deliver")
@click.option("--once", is_flag=True, help="Send what is due now, and end.")
def deliver(once: bool) -> None:
    """Send what is due, again and again, until told to stop. Several may run side by side."""
    _refuse_to_send_badly()
    with _told_to_stop() as told:
        if once:
            click.echo(f"{_all(told)} sent.")
            return
        while not told():
            busy = _round(told)
            told(0.0 if busy else PAUSE_SECONDS)


def _all(told: Callable[[], bool]) -> int:
    waiting_list.advance()  # before the mail that says that somebody waits
    sent = delivery.deliver_due(most=sys.maxsize, stopping=told)
    retention.daily()
    while not told() and _advance():
        sent += delivery.deliver_due(most=sys.maxsize, stopping=told)
    return sent


def _round(told: Callable[[], bool]) -> bool:
    """Send some of what waits, then write the next piece of a send to many; whether there was anything to do.

    Both pieces are small, and what is sent goes by its priority: no decision waits for a send to thousands. Once a
    day what is no longer needed is deleted in between.
    """
    try:
        moved = waiting_list.advance()
        sent = delivery.deliver_due(stopping=told)
        retention.daily()
        return bool(not told() and _advance()) or moved or sent > 0
    except SQLAlchemyError as error:
        click.echo(f"The database does not answer: {str(error).splitlines()[0]}", err=True)
        return False
    finally:
        delivery.let_go()


def _advance() -> bool:
    """Write mails that nobody's act has caused, but the passing of time; whether there were any."""
    return reminders.advance() or gathering.advance() or bulletins.advance()


def _refuse_to_send_badly() -> None:
    """A half-configured site may run `check`, but a mail with a wrong link in it cannot be called back."""
    if current_app.config["ENVIRONMENT"] in ("demo", "test"):
        return
    if found := config.problems({**current_app.config, "DEBUG": current_app.debug}, current_app.instance_path):
        raise click.ClickException(str(config.ConfigurationError(found)))


@contextmanager
def _told_to_stop() -> Iterator[Callable[..., bool]]:
    """Waits so many seconds and says whether TERM or INT came: it ends a pause at once, and never the mail in hand."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)

    def note(_number: int, _frame: FrameType | None) -> None:
        with suppress(BlockingIOError):  # told a thousand times already
            writing.send(b".")

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda seconds=0.0: bool(select.select([reading], [], [], seconds)[0])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        reading.close()
        writing.close()
