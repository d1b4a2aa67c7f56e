"""The news by year and month, and that of an edition. Months are the fair's: they begin at midnight in its zone."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from flask import current_app
from sqlalchemy import Integer, Select, bindparam, column, exists, func, select, values

from .. import clock
from ..database import Moment, db
from ..models import Article, ArticleText, Edition
from .news import NEWEST, PAGE_SIZE, Page, fallback_of, stories, story_of

FIRST_YEAR = 1957  # that of the first fair
LAST_YEAR = 9998

Bounds = tuple[tuple[int, datetime, datetime], ...]


def years(language: str) -> tuple[tuple[int, int], ...]:
    """The years in which stories were published, the newest first, with their numbers."""
    this = clock.today(current_app.config["TIMEZONE"]).year
    return _counted(
        language, tuple((year, _begins(year), _begins(year + 1)) for year in range(this, FIRST_YEAR - 1, -1))
    )


def months(language: str, year: int) -> tuple[tuple[int, int], ...]:
    """The months of a year in which stories were published, the first one first, with their numbers."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    return _counted(language, tuple((month, *_month(year, month)) for month in range(1, 13)))


def every_month(language: str, of_years: Iterable[int]) -> list[tuple[int, int]]:
    """Each year and month of these years in which stories were published."""
    spans = tuple((year * 100 + month, *_month(year, month)) for year in of_years for month in range(1, 13))
    return [divmod(name, 100) for name, _ in _counted(language, spans)] if spans else []


def of_month(language: str, year: int, month: int, total: int, number: int) -> Page | None:
    """One page of the `total` stories of a month, the newest first; None when there is no such page."""
    begins, ends = _month(year, month)
    rows = stories(language).where(Article.published_at >= begins, Article.published_at < ends)
    return _page(rows, number, total)


def of_edition(edition: Edition, language: str, number: int) -> Page | None:
    """One page of the stories about an edition, the newest first; None when there is no such page."""
    rows = stories(language).where(Article.edition_id == edition.id)
    total = db.session.scalar(select(func.count()).select_from(rows.with_only_columns(Article.id).subquery()))
    return _page(rows, number, total)


def _page(rows: Select, number: int, total: int) -> Page | None:
    last = max(1, -(-total // PAGE_SIZE))
    if not 1 <= number <= last:
        return None
    found = db.session.execute(rows.order_by(*NEWEST).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(tuple(map(story_of, found)), number, last)


def _begins(year: int, month: int = 1) -> datetime:
    return datetime(year, month, 1, tzinfo=clock.zone(current_app.config["TIMEZONE"]))


def _month(year: int, month: int) -> tuple[datetime, datetime]:
    return _begins(year, month), _begins(year + month // 12, month % 12 + 1)


def _counted(language: str, spans: Bounds) -> tuple[tuple[int, int], ...]:
    shown_in = [language, *filter(None, [fallback_of(language)])]
    rows = db.session.execute(_count_statement(spans), {"now": clock.now(), "languages": shown_in})
    return tuple((name, number) for name, number in rows if number)


@lru_cache(maxsize=32)
def _count_statement(spans: Bounds) -> Select:
    """How many stories each span of time has: one statement, in which each span is read from the index by itself.

    Spans and not GROUP BY: what a month is depends on the zone, and the two databases have no word for that in common.
    At 100,000 articles it is twice as fast besides.
    """
    columns = (column("name", Integer), column("begins", Moment), column("ends", Moment))
    span = values(*columns, name="spans").data(spans).cte("span")
    its_texts = exists().where(
        ArticleText.article_id == Article.id, ArticleText.language.in_(bindparam("languages", expanding=True))
    )
    within = (Article.published_at >= span.c.begins, Article.published_at < span.c.ends)
    number = select(func.count()).select_from(Article).where(*within, Article.visible(bindparam("now")), its_texts)
    return select(span.c.name, number.correlate(span).scalar_subquery())
