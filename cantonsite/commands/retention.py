"""flask retention: delete what is no longer needed."""

import click
from flask.cli import AppGroup

from ..services import retention as service

retention = AppGroup("retention", help="How long data is kept.")


@retention.command("purge")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
def purge(dry_run: bool) -> None:
    """Delete applications whose edition ended 180 days ago, old sign-ins, sessions and skipped mail."""
    report = service.purge(dry_run=dry_run)
    verb = "Would delete" if dry_run else "Deleted"
    click.echo(f"{verb} " + ", ".join(f"{number} {kind}" for kind, number in report.items()) + ".")
