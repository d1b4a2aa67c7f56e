"""Search the news: every word must occur, in the title, the content, or either; words in quotes are one phrase.

The database finds the newest that match and orders nothing else; how well they match is judged here, over those. So
both databases give the same answers in the same order, and a word that is everywhere costs no more than another.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from markupsafe import Markup
from sqlalchemy import Row, ScalarSelect, UnaryExpression, bindparam, select

from ... import clock
from ...database import db
from ...models import Article, ArticleText, Edition, SearchEntry
from ...models.news import Section
from .. import site
from ..news import LAST_PAGE, PAGE_SIZE, STORY_COLUMNS, Page, Story, fallback_of, story_of
from . import index
from .index import FTS, LANGUAGE_BITS, LANGUAGE_CODES
from .marks import around, mark
from .matches import Asked, Matches, newest_matches
from .query import MOST_CHARACTERS, Term, has_more, terms, without_quotes

COUNT_CAP = 1000
MOST_ALONE = 3
FIELDS = ("title", "content")
LANGUAGE_MASK = (1 << LANGUAGE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Only the news of a section, of an edition (its number), of a year at the fair, or in a language."""

    section: Section | None = None
    edition: int | None = None
    year: int | None = None
    language: str | None = None

    def __bool__(self) -> bool:
        return any((self.section, self.edition, self.year, self.language))


