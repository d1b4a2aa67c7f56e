"""flask check: say whether the site is well, point by point."""

import sys

import click
from flask.cli import with_appcontext

from ..services import health


@click.command()
@with_appcontext
def check() -> None:
    """Look at settings, database, roster and mail; exit 1 if anything fails."""
    points = health.check()
    for point in points:
        sign = click.style("pass", fg="green") if point.passed else click.style("FAIL", fg="red")
        click.echo(f"{sign}  {point.name}: {point.found}")
        if not point.passed:
            click.echo(f"      Mend: {point.mend}")
    failed = sum(not point.passed for point in points)
    click.echo(f"{len(points)} points, {failed} failed." if failed else f"{len(points)} points, all well.")
    sys.exit(1 if failed else 0)
