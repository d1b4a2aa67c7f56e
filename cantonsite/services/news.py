"""Read the news: the front page, listings, articles. Columns are selected, not entities: reader pages must be cheap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, union_all

from .. import clock
from ..database import db
from ..models import Article, ArticleText, Edition
from ..models.news import Section

HIGHEST_NUMBER = 999_999_999  # nine digits, as on the old site; an integer column holds them
PAGE_SIZE = 20
LAST_PAGE = 50
RELATED = 3
ON_FRONT = 5


class NoArticle(LookupError):
    """There is no article with this number that a reader may see."""


class NotInThisLanguage(NoArticle):
    """The article exists, in other languages only."""

    def __init__(self, language: str, slug: str):
        super().__init__(language)
        self.language, self.slug = language, slug


@dataclass(frozen=True, slots=True)
class Story:
    """An article as a listing shows it."""

    number: int
    slug: str
    title: str
    standfirst: str
    section: Section
    published_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class FullArticle(Story):
    """An article as its own page shows it. The body is Markdown."""

    body: str
    source: str
    author: str
    sign_off: str
    modified_at: datetime | None
    edition: Edition | None
    translations: tuple[tuple[str, str], ...]  # (language, slug) of the other languages


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing, numbered from 1; `last` is at most LAST_PAGE."""

    items: Sequence[Any]
    number: int
    last: int

    @property
    def newer(self) -> bool:
        return self.number > 1

    @property
    def older(self) -> bool:
        return self.number < self.last


def stories(language: str) -> Select:
    """The visible stories in one language, in no order: what every listing starts from."""
    return (
        select(*STORY_COLUMNS)
        .join(ArticleText, ArticleText.article_id == Article.id)
        .where(ArticleText.language == language, Article.visible(clock.now()))
    )


STORY_COLUMNS = (
    Article.number,
    ArticleText.slug,
    ArticleText.title,
    ArticleText.standfirst,
    Article.section,
    Article.published_at,
    ArticleText.language,
)
NEWEST = (Article.published_at.desc(), Article.number.desc())


def newest(language: str, section: Section | None = None, most: int = PAGE_SIZE) -> list[Story]:
    """The newest stories, of one section or of all."""
    return _stories(_in_section(stories(language), section).order_by(*NEWEST).limit(most))


def newest_per_section(language: str, most: int = ON_FRONT) -> dict[Section, list[Story]]:
    """The newest stories of each section, in one statement."""
    each = [_in_section(stories(language), section).order_by(*NEWEST).limit(most).subquery() for section in Section]
    rows = db.session.execute(union_all(*(select(part) for part in each)))
    found: dict[Section, list[Story]] = {section: [] for section in Section}
    for row in rows:
        found[row.section].append(_story(row))
    return {
        section: sorted(some, key=lambda story: story.published_at, reverse=True) for section, some in found.items()
    }


