"""Leave no trace of deleted rows in the files of a SQLite database.

`secure_delete` overwrites a row where it lies. What it leaves: the pages of before in the write-ahead log until they
are brought home, and now and then, in a page that was split, a copy in the gap between its cells. On PostgreSQL its
own vacuum frees the space; no query finds what was deleted.
"""

import sqlite3

from ..database import db

PATIENCE_MS = {True: 10_000, False: 1_000}  # with others who read or write; a page must not wait for long


def wipe(*, rewrite: bool) -> bool:
    """Bring the write-ahead log home and empty it; with `rewrite` write the file anew before, without the gaps.

    To be called outside a transaction. Writers wait meanwhile: milliseconds, or with `rewrite` a second for each
    100 MB or so. False if others had the database in use for too long.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    db.session.rollback()  # our own reading would keep the old pages
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    (usual,) = cursor.execute("pragma busy_timeout").fetchone()
    try:
        cursor.execute(f"pragma busy_timeout={PATIENCE_MS[rewrite]}")
        if rewrite:
            cursor.execute("vacuum")
        busy, *_ = cursor.execute("pragma wal_checkpoint(truncate)").fetchone()
        return not busy
    except sqlite3.OperationalError:
        return False
    finally:
        cursor.execute(f"pragma busy_timeout={usual}")
        connection.close()
