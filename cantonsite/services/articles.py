"""Read one article, whole: for its page, its plain text, its structured data and its preview. One statement."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Row, Select, bindparam, or_, select

from .. import clock
from ..database import db
from ..models import Article, ArticleText, Correction, Edition
from ..models.media import RenditionUse
from ..models.news import EDITOR, STRANGER, Viewer
from ..models.press import Contact
from ..models.writing import CorrectionKind
from . import contacts, figures, news, site
from .figures import PictureShown
from .news import STORY_COLUMNS, NoArticle, Story, fallback_of, is_spoken


class NotInThisLanguage(NoArticle):
    """The article exists, in other languages only."""

    def __init__(self, language: str, slug: str):
        super().__init__(language)
        self.language, self.slug = language, slug


class Withdrawn(NoArticle):
    """The article was out and has been withdrawn since: its address says so, and nothing else of it is shown."""

    def __init__(self, number: int, at: datetime):
        super().__init__(number)
        self.number, self.at = number, at


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was wrong in a text, and since when it says so."""

    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class FullArticle(Story):
    """An article as its own page shows it. The body is Markdown. Compared by content: pages are kept by it."""

    id: int
    body: str
    source: str
    author: str
    sign_off: str
    modified_at: datetime | None
    corrected_at: datetime | None
    corrections: tuple[Corrected, ...]  # in its language, the newest first
    edition: Edition | None
    contact: contacts.ShownContact | None  # whom to ask; None: the press office
    translations: tuple[tuple[str, str], ...]  # (language, slug) of the other languages
    pictures: tuple[PictureShown, ...] = ()
    files_size: int = 0  # of the files for its press kit, in bytes

    @property
    def kit_size(self) -> int:
        """About how large its press kit is, in bytes; 0 where that would hold its text alone."""
        originals = (file.size for picture in self.pictures for file in picture.made_for(RenditionUse.ORIGINAL))
        return sum(originals) + self.files_size

    @property
    def updated_at(self) -> datetime | None:
        """When it last changed since it went out; None if it has not."""
        last = last_change(self.published_at, self.modified_at, self.corrections)
        return last if last > self.published_at else None


def last_change(published_at: datetime, modified_at: datetime | None, corrections: Iterable[Corrected]) -> datetime:
    """When a text was last published, changed or corrected: what feeds, sitemaps and structured data state."""
    return max(published_at, modified_at or published_at, *(each.at for each in corrections))


def read(number: int, language: str, viewer: Viewer = STRANGER) -> FullArticle:
    """One article in one language, or in that to which it falls back, with its edition and its other languages.

    Raises NoArticle, Withdrawn, or NotInThisLanguage when there is a text in another one.
    """
    now = clock.now()
    rows = db.session.execute(_FOR_EDITORS if viewer.is_editor else _FOR_ALL, {"number": number, "now": now}).all()
    if rows and rows[0].withdrawn_at and not viewer.is_editor:
        raise Withdrawn(number, rows[0].withdrawn_at)
    by_language = {row.language: row for row in rows}
    row = by_language.get(language) or by_language.get(fallback_of(language))
    if row is None:
        there = [by_language[code] for code in site.spoken() if code in by_language]
        raise NotInThisLanguage(there[0].language, there[0].slug) if there else NoArticle
    return _full(row, language, tuple((each.language, each.slug) for each in rows if each is not row))


def at_old_path(path: str) -> tuple[int, str | None, str]:
    """Number, slug and language of the article that stood at this path of the old site. Raises NoArticle.

    Of one that was withdrawn there is no slug: its number's address says so.
    """
    try:
        return news.at_old_path(path)
    except NoArticle:
        gone = select(Article.number, ArticleText.language).join(ArticleText)
        gone = gone.where(ArticleText.old_path == path, Article.was_withdrawn(clock.now()), is_spoken())
        if path.isprintable() and (row := db.session.execute(gone).first()):
            return row.number, None, row.language
        raise


def _full(row: Row, language: str, others: tuple[tuple[str, str], ...]) -> FullArticle:
    same = {name: getattr(row, name) for name in _SAME}
    edition = _edition(row.edition_number, row.starts_on, row.ends_on) if row.edition_number else None
    said = corrections_of([row.id], row.language)[row.id] if row.corrected_at else ()
    contact = contacts.shown(row, language) if row.contact_id else None
    pictures = figures.of_article(row.id, row.language) if row.has_pictures else ()
    more = {"pictures": pictures, "files_size": row.files_size}
    return FullArticle(**same, corrections=said, edition=edition, contact=contact, translations=others, **more)


def corrections_of(ids: Collection[int], language: str) -> dict[int, tuple[Corrected, ...]]:
    """What was wrong in the texts of these articles in one language, by article. Whoever asks may see them."""
    rows = select(Correction.article_id, Correction.at, Correction.sentence).where(
        Correction.article_id.in_(ids),
        Correction.language == language,
        Correction.kind == CorrectionKind.CORRECTION,
    )
    found: dict[int, tuple[Corrected, ...]] = dict.fromkeys(ids, ())
    for row in db.session.execute(rows.order_by(Correction.at.desc(), Correction.id.desc())):
        found[row.article_id] += (Corrected(row.at, row.sentence),)
    return found


@lru_cache(maxsize=64)
def _edition(number: int, starts_on: date, ends_on: date) -> Edition:
    """An edition to be read; the same one for the same days, so that articles compare by what they say."""
    return Edition(number=number, starts_on=starts_on, ends_on=ends_on)


_COLUMNS = (
    *STORY_COLUMNS,
    *(Article.id, ArticleText.body, ArticleText.source, ArticleText.author, ArticleText.sign_off),
    *(ArticleText.modified_at, Article.corrected_at),
)
_SAME = tuple(column.key for column in _COLUMNS)  # what a FullArticle calls as the row does


def _statement(viewer: Viewer) -> Select:
    """The visible texts of one article; besides, so that its address can say so, that it has been withdrawn."""
    now = bindparam("now")
    edition = (Edition.number.label("edition_number"), Edition.starts_on, Edition.ends_on)
    return (
        select(*_COLUMNS, *edition, Article.withdrawn_at, Contact.id.label("contact_id"))
        .add_columns(*contacts.COLUMNS, *figures.BESIDE)
        .join(ArticleText, ArticleText.article_id == Article.id)
        .outerjoin(Edition, Article.edition_id == Edition.id)
        .outerjoin(Contact, Article.contact_id == Contact.id)
        .where(Article.number == bindparam("number"), or_(Article.visible(now, viewer), Article.was_withdrawn(now)))
        .order_by(ArticleText.language)
    )


_FOR_ALL, _FOR_EDITORS = _statement(STRANGER), _statement(EDITOR)
