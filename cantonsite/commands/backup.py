"""flask backup: one file with everything that the database holds."""

from pathlib import Path

import click
from flask.cli import AppGroup

from ..services import backup as service

backup = AppGroup("backup", help="Backups, which either database can be restored from.")
File = click.Path(path_type=Path, dir_okay=False)


@backup.command("make")
@click.argument("file", type=File)
def make(file: Path) -> None:
    """Write all rows into FILE, while the site goes on. Settings and secrets are not in it: keep config.py too."""
    try:
        rows = service.make(file)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}.") from error
    click.echo(f"{rows} rows in {file}, {file.stat().st_size // 1024} KB.")


@backup.command("restore")
@click.argument("file", type=File)
@click.option("--replace", is_flag=True, help="Delete what the database holds now.")
def restore(file: Path, replace: bool) -> None:
    """Put the rows of FILE into the migrated database, all or none. Stop the site and the deliverer before."""
    try:
        rows = service.restore(file, replace=replace)
    except service.NotEmpty as error:
        raise click.ClickException("There is data here already. To lose it, say --replace.") from error
    except service.NotABackup as error:
        raise click.ClickException(f"{error}.") from error
    click.echo(f"{rows} rows restored.")
