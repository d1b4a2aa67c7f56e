"""How long data is kept: applications until 180 days after their edition, traces of sign-ins for a day.

Subscribers until they leave, and seven days if they never confirm.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select

from .. import clock
from ..database import Base, db, transaction
from ..models import Application, DeskSession, Edition, OutgoingMail, SignIn, Subscriber
from ..models.outbox import MailState
from . import editions, subscriptions

AFTER_EDITION = timedelta(days=180)
TRACES = timedelta(days=1)
MAILS_OF_SENDS = timedelta(days=7)  # by them the desk shows how a send went; who leaves takes theirs along


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Delete what is no longer needed; returns how many rows of each kind. Their history and mails go with them."""
    now = clock.now()
    ended = select(Edition.id).where(Edition.ends_on < editions.today() - AFTER_EDITION)
    doomed: dict[str, tuple[type[Base], ColumnElement[bool]]] = {
        "applications": (Application, Application.edition_id.in_(ended)),
        "sign-ins": (SignIn, SignIn.expires_at < now - TRACES),
        "sessions": (DeskSession, DeskSession.started_at < now - TRACES),
        "mails": (OutgoingMail, _spent(now)),
        "unconfirmed subscribers": (Subscriber, _never_confirmed(now)),
    }
    report = {
        kind: db.session.scalar(select(func.count()).select_from(model).where(rule)) or 0
        for kind, (model, rule) in doomed.items()
    }
    if not dry_run:
        with transaction() as session:
            for model, rule in doomed.values():
                session.execute(delete(model).where(rule).execution_options(synchronize_session=False))
    return report


def _spent(now) -> ColumnElement[bool]:
    """Mails about no application, such as sign-ins and links to addresses that are not on file, once they ended."""
    ended = OutgoingMail.state.in_([MailState.SENT, MailState.SKIPPED])
    of_no_send = OutgoingMail.bulletin_id.is_(None) & (OutgoingMail.ended_at < now - TRACES)
    long_ago = of_no_send | (OutgoingMail.ended_at < now - MAILS_OF_SENDS)
    return OutgoingMail.application_id.is_(None) & ended & long_ago


def _never_confirmed(now) -> ColumnElement[bool]:
    return Subscriber.confirmed_at.is_(None) & (Subscriber.asked_at < now - subscriptions.UNCONFIRMED)
