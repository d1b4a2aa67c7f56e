"""Mail to reviewers in the rhythm that suits them: by itself, or gathered with others into one, with a link for each.

A crew comes in one mail in any case.

A mail that the deliverer has claimed is folded into the gathered one in a single transaction, together with all that
wait beside it: it is marked there as no longer to be sent, so that none is sent twice and none is lost, whatever is
killed in between. Once a day the gathered mail also names what is older than the promise.
"""

from datetime import datetime, time, timedelta

from flask import current_app
from sqlalchemy import and_, exists, func, or_, select, update

from .. import clock
from ..database import db, transaction
from ..models import Application, OutgoingMail, StaffMember
from ..models.invitation import Status
from ..models.outbox import MailState
from ..models.staff import MailRhythm
from . import audit, editions, outbox, staff
from .mails.reviewer import MOST_IN_ONE, ApplicationAnswered, GatheredApplications, ReviewApplication

KINDS = (ReviewApplication.name, ApplicationAnswered.name)
WITHIN = timedelta(minutes=10)
DAILY_AT = time(8)


def fold(row: OutgoingMail) -> bool:
    """Whether a claimed mail goes into one with others instead of leaving by itself; then it has been put there.

    One that a killed deliverer held may have left: it repeats itself under its own Message-ID.
    """
    may_have_left = row.attempts > 1 and not row.error
    if row.kind not in KINDS or may_have_left:
        return False
    now, reviewer = clock.now(), db.session.get_one(StaffMember, row.staff_id)
    leaves_at = _leaves_at(reviewer, now) or _with_crew(row, now)
    if leaves_at is None:
        return False
    mine, number = reviewer.id, row.id
    with transaction() as session:
        reviewer = session.get_one(StaffMember, mine, with_for_update=True)  # two deliverers gather one after the other
        safe = or_(OutgoingMail.attempts == 0, OutgoingMail.error != "", OutgoingMail.id == number)
        free = or_(OutgoingMail.lease_until.is_(None), OutgoingMail.lease_until < now, OutgoingMail.id == number)
        taken = update(OutgoingMail).where(*_to(mine), OutgoingMail.state == MailState.WAITING, safe, free)
        put = {"state": MailState.SKIPPED, "ended_at": now, "lease_until": None, "error": "gathered"}
        found = session.execute(
            taken.values(put).returning(OutgoingMail.application_id).execution_options(synchronize_session=False)
        )
        if about := set(found.scalars()):  # else another deliverer, to whom the lease had passed, has put it there
            _put(reviewer, about, leaves_at)
    return True


def _to(staff_id: int):
    return OutgoingMail.staff_id == staff_id, OutgoingMail.kind.in_(KINDS)


def _put(reviewer: StaffMember, about: set[int], leaves_at: datetime) -> None:
    """Into the gathered mail that waits for its time, or into a new one; into several if they are too many."""
    unclaimed = and_(OutgoingMail.state == MailState.WAITING, OutgoingMail.attempts == 0)
    same = (OutgoingMail.kind == GatheredApplications.name, OutgoingMail.staff_id == reviewer.id)
    waiting = select(OutgoingMail).where(*same, unclaimed).order_by(OutgoingMail.id.desc()).limit(1)
    with transaction() as session:
        row = session.scalar(waiting.with_for_update().execution_options(populate_existing=True))
        if row is not None:
            about = about.union(row.details["applications"])
        first, *more = _batches(sorted(about))
        if row is None:
            _enqueue(reviewer, first, leaves_at)
        else:
            row.details, row.due_at = {"applications": first}, min(row.due_at, leaves_at)
        for some in more:
            _enqueue(reviewer, some, leaves_at)


def _batches(numbers: list[int]) -> list[list[int]]:
    return [numbers[start : start + MOST_IN_ONE] for start in range(0, len(numbers), MOST_IN_ONE)]


def _enqueue(reviewer: StaffMember, about: list[int], leaves_at: datetime) -> None:
    to = {"recipient": reviewer.email, "language": reviewer.language, "staff": reviewer}
    outbox.enqueue(GatheredApplications, **to, not_before=leaves_at, applications=about)


def _leaves_at(reviewer: StaffMember, now: datetime) -> datetime | None:
    """When a gathered mail to this reviewer would leave; None if mails leave one by one now."""
    if not reviewer.is_on_roster:
        return None
    if reviewer.mail_rhythm is MailRhythm.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if reviewer.mail_rhythm is MailRhythm.DAILY:
        eight = _eight(now)
        return eight if now < eight else _eight(now + timedelta(days=1))
    waits, lately = OutgoingMail.state == MailState.WAITING, OutgoingMail.created_at > now - WITHIN
    crowd = select(func.count(), func.min(OutgoingMail.created_at)).where(*_to(reviewer.id))
    number, oldest = db.session.execute(crowd.where(or_(waits, lately))).one()
    return max(now, oldest + WITHIN) if number > current_app.config["GATHER_ABOVE"] else None


def _with_crew(row: OutgoingMail, now: datetime) -> datetime | None:
    """At once, if mails about others of the same crew wait beside this one."""
    mine = db.session.get_one(Application, row.application_id)
    root = mine.lead_id or mine.id
    crew = select(Application.id).where(or_(Application.id == root, Application.lead_id == root))
    others = (OutgoingMail.application_id.in_(crew), OutgoingMail.id != row.id, OutgoingMail.state == MailState.WAITING)
    return now if db.session.scalar(select(exists().where(*_to(row.staff_id), *others))) else None


def _eight(moment: datetime) -> datetime:
    """Eight o'clock at the fair on the day of a moment."""
    zone = clock.zone(current_app.config["TIMEZONE"])
    return datetime.combine(moment.astimezone(zone).date(), DAILY_AT, zone)


def advance() -> bool:
    """Once a day, from eight on: remind reviewers of what is older than the promise. False if there was nothing."""
    now = clock.now()
    eight = _eight(now)
    late = exists().where(Application.status == Status.SUBMITTED, Application.answer_by < editions.today())
    if now < eight or not db.session.scalar(select(late)):
        return False
    told = exists().where(
        OutgoingMail.kind == GatheredApplications.name,
        OutgoingMail.staff_id == StaffMember.id,
        OutgoingMail.due_at >= eight,
    )
    reviewers = [each.id for each in staff.reviewers()]
    untold = select(StaffMember).where(StaffMember.id.in_(reviewers), ~told).order_by(StaffMember.id)
    if db.session.scalar(untold.limit(1)) is None:  # a look without the write lock
        return False
    with transaction() as session:
        for reviewer in session.scalars(untold.with_for_update()).all():
            _enqueue(reviewer, [], now)
    return True


def choose(member: StaffMember, rhythm: MailRhythm) -> None:
    """From now on write to this reviewer in this rhythm. What is gathered already leaves when it was to leave."""
    with transaction() as session:
        member = session.get_one(StaffMember, member.id)
        member.mail_rhythm = rhythm
        audit.record("mail_rhythm_chosen", actor=member, rhythm=rhythm.value)
