"""The media library, for readers and for the desk, and the one rule of who may see a picture's files."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from flask import current_app
from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, extract, func, or_, select

from .. import clock
from ..database import db
from ..languages import AT_THE_DESK, LANGUAGES
from ..models import Article, ArticlePicture, Edition, Picture, Rendition
from ..models.media import Licence, PictureKind, RenditionUse
from ..models.news import STRANGER, Viewer
from . import figures, site
from .figures import EXTENSIONS, File, PictureShown
from .folding import contains
from .news import LAST_PAGE, Page

PAGE_SIZE = 24
MOST_WORDS = 6
MEDIA_TYPES = {extension: media_type for media_type, extension in EXTENSIONS.items()}
DOWNLOADS = (RenditionUse.LOW, RenditionUse.HIGH, RenditionUse.ORIGINAL)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of pictures is narrowed to; what is not said narrows nothing."""

    words: str = ""
    edition: int | None = None  # its number
    kind: PictureKind | None = None
    licence: Licence | None = None
    year: int | None = None
    in_library: bool | None = None
    without_alt: bool = False  # in one of the site's languages


@dataclass(frozen=True, slots=True)
class Choices:
    """The editions and years that pictures of the library have, the newest first."""

    editions: tuple[int, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be seen, and how it is called when it is downloaded, without its ending."""

    key: str
    media_type: str
    name: str
    is_given_away: bool  # offered to the press; else it is seen as long as an article that shows it


def library(wanted: Wanted, number: int, language: str) -> Page | None:
    """One page of the pictures that are offered to the press, the newest first; None if there is no such page."""
    return pictures(replace(wanted, in_library=True), number, language)


def pictures(wanted: Wanted, number: int, language: str) -> Page | None:
    """One page of all pictures, for the desk; with their cards. None if there is no such page."""
    if not 1 <= number <= LAST_PAGE:
        return None
    rows = _narrowed(select(Picture.id), wanted)
    newest = rows.order_by(Picture.added_at.desc(), Picture.id.desc())
    ids = list(db.session.scalars(newest.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)))
    if not ids and number > 1:
        return None
    total = db.session.scalar(select(func.count()).select_from(rows.limit(PAGE_SIZE * LAST_PAGE).subquery()))
    return Page(figures.of_ids(ids, (RenditionUse.CARD,), language), number, max(1, -(-total // PAGE_SIZE)))


def in_library(picture_id: int, language: str) -> PictureShown | None:
    """One picture of the library with its files for pages, sharing and downloads; None if it is not there."""
    offered = db.session.scalar(select(exists().where(Picture.id == picture_id, Picture.in_library)))
    uses = (RenditionUse.PAGE, RenditionUse.SHARE, *DOWNLOADS)
    return next(iter(figures.of_ids([picture_id], uses, language)), None) if offered else None


def all_in_library() -> list[int]:
    """The ids of the pictures that are offered to the press, for the sitemap; the newest of them."""
    newest = select(Picture.id).where(Picture.in_library).order_by(Picture.added_at.desc(), Picture.id.desc())
    return list(db.session.scalars(newest.limit(PAGE_SIZE * LAST_PAGE)))


def downloads(picture: PictureShown) -> list[File]:
    """Its files to be downloaded, the smallest first."""
    return [file for use in DOWNLOADS for file in picture.made_for(use)]


def choices() -> Choices:
    """What the library can be narrowed to."""
    offered = select(Picture.id).where(Picture.in_library)
    numbers = select(Edition.number).join(Picture, Picture.edition_id == Edition.id).where(Picture.in_library)
    year = func.coalesce(extract("year", Picture.taken_on), extract("year", Picture.added_at))
    years = offered.with_only_columns(year).distinct()
    return Choices(
        tuple(db.session.scalars(numbers.distinct().order_by(Edition.number.desc()))),
        tuple(sorted(map(int, db.session.scalars(years)), reverse=True)),
    )


def find(
    key: str, extension: str | None = None, *, viewer: Viewer = STRANGER, now: datetime | None = None
) -> Found | None:
    """A picture's file if this viewer may see it; None otherwise, whether it exists or not.

    Everybody sees the pictures of the library, and those of articles that they may see; an editor sees every one.
    """
    article = exists().where(
        ArticlePicture.picture_id == Picture.id,
        ArticlePicture.article_id == Article.id,
        Article.visible(now or clock.now(), viewer),
    )
    columns = (Rendition.media_type, Rendition.use, Rendition.width, Picture.name, Picture.in_library)
    rows = select(*columns).join(Picture, Picture.id == Rendition.picture_id).where(Rendition.key == key)
    if extension is not None:
        rows = rows.where(Rendition.media_type == MEDIA_TYPES.get(extension))
    if not viewer.is_editor:
        rows = rows.where(or_(Picture.in_library, article))
    row = db.session.execute(rows.order_by(Picture.in_library.desc(), Rendition.id).limit(1)).first()
    if row is None:
        return None
    name = row.name if row.use is RenditionUse.ORIGINAL else f"{row.name}-{row.width}"
    return Found(key, row.media_type, name, row.in_library)


def _narrowed(rows: Select, wanted: Wanted) -> Select:
    for word in wanted.words.split()[:MOST_WORDS]:
        rows = rows.where(_says(word))
    for column, value in ((Picture.kind, wanted.kind), (Picture.licence, wanted.licence)):
        rows = rows if value is None else rows.where(column == value)
    if wanted.edition is not None:
        rows = rows.where(
            Picture.edition_id == select(Edition.id).where(Edition.number == wanted.edition).scalar_subquery()
        )
    if wanted.year is not None:
        rows = rows.where(_of_year(wanted.year))
    if wanted.in_library is not None:
        rows = rows.where(Picture.in_library.is_(wanted.in_library))
    if wanted.without_alt:
        rows = rows.where(or_(*(~_alts_hold(code) for code in site.spoken() if code in AT_THE_DESK)))
    return rows


def _says(word: str) -> ColumnElement[bool]:
    """Whether a word stands in what is said of a picture, in any language."""
    in_each = (texts[code].as_string() for texts in (Picture.alts, Picture.captions) for code in LANGUAGES)
    return or_(*(contains(said, word) for said in (Picture.name, Picture.credit, *in_each)))


def _alts_hold(code: str) -> ColumnElement[bool]:
    return cast(Picture.alts, Text).contains(f'"{code}": ', autoescape=True)


def _of_year(year: int) -> ColumnElement[bool]:
    zone = clock.zone(current_app.config["TIMEZONE"])
    first, last = date(year, 1, 1), date(year, 12, 31)
    starts, ends = (datetime.combine(day, at, zone) for day, at in ((first, time.min), (last, time.max)))
    added = and_(Picture.taken_on.is_(None), Picture.added_at.between(starts, ends))
    return or_(Picture.taken_on.between(first, last), added)
