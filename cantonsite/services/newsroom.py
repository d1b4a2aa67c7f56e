"""The editor's list of articles: every state, searched by words in the title, the last changed first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from .. import clock
from ..database import db
from ..models import Article, ArticleText, ArticleVersion
from ..models.news import Section, State
from . import versions
from .folding import contains
from .queue import Count, Keyset, count, read_key, write_key

ROWS = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One article in the list: its titles by language, and the languages that readers see later than they stand."""

    article: Article
    titles: dict[str, str]
    state: State
    unpublished: list[str]


def articles(
    state: State | None = None,
    words: str = "",
    section: Section | None = None,
    edition: int | None = None,
    after: str | None = None,
) -> Keyset:
    """The articles in one state or in all, the last changed first."""
    rows = _narrowed(select(Article), state, words, section, edition)
    rows = rows.options(selectinload(Article.texts), joinedload(Article.edition))
    if key := read_key(after):
        rows = rows.where(tuple_(Article.changed_at, Article.id) < key)
    found = list(db.session.scalars(rows.order_by(Article.changed_at.desc(), Article.id.desc()).limit(ROWS + 1)))
    now = clock.now()
    lines = [_line(article, now) for article in found[:ROWS]]
    more = len(found) > ROWS
    return Keyset(lines, write_key(lines[-1].article.changed_at, lines[-1].article.id) if more else None)


def counts(words: str = "", section: Section | None = None, edition: int | None = None) -> dict[State | None, Count]:
    """How many articles are in each state, and in all (None)."""
    return {state: count(_narrowed(select(Article.id), state, words, section, edition)) for state in (None, *State)}


def _line(article: Article, now: datetime) -> Line:
    written = versions.written(article)
    titles = {code: content["title"] for code, content in written.items() if content["title"]}
    return Line(
        article,
        titles,
        article.state(now),
        versions.unpublished(article),
    )


def _narrowed(rows: Select, state: State | None, words: str, section: Section | None, edition: int | None) -> Select:
    if state:
        rows = rows.where(_in_state(state))
    if section:
        rows = rows.where(Article.section == section)
    if edition:
        rows = rows.where(Article.edition.has(number=edition))
    for word in words.split()[:6]:
        in_text = select(ArticleText.article_id).where(contains(ArticleText.title, word))
        saved_title = ArticleVersion.content["title"].as_string()
        in_version = select(ArticleVersion.article_id).where(contains(saved_title, word))
        either = [Article.id.in_(in_text), Article.id.in_(in_version)]
        if word.isascii() and word.isdigit() and len(word) < 10:
            either.append(Article.number == int(word))
        rows = rows.where(or_(*either))
    return rows


def _in_state(state: State):
    now = clock.now()
    out = and_(Article.published_at <= now, Article.withdrawn_at.is_(None))
    waits = and_(Article.published_at > now, Article.withdrawn_at.is_(None))
    return {
        State.DRAFT: and_(Article.published_at.is_(None), Article.withdrawn_at.is_(None)),
        State.SCHEDULED: and_(waits, Article.is_embargoed.is_(False)),
        State.EMBARGOED: and_(waits, Article.is_embargoed.is_(True)),
        State.PUBLISHED: and_(out, Article.corrected_at.is_(None)),
        State.CORRECTED: and_(out, Article.corrected_at.is_not(None)),
        State.WITHDRAWN: Article.withdrawn_at.is_not(None),
    }[state]
