"""The documents of applicants: seal them anew when keys change."""

import click
from flask.cli import AppGroup

from ..services.documents import keeping, sealing

documents = AppGroup("documents", help="The documents that applicants gave.")


@documents.command("rotate")
def rotate() -> None:
    """Seal every document with the first key of DOCUMENT_KEYS; afterwards the others may be taken out."""
    waiting = keeping.waiting_for_rotation()
    try:
        with click.progressbar(length=waiting, label="Sealing anew") as bar:
            for some in keeping.rotate():
                bar.update(some)
    except sealing.CannotUnseal as error:
        raise click.ClickException(f"{error}. Put its key back into DOCUMENT_KEYS") from error
    click.echo(f"{waiting} documents are sealed with key “{sealing.current_key()}” now.")
