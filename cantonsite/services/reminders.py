"""What was asked and not answered: a reminder after a week, an end after two. The deliverer asks in each round.

Nothing runs by the clock, and several deliverers may ask at once: each reminder is one conditional UPDATE, each end one
transaction on a locked row, so that neither happens twice.
"""

from datetime import date

from sqlalchemy import select, update

from .. import clock
from ..database import Changed, db, transaction
from ..models import Application
from ..models.asking import CLOSE_AFTER, REMIND_AFTER
from ..models.audit import Actor
from ..models.invitation import Status
from . import audit, editions, outbox
from .mails.applicant import AnswerReminder, ApplicationClosed

AT_ONCE = 50
ASKED = Application.status == Status.INFORMATION_NEEDED


def advance() -> bool:
    """Remind and close what is due; False when there was nothing."""
    today = editions.today()
    remind, close = _to_remind(today), _to_close(today)
    to_close = db.session.scalars(select(Application.id).where(*close).limit(AT_ONCE)).all()
    to_remind = db.session.scalars(select(Application.id).where(*remind).limit(AT_ONCE)).all()
    for number in to_remind:
        _remind(number, today)
    for number in to_close:
        _close(number, today)
    return bool(to_remind or to_close)


def _to_remind(today: date):
    half_gone = Application.asked_until <= today + (CLOSE_AFTER - REMIND_AFTER)
    return ASKED, Application.reminded_at.is_(None), half_gone, Application.asked_until >= today


def _to_close(today: date):
    return ASKED, Application.asked_until < today


def _remind(number: int, today: date) -> None:
    """The version stays: an applicant who is writing the answer just now is not disturbed."""
    due = update(Application).where(Application.id == number, *_to_remind(today))
    with transaction() as session:
        done = session.execute(due.values(reminded_at=clock.now()).execution_options(synchronize_session=False))
        if done.rowcount != 1:  # another deliverer was faster, or the answer came
            return
        application = session.get_one(Application, number, populate_existing=True)
        audit.record("reminded", actor=Actor.SITE, application=application)
        _tell(application, AnswerReminder)


def _close(number: int, today: date) -> None:
    try:
        with transaction() as session:
            due = select(Application).where(Application.id == number, *_to_close(today))
            due = due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
            application = session.scalar(due)
            if application is None:
                return
            application.transition_to(Status.WITHDRAWN)
            audit.record("closed", actor=Actor.SITE, application=application, shown_from=clock.now())
            _tell(application, ApplicationClosed)
    except Changed:  # the answer came at this very moment
        return


def _tell(application: Application, kind: type[outbox.Mail]) -> None:
    outbox.enqueue(kind, recipient=application.email, language=application.language, application=application)
