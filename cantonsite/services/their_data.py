"""What applicants may do with what is held about them: see it, correct it, take it along, have it erased."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import and_, delete, func, or_, select, update

from .. import clock
from ..database import Changed, db, transaction
from ..models import Application, ApplicationDraft, AuditEvent, Document, OutgoingMail
from ..models.audit import Actor
from ..models.invitation import Status
from ..models.outbox import MailState
from . import audit, crews, outbox, retention, timeline, wiping
from .documents import keeping
from .mails.their_data import ApplicationErased, DataErased

MAY_CORRECT = (Status.SUBMITTED, Status.INFORMATION_NEEDED)
CORRECTABLE = ("phone", "native_name", "outlet_website", "topics", "interviews", "arrives_on", "departs_on")
# Of a line's details; others are the desk's
TOLD = frozenset({"missing", "refused", "reasons", "links", "changes", "wanted"})
ANSWERS = (
    *("given_name", "family_name", "native_name", "email", "phone", "applicant_kind", "nationality", "language"),
    *("role", "outlet_name", "outlet_kind", "outlet_country", "outlet_website"),
    *("phases", "arrives_on", "departs_on", "topics", "interviews", "live_broadcast"),
    *("proof_kind", "proof_links", "editor_name", "editor_email", "needs_letter", "letter_city"),
)


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held about an applicant and may be shown to them by now."""

    application: Application
    status: Status
    documents: list[Document]
    lines: list[AuditEvent]
    openings: list[AuditEvent]  # which document was opened at the desk, by whom and when
    mails: list[OutgoingMail]  # that were sent to them, or to their editor
    press_list_since: datetime  # when they last said yes or no to it
    crew: list[Application]  # all of it, in whichever they are; empty for those who apply alone


def held(application: Application) -> Held:
    """What is held about the author of an application that was loaded with its edition and history."""
    now, events = clock.now(), application.events
    chosen = [event.at for event in events if event.kind == "press_list"]
    return Held(
        application=application,
        status=timeline.shown_status(application, now),
        documents=keeping.of(application),
        lines=_lines(application, now),
        openings=[event for event in events if event.kind == "document_opened"],
        mails=_mails(application),
        press_list_since=chosen[-1] if chosen else application.submitted_at,
        crew=crews.of(application),
    )


def _lines(application: Application, now: datetime) -> list[AuditEvent]:
    """The history as they may see it: how it stands, and what else they were meant to read."""
    others = [each for each in application.events if each.kind not in timeline.STATUS_AFTER]
    told = [each for each in others if each.shown_from and each.shown_from <= now]
    return sorted([*timeline.shown(application, now), *told], key=lambda each: each.id)


def _mails(application: Application) -> list[OutgoingMail]:
    """Only what has left: a mail that waits could tell of a decision too early."""
    key, to = application.email_key, func.lower(OutgoingMail.recipient)
    about = and_(OutgoingMail.application_id == application.id, to.in_([key, application.editor_email.casefold()]))
    asked_for = and_(OutgoingMail.application_id.is_(None), OutgoingMail.subscriber_id.is_(None), to == key)
    # What was asked for under the address of a crew is of whoever applied for it
    theirs = about if application.lead_id else or_(about, asked_for)
    sent = select(OutgoingMail).where(OutgoingMail.state == MailState.SENT, theirs)
    return list(db.session.scalars(sent.order_by(OutgoingMail.ended_at, OutgoingMail.id)))


