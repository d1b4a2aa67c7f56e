"""The base of all models, the moment type, and transaction(): the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC as UTC_ZONE
from datetime import datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

SQLITE_PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",  # an answer that was given outlives a power cut
    "busy_timeout=10000",
    "foreign_keys=on",
    "secure_delete=on",  # what is purged leaves the file too
)


class Base(DeclarativeBase):
    """The base of every model; the naming convention lets Alembic find each constraint again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})


class Moment(TypeDecorator[datetime]):
    """A moment with its zone, kept in UTC. A naive datetime is refused: it would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC_ZONE)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC_ZONE) if value.tzinfo is None else value.astimezone(UTC_ZONE)


class Changed(Exception):
    """Somebody else changed the row first; nothing of this transaction was stored."""


@contextmanager
def transaction() -> Iterator[Session]:
    """All that happens inside is stored together, or not at all.

    A verb that is called by a verb joins the transaction that is open. Raises Changed when a row's version is
    no longer the one that was read.
    """
    session = db.session()
    if is_open():
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changed outside a transaction")
    session.rollback()  # ends the reader's snapshot, which SQLite cannot upgrade to a writer's; rows are read anew
    session.info["writing"] = True
    try:
        session.connection(execution_options={"writes": True})
        yield session
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise Changed from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


def is_open() -> bool:
    """Whether what is done now joins a transaction that somebody else has opened."""
    return bool(db.session().info.get("writing"))


def prepare(engine: Engine) -> None:
    """Give a SQLite engine its pragmas and let writers take the lock at once; nothing on PostgreSQL.

    In the driver's own mode two readers that go on to write lose updates silently or meet "database is
    locked" in spite of the timeout; with BEGIN IMMEDIATE every writer waits its turn.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