def listing(language: str, section: Section | None, number: int) -> Page | None:
    """One page of a listing; None when the list is not that long."""
    if not 1 <= number <= LAST_PAGE:
        return None
    asked = {"language": language, "now": clock.now(), "offset": (number - 1) * PAGE_SIZE, "section": section}
    found = db.session.execute(_LISTING[section is not None], asked).all()
    if not found and number > 1:
        return None
    return Page(tuple(map(_story, found)), number, -(-found[0].total // PAGE_SIZE) if found else 1)


def article(number: int, language: str) -> FullArticle:
    """One article in one language, with its edition and the languages that it also has.

    Raises NoArticle, or NotInThisLanguage when there is a text in another one.
    """
    rows = db.session.execute(_IN_ALL_LANGUAGES, {"number": number, "now": clock.now()}).all()
    others = tuple((row.language, row.slug) for row in rows if row.language != language)
    if len(others) == len(rows):
        raise NotInThisLanguage(*others[0]) if others else NoArticle
    row = next(row for row in rows if row.language == language)
    edition = _edition(*row[-3:]) if row.edition_number else None
    return FullArticle(*row[:-3], edition=edition, translations=others)


def related(to: FullArticle) -> tuple[Story, ...]:
    """Other stories of the same edition, or of the same section when it belongs to none; newest first."""
    asked = {"language": to.language, "now": clock.now(), "number": to.number, "section": to.section}
    asked["edition"] = to.edition.number if to.edition else None
    return tuple(map(_story, db.session.execute(_RELATED[to.edition is not None], asked)))


def at_old_path(path: str) -> tuple[int, str, str]:
    """Number, slug and language of the article that stood at this path of the old site. Raises NoArticle."""
    if not path.isprintable():  # PostgreSQL refuses a NUL
        raise NoArticle
    found = stories_of_any_language().where(ArticleText.old_path == path)
    row = db.session.execute(found).first()
    if row is None:
        raise NoArticle
    return row.number, row.slug, row.language


def stories_of_any_language() -> Select:
    """The visible stories, whatever their language; English first."""
    every = select(*STORY_COLUMNS).join(ArticleText, ArticleText.article_id == Article.id)
    return every.where(Article.visible(clock.now())).order_by(ArticleText.language)


def for_sitemap(most: int = 20_000) -> list[Row]:
    """Number, language, slug and the moment of the last change of every visible text, newest first."""
    columns = (Article.number, Article.published_at, ArticleText.language, ArticleText.slug, ArticleText.modified_at)
    rows = select(*columns).join(ArticleText).where(Article.visible(clock.now()))
    return list(db.session.execute(rows.order_by(*NEWEST, ArticleText.language).limit(most)))


def for_feed(language: str, section: Section | None = None, most: int = PAGE_SIZE) -> list[Row]:
    """The newest texts in full, as a feed shows them."""
    columns = (*STORY_COLUMNS, ArticleText.body, ArticleText.author, ArticleText.source, ArticleText.modified_at)
    rows = _in_section(stories(language), section).with_only_columns(*columns)
    return list(db.session.execute(rows.order_by(*NEWEST).limit(most)))


def _in_section(rows: Select, section: Section | None) -> Select:
    return rows.where(Article.section == section) if section else rows


def _stories(rows: Select) -> list[Story]:
    return [_story(row) for row in db.session.execute(rows)]


def _story(row: Row) -> Story:
    return Story(row.number, row.slug, row.title, row.standfirst, row.section, row.published_at, row.language)


@lru_cache(maxsize=64)
def _edition(number: int, starts_on: date, ends_on: date) -> Edition:
    """An edition to be read; the same one for the same days, so that articles compare by what they say."""
    return Edition(number=number, starts_on=starts_on, ends_on=ends_on)


# Statements are built once: building one takes longer than running it.
def _listing_statement(in_section: bool) -> Select:
    rows = _stories_asked_for().where(Article.section == bindparam("section")) if in_section else _stories_asked_for()
    enough = rows.with_only_columns(Article.id).limit(PAGE_SIZE * LAST_PAGE).subquery()
    total = select(func.count()).select_from(enough).scalar_subquery().label("total")
    return rows.add_columns(total).order_by(*NEWEST).limit(PAGE_SIZE).offset(bindparam("offset"))


def _related_statement(in_edition: bool) -> Select:
    edition = select(Edition.id).where(Edition.number == bindparam("edition")).scalar_subquery()
    same = Article.edition_id == edition if in_edition else Article.section == bindparam("section")
    rows = _stories_asked_for().where(Article.number != bindparam("number"), same)
    return rows.order_by(*NEWEST).limit(RELATED)


def _stories_asked_for() -> Select:
    rows = select(*STORY_COLUMNS).join(ArticleText, ArticleText.article_id == Article.id)
    return rows.where(ArticleText.language == bindparam("language"), Article.visible(bindparam("now")))


_LISTING = {in_section: _listing_statement(in_section) for in_section in (True, False)}
_RELATED = {in_edition: _related_statement(in_edition) for in_edition in (True, False)}
_IN_ALL_LANGUAGES = (
    select(
        *STORY_COLUMNS,
        *(ArticleText.body, ArticleText.source, ArticleText.author, ArticleText.sign_off, ArticleText.modified_at),
        *(Edition.number.label("edition_number"), Edition.starts_on, Edition.ends_on),
    )
    .join(ArticleText, ArticleText.article_id == Article.id)
    .outerjoin(Edition, Article.edition_id == Edition.id)
    .where(Article.number == bindparam("number"), Article.visible(bindparam("now")))
)
