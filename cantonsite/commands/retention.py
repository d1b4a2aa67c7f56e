"""flask retention: delete what is no longer needed."""

import click
from flask.cli import AppGroup

from ..services import retention as service

retention = AppGroup("retention", help="How long data is kept.")


@retention.command("purge")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
def purge(dry_run: bool) -> None:
    """Delete what is due by the table of retention. The deliverer does the same once a day."""
    report = service.purge(dry_run=dry_run)
    width = max(len(rule.name) for rule in service.TABLE)
    for rule in service.TABLE:
        click.echo(f"{rule.name:<{width}}  {rule.english:<42}  {report[rule.name]:>7,}")
    click.echo(f"{'Would delete' if dry_run else 'Deleted'} {sum(report.values()):,} rows.")
