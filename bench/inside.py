"""Inside one process: how many statements a page takes, and whether it costs more where there are more articles."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from flask import Flask
from sqlalchemy import event
from werkzeug.test import EnvironBuilder, run_wsgi_app

from cantonsite.database import db

from .targets import ARTICLE, SECTION

TIMES = 20


@dataclass(slots=True)
class Inside:
    """One page with so many articles in the database."""

    page: str
    articles: int
    statements: int
    microseconds: float


def measure(apps: dict[int, Flask], rounds: int) -> list[Inside]:
    """The article and the section in each application, by the number of its articles; in turn."""
    some = next(iter(apps.values()))
    paths = {"article": _get(some, ARTICLE + "x")[1]["Location"], "section, page 1": SECTION}
    found = [
        Inside(page, articles, _statements(app, path), 0)
        for page, path in paths.items()
        for articles, app in apps.items()
    ]
    times: list[list[float]] = [[] for _ in found]
    for _ in range(rounds):
        for each, spent in zip(found, times, strict=True):
            spent.append(_cpu(apps[each.articles], paths[each.page]))
    for each, spent in zip(found, times, strict=True):
        each.microseconds = median(spent) * 1e6
    return found


def _get(app: Flask, path: str) -> tuple:
    environ = EnvironBuilder(path, base_url="http://127.0.0.1", headers={"Accept-Encoding": "gzip"}).get_environ()
    answer, status, headers = run_wsgi_app(app.wsgi_app, environ, buffered=True)
    return status, headers, b"".join(answer)


def _statements(app: Flask, path: str) -> int:
    _get(app, path)
    with _counted(app) as statements:
        status, _headers, _body = _get(app, path)
    if not status.startswith("200"):
        raise RuntimeError(f"{path} answered {status}")
    return len(statements)


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, without the BEGIN before them."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _cpu(app: Flask, path: str) -> float:
    started = time.process_time()
    for _ in range(TIMES):
        _get(app, path)
    return (time.process_time() - started) / TIMES
