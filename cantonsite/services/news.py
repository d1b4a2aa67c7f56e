"""Read the news: the front page, listings, articles. Columns are selected, not entities: reader pages must be cheap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from .. import clock
from ..database import db
from ..languages import LANGUAGES
from ..models import Article, ArticleText
from ..models.news import Section
from . import site

HIGHEST_NUMBER = 999_999_999  # nine digits, as on the old site; an integer column holds them
PAGE_SIZE = 20
LAST_PAGE = 50
ON_FRONT = 5


class NoArticle(LookupError):
    """There is no article with this number that a reader may see."""


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

    @property
    def is_cut(self) -> bool:
        """Whether this is the last page that listings have: there may be more in the archive."""
        return self.number == LAST_PAGE


def stories(language: str) -> Select:
    """The visible stories in one language, in no order: what every listing starts from.

    Where the language falls back to another, stories without a text in it are among them in the other.
    """
    return (
        select(*STORY_COLUMNS)
        .join(ArticleText, ArticleText.article_id == Article.id)
        .where(shown_in(language, fallback_of(language)), Article.visible(clock.now()))
    )


def fallback_of(language: str) -> str | None:
    """The language in which a reader of this one is shown what is not there in it; None: not at all."""
    return LANGUAGES[language].falls_back if language in LANGUAGES else None


def is_spoken() -> ColumnElement[bool]:
    """The texts in languages that the site speaks: the others have no address."""
    return ArticleText.language.in_(list(site.spoken()))


def shown_in(language: Any, fallback: Any) -> ColumnElement[bool]:
    """The texts that readers of a language are shown: one for each article, or none."""
    if fallback is None:
        return ArticleText.language == language
    own = aliased(ArticleText)
    has_own = exists().where(own.article_id == Article.id, own.language == language)
    return or_(ArticleText.language == language, and_(ArticleText.language == fallback, ~has_own))


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
        found[row.section].append(story_of(row))
    return {
        section: sorted(some, key=lambda story: story.published_at, reverse=True) for section, some in found.items()
    }


def listing(language: str, section: Section | None, number: int) -> Page | None:
    """One page of a listing; None when the list is not that long."""
    if not 1 <= number <= LAST_PAGE:
        return None
    asked = {**asked_in(language), "offset": (number - 1) * PAGE_SIZE, "section": section}
    found = db.session.execute(_LISTING[section is not None, "fallback" in asked], asked).all()
    if not found and number > 1:
        return None
    return Page(tuple(map(story_of, found)), number, -(-found[0].total // PAGE_SIZE) if found else 1)


def asked_in(language: str) -> dict[str, Any]:
    """The values that the prepared statements ask for in any case."""
    fallback = fallback_of(language)
    return {"language": language, "now": clock.now(), **({"fallback": fallback} if fallback else {})}


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
    return every.where(is_spoken(), Article.visible(clock.now())).order_by(ArticleText.language)


def _in_section(rows: Select, section: Section | None) -> Select:
    return rows.where(Article.section == section) if section else rows


def _stories(rows: Select) -> list[Story]:
    return [story_of(row) for row in db.session.execute(rows)]


def story_of(row: Row) -> Story:
    """A row that has STORY_COLUMNS, as listings show it."""
    return Story(row.number, row.slug, row.title, row.standfirst, row.section, row.published_at, row.language)


# Statements are built once: building one takes longer than running it.
def _listing_statement(in_section: bool, falls_back: bool) -> Select:
    rows = stories_asked_for(falls_back)
    rows = rows.where(Article.section == bindparam("section")) if in_section else rows
    enough = rows.with_only_columns(Article.id).limit(PAGE_SIZE * LAST_PAGE).subquery()
    total = select(func.count()).select_from(enough).scalar_subquery().label("total")
    return rows.add_columns(total).order_by(*NEWEST).limit(PAGE_SIZE).offset(bindparam("offset"))


def stories_asked_for(falls_back: bool) -> Select:
    """The visible stories as a prepared statement, which asks for the values of asked_in()."""
    rows = select(*STORY_COLUMNS).join(ArticleText, ArticleText.article_id == Article.id)
    shown = shown_in(bindparam("language"), bindparam("fallback") if falls_back else None)
    return rows.where(shown, Article.visible(bindparam("now")))


_EITHER = (True, False)
_LISTING = {(narrow, falls): _listing_statement(narrow, falls) for narrow in _EITHER for falls in _EITHER}
