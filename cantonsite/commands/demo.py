"""flask demo: the sample."""

import click
from flask.cli import AppGroup

from ..services import sample

demo = AppGroup("demo", help="The sample of a demonstration.")


@demo.command("fill")
def fill() -> None:
    """Put sample editions, staff, news and applications into an empty site; twice changes nothing."""
    added = sample.fill()
    if any(added.values()):
        click.echo("Added " + ", ".join(f"{number} {kind}" for kind, number in added.items() if number) + ".")
    else:
        click.echo("The sample is there already; nothing was changed.")
