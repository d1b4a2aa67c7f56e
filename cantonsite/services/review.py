"""What reviewers do: approve, decline, ask; undo, reopen, revoke.

Each verb takes the version that the actor saw. Whoever comes second gets Changed, and nothing is mailed twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from .. import clock
from ..database import transaction
from ..models import Application, AuditEvent, StaffMember
from ..models.asking import CLOSE_AFTER
from ..models.document import Verdict
from ..models.invitation import Missing, Status
from ..models.reasons import Reason
from . import audit, crews, outbox, places, promise, timeline
from . import reasons as reasons_in_words
from .mails.applicant import (
    ApplicationApproved,
    ApplicationDeclined,
    ApplicationListed,
    ApplicationReopened,
    InformationNeeded,
    InvitationRevoked,
)

DECISION_MAILS = (ApplicationApproved, ApplicationListed, ApplicationDeclined, InformationNeeded)


class TooLate(Exception):
    """The decision's mail has left, or may leave now; the decision can be reopened, no longer undone."""


def approve(application: Application, *, seen: int, actor: StaffMember, note: str = "") -> None:
    """Say yes to what the actor saw; where all places are taken, the yes holds from when one is free.

    Raises Changed if its version is no longer `seen`, TransitionNotAllowed.
    """
    with transaction():
        places.lock(application.edition_id)
        if places.has_room(application):
            yes = ("approved", Status.APPROVED, ApplicationApproved)
        else:
            yes = ("listed", Status.WAITING_LIST, ApplicationListed)
        _decide(application, *yes, seen=seen, actor=actor, note=note)


def decline(
    application: Application, *, seen: int, actor: StaffMember, note: str = "", reasons: Sequence[Reason] = ()
) -> None:
    """Say no, with rules that stand against it, words of one's own, or both; the applicant reads them.

    The rules' wording is kept as it is now: what somebody was told does not change afterwards. Raises Changed,
    TransitionNotAllowed.
    """
    told, status = {}, Status.DECLINED
    if reasons:
        wordings = reasons_in_words.told(reasons, application.language)
        broken = [each.value for each in Reason if each in reasons]
        told = {"reasons": broken, "told": wordings, "rules": application.rules_version}
    _decide(application, "declined", status, ApplicationDeclined, seen=seen, actor=actor, note=note, **told)


def ask(application: Application, *, seen: int, actor: StaffMember, missing: Sequence[Missing], note: str = "") -> None:
    """Ask for what is missing; only that opens to the applicant. They read, too, which documents are not in order.

    Raises Changed, TransitionNotAllowed.
    """
    told: dict[str, Any] = {"missing": [item.value for item in missing]}
    if refused := [each for each in crews.documents(application) if each.verdict is Verdict.REFUSED]:
        told["refused"] = [[each.kind.value, each.name, each.verdict_reason] for each in refused]
    status = Status.INFORMATION_NEEDED
    _decide(application, "asked", status, InformationNeeded, seen=seen, actor=actor, note=note, **told)


def undo(application: Application, *, seen: int, actor: StaffMember) -> None:
    """Take a decision back before its mail leaves; nobody outside learns of it.

    Raises TooLate once the mail may leave, Changed, TransitionNotAllowed. Undo and the deliverer's claim meet in
    one conditional UPDATE, so only one of them wins.
    """
    with transaction() as session:
        application = _now(session, application, seen)
        decided = timeline.latest_decision(application)
        if decided is None or decided.shown_from <= clock.now() or not outbox.cancel(application, DECISION_MAILS):
            raise TooLate
        application.transition_to(Status.SUBMITTED)
        _nothing_decided(application)
        audit.record("undone", actor=actor, application=application, undoes=decided.id)


def reopen(application: Application, *, seen: int, actor: StaffMember, note: str = "") -> None:
    """Read a decided application anew. It voids the decision that the applicant was told of, and tells them so.

    A decision whose mail had not left yet was told to nobody, and neither is its end. Raises Changed,
    TransitionNotAllowed.
    """
    now = clock.now()
    with transaction() as session:
        application = _now(session, application, seen)
        voided, decided = application.status, timeline.latest_decision(application)
        answer_by = promise.answer_by(now)
        application.transition_to(Status.SUBMITTED)
        application.waiting_since, application.answer_by = now, answer_by
        _nothing_decided(application)
        unheard = outbox.cancel(application, DECISION_MAILS) and decided is not None and decided.shown_from > now
        shown_from = None if unheard else now
        audit.record(
            "reopened", actor=actor, application=application, note=note, shown_from=shown_from, voids=voided.value
        )
        if not unheard:
            _tell(application, ApplicationReopened, note=note, voids=voided.value)


def revoke(application: Application, *, seen: int, actor: StaffMember, note: str) -> None:
    """Take an invitation back for good, with a reason for the applicant. Raises Changed, TransitionNotAllowed."""
    with transaction() as session:
        application = _now(session, application, seen)
        application.transition_to(Status.REVOKED)
        audit.record("revoked", actor=actor, application=application, note=note, shown_from=clock.now())
        _tell(application, InvitationRevoked, note=note)


def grace() -> timedelta:
    """How long a decision can be undone before its mail leaves."""
    return timedelta(seconds=current_app.config["DECISION_GRACE_SECONDS"])


def _decide(
    application: Application,
    event: str,
    status: Status,
    kind: type[outbox.Mail],
    *,
    seen: int,
    actor: StaffMember,
    note: str,
    **details: Any,
) -> None:
    leaves_at = clock.now() + grace()
    with transaction() as session:
        application = _now(session, application, seen)
        application.transition_to(status)
        if status is Status.INFORMATION_NEEDED:
            application.asked_until, application.reminded_at = promise.day_of(leaves_at) + CLOSE_AFTER, None
        else:
            application.decided_at = clock.now()
            application.listed_at = leaves_at if status is Status.WAITING_LIST else None
        audit.record(event, actor=actor, application=application, note=note, shown_from=leaves_at, **details)
        _tell(application, kind, not_before=leaves_at, note=note, **details)


def _nothing_decided(application: Application) -> None:
    application.decided_at = application.asked_until = application.reminded_at = application.listed_at = None


def _tell(
    application: Application, kind: type[outbox.Mail], *, not_before: datetime | None = None, **details: Any
) -> None:
    outbox.enqueue(
        kind,
        recipient=application.email,
        language=application.language,
        application=application,
        not_before=not_before,
        **details,
    )


def _now(session: Any, application: Application, seen: int) -> Application:
    """The application as it is inside this transaction, with its history. Raises Changed."""
    whole = select(Application).options(
        joinedload(Application.edition), selectinload(Application.events).joinedload(AuditEvent.staff)
    )
    fresh = session.scalars(
        whole.where(Application.id == application.id).execution_options(populate_existing=True)
    ).one()
    fresh.must_be(seen)
    return fresh
