"""Backups: every row of every table in one SQLite file, whatever the database; restored into either of the two.

So a backup of SQLite restored into PostgreSQL is also the way from one to the other.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, func, insert, inspect, select, text

from ..database import Base, db, transaction
from . import health
from .search import index as search_index

ROWS_AT_ONCE = 500


class NotABackup(ValueError):
    """The file is no backup of this site, or of another version of it; the message says which."""


class NotEmpty(ValueError):
    """The database holds data, which a restore would replace."""


def make(file: Path) -> int:
    """Write a backup; returns its number of rows. It appears whole or not at all, readable by its owner alone.

    The reading is one transaction, so the backup is the site at one moment while others go on writing.
    """
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    engine = create_engine(f"sqlite:///{part}")
    try:
        with _snapshot() as source, engine.begin() as target:
            Base.metadata.create_all(target)
            rows = sum(_copy(table, source, target) for table in Base.metadata.sorted_tables)
            target.execute(text("create table alembic_version (version_num varchar(32) primary key)"))
            version = source.scalar(text("select version_num from alembic_version"))
            target.execute(text("insert into alembic_version values (:version)"), {"version": version})
    finally:
        engine.dispose()
    part.replace(file)
    return rows


def restore(file: Path, *, replace: bool = False) -> int:
    """Put a backup's rows into this site's migrated database, all or none; returns how many.

    Raises NotABackup, and NotEmpty when there is data and `replace` does not allow to lose it.
    """
    engine = _opened(file)
    try:
        with engine.connect() as source, transaction() as session:
            target = session.connection()
            if not replace and any(_count(table, target) for table in Base.metadata.sorted_tables):
                raise NotEmpty("there is data here already")
            for table in reversed(Base.metadata.sorted_tables):
                target.execute(table.delete())
            rows = sum(_copy(table, source, target) for table in Base.metadata.sorted_tables)
            _move_sequences(target)
            search_index.rebuild()  # its words stand in no table that is copied
    finally:
        engine.dispose()
    return rows


def _snapshot() -> Connection:
    engine = db.engine
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="REPEATABLE READ")
    return engine.connect()


def _opened(file: Path) -> Engine:
    try:
        sound = file.read_bytes()[:15] == b"SQLite format 3"
    except OSError as error:
        raise NotABackup(f"{file} cannot be read ({error.strerror})") from error
    if not sound:
        raise NotABackup(f"{file} is not a backup")
    engine = create_engine(f"sqlite:///file:{file.absolute()}?mode=ro&uri=true")
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if not {"alembic_version", *(table.name for table in Base.metadata.sorted_tables)} <= tables:
            raise NotABackup(f"{file} is not a backup of this version of the site")
        version = connection.scalar(text("select version_num from alembic_version"))
    if version != health.newest_revision():
        raise NotABackup(f"{file} was made at migration {version}; this site is at {health.newest_revision()}")
    return engine


def _copy(table: Table, source: Connection, target: Connection) -> int:
    return sum(_insert(table, batch, target) for batch in _batches(table, source))


def _batches(table: Table, source: Connection) -> Iterator[list[dict]]:
    result = source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table).order_by(*table.primary_key))
    for batch in result.mappings().partitions():
        yield [dict(row) for row in batch]


def _insert(table: Table, rows: list[dict], target: Connection) -> int:
    target.execute(insert(table), rows)
    return len(rows)


def _count(table: Table, connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _move_sequences(target: Connection) -> None:
    """PostgreSQL counts ids beside the tables: the next one must come after those that were restored."""
    if target.dialect.name != "postgresql":
        return
    for table in _numbered(Base.metadata):
        highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
        target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest, False)))


def _numbered(metadata: MetaData) -> list[Table]:
    return [table for table in metadata.sorted_tables if "id" in table.c]
