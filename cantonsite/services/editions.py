"""Editions: add and change them, and say which one takes applications."""

from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from .. import clock
from ..database import db, transaction
from ..models import Edition, Phase, StaffMember
from ..models.audit import Actor
from . import audit

PHASE_DAYS = 5


class EditionExists(ValueError):
    """There is an edition with this number already."""


class ImpossibleDates(ValueError):
    """The days contradict each other; the message says how."""


def today() -> date:
    """The calendar day at the fair."""
    return clock.today(current_app.config["TIMEZONE"])


def every() -> list[Edition]:
    """All editions with their phases, the newest first."""
    return list(db.session.scalars(_whole().order_by(Edition.number.desc())))


def get(number: int) -> Edition | None:
    """One edition with its phases, or None."""
    return db.session.scalar(_whole().where(Edition.number == number))


def open_editions() -> list[Edition]:
    """The editions that take applications today, the earlier one first."""
    day = today()
    taking = _whole().where(Edition.applications_open_on <= day, Edition.applications_close_on >= day)
    return list(db.session.scalars(taking.order_by(Edition.starts_on)))


def coming() -> Edition | None:
    """The edition that readers ask about: the next that takes applications, else the next, else the last one."""
    if taking := open_editions():
        return taking[0]
    ahead = db.session.scalar(_whole().where(Edition.ends_on >= today()).order_by(Edition.starts_on).limit(1))
    return ahead or db.session.scalar(_whole().order_by(Edition.starts_on.desc()).limit(1))


def around(day: date) -> Edition | None:
    """The edition that news of this day belongs to: held on it, or ended within the two weeks before."""
    near = select(Edition).where(Edition.starts_on <= day, Edition.ends_on >= day - timedelta(days=14))
    return db.session.scalar(near.order_by(Edition.starts_on.desc()).limit(1))


def add(
    number: int,
    *,
    starts_on: date,
    ends_on: date,
    applications_open_on: date,
    applications_close_on: date,
    actor: StaffMember | Actor,
) -> Edition:
    """Add an edition with the fair's usual phases. Raises EditionExists, ImpossibleDates."""
    with transaction() as session:
        if get(number):
            raise EditionExists(str(number))
        edition = Edition(number=number)
        session.add(edition)
        _set_days(edition, starts_on, ends_on, applications_open_on, applications_close_on)
        audit.record("edition_added", actor=actor, number=number)
    return edition


def change(
    edition: Edition,
    *,
    starts_on: date,
    ends_on: date,
    applications_open_on: date,
    applications_close_on: date,
    actor: StaffMember | Actor,
) -> None:
    """Change an edition's days; its phases are laid anew if the fair moves. Raises ImpossibleDates."""
    with transaction():
        edition = get(edition.number)
        moved = (edition.starts_on, edition.ends_on) != (starts_on, ends_on)
        _set_days(edition, starts_on, ends_on, applications_open_on, applications_close_on, lay_phases=moved)
        audit.record("edition_changed", actor=actor, number=edition.number)


def _set_days(edition: Edition, starts: date, ends: date, opens: date, closes: date, lay_phases: bool = True) -> None:
    if ends < starts:
        raise ImpossibleDates("The last day is before the first")
    if closes < opens:
        raise ImpossibleDates("Applications close before they open")
    if closes > ends:
        raise ImpossibleDates("Applications close after the last day of the fair")
    edition.starts_on, edition.ends_on = starts, ends
    edition.applications_open_on, edition.applications_close_on = opens, closes
    if lay_phases:
        edition.phases = []
        db.session.flush()  # the old rows must go before rows with the same key come
        edition.phases = [Phase(number=number, starts_on=a, ends_on=b) for number, a, b in phase_days(starts, ends)]


def phase_days(starts: date, ends: date) -> list[tuple[int, date, date]]:
    """Three phases of five days, the halls changed in between, as the fair has held them since 2008:
    the first from the first day, the last to the last day, the second halfway. A shorter fair has one phase.
    """
    length = (ends - starts).days + 1
    if length < 3 * PHASE_DAYS:
        return [(1, starts, ends)]
    firsts = (starts, starts + timedelta(days=(length - PHASE_DAYS) // 2), ends - timedelta(days=PHASE_DAYS - 1))
    return [(number, first, first + timedelta(days=PHASE_DAYS - 1)) for number, first in enumerate(firsts, 1)]


def _whole():
    return select(Edition).options(selectinload(Edition.phases))
