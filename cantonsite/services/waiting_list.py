"""The waiting list moves up by itself: whoever is first in line gets the place that became free. The deliverer looks.

It does not matter why a place is free: a withdrawal, an erasure, an invitation taken back, or more places. Once the
edition is over, nobody is invited to it any more.
"""

from sqlalchemy import select

from .. import clock
from ..database import Changed, db, transaction
from ..models import Application, Edition
from ..models.audit import Actor
from ..models.invitation import Status
from . import audit, editions, outbox, places
from .mails.applicant import ApplicationApproved

AT_ONCE = 50


def advance() -> bool:
    """Approve those for whom there is a place by now; False when there was none."""
    waiting = select(Application.edition_id).join(Edition).where(*_told(), Edition.ends_on >= editions.today())
    return any([_move_up(edition_id) for edition_id in db.session.scalars(waiting.distinct()).all()])


def _told():
    """On the list for good: the reviewer can no longer take it back."""
    return Application.status == Status.WAITING_LIST, Application.listed_at <= clock.now()


def _move_up(edition_id: int) -> bool:
    if not _somebody(edition_id):  # a look without the write lock
        return False
    try:
        with transaction():
            places.lock(edition_id)
            found = _somebody(edition_id)
            for application in found:
                _approve(application)
    except Changed:  # one of them withdrew at this very moment: the next round looks again
        return True
    return bool(found)


def _somebody(edition_id: int) -> list[Application]:
    return places.next_in_line(edition_id, places.free(edition_id), *_told(), most=AT_ONCE)


def _approve(application: Application) -> None:
    """It was decided when somebody said yes: that a place was long in coming makes no decision slow."""
    application.transition_to(Status.APPROVED)
    application.listed_at = None
    audit.record("moved_up", actor=Actor.SITE, application=application, shown_from=clock.now())
    to = {"recipient": application.email, "language": application.language}
    outbox.enqueue(ApplicationApproved, application=application, moved_up=True, **to)
