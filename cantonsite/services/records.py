"""Small records that editors keep: what a page showed of one, and its place among the others of its list."""

import json
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeVar

from sqlalchemy import inspect, select

from ..database import Base, Changed, db

Record = TypeVar("Record", bound=Base)
NOT_SHOWN = {"position", "sequence", "changed_at"}  # what moves without anybody having written something else


def mark(record: Base) -> str:
    """What a page showed of a record, as a short text: another text as soon as somebody has changed it."""
    columns = inspect(type(record)).columns.keys()
    content = {name: getattr(record, name) for name in columns if name not in NOT_SHOWN}
    written = json.dumps(content, sort_keys=True, default=_plain)
    return blake2b(written.encode(), digest_size=12).hexdigest()


def _plain(value: object) -> str:
    return str(value.astimezone(UTC) if isinstance(value, datetime) else value)


def for_change(kind: type[Record], record_id: int, seen: str | None = None) -> Record:
    """The record, locked for the open transaction. Raises Changed when it is gone or no longer what was `seen`."""
    record = db.session.get(kind, record_id, with_for_update=True, populate_existing=True)
    if record is None or (seen is not None and mark(record) != seen):
        raise Changed
    return record


def put_last(record: Base) -> None:
    """Give a new record the place after the last one of its list."""
    positions = [other.position for other in _list_of(record) if other is not record]
    record.position = max(positions, default=0) + 1


def move(record: Base, *, up: bool) -> bool:
    """Let it change places with the one before it, or after it; False when there is none."""
    beside = _list_of(record)
    here = beside.index(record)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(beside):
        return False
    beside[here], beside[there] = beside[there], beside[here]
    for position, each in enumerate(beside, 1):
        each.position = position
    return True


def _list_of(record: Base) -> list[Base]:
    kind = type(record)
    same = select(kind).where(kind.edition_id.is_not_distinct_from(record.edition_id)).with_for_update()
    return list(db.session.scalars(same.order_by(kind.position, kind.id)))
