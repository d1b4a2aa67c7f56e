"""The addresses of all visible articles for search engines, in parts that stay small however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Select, func, select

from .. import clock
from ..database import db
from ..models import Article, ArticleText
from . import site
from .articles import last_change
from .news import is_spoken

MOST_IN_ONE = 20_000  # articles; a sitemap holds 50,000 addresses, and each article has one for each language
IN_A_PART = 5_000
MOST_PARTS = 50_000  # as many as an index may name
NEWS_FOR = timedelta(days=2)
MOST_NEWS = 1_000
OLDEST_FIRST = (Article.published_at, Article.number)  # so that news changes only the last part


@dataclass(frozen=True, slots=True)
class Text:
    """One language of an article: where it stands, and when it last changed."""

    number: int
    language: str
    slug: str
    title: str
    published_at: datetime
    changed_at: datetime


def parts() -> list[datetime]:
    """When an article of each part last changed; empty while one sitemap holds them all."""
    few = select(Article.id).where(Article.visible(clock.now())).limit(_most_in_one() + 1).subquery()
    if db.session.scalar(select(func.count()).select_from(few)) <= _most_in_one():
        return []
    place = (func.row_number().over(order_by=OLDEST_FIRST) - 1).label("place")
    placed = select(Article.id, Article.published_at, place).where(Article.visible(clock.now())).subquery()
    part = (placed.c.place // IN_A_PART).label("part")
    times = func.max(ArticleText.modified_at), func.max(placed.c.published_at)
    rows = select(part, *times).join(ArticleText, ArticleText.article_id == placed.c.id).where(is_spoken())
    return [max(filter(None, both)) for _, *both in db.session.execute(rows.group_by(part).order_by(part))]


def articles(part: int | None = None) -> list[tuple[Text, ...]]:
    """The texts of every visible article, or of one part, counted from 1; the oldest first."""
    some = select(Article.id).where(Article.visible(clock.now())).order_by(*OLDEST_FIRST)
    if part is not None:
        some = some.limit(IN_A_PART).offset((part - 1) * IN_A_PART)
    chosen = some.subquery()
    rows = _texts().join(chosen, chosen.c.id == Article.id)
    return _by_article(rows.order_by(*OLDEST_FIRST, ArticleText.language))


def news() -> list[Text]:
    """The texts that were first published within the last two days, the newest first; at most a thousand."""
    now = clock.now()
    rows = _texts().where(Article.visible(now), Article.published_at > now - NEWS_FOR)
    newest_first = rows.order_by(Article.published_at.desc(), Article.number.desc(), ArticleText.language)
    return [text for texts in _by_article(newest_first.limit(MOST_NEWS)) for text in texts]


def _most_in_one() -> int:
    return MOST_IN_ONE * 2 // max(2, len(site.spoken()))


def _texts() -> Select:
    columns = (Article.number, ArticleText.language, ArticleText.slug, ArticleText.title)
    rows = select(*columns, Article.published_at, ArticleText.modified_at)
    return rows.join(ArticleText, ArticleText.article_id == Article.id).where(is_spoken())


def _by_article(rows: Select) -> list[tuple[Text, ...]]:
    found: Iterable[Text] = (
        Text(*row[:-1], last_change(row.published_at, row.modified_at, ())) for row in db.session.execute(rows)
    )
    return [tuple(texts) for _, texts in groupby(found, lambda text: text.number)]
