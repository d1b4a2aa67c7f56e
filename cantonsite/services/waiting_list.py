"""The waiting list moves up by itself: whoever is first in line gets the place that became free. The deliverer looks.

It does not matter why a place is free: a withdrawal, an erasure, an invitation taken back, or more places.
"""

from sqlalchemy import select

from .. import clock
from ..database import Changed, db, transaction
from ..models import Application
from ..models.audit import Actor
from ..models.invitation import Status
from . import audit, outbox, places
from .mails.applicant import ApplicationApproved

AT_ONCE = 50


def advance() -> bool:
    """Approve those for whom there is a place by now; False when there was none."""
    waiting = select(Application.edition_id).where(*_told()).distinct()
    return any([_move_up(edition_id) for edition_id in db.session.scalars(waiting).all()])


def _told():
    """On the list for good: the reviewer can no longer take it back."""
    return Application.status == Status.WAITING_LIST, Application.listed_at <= clock.now()


def _move_up(edition_id: int) -> bool:
    if not _somebody(edition_id, places.free(edition_id)):  # a look without the write lock
        return False
    try:
        with transaction():
            places.lock(edition_id)
            found = _somebody(edition_id, places.free(edition_id))
            for application in found:
                _approve(application)
    except Changed:  # one of them withdrew at this very moment: the next round looks again
        return True
    return bool(found)


def _somebody(edition_id: int, free: dict) -> list[Application]:
    """Those who get a place, in the order of the line. Who still waits for another place does not hold up the rest."""
    line = select(Application).where(*_told(), Application.edition_id == edition_id)
    line = line.order_by(Application.listed_at, Application.id).execution_options(populate_existing=True)
    chosen: list[Application] = []
    for application in db.session.scalars(line):
        needed = [each for each in free if each.meets(application)]
        if all(free[each] > 0 for each in needed):
            chosen.append(application)
            free.update({each: free[each] - 1 for each in needed})
        if len(chosen) == AT_ONCE:
            break
    return chosen


def _approve(application: Application) -> None:
    now = clock.now()
    application.transition_to(Status.APPROVED)
    application.listed_at, application.decided_at = None, now
    audit.record("moved_up", actor=Actor.SITE, application=application, shown_from=now)
    to = {"recipient": application.email, "language": application.language}
    outbox.enqueue(ApplicationApproved, application=application, moved_up=True, **to)
