"""How long data is kept: one table, which the privacy page prints, the purge follows and the guides repeat."""

import enum
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask import current_app
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, delete, exists, func, select
from sqlalchemy.orm import aliased

from .. import clock
from ..database import Base, db, transaction
from ..models import (
    Application,
    ApplicationDraft,
    AuditEvent,
    DeskSession,
    Document,
    Edition,
    KnownBrowser,
    OutgoingMail,
    SignIn,
    StaffMember,
    Subscriber,
)
from ..models.audit import Actor
from ..models.invitation import Status
from ..models.outbox import MailState
from . import audit, editions, past_figures, subscriptions, wiping
from .timeline import STATUS_AFTER

AT_ONCE = 200  # applications in one transaction: others write in between
NIGHT = time(3)  # at the fair
SURELY_WIPED = timedelta(days=2)  # an erasure of before: a purge that came after it has written the file anew
log = logging.getLogger(__name__)


class Since(enum.StrEnum):
    """From when the days are counted."""

    EDITION = "the last day of the edition"
    DECISION = "the decision"
    WITHDRAWAL = "the withdrawal"
    CHANGE = "the last change"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is deleted how many days after what. `name` is for reports and guides, `label` for readers."""

    name: str
    label: LazyString
    days: int
    since: Since
    statuses: frozenset[Status] = frozenset()

    @property
    def words(self) -> str:
        """When, as readers are told."""
        return AFTER_DAYS[self.since](self.days) if self.days else _("within a day")

    @property
    def english(self) -> str:
        """When, as reports and guides say it."""
        days = "1 day" if self.days == 1 else f"{self.days} days"
        return f"{days} after {self.since.value}" if self.days else f"within a day of {self.since.value}"


AFTER_DAYS = {
    Since.EDITION: lambda days: ngettext(
        "%(num)s day after the last day of the edition", "%(num)s days after the last day of the edition", days
    ),
    Since.DECISION: lambda days: ngettext("%(num)s day after our answer", "%(num)s days after our answer", days),
    Since.WITHDRAWAL: lambda days: ngettext("%(num)s day after you withdrew", "%(num)s days after you withdrew", days),
    Since.CHANGE: lambda days: ngettext(
        "%(num)s day after its last change", "%(num)s days after its last change", days
    ),
    Since.END: lambda days: ngettext("%(num)s day after it has ended", "%(num)s days after it has ended", days),
}
INVITED = frozenset({Status.APPROVED, Status.REVOKED})
DECLINED, WITHDRAWN = frozenset({Status.DECLINED}), frozenset({Status.WITHDRAWN})
UNDECIDED = frozenset({Status.SUBMITTED, Status.INFORMATION_NEEDED, Status.WAITING_LIST})
APPLICATIONS = (
    Rule("approved and revoked applications", _l("Approved, or taken back later"), 180, Since.EDITION, INVITED),
    Rule("declined applications", _l("Declined"), 90, Since.EDITION, DECLINED),
    Rule("undecided applications", _l("Never decided, or no place to the end"), 90, Since.EDITION, UNDECIDED),
    Rule("withdrawn applications", _l("Withdrawn"), 30, Since.WITHDRAWAL, WITHDRAWN),
)
DOCUMENTS = (
    Rule("documents of approved and revoked", _l("Approved, or taken back later"), 30, Since.EDITION, INVITED),
    Rule("documents of declined", _l("Declined"), 30, Since.DECISION, DECLINED),
    Rule("documents of undecided", _l("Never decided, or no place to the end"), 30, Since.EDITION, UNDECIDED),
    Rule("documents of withdrawn", _l("Withdrawn"), 0, Since.WITHDRAWAL, WITHDRAWN),
)
OTHERS = (
    Rule("drafts", _l("An application that was begun and not sent"), ApplicationDraft.LIFE.days, Since.CHANGE),
    Rule("sign-ins", _l("Sign-ins of staff"), 1, Since.END),
    Rule("sessions", _l("Sessions of staff"), 1, Since.END),
    Rule("known browsers", _l("Browsers that reviewers’ links know"), 1, Since.END),
    Rule("mails", _l("Mail that belongs to no application"), 1, Since.END),
    Rule("mails of sends and failed mails", _l("Alerts that were sent, and mail that failed"), 7, Since.END),
    Rule("unconfirmed subscribers", _l("Alerts that were never confirmed"), subscriptions.UNCONFIRMED.days, Since.END),
)
TABLE = (*APPLICATIONS, *DOCUMENTS, *OTHERS)


def of(status: Status) -> tuple[Rule, Rule]:
    """The rules for an application with this status, and for its documents."""
    return tuple(next(rule for rule in rules if status in rule.statuses) for rules in (APPLICATIONS, DOCUMENTS))


def purge(*, dry_run: bool = False, actor: StaffMember | Actor = Actor.COMMAND) -> dict[str, int]:
    """Delete what is due by now; returns how many rows of each rule by its name, and deletes nothing in a dry run.

    What goes with an application: its documents, links, notes, mails and history. Its counts stay.
    """
    report = {rule.name: _count(rule) for rule in TABLE}
    if dry_run:
        return report
    for rule in DOCUMENTS:
        _delete(Document, Document.application_id.in_(select(Application.id).where(_ripe(rule))))
    for rule in APPLICATIONS:
        while _remove_some(rule):
            pass
    for rule in OTHERS:
        _delete(*_other(rule))
    if any(report.values()) or _happened("erased", clock.now() - SURELY_WIPED):
        _wipe()
    audit.record("purged", actor=actor, **{name: number for name, number in report.items() if number})
    return report


def _wipe() -> None:
    if not wiping.wipe(rewrite=True):
        log.warning("The file of the database was in use and is not wiped: run `flask retention purge` once more")


def daily() -> bool:
    """Purge, if nobody has since three at night; whether it did. The deliverer asks in each of its rounds."""
    zone, now = clock.zone(current_app.config["TIMEZONE"]), clock.now()
    night = datetime.combine(now.astimezone(zone).date(), NIGHT, zone)
    if now < night:
        night -= timedelta(days=1)
    if _happened("purged", night):
        return False
    purge(actor=Actor.SITE)
    return True


def _happened(kind: str, since: datetime) -> bool:
    return bool(db.session.scalar(select(exists().where(AuditEvent.at >= since, AuditEvent.kind == kind))))


def remove(applications: Sequence[Application]) -> None:
    """Count these applications and delete them, with all that belongs to them; the members of a crew are named too."""
    with transaction() as session:
        past_figures.count(applications)
        gone = delete(Application).where(Application.id.in_([each.id for each in applications]))
        session.execute(gone.execution_options(synchronize_session=False))
        for each in applications:
            session.expunge(each)


def _remove_some(rule: Rule) -> int:
    """Delete some of what is due. A row that another purge has in hand is left to it: nothing is counted twice."""
    with transaction() as session:
        some = select(Application).where(_ripe(rule)).order_by(Application.id).limit(AT_ONCE)
        found = session.scalars(some.with_for_update(skip_locked=True)).all()
        remove(found)
    return len(found)


def _delete(model: type[Base], which: ColumnElement[bool]) -> None:
    with transaction() as session:
        session.execute(delete(model).where(which).execution_options(synchronize_session=False))


def _count(rule: Rule) -> int:
    if rule in OTHERS:
        model, which = _other(rule)
        number = select(func.count()).select_from(model).where(which)
    elif rule in DOCUMENTS:
        number = select(func.count(Document.id)).join(Application, Application.id == Document.application_id)
        number = number.where(_ripe(rule))
    else:
        number = select(func.count(Application.id)).where(_ripe(rule))
    return db.session.scalar(number) or 0


def _ripe(rule: Rule) -> ColumnElement[bool]:
    """The applications whose time is up. Whoever applied for a crew stays reachable as long as one of it is kept,
    and what they gave as proof is there until all of it are decided.
    """
    member = aliased(Application)
    needed = member.lead_id == Application.id
    if rule in DOCUMENTS:
        needed &= member.status.in_(sorted(UNDECIDED))
    of_status = Application.status.in_(sorted(rule.statuses)) & ~exists().where(needed)
    if rule.since is Since.EDITION:
        over = select(Edition.id).where(Edition.ends_on < editions.today() - timedelta(days=rule.days))
        return of_status & Application.edition_id.in_(over)
    changed = func.coalesce(_became(rule.statuses), Application.submitted_at)
    return of_status & (changed <= _moment(rule.days))


def _became(statuses: frozenset[Status]) -> ScalarSelect[datetime]:
    """When an application got one of these statuses, by its history."""
    kinds = [kind for kind, status in STATUS_AFTER.items() if status in statuses]
    lines = select(func.max(AuditEvent.at)).where(
        AuditEvent.application_id == Application.id, AuditEvent.kind.in_(kinds)
    )
    return lines.correlate(Application).scalar_subquery()


def _other(rule: Rule) -> tuple[type[Base], ColumnElement[bool]]:
    before = _moment(rule.days)
    of_none = OutgoingMail.application_id.is_(None) & (OutgoingMail.ended_at < before)
    to_look_at = OutgoingMail.bulletin_id.is_not(None) | (OutgoingMail.state == MailState.FAILED)  # at the desk
    return {
        "drafts": (ApplicationDraft, ApplicationDraft.changed_at < before),
        "sign-ins": (SignIn, SignIn.expires_at < before),
        "sessions": (DeskSession, DeskSession.started_at < before),
        "known browsers": (KnownBrowser, KnownBrowser.expires_at < before),
        "mails": (OutgoingMail, of_none & ~to_look_at),
        "mails of sends and failed mails": (OutgoingMail, of_none & to_look_at),
        "unconfirmed subscribers": (Subscriber, Subscriber.confirmed_at.is_(None) & (Subscriber.asked_at < before)),
    }[rule.name]


def _moment(days: int) -> datetime:
    return clock.now() - timedelta(days=days)
