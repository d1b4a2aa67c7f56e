"""Change what a subscriber gets, so that no news is lost between two rhythms, and none is told twice.

Each send asks for somebody's rhythm when it comes to them: it writes them a mail, or leaves them to the digest, which
tells what had no mail of its own. Whoever wants to be told at once from now on gets at once what waited for a digest.
"""

from sqlalchemy import select, update

from ..database import transaction
from ..models import Bulletin, Subscriber
from ..models.alerts import Rhythm
from . import alerts, outbox
from .mails.alerts import ArticleAlert, CorrectionAlert
from .subscriptions import Choices


def change(subscriber: Subscriber, choices: Choices) -> None:
    """Other choices, from now on; what waits to be sent and no longer fits is not sent."""
    with transaction() as session:
        at_work = select(Bulletin.id).where(Bulletin.all_written_at.is_(None)).order_by(Bulletin.id)
        session.execute(at_work.with_for_update())  # no batch is written meanwhile, for the old rhythm or the new
        there = session.get(Subscriber, subscriber.id, with_for_update=True)
        if there is None:
            return
        if there.confirmed_at and (there.rhythm, choices.rhythm) == (Rhythm.DAILY, Rhythm.AT_ONCE):
            _tell_at_once(there)
        for name, value in choices.columns().items():
            setattr(there, name, value)


def _tell_at_once(subscriber: Subscriber) -> None:
    with transaction() as session:
        for alert in alerts.waiting_for(subscriber):
            kind = CorrectionAlert if alert.correction else ArticleAlert
            outbox.enqueue_for_many(kind, bulletin_id=alert.bulletin_id, subscribers=[subscriber])
            counted = update(Bulletin).where(Bulletin.id == alert.bulletin_id)
            session.execute(counted.values(written=Bulletin.written + 1))