@dataclass(frozen=True, slots=True)
class Choices:
    """By what a search can be narrowed: the numbers of the editions and the years, the newest first."""

    editions: tuple[int, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found, with the searched words marked."""

    story: Story
    title: Markup
    snippet: Markup


@dataclass(frozen=True, slots=True)
class Results:
    """What was found: at most COUNT_CAP are counted, beyond that `capped` is set."""

    hits: list[Hit]
    total: int
    capped: bool
    page: Page
    shortened: bool  # to its first MOST_CHARACTERS
    has_more: bool  # words than were looked for
    loosened: str  # the query without its quotes, if it then asks for something else
    alone: list[str]  # when nothing was found: its words, if there are several


def search(
    query: str,
    *,
    language: str,
    within: str = "",
    newest_first: bool = False,
    number: int = 1,
    narrowed: Narrowed | None = None,
) -> Results | None:
    """Search for all words of the query; None when it has none, or when there is no such page.

    `within` is "title", "content", or "" for both. A story with a text in the reader's language that matches is
    shown in it, else in the language that does.
    """
    wanted = terms(query)
    if not wanted or not 1 <= number <= LAST_PAGE:
        return None
    asked = Asked(wanted, within if within in FIELDS else "", _marks(narrowed or Narrowed()))
    year = narrowed.year if narrowed else None
    order = _newest(asked, year, language) if newest_first else _best(asked, year, language)
    keys = order[(number - 1) * PAGE_SIZE : min(number * PAGE_SIZE, COUNT_CAP)]
    if not keys and number > 1:
        return None
    hits = _hits(keys, wanted)
    total = min(len(order), COUNT_CAP)
    page = Page(hits, number, max(1, -(-total // PAGE_SIZE)))
    loosened = without_quotes(query)
    several = loosened.split() if len(wanted) > 1 and not order else []
    alone = [word for word in dict.fromkeys(several) if terms(word)][:MOST_ALONE]
    loosened = loosened if terms(loosened) != wanted else ""
    capped, shortened = len(order) > COUNT_CAP, len(query) > MOST_CHARACTERS
    return Results(hits, total, capped, page, shortened, has_more(query), loosened, alone)


def choices() -> Choices:
    """The editions, and the years from the first visible article to the last."""
    first, last = db.session.execute(_FIRST_AND_LAST, {"now": clock.now()}).one()
    zone = clock.zone(current_app.config["TIMEZONE"])
    years = range(last.astimezone(zone).year, first.astimezone(zone).year - 1, -1) if last else ()
    editions = db.session.scalars(select(Edition.number).order_by(Edition.number.desc()))
    return Choices(tuple(editions), tuple(years))


def _end(order: UnaryExpression) -> ScalarSelect:
    return (
        select(Article.published_at).where(Article.visible(bindparam("now"))).order_by(order).limit(1).scalar_subquery()
    )


# Each from its end of the index. Asked for min() and max() at once, a database reads all of it
_FIRST_AND_LAST = select(_end(Article.published_at.asc()), _end(Article.published_at.desc()))


def _marks(narrowed: Narrowed) -> list[str]:
    """The tokens of the news that are meant. A year has none: it is a range of keys."""
    marks = []
    if narrowed.section:
        marks.append(index.section_mark(narrowed.section))
    if narrowed.edition:
        edition = db.session.scalar(select(Edition.id).where(Edition.number == narrowed.edition))
        marks.append(index.edition_mark(edition or 0))
    if narrowed.language:
        marks.append(index.language_mark(narrowed.language))
    return marks


def _matches(asked: Asked, year: int | None, most: int, *, titles: bool = False) -> Matches:
    now = clock.now()
    low, high = index.LOWEST, index.key_of(now) | index.REST
    if year:
        low = max(low, index.key_of(_new_year(year)))
        high = min(high, index.key_of(_new_year(year + 1)) - 1)
    return newest_matches(asked, low, high, most, now, titles=titles) if low <= high else []


def _new_year(year: int) -> datetime:
    return datetime(max(1, min(year, 9999)), 1, 1, tzinfo=clock.zone(current_app.config["TIMEZONE"]))


def _newest(asked: Asked, year: int | None, language: str) -> list[int]:
    """The keys of the newest stories: enough to say whether there are more than COUNT_CAP."""
    most = COUNT_CAP + COUNT_CAP // 10
    found = _matches(asked, year, most)
    shown = _one_of_each(found, language)
    if len(shown) <= COUNT_CAP and len(found) == most:  # many in several languages
        shown = _one_of_each(_matches(asked, year, most * len(site.spoken())), language)
    return [key for _, key, _ in shown]


def _best(asked: Asked, year: int | None, language: str) -> list[int]:
    """The keys of the newest stories, the best first: words in the title weigh most, then the reader's language."""
    found = _matches(asked, year, (COUNT_CAP + 1) * len(site.spoken()), titles=True)
    wanted = [term.in_title for term in asked.terms]

    def weight(each: tuple[int, int, str]) -> tuple[int, int]:
        rank, _, title = each
        return -sum(any(words in title for words in either) for either in wanted), -rank

    return [key for _, key, _ in sorted(_one_of_each(found, language), key=weight)]


def _one_of_each(found: Matches, language: str) -> list[tuple[int, int, str]]:
    """One text of each story, in the reader's language if it is there: how near that is, key and title."""
    ranks = {LANGUAGE_CODES[code]: 1 for code in site.spoken()}
    ranks |= {LANGUAGE_CODES[code]: rank for rank, code in ((2, fallback_of(language)), (3, language)) if code}
    shown: dict[int, tuple[int, int, str]] = {}
    for key, title in found:
        rank, story = ranks.get(key & LANGUAGE_MASK, 0), key >> LANGUAGE_BITS
        if rank and (story not in shown or rank >= shown[story][0]):
            shown[story] = rank, key, title
    return list(shown.values())


_PLAIN = select(FTS.c.plain).where(FTS.c.rowid == SearchEntry.key).scalar_subquery()
_SHOWN = (
    select(*STORY_COLUMNS, SearchEntry.key, _PLAIN.label("plain"))
    .join(SearchEntry, SearchEntry.article_id == Article.id)
    .join(ArticleText, (ArticleText.article_id == Article.id) & (ArticleText.language == SearchEntry.language))
)


def _hits(keys: list[int], wanted: list[Term]) -> list[Hit]:
    if not keys:
        return []
    rows = db.session.execute(_SHOWN.where(SearchEntry.key.in_(keys), Article.visible(clock.now())))
    by_key = {row.key: row for row in rows}
    return [_hit(by_key[key], wanted) for key in keys if key in by_key]


def _hit(row: Row, wanted: list[Term]) -> Hit:
    story = story_of(row)
    return Hit(story, mark(story.title, wanted), mark(around(row.plain or "", wanted), wanted))
