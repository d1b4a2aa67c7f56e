"""Press events: what the press is asked to, when and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from .. import clock
from ..database import db, transaction
from ..languages import Said, said
from ..models import Edition, StaffMember
from ..models.audit import Actor
from ..models.press import PressEvent
from . import audit, records

MOST = 500  # of a calendar; a fair has some ten press events


class EndsBeforeItStarts(ValueError):
    """The end of an event is not after its beginning."""


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """A press event in a reader's language. Compared by what a calendar says of it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    title: Said
    place: Said
    about: Said
    sequence: int
    changed_at: datetime
    is_cancelled: bool
    edition: Edition | None = field(compare=False)


def calendar(language: str) -> tuple[ShownEvent, ...]:
    """All events, the earliest first."""
    return _shown(_rows().order_by(PressEvent.starts_at.desc(), PressEvent.id.desc()).limit(MOST), language)[::-1]


def coming(language: str, most: int = MOST) -> tuple[ShownEvent, ...]:
    """The events that have not ended yet, the next one first."""
    ahead = _rows().where(PressEvent.ends_at > clock.now())
    return _shown(ahead.order_by(PressEvent.starts_at, PressEvent.id).limit(most), language)


def past(language: str) -> tuple[ShownEvent, ...]:
    """The events that have ended, the last one first."""
    over = _rows().where(PressEvent.ends_at <= clock.now())
    return _shown(over.order_by(PressEvent.starts_at.desc(), PressEvent.id.desc()).limit(MOST), language)


def of_edition(edition: Edition, language: str) -> tuple[ShownEvent, ...]:
    """The events of an edition, the earliest first."""
    its = _rows().where(PressEvent.edition_id == edition.id)
    return _shown(its.order_by(PressEvent.starts_at, PressEvent.id), language)


def one(event_id: int, language: str) -> ShownEvent | None:
    """One event, or None."""
    return next(iter(_shown(_rows().where(PressEvent.id == event_id), language)), None)


def every() -> Sequence[PressEvent]:
    """All events with their editions, the last one first, for the desk."""
    return db.session.scalars(_rows().order_by(PressEvent.starts_at.desc(), PressEvent.id.desc()).limit(MOST)).all()


def get(event_id: int) -> PressEvent | None:
    """One event, or None."""
    return db.session.get(PressEvent, event_id)


def add(*, actor: StaffMember | Actor, **fields: Any) -> PressEvent:
    """Add an event; it is in the calendar at once. Raises EndsBeforeItStarts."""
    with transaction() as session:
        event = PressEvent(changed_at=clock.now(), **fields)
        _must_end_after_it_starts(event)
        session.add(event)
        session.flush()
        audit.record("press_event_added", actor=actor, event=event.id, title=_title(event))
    return event


def change(event_id: int, *, seen: str, is_cancelled: bool = False, actor: StaffMember | Actor, **fields: Any) -> None:
    """Change an event, cancel it or hold it after all; calendars learn of it by its sequence.

    Raises Changed when it is no longer what was seen, and EndsBeforeItStarts.
    """
    with transaction():
        event = records.for_change(PressEvent, event_id, seen)
        for name, value in fields.items():
            setattr(event, name, value)
        _must_end_after_it_starts(event)
        if is_cancelled != (event.cancelled_at is not None):
            event.cancelled_at = clock.now() if is_cancelled else None
        if records.mark(event) != seen:
            event.sequence, event.changed_at = event.sequence + 1, clock.now()
            audit.record("press_event_changed", actor=actor, event=event.id, title=_title(event))


def remove(event_id: int, *, actor: StaffMember | Actor) -> None:
    """Take an event out of the calendar without a trace. Raises Changed when it is gone."""
    with transaction() as session:
        event = records.for_change(PressEvent, event_id)
        audit.record("press_event_removed", actor=actor, event=event.id, title=_title(event))
        session.delete(event)


def _must_end_after_it_starts(event: PressEvent) -> None:
    if event.ends_at <= event.starts_at:
        raise EndsBeforeItStarts


def _rows() -> Select:
    return select(PressEvent).options(joinedload(PressEvent.edition))


def _shown(rows: Select, language: str) -> tuple[ShownEvent, ...]:
    return tuple(
        ShownEvent(
            id=event.id,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            title=said(event.titles, language),
            place=said(event.places, language),
            about=said(event.abouts, language),
            sequence=event.sequence,
            changed_at=event.changed_at,
            is_cancelled=event.cancelled_at is not None,
            edition=event.edition,
        )
        for event in db.session.scalars(rows)
    )


def _title(event: PressEvent) -> str:
    return said(event.titles, "en").text
