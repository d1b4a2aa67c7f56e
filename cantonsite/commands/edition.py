"""flask edition: open an edition for applications."""

from datetime import datetime

import click
from flask.cli import AppGroup

from ..models.audit import Actor
from ..services import editions

edition = AppGroup("edition", help="Editions of the fair.")
Day = click.DateTime(formats=["%Y-%m-%d"])


@edition.command("add")
@click.argument("number", type=click.IntRange(1, 9999))
@click.option("--starts", required=True, type=Day, help="First day, 2027-04-15.")
@click.option("--ends", required=True, type=Day, help="Last day.")
@click.option("--applications-open", required=True, type=Day, help="First day of applications.")
@click.option("--applications-close", required=True, type=Day, help="Last day of applications, to its midnight.")
def add(
    number: int, starts: datetime, ends: datetime, applications_open: datetime, applications_close: datetime
) -> None:
    """Add an edition with the fair's usual three phases."""
    try:
        added = editions.add(
            number,
            starts_on=starts.date(),
            ends_on=ends.date(),
            applications_open_on=applications_open.date(),
            applications_close_on=applications_close.date(),
            actor=Actor.COMMAND,
        )
    except editions.EditionExists as error:
        raise click.ClickException(f"There is an edition {number} already.") from error
    except editions.ImpossibleDates as error:
        raise click.ClickException(f"{error}.") from error
    phases = "; ".join(f"phase {phase.number} {phase.starts_on} to {phase.ends_on}" for phase in added.phases)
    click.echo(f"Edition {number} added: {phases}.")
