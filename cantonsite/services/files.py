"""Keep bytes once, whatever refers to them. The key of a file is made from its content."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import blake2b

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from .. import clock
from ..database import db, transaction
from ..models import KitFile, Rendition, StoredFile

KEY_LENGTH = 32
HELD_FOR = timedelta(days=1)  # an upload whose form was never finished


def key_of(data: bytes) -> str:
    """The key of these bytes: 32 hexadecimal digits (blake2b, 16 bytes)."""
    return blake2b(data, digest_size=KEY_LENGTH // 2).hexdigest()


def put(data: bytes, media_type: str) -> str:
    """Keep these bytes and return their key. Bytes that are there already stay as they are."""
    row = {"key": key_of(data), "media_type": media_type, "size": len(data), "data": data, "stored_at": clock.now()}
    with transaction() as session:
        kind = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
        session.execute(kind.insert(StoredFile).values(row).on_conflict_do_nothing())  # two may come at once
    return row["key"]


def get(key: str) -> bytes | None:
    """The bytes with this key, or None."""
    return db.session.scalar(select(StoredFile.data).where(StoredFile.key == key))


def release(keys: Iterable[str]) -> None:
    """Delete those of these files that nothing refers to any more."""
    with transaction() as session:
        session.execute(delete(StoredFile).where(StoredFile.key.in_(list(keys)), *_unused()))


def sweep() -> None:
    """Delete what was kept for a form that nobody finished within a day."""
    with transaction() as session:
        long_ago = clock.now() - HELD_FOR
        session.execute(delete(StoredFile).where(StoredFile.stored_at < long_ago, *_unused()))


def _unused():
    used_by = (Rendition.key, KitFile.key)
    return (~exists().where(column == StoredFile.key) for column in used_by)
