"""The index of the search: written in the transaction that changes an article, on SQLite (FTS5) and PostgreSQL alike.

An entry is a text in one language. Its key is made of the minute of publication, the article's id and the language, so
that "the newest that match" is a walk down the keys and no sort. Both databases get the same tokens.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, cast, column, delete, func, insert, select, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Connection
from sqlalchemy.orm import selectinload

from ...database import db, transaction
from ...languages import LANGUAGES
from ...models import Article, ArticleText, SearchEntry
from ...models.news import Section
from ..markdown import to_text
from .words import may_go_on, tokens

ID_BITS, LANGUAGE_BITS = 30, 5
EARLIEST, LATEST = -(2**28), 2**28 - 1  # minutes from 1970 that fit beside them into 63 bits: the years 1460 to 2480
LOWEST = EARLIEST << ID_BITS + LANGUAGE_BITS
REST = (1 << ID_BITS + LANGUAGE_BITS) - 1  # the highest id and language
BLOCK_MINUTES = 30 * 24 * 60
MOST_TOKENS = 12_000  # of one text; PostgreSQL keeps no place beyond 16,383
MOST_PLACES = 255  # of one token; PostgreSQL keeps no more
IN_TITLE = "^"  # begins a token that stands in the title, where PostgreSQL would have to read the whole text to know
GAP = 10
LANGUAGE_CODES = {code: at for at, code in enumerate(LANGUAGES)}

FTS = table(
    "search_fts",
    column("rowid", BigInteger),
    *(column(name) for name in ("title", "content", "marks", "words", "plain")),
)
WORDS = table("search_word_fts", column("word"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of one text."""

    key: int
    article_id: int
    language: str
    title: list[str]
    content: list[str]
    beside_title: list[str]
    beside_content: list[str]
    marks: list[str]
    plain: str


def index(article: Article) -> None:
    """Write what is found of an article anew, in the transaction that is open. It needs its texts.

    A draft has no entry. What waits for its moment or was withdrawn has one, and whether it is found is the rule of
    who may see it: so it is found again from the very moment on.
    """
    session = db.session()
    session.flush()
    forget(article)
    if article.published_at is not None:
        write(session.connection(), [entry_of(article, each) for each in article.texts if each.language in LANGUAGES])


def forget(article: Article) -> None:
    """Let nothing of an article be found any more, in the transaction that is open."""
    session = db.session()
    # Two who write entries of one article take turns, on PostgreSQL too
    session.execute(select(Article.id).where(Article.id == article.id).with_for_update(key_share=True))
    keys = select(SearchEntry.key).where(SearchEntry.article_id == article.id)
    session.execute(delete(FTS).where(FTS.c.rowid.in_(keys)))
    session.execute(delete(SearchEntry).where(SearchEntry.article_id == article.id))


def reindex(after: int = 0, most: int = 100) -> tuple[int, int]:
    """Index the next articles after an id anew, in a transaction of their own; the last id, and how many they were.

    May be stopped and run again at any time; readers and editors need not wait for more than one such part.
    """
    with transaction() as session:
        some = select(Article).where(Article.id > after).order_by(Article.id).limit(most)
        articles = list(session.scalars(some.options(selectinload(Article.texts)).with_for_update(key_share=True)))
        for article in articles:
            index(article)
        last = articles[-1].id if articles else after
        session.expunge_all()
    return last, len(articles)


def articles() -> int:
    """How many articles reindex() will go through."""
    return db.session.scalar(select(func.count()).select_from(Article)) or 0


def rebuild() -> None:
    """Index everything anew in one transaction: after the whole content was replaced."""
    with transaction() as session:
        for table_ in (FTS, SearchEntry):
            session.execute(delete(table_))
        last, some = reindex()
        while some:
            last, some = reindex(last)


def clear_leftovers() -> None:
    """Take out the words of texts that are no longer there."""
    with transaction() as session:
        session.execute(delete(FTS).where(FTS.c.rowid.not_in(select(SearchEntry.key))))


