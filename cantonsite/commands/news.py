"""flask news: bring in pages of the fair's old site, and write the index of the search anew."""

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from .. import clock
from ..languages import LANGUAGES
from ..models.audit import Actor
from ..services import old_site, publishing
from ..services.search import index as search_index

news = AppGroup("news", help="Articles.")


class Moment(click.DateTime):
    """A day, which means its noon, or a day and a time; both at the fair."""

    def __init__(self) -> None:
        super().__init__(formats=["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        moment = super().convert(value, param, ctx)
        return moment if ":" in str(value) else moment.replace(hour=12)


@news.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Default: seen from the text.")
@click.option("--date", "date_", type=Moment(), help="Published on this day, or at this time, at the fair.")
@click.option("--number", type=click.IntRange(1, 999_999_999), help="The article's number; for one file.")
@click.option("--old-path", help="Its path on the old site, which then leads here; for one file.")
def import_(
    files: tuple[Path, ...], language: str | None, date_: datetime | None, number: int | None, old_path: str | None
) -> None:
    """Import saved pages of the old site, as text or HTML. Twice changes nothing."""
    if len(files) > 1 and (number or old_path):
        raise click.UsageError("--number and --old-path belong to one file; name one.")
    zone = clock.zone(current_app.config["TIMEZONE"])
    moment = date_.replace(tzinfo=zone) if date_ else None
    options = {"language": language, "published_at": moment, "number": number, "old_path": old_path}
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    with click.progressbar(files, label="Importing", hidden=len(files) < 2, file=sys.stderr) as bar:
        for file in bar:
            try:
                imported = publishing.import_page(_read(file), **options, actor=Actor.COMMAND)
            except (old_site.NotAnOldPage, publishing.CannotImport, OSError) as error:
                failures.append(f"{file}: {_words(error)}")
            else:
                outcomes[imported.outcome.value] += 1
                if len(files) == 1:
                    click.echo(
                        f"Article {imported.number}, published {imported.published_at.astimezone(zone):%Y-%m-%d}."
                    )
    _report(outcomes, failures)


@news.command("reindex")
def reindex() -> None:
    """Write the index of the search anew. The site may serve meanwhile; stop it and run it again at any time."""
    last, done = 0, 0
    with click.progressbar(length=search_index.articles(), label="Indexing", file=sys.stderr) as bar:
        while True:
            last, some = search_index.reindex(last)
            if not some:
                break
            done += some
            bar.update(some)
    search_index.clear_leftovers()
    click.echo(f"{done:,} articles indexed.")


def _report(outcomes: Counter[str], failures: list[str]) -> None:
    for failure in failures:
        click.echo(failure, err=True)
    parts = [f"{outcomes[word]} {word}" for word in ("added", "updated", "unchanged") if outcomes[word]]
    click.echo(", ".join([*parts, *([f"{len(failures)} refused"] if failures else [])]) + ".")
    sys.exit(1 if failures else 0)


def _read(file: Path) -> old_site.OldPage:
    with file.open("rb") as opened:
        return old_site.read(opened.read(old_site.MAX_BYTES + 1))


def _words(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].upper() + text[1:]
