"""Find the newest texts that match, in the way that each of the two databases is quick at.

SQLite walks down the keys until it has enough. PostgreSQL's index knows no order: it would gather every text that has a
common word. So it is asked for the texts of the newest days first, which its index also knows as tokens, and for more
days when these have too few.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import BigInteger, Integer, Row, Select, String, bindparam, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from ...database import db
from ...models import Article, SearchEntry
from .index import FTS, ID_BITS, LANGUAGE_BITS, WORDS, block_of
from .query import MOST_ENDINGS, Term, for_postgresql, for_sqlite
from .words import BESIDE

FIRST_LOOK = 1.5  # times as many texts as are wanted
MOST_LOOKED_THROUGH = 50_000
MOST_BLOCKS = 150  # about twelve years
LAST_SIGN = "\U0010ffff"

Matches = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched: terms, where ("title", "content" or "" for both), and tokens that a text must have beside."""

    terms: list[Term]
    within: str = ""
    marks: list[str] = field(default_factory=list)


def newest_matches(asked: Asked, low: int, high: int, most: int, now: datetime, *, titles: bool) -> Matches:
    """The newest texts that match, that lie between two keys and that everybody may see: key, and the title's tokens.

    Without `titles`, which are to be looked up for each, something else stands in their place.
    """
    values = {"now": now, "high": high, "most": most}
    if db.session.get_bind().dialect.name == "sqlite":
        words = for_sqlite(asked.terms, asked.within, asked.marks, _endings(asked.terms))
        return _visible(db.session.execute(_ON_SQLITE[titles], {**values, "asked": words, "low": low}))
    statement, look = _ON_POSTGRESQL[titles], int(most * FIRST_LOOK)
    while look <= MOST_LOOKED_THROUGH:
        _, start = db.session.execute(_KEY_AFTER, {"low": low, "high": high, "look": look}).one()
        blocks = range(block_of(start), block_of(high) + 1) if start is not None else range(0)
        if not 0 < len(blocks) <= MOST_BLOCKS:
            break
        words = for_postgresql(asked.terms, asked.within, asked.marks, blocks)
        rows = db.session.execute(statement, {**values, "asked": words, "low": start}).all()
        if len(rows) >= most:
            return _visible(rows)
        look = int(look * most / max(len(rows), 1) * FIRST_LOOK)
    words = for_postgresql(asked.terms, asked.within, asked.marks, _about_a_year(low, high))
    return _visible(db.session.execute(statement, {**values, "asked": words, "low": low}))


def _about_a_year(low: int, high: int) -> range | None:
    """The blocks between two keys, if they are a year's; None for more."""
    blocks = range(block_of(low), block_of(high) + 1)
    return blocks if len(blocks) < 15 else None


def _visible(rows: Iterable[Row]) -> Matches:
    """Without those whose title was kept back, for not everybody may see them."""
    return [(key, title) for key, title in rows if title is not None]


def _endings(wanted: list[Term]) -> list[str]:
    """The words in the index that go on as the last term begins: asked for one by one, FTS5 can walk down the keys."""
    beginning = wanted[-1].beginning
    if not beginning:
        return []
    found = db.session.scalars(_ENDINGS, {"word": beginning, "beside": BESIDE + beginning})
    return list(found)


def _between(start: str):
    return WORDS.c.word.between(bindparam(start), bindparam(start) + LAST_SIGN)


_ENDINGS = select(WORDS.c.word).where(_between("word") | _between("beside")).limit(MOST_ENDINGS + 1)


def _with_titles(found: Select, titles: bool) -> Select:
    """Each that was found, its title looked up in a subquery: a join would make PostgreSQL read whole tables."""
    each = found.limit(bindparam("most")).subquery()
    shift, mask = (literal_column(str(number), Integer) for number in (LANGUAGE_BITS, (1 << ID_BITS) - 1))
    article_id = each.c.key.bitwise_rshift(shift).bitwise_and(mask)
    seen = select(literal("")).where(Article.id == article_id, Article.visible(bindparam("now")))
    if titles:
        seen = seen.with_only_columns(SearchEntry.title).where(SearchEntry.key == each.c.key)
    return select(each.c.key, seen.scalar_subquery()).order_by(each.c.key.desc())


_KEY = FTS.c.rowid
_ON_SQLITE = {
    titles: _with_titles(
        select(_KEY.label("key"))
        .where(literal_column("search_fts").op("MATCH")(bindparam("asked")))
        .where(_KEY.between(bindparam("low"), bindparam("high")))
        .order_by(_KEY.desc()),
        titles,
    )
    for titles in (True, False)
}
# The texts are to be found by their words, never by reading one after the other, by key or all of them: to look into
# one is dear, which PostgreSQL does not reckon with. Hence a key that no index knows, and the setting below
_NO_INDEX = _KEY + literal_column("0", BigInteger)
_ON_POSTGRESQL = {
    titles: _with_titles(
        select(_KEY.label("key"))
        .where(FTS.c.words.op("@@")(cast(bindparam("asked", type_=String), TSQUERY)))
        .where(_NO_INDEX.between(bindparam("low"), bindparam("high")))
        .order_by(_NO_INDEX.desc()),
        titles,
    )
    for titles in (True, False)
}
_KEY_AFTER = select(
    func.set_config("enable_seqscan", "off", True),
    select(_KEY)
    .where(_KEY.between(bindparam("low"), bindparam("high")))
    .order_by(_KEY.desc())
    .offset(bindparam("look"))
    .limit(1)
    .scalar_subquery(),
)