def as_data(found: Held) -> dict[str, Any]:
    """The same as plain data, for a file: days and moments as ISO 8601 in UTC."""
    application = found.application
    return {
        "reference": application.reference,
        "edition": application.edition.number,
        "status": found.status.value,
        "crew": [each.reference for each in found.crew if each.id != application.id],
        "submitted_at": _plain(application.submitted_at),
        "answers": {name: _plain(getattr(application, name)) for name in ANSWERS},
        "consents": {
            "declaration": _plain(application.declared_at),
            "press_list": {"wanted": application.press_list, "since": _plain(found.press_list_since)},
        },
        "documents": [
            {name: _plain(getattr(each, name)) for name in ("id", "kind", "name", "media_type", "size", "given_at")}
            for each in found.documents
        ],
        "opened_by_staff": [
            {"document": each.details.get("document"), "by": each.actor_name, "at": _plain(each.at)}
            for each in found.openings
        ],
        "history": [
            {"at": _plain(each.at), "kind": each.kind, "note": each.note, **_told(each)} for each in found.lines
        ],
        "mails": [{"kind": each.kind, "to": each.recipient, "at": _plain(each.ended_at)} for each in found.mails],
        "deleted": {
            what: rule.english
            for what, rule in zip(("application", "documents"), retention.of(found.status), strict=True)
        },
    }


def _told(line: AuditEvent) -> dict[str, Any]:
    return {name: value for name, value in line.details.items() if name in TOLD}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def correct(application: Application, *, seen: int, **answers: Any) -> None:
    """Change answers, with the old ones in the history. Raises Changed, also once it no longer awaits a decision."""
    with transaction() as session:
        application = session.get_one(Application, application.id)
        application.must_be(seen)
        if application.status not in MAY_CORRECT:
            raise Changed
        before = {name: getattr(application, name) for name in answers if name in CORRECTABLE}
        changes = {name: [_plain(old), _plain(answers[name])] for name, old in before.items() if old != answers[name]}
        if not changes:
            return
        for name in changes:
            setattr(application, name, answers[name])
        audit.record(
            "corrected", actor=Actor.APPLICANT, application=application, shown_from=clock.now(), changes=changes
        )


def set_press_list(application: Application, *, wanted: bool) -> None:
    """Join or leave the press list. The version stays: a reviewer who reads the application is not disturbed."""
    with transaction() as session:
        other = (Application.id == application.id) & (Application.press_list != wanted)
        changed = session.execute(update(Application).where(other).values(press_list=wanted))
        if changed.rowcount:
            now = clock.now()
            audit.record("press_list", actor=Actor.APPLICANT, application=application, shown_from=now, wanted=wanted)


def erase(application: Application, *, seen: int) -> None:
    """Delete all that is held, at once, and with it the applications of the crew for whom they applied. Raises Changed.

    An approved invitation is void by it, and the press office is told so with the reference alone. The applicant
    gets a last mail. The anonymous counts of the edition stay.
    """
    with transaction() as session:
        application = session.get_one(Application, application.id, with_for_update=True)
        application.must_be(seen)
        edition, office = application.edition_id, current_app.config["PRESS_OFFICE_EMAIL"]
        erased = [application, *crews.members(application)]
        for each in erased:
            if each.status is Status.APPROVED and office:
                outbox.enqueue(ApplicationErased, recipient=office, language="en", reference=each.reference)
        if application.lead_id is None:
            _erase_beside(application)
        outbox.enqueue(DataErased, recipient=application.email, language=application.language)
        retention.remove(erased)
        audit.record("erased", actor=Actor.APPLICANT, edition=edition)
    wiping.wipe(rewrite=False)  # the file is written anew by the next purge


def _erase_beside(application: Application) -> None:
    """What is kept under the same address and belongs to no application: what was begun, and mails that were asked."""
    key = application.email_key
    mine = or_(ApplicationDraft.email_key == key, ApplicationDraft.begun_from_id == application.id)
    asked_for = and_(
        OutgoingMail.application_id.is_(None),
        OutgoingMail.subscriber_id.is_(None),
        func.lower(OutgoingMail.recipient) == key,
    )
    with transaction() as session:
        for gone in (delete(ApplicationDraft).where(mine), delete(OutgoingMail).where(asked_for)):
            session.execute(gone.execution_options(synchronize_session=False))
