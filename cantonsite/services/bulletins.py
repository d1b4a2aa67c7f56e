"""Sends to many: begun when something has become visible, written into the outbox in batches, stopped at the desk.

Nothing runs by the clock: the deliverer asks in each of its rounds. A killed one loses nothing, since each batch is
one transaction with the cursor after it; and two at once write nothing twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import reduce
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from .. import clock
from ..database import db, transaction
from ..models import Article, ArticleText, Bulletin, Correction, OutgoingMail, StaffMember, Subscriber
from ..models.alerts import BulletinKind, Rhythm
from ..models.outbox import MailState
from ..models.writing import CorrectionKind
from . import alerts, appeared, audit, outbox
from .mails.alerts import AlertDigest, ArticleAlert, CorrectionAlert
from .queue import Keyset

BATCH = 200
DIGEST_AT = time(8)
MAILS = {
    BulletinKind.ARTICLE: ArticleAlert,
    BulletinKind.CORRECTION: CorrectionAlert,
    BulletinKind.DIGEST: AlertDigest,
}


def advance() -> bool:
    """Begin the sends that are due, and write the next batch of one; False when there was nothing to write."""
    for row in db.session.execute(appeared.news(clock.now())).all():
        _begin(**row._mapping)
    if day := _digest_due(clock.now()):
        _begin(kind=BulletinKind.DIGEST, digest_on=day)
    return _write_batch()


def _digest_due(now: datetime) -> date | None:
    """The day whose digest should go out by now and has something to tell somebody; None when there is none."""
    zone = clock.zone(current_app.config["TIMEZONE"])
    due_at = datetime.combine(now.astimezone(zone).date(), DIGEST_AT, zone)
    if now < due_at:
        return None
    day = due_at.date()
    last = select(func.max(Bulletin.id)).where(Bulletin.kind == BulletinKind.DIGEST).scalar_subquery()
    news = exists().where(
        Bulletin.id > func.coalesce(last, 0),
        Bulletin.started_at > now - alerts.DIGEST_LOOKS_BACK,
        Bulletin.started_at <= due_at,
        Bulletin.stopped_at.is_(None),
    )
    begun = exists().where(Bulletin.digest_on == day)
    awaited = exists().where(Subscriber.rhythm == Rhythm.DAILY, Subscriber.confirmed_at.is_not(None))
    return day if db.session.scalar(select(literal(1)).where(~begun, news, awaited)) else None


def _begin(**about: Any) -> None:
    try:
        with transaction() as session:
            session.add(Bulletin(started_at=clock.now(), **about))
            session.flush()
    except IntegrityError:  # another deliverer has begun it
        return


def _write_batch() -> bool:
    unwritten = (Bulletin.all_written_at.is_(None), Bulletin.stopped_at.is_(None))
    if db.session.scalar(select(Bulletin.id).where(*unwritten).limit(1)) is None:  # a look without the write lock
        return False
    with transaction() as session:
        first = select(Bulletin).where(*unwritten, _is_its_turn()).order_by(Bulletin.id).limit(1)
        bulletin = session.scalar(first.with_for_update(skip_locked=True).execution_options(populate_existing=True))
        if bulletin is None:  # another deliverer is at it
            return False
        told = alerts.of(bulletin)
        # Who leaves at this moment waits, or is left out: a mail to nobody would spoil the batch
        there = _next(bulletin, told).with_for_update(read=True, key_share=True) if told else None
        found = session.execute(there).all() if told else []
        theirs = alerts.for_each(bulletin, told, found)
        chosen = [row for row in found if theirs[row.id]]
        outbox.enqueue_for_many(MAILS[bulletin.kind], bulletin_id=bulletin.id, subscribers=chosen)
        bulletin.written += len(chosen)
        if found:
            bulletin.after_id = found[-1].id
        if len(found) < BATCH:
            bulletin.all_written_at = clock.now()
    return True


def _is_its_turn() -> ColumnElement[bool]:
    """A digest waits until what was begun before it is written: by then it is certain who had a mail of its own."""
    earlier = aliased(Bulletin)
    goes_on = (earlier.id < Bulletin.id, earlier.all_written_at.is_(None), earlier.stopped_at.is_(None))
    return or_(Bulletin.kind != BulletinKind.DIGEST, ~exists().where(*goes_on))


def _next(bulletin: Bulletin, told: list[alerts.Alert]) -> Select:
    """The next subscribers who may be reached; by their sections they are told apart afterwards."""
    rhythm = Rhythm.DAILY if bulletin.kind is BulletinKind.DIGEST else Rhythm.AT_ONCE
    readers = reduce(frozenset.union, (alert.readers for alert in told))
    columns = ("id", "email", "language", "sections", "wants_news", "wants_corrections", "confirmed_at")
    return (
        select(*(getattr(Subscriber, name) for name in columns))
        .where(Subscriber.id > bulletin.after_id, Subscriber.language.in_(readers), Subscriber.rhythm == rhythm)
        .where(Subscriber.confirmed_at <= bulletin.started_at)
        .order_by(Subscriber.id)
        .limit(BATCH)
    )


def stop(bulletin_id: int, *, actor: StaffMember) -> bool:
    """Write no more mails of a send and take back what waits; what a deliverer holds may still leave.

    False if it has no mail left to hold back.
    """
    now = clock.now()
    mine = (Bulletin.id == bulletin_id, Bulletin.stopped_at.is_(None))
    with transaction() as session:
        if not session.scalar(select(exists().where(*mine, _goes_on()))):
            return False
        stopped = update(Bulletin).where(*mine).values(stopped_at=now, stopped_by=actor.name)
        if session.execute(stopped).rowcount != 1:
            return False
        outbox.stop(bulletin_id)
        audit.record("alerts_stopped", actor=actor, bulletin=bulletin_id)
    return True


def _goes_on() -> Any:
    waits = exists().where(OutgoingMail.bulletin_id == Bulletin.id, OutgoingMail.state == MailState.WAITING)
    return or_(Bulletin.all_written_at.is_(None), waits)


@dataclass(frozen=True, slots=True)
class Send:
    """One send as the desk shows it."""

    bulletin: Bulletin
    title: str
    number: int | None  # of its article
    is_withdrawal: bool
    mails: dict[MailState, int]
    ahead: int  # subscribers who may still be written to

    @property
    def done(self) -> int:
        """How many of its mails have come to an end, or went with a subscriber who left."""
        return self.bulletin.written - self.mails[MailState.WAITING]

    @property
    def total(self) -> int:
        """How many mails it will have at most."""
        return self.bulletin.written + self.ahead

    @property
    def gone(self) -> int:
        """How many mails are no longer kept: their subscribers have left, or it was long ago."""
        return self.bulletin.written - sum(self.mails.values())

    @property
    def goes_on(self) -> bool:
        stopped = self.bulletin.stopped_at is not None
        return not stopped and (self.bulletin.all_written_at is None or self.mails[MailState.WAITING] > 0)


def sends(after: str | None = None, most: int = 15) -> Keyset:
    """The sends with their progress, the newest first."""
    rows = (
        select(Bulletin, Article.number, ArticleText.title, Correction.kind)
        .outerjoin(Correction, Correction.id == Bulletin.correction_id)
        .outerjoin(Article, Article.id == func.coalesce(Bulletin.article_id, Correction.article_id))
        .outerjoin(ArticleText, and_(ArticleText.article_id == Article.id, ArticleText.language == Bulletin.language))
    )
    if after and after.isascii() and after.isdigit():
        rows = rows.where(Bulletin.id < int(after[:15]))
    found = db.session.execute(rows.order_by(Bulletin.id.desc()).limit(most + 1)).all()
    counted = _mails_of([row[0].id for row in found])
    listed = [_send(row, counted) for row in found[:most]]
    return Keyset(listed, str(listed[-1].bulletin.id) if len(found) > most else None)


def _mails_of(ids: list[int]) -> dict[tuple[int, MailState], int]:
    columns = (OutgoingMail.bulletin_id, OutgoingMail.state)
    rows = select(*columns, func.count()).where(OutgoingMail.bulletin_id.in_(ids)).group_by(*columns)
    return {(row[0], row[1]): row[2] for row in db.session.execute(rows)}


def _send(row: Row, counted: dict[tuple[int, MailState], int]) -> Send:
    bulletin, number, title, correction = row
    return Send(
        bulletin=bulletin,
        title=title or "",
        number=number,
        is_withdrawal=correction is CorrectionKind.WITHDRAWAL,
        mails={state: counted.get((bulletin.id, state), 0) for state in MailState},
        ahead=_ahead(bulletin),
    )


def _ahead(bulletin: Bulletin) -> int:
    if bulletin.all_written_at or bulletin.stopped_at:
        return 0
    told = alerts.of(bulletin)
    rest = _next(bulletin, told).limit(None).order_by(None).subquery() if told else None
    return db.session.scalar(select(func.count()).select_from(rest)) if rest is not None else 0