def key_of(moment: datetime, article_id: int = 0, language: int = 0) -> int:
    """The key of a text: the later it was published, the higher."""
    minutes = max(EARLIEST, min(int(moment.timestamp() // 60), LATEST))
    return (minutes << ID_BITS | article_id) << LANGUAGE_BITS | language


def block_of(key: int) -> int:
    """The thirty days in which a key's text was published, counted from 1970."""
    return (key >> ID_BITS + LANGUAGE_BITS) // BLOCK_MINUTES


def entry_of(article: Article, of: ArticleText) -> Entry:
    """What the index is to know of a text."""
    key = key_of(article.published_at, article.id, LANGUAGE_CODES[of.language])
    plain = " ".join(f"{of.standfirst} {to_text(of.body, item='')}".split())
    title, beside_title = tokens(of.title)
    content, beside_content = tokens(" ".join((plain, of.source, of.author, of.sign_off)))
    marks = [section_mark(article.section), language_mark(of.language), f"~b{block_of(key)}"]
    if article.edition_id is not None:
        marks.append(edition_mark(article.edition_id))
    content = content[:MOST_TOKENS]
    return Entry(key, article.id, of.language, title, content, beside_title, beside_content, marks, plain)


def section_mark(section: Section) -> str:
    """The token of all texts of a section."""
    return "~s" + section.value.replace("-", "")


def edition_mark(edition_id: int) -> str:
    """The token of all texts of an edition."""
    return f"~e{edition_id}"


def language_mark(language: str) -> str:
    """The token of all texts in a language."""
    return f"~l{language}"


def write(connection: Connection, entries: Sequence[Entry]) -> None:
    """Add entries that are not there."""
    if not entries:
        return
    connection.execute(insert(SearchEntry), [_row(each) for each in entries])
    if connection.dialect.name == "sqlite":
        connection.execute(insert(FTS), [_for_sqlite(each) for each in entries])
        words = {word for each in entries for word in _words(each) if may_go_on(word)}
        connection.execute(insert(WORDS).prefix_with("OR IGNORE"), [{"word": word} for word in sorted(words)] or [{}])
    else:
        connection.execute(_INTO_POSTGRESQL, [_for_postgresql(each) for each in entries])


def _row(entry: Entry) -> dict:
    title = f" {' '.join([*entry.title, *entry.beside_title])} "
    return {"key": entry.key, "article_id": entry.article_id, "language": entry.language, "title": title}


def _words(entry: Entry) -> Iterable[str]:
    return {*entry.title, *entry.content, *entry.beside_title, *entry.beside_content}


def _for_sqlite(entry: Entry) -> dict:
    return {
        "rowid": entry.key,
        "title": " ".join([*entry.title, *entry.beside_title]),
        "content": " ".join([*entry.content, *entry.beside_content]),
        "marks": " ".join(entry.marks),
        "plain": entry.plain,
    }


def _for_postgresql(entry: Entry) -> dict:
    """The tokens with their places, title (A) before content (B); a gap keeps phrases from spanning both."""
    places: dict[str, list[str]] = defaultdict(list)
    content_from = len(entry.title) + GAP
    for at, token in enumerate(entry.title):
        places[token].append(f"{at + 1}A")
    for token in entry.beside_title:
        places[token].append(f"{len(entry.title) + 2}A")
    for at, token in enumerate(entry.content):
        places[token].append(f"{content_from + at}B")
    for token in entry.beside_content:
        places[token].append(f"{content_from + MOST_TOKENS}B")
    bare = [*(IN_TITLE + token for token in {*entry.title, *entry.beside_title}), *entry.marks]
    vector = [f"'{token}':{','.join(where[:MOST_PLACES])}" for token, where in places.items()]
    return {"rowid": entry.key, "words": " ".join([*vector, *(f"'{token}'" for token in bare)]), "plain": entry.plain}


_INTO_POSTGRESQL = insert(FTS).values(
    rowid=bindparam("rowid"), words=cast(bindparam("words"), TSVECTOR), plain=bindparam("plain")
)
