"""Places: how many are approved for what, whether there is room for one more, and who is where in the waiting line.

Who counts in order to give a place away holds the lock of the edition first: two reviewers cannot both give the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, cast, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from ..database import db, transaction
from ..models import Application, Edition, PlaceLimit, StaffMember
from ..models.invitation import OutletKind, Status
from . import audit


@dataclass(frozen=True, slots=True)
class Standing:
    """A limit, how many of its places are taken, and how many wait for one."""

    limit: PlaceLimit
    taken: int
    waiting: int

    @property
    def free(self) -> int:
        return max(0, self.limit.number - self.taken)


def of(edition: Edition) -> list[Standing]:
    """The limits of an edition, the widest first, each with what is taken of it."""
    return [
        Standing(each, _count(each, Status.APPROVED), _count(each, Status.WAITING_LIST)) for each in limits(edition.id)
    ]


def limits(edition_id: int) -> list[PlaceLimit]:
    """What is limited at an edition."""
    rows = select(PlaceLimit).where(PlaceLimit.edition_id == edition_id)
    return list(db.session.scalars(rows.order_by(PlaceLimit.phase, PlaceLimit.country, PlaceLimit.outlet_kind)))


def lock(edition_id: int) -> None:
    """Hold the places of an edition until this transaction ends. New applications are not held up by it."""
    db.session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update(key_share=True))


def has_room(application: Application) -> bool:
    """Whether every place that an application needs is there, once those in line have theirs.

    A place that has just become free is the line's, though nobody has moved up yet. It holds only under the `lock`.
    """
    left = free(application.edition_id)
    if not _all_there(application, left):
        return False
    next_in_line(application.edition_id, left)
    return _all_there(application, left)


def next_in_line(
    edition_id: int, left: dict[PlaceLimit, int], *which: Any, most: int | None = None
) -> list[Application]:
    """Those on the waiting list for whom there is a place, in their order; what they need is taken from `left`.

    Who still waits for another place does not hold up the rest. It holds only under the `lock`.
    """
    line = select(Application).where(
        Application.edition_id == edition_id, Application.status == Status.WAITING_LIST, *which
    )
    line = line.order_by(Application.listed_at, Application.id).execution_options(populate_existing=True)
    chosen: list[Application] = []
    for application in db.session.scalars(line):
        if len(chosen) == most:
            break
        if _all_there(application, left):
            chosen.append(application)
            left.update({each: left[each] - 1 for each in left if each.meets(application)})
    return chosen


def place_in_line(application: Application) -> int:
    """How far somebody on the waiting list is from a place: 1 is the next, in the longest line that they stand in."""
    earlier = or_(
        Application.listed_at < application.listed_at,
        and_(Application.listed_at == application.listed_at, Application.id < application.id),
    )
    full = [each for each in _needed(application) if each.number <= _count(each, Status.APPROVED)]
    return 1 + max((_count(each, Status.WAITING_LIST, earlier) for each in full), default=0)


def set_limit(
    edition: Edition,
    *,
    number: int,
    phase: int = 0,
    country: str = "",
    outlet_kind: OutletKind | None = None,
    actor: StaffMember,
) -> None:
    """So many places from now on, for these conditions. Nobody who was approved loses theirs.

    The waiting list moves up by itself when there are more.
    """
    what = {"phase": phase, "country": country, "outlet_kind": outlet_kind.value if outlet_kind else ""}
    with transaction() as session:
        lock(edition.id)
        insert = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name].insert(PlaceLimit)
        same = ["edition_id", "phase", "country", "outlet_kind"]
        session.execute(
            insert.values(edition_id=edition.id, number=number, **what).on_conflict_do_update(
                index_elements=same, set_={"number": number}
            )
        )
        audit.record("places_set", actor=actor, edition=edition.number, number=number, **what)


def remove(edition: Edition, limit_id: int, *, actor: StaffMember) -> None:
    """Let as many come as are approved; nothing if there is no such limit at this edition any more."""
    with transaction() as session:
        lock(edition.id)
        found = session.get(PlaceLimit, limit_id)
        if found is None or found.edition_id != edition.id:
            return
        what = {"phase": found.phase, "country": found.country, "outlet_kind": found.outlet_kind}
        session.delete(found)
        audit.record("places_removed", actor=actor, edition=edition.number, **what)


def free(edition_id: int) -> dict[PlaceLimit, int]:
    """How many places of each limit are free. It holds only under the `lock`."""
    return {each: each.number - _count(each, Status.APPROVED) for each in limits(edition_id)}


def _all_there(application: Application, left: dict[PlaceLimit, int]) -> bool:
    return all(number > 0 for each, number in left.items() if each.meets(application))


def _needed(application: Application) -> Sequence[PlaceLimit]:
    return [each for each in limits(application.edition_id) if each.meets(application)]


def _count(limit: PlaceLimit, status: Status, *more: Any) -> int:
    which = [Application.edition_id == limit.edition_id, Application.status == status, *more]
    if limit.phase:  # a list of numbers below ten is kept as its JSON text
        which.append(cast(Application.phases, Text).like(f"%{limit.phase}%"))
    if limit.country:
        which.append(Application.outlet_country == limit.country)
    if limit.outlet_kind:
        which.append(Application.outlet_kind == OutletKind(limit.outlet_kind))
    return db.session.scalar(select(func.count(Application.id)).where(*which)) or 0
