"""What to read after an article: the same edition first, then the same section; among those, shared words first."""

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, literal, or_, select, union_all

from ..database import db
from ..models import Article, Edition
from .articles import FullArticle
from .news import NEWEST, STORY_COLUMNS, Story, asked_in, stories_asked_for, story_of
from .search.words import tokens

MOST = 3
CANDIDATES = 60  # the newest of the edition, or of the section: each costs 5 µs on every article's page
SECOND = 12  # the newest of the section, for the case that the edition has too few


class Related(NamedTuple):
    """Stories, and whether all of them are of the article's own edition."""

    stories: tuple[Story, ...]
    of_edition: bool


def to(article: FullArticle, language: str) -> Related:
    """At most three other stories that a reader of this one may see, in this language; one statement."""
    asked = {**asked_in(language), "number": article.number, "section": article.section}
    asked["edition"] = article.edition.number if article.edition else None
    rows = db.session.execute(_CANDIDATES[article.edition is not None, "fallback" in asked], asked).all()
    chosen = _ranked(words_of(article.title), rows)[:MOST]
    return Related(tuple(map(story_of, chosen)), bool(chosen) and all(row.in_edition for row in chosen))


def _ranked(own: frozenset[str], rows: list) -> list:
    """Those of the edition first; then by the words that titles share, a rare one counting more; then the newest."""
    shared = [own & words_of(row.title) for row in rows]
    among = Counter(word for words in shared for word in words)
    worth = [sum(1 / among[word] for word in words) for words in shared]
    by_worth = sorted(range(len(rows)), key=lambda at: (not rows[at].in_edition, -worth[at], at))
    return [rows[at] for at in by_worth]


@lru_cache(maxsize=4096)
def words_of(title: str) -> frozenset[str]:
    """The words of a title without their endings, in Chinese the pairs of signs; single letters say nothing."""
    return frozenset(word for word in tokens(title)[0] if len(word) > 1)


def _statement(in_edition: bool, falls_back: bool) -> Select:
    others = stories_asked_for(falls_back).where(Article.number != bindparam("number"))
    of_section = Article.section == bindparam("section")
    if not in_edition:
        return _newest(others.where(of_section), CANDIDATES, in_edition=False)
    edition = select(Edition.id).where(Edition.number == bindparam("edition")).scalar_subquery()
    elsewhere = or_(Article.edition_id.is_(None), Article.edition_id != edition)
    parts = (
        _newest(others.where(Article.edition_id == edition), CANDIDATES, in_edition=True),
        _newest(others.where(of_section, elsewhere), SECOND, in_edition=False),
    )
    return union_all(*(select(part.subquery()) for part in parts))


def _newest(rows: Select, most: int, *, in_edition: bool) -> Select:
    column = literal(1 if in_edition else 0).label("in_edition")
    return rows.with_only_columns(*STORY_COLUMNS, column).order_by(*NEWEST).limit(most)


_CANDIDATES = {(narrow, falls): _statement(narrow, falls) for narrow in (True, False) for falls in (True, False)}
