"""Search the news. One small service: its engine can be replaced without a change elsewhere.

Every word must occur, in the title, the content, or either; words in quotes are one phrase. Texts are folded (width,
case) when stored, so that both databases compare alike and two-character Chinese words are found.
"""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from .. import clock
from ..database import db
from ..models import Article, ArticleText
from .folding import fold, places
from .markdown import to_text
from .news import LAST_PAGE, NEWEST, PAGE_SIZE, STORY_COLUMNS, Page, Story

MOST_CHARACTERS = 200
MOST_WORDS = 8
COUNT_CAP = 1000
SNIPPET = 180
FIELDS = ("title", "content")


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
    shortened: bool


def folded(text: ArticleText) -> tuple[str, str]:
    """What is kept of a text for the search: its title, and all its other words."""
    rest = (text.standfirst, to_text(text.body), text.source, text.author, text.sign_off)
    return fold(text.title), fold(" ".join(filter(None, rest)))


def terms(query: str) -> list[str]:
    """The words and quoted phrases of a query, folded; at most MOST_WORDS of its first MOST_CHARACTERS characters."""
    query = fold(re.sub(r"[“”„«»]", '"', query)[:MOST_CHARACTERS])
    found = [phrase or word for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', query)]
    return list(dict.fromkeys(term.strip() for term in found if term.strip()))[:MOST_WORDS]


def search(
    query: str, *, language: str, within: str = "", newest_first: bool = False, number: int = 1
) -> Results | None:
    """Search for all words of the query; None when it has none, or when there is no such page.

    `within` is "title", "content", or "" for both. A story with a text in the reader's language that matches is
    shown in it, else in the language that does.
    """
    wanted = terms(query)
    if not wanted or not 1 <= number <= LAST_PAGE:
        return None
    rows = _matching(wanted, within, language)
    order = NEWEST if newest_first else (_rank(wanted, language).desc(), *NEWEST)
    columns = (*STORY_COLUMNS, ArticleText.body, ArticleText.folded_content)
    page_rows = rows.with_only_columns(*columns).order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    hits = [_hit(row, wanted) for row in db.session.execute(page_rows)]
    if not hits and number > 1:
        return None
    total = db.session.scalar(
        select(func.count()).select_from(rows.with_only_columns(Article.id).limit(COUNT_CAP + 1).subquery())
    )
    last = max(1, -(-min(total, COUNT_CAP) // PAGE_SIZE))
    shortened = len(query) > MOST_CHARACTERS
    return Results(hits, min(total, COUNT_CAP), total > COUNT_CAP, Page(hits, number, last), shortened)


def _matching(wanted: list[str], within: str, language: str) -> Select:
    own = aliased(ArticleText)
    shown_in_own = exists().where(own.article_id == Article.id, own.language == language, _all_in(own, wanted, within))
    return (
        select(Article.id)
        .join(ArticleText, ArticleText.article_id == Article.id)
        .where(
            Article.visible(clock.now()),
            _all_in(ArticleText, wanted, within),
            or_(ArticleText.language == language, ~shown_in_own),
        )
    )


def _all_in(text: type[ArticleText], wanted: list[str], within: str) -> ColumnElement[bool]:
    columns = [getattr(text, f"folded_{name}") for name in ((within,) if within in FIELDS else FIELDS)]
    return and_(*(or_(*(_contains(column, term) for column in columns)) for term in wanted))


def _rank(wanted: list[str], language: str) -> ColumnElement[int]:
    """Words in the title weigh most; a text in the reader's language comes before one in another."""
    in_title = sum((case((_contains(ArticleText.folded_title, term), 2), else_=0) for term in wanted), start=0)
    return in_title + case((ArticleText.language == language, 1), else_=0)


def _contains(column: ColumnElement[str], term: str) -> ColumnElement[bool]:
    pattern = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.like(f"%{pattern}%", escape="\\")


def _hit(row, wanted: list[str]) -> Hit:
    story = Story(*row[: len(STORY_COLUMNS)])
    text = " ".join(filter(None, (story.standfirst, to_text(row.body))))
    return Hit(story, mark(story.title, wanted), mark(_around(text, wanted), wanted))


def _around(text: str, wanted: list[str]) -> str:
    """The part of a text around the first place where a word stands; its beginning if none does."""
    text = re.sub(r"\s+", " ", text)
    found = places(text, _pattern(wanted))
    start = max(0, found[0][0] - SNIPPET // 3) if found else 0
    if start:
        start = text.find(" ", start, start + 20) + 1 or start
    end = start + SNIPPET
    part = (
        text[start:end]
        if end >= len(text) or " " not in text[end - 20 : end]
        else text[start : text.rfind(" ", 0, end)]
    )
    return ("… " if start else "") + part.strip() + (" …" if end < len(text) else "")


def mark(text: str, wanted: list[str]) -> Markup:
    """The text, escaped, with each of the words in <mark>."""
    marked, at = [], 0
    for start, end in places(text, _pattern(wanted)):
        marked += [escape(text[at:start]), Markup("<mark>%s</mark>") % text[start:end]]
        at = end
    return Markup("").join([*marked, escape(text[at:])])


def _pattern(wanted: list[str]) -> re.Pattern[str]:
    longest_first = sorted(wanted, key=len, reverse=True)
    return re.compile("|".join(re.escape(term).replace(r"\ ", r"\s+") for term in longest_first))
