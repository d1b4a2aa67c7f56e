"""What applicants do: submit, withdraw, and look where their application stands. (They answer in `asking`.)"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from .. import clock
from ..database import db, transaction
from ..models import Application, AuditEvent, Edition, OutgoingMail
from ..models.applicant import likely_kind
from ..models.audit import Actor
from ..models.edition import ApplicationsState
from ..models.invitation import Status
from ..models.link import Purpose
from . import audit, crews, drafts, editions, editor, links, outbox, promise, staff
from .documents import keeping
from .folding import fold, name_key
from .mails.applicant import AlreadyApplied, ApplicationReceived, ApplicationWithdrawn, StatusLinkRequested
from .mails.draft import BeginAgain
from .mails.reviewer import NoReviewer, ReviewApplication

REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 or O, no 1 or I: it is read out on the phone
SAME_FORM_TWICE = 3
QUIET_AFTER_REPEAT = timedelta(hours=1)


class ApplicationsClosed(Exception):
    """The edition does not take applications now."""


class UnknownReceipt(LookupError):
    """No application was sent with this form."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a form: stored under its number, or nothing new because the address had applied before."""

    form_number: str | None
    changed: bool = False  # the same form was sent before, with other answers; the first ones stand


def submit(
    *,
    form_number: str,
    language: str,
    edition: int,
    draft_id: int | None = None,
    crew: Sequence[Mapping[str, Any]] = (),
    **answers: Any,
) -> Receipt:
    """Store an application, those of its crew, their history and mails together; returns where its receipt is.

    The same form sent again gives the same receipt. An address that has applied for this edition already gets a
    mail, and a receipt without a reference: who has applied is nobody's business. The documents of the draft become
    the application's, and the draft ends. Raises ApplicationsClosed.
    """
    for attempt in range(SAME_FORM_TWICE):
        try:
            with transaction():
                return _submit_once(form_number, language, edition, answers, draft_id, crew)
        except IntegrityError:  # the same form or address was stored at this very moment: look again
            if attempt == SAME_FORM_TWICE - 1:
                raise
    raise AssertionError("unreachable")


def _submit_once(
    form_number: str,
    language: str,
    edition_number: int,
    answers: dict[str, Any],
    draft_id: int | None,
    crew: Sequence[Mapping[str, Any]],
) -> Receipt:
    edition = editions.get(edition_number)
    if before := db.session.scalar(select(Application).filter_by(form_number=form_number)):
        elsewhere = edition is None or edition.id != before.edition_id
        return Receipt(form_number, changed=elsewhere or before.differs_from(answers))
    if edition is None or edition.applications_on(editions.today()) is not ApplicationsState.OPEN:
        raise ApplicationsClosed
    if known := _living(edition, answers["email"]):
        _remind(known, language)
        drafts.discard(draft_id)
        return Receipt(None)
    application = _store(form_number, language, edition, answers)
    keeping.hand_over(draft_id, application)
    drafts.discard(draft_id)
    standing = _standing_members(edition, answers["email"])
    members = [
        _store(f"{form_number}.{number}", language, edition, crews.answers_of(member, answers), application)
        for number, member in enumerate(crew, 2)
        if name_key(member["given_name"], member["family_name"]) not in standing
    ]
    for each in standing.values():
        _remind(each, language)
    for each in (application, *members):
        audit.record("submitted", actor=Actor.APPLICANT, application=each, shown_from=clock.now())
        links.issue(Purpose.STATUS, each)
    _receipt_mail(application)
    editor.ask(application)
    for each in (application, *members):
        tell_reviewers(each, ReviewApplication)
    return Receipt(form_number)


def _living(edition: Edition, email: str) -> Application | None:
    """The application of this address, locked: two forms at once must not both find that no mail went out lately."""
    mine = select(Application).where(Application.edition_id == edition.id, Application.email_key == email.casefold())
    mine = mine.where(Application.lead_id.is_(None))
    return db.session.scalar(mine.where(Application.status != Status.WITHDRAWN).with_for_update())


def _standing_members(edition: Edition, email: str) -> dict[str, Application]:
    """Of a crew whose first applicant withdrew alone: those who still stand, by their names."""
    theirs = select(Application).where(Application.edition_id == edition.id, Application.email_key == email.casefold())
    theirs = theirs.where(Application.lead_id.is_not(None), Application.status != Status.WITHDRAWN)
    return {each.member_key: each for each in db.session.scalars(theirs)}


def _store(
    form_number: str, language: str, edition: Edition, answers: dict[str, Any], lead: Application | None = None
) -> Application:
    now = clock.now()
    answers = {"applicant_kind": likely_kind(answers["nationality"]), **answers}
    who = name_key(answers["given_name"], answers["family_name"])
    with transaction() as session:
        application = Application(
            **answers,
            form_number=form_number,
            reference=_new_reference(edition),
            status=Status.SUBMITTED,
            edition_id=edition.id,
            language=language,
            email_key=answers["email"].casefold(),
            outlet_key=fold(answers["outlet_name"]),
            name_key=who,
            lead_id=lead.id if lead else None,
            member_key=who if lead else "",
            submitted_at=now,
            waiting_since=now,
            answer_by=promise.answer_by(now),
            declared_at=now,
        )
        session.add(application)
        session.flush()
    return application


def _new_reference(edition: Edition) -> str:
    while True:
        signs = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
        reference = f"CF{edition.number}-{signs[:4]}-{signs[4:]}"
        if not db.session.scalar(select(exists().where(Application.reference == reference))):
            return reference


def _receipt_mail(application: Application) -> None:
    outbox.enqueue(
        ApplicationReceived, recipient=application.email, language=application.language, application=application
    )


def _remind(known: Application, language: str) -> None:
    """Tell the address on file, once an hour at the most: a form sent again and again must not flood a mailbox."""
    lately = exists().where(
        OutgoingMail.application_id == known.id,
        OutgoingMail.kind == AlreadyApplied.name,
        OutgoingMail.created_at > clock.now() - QUIET_AFTER_REPEAT,
    )
    if not db.session.scalar(select(lately)):
        outbox.enqueue(AlreadyApplied, recipient=known.email, language=language, application=known)


def tell_reviewers(application: Application, kind: type[outbox.Mail]) -> None:
    """Mail all reviewers, each with a link of their own; without any, the press office learns that it waits."""
    reviewers = staff.reviewers()
    for reviewer in reviewers:
        links.issue(Purpose.REVIEW, application, reviewer)
        about = {"recipient": reviewer.email, "language": reviewer.language, "staff": reviewer}
        outbox.enqueue(kind, application=application, **about)
    if not reviewers and (office := current_app.config["PRESS_OFFICE_EMAIL"]):
        outbox.enqueue(NoReviewer, recipient=office, language="en", application=application)


def receipt(form_number: str) -> Application:
    """The application that was sent with this form. Raises UnknownReceipt."""
    sent = select(Application).options(joinedload(Application.edition))
    readable = form_number.isprintable()  # PostgreSQL refuses a NUL with an error of its own
    if readable and (found := db.session.scalar(sent.where(Application.form_number == form_number))):
        return found
    raise UnknownReceipt


def was_sent(form_number: str) -> bool:
    """Whether an application was stored with this form already."""
    sent = select(exists().where(Application.form_number == form_number))
    return form_number.isprintable() and bool(db.session.scalar(sent))


def send_status_link(email: str, language: str) -> None:
    """Mail a link to the status page to this address, if it is on file.

    The same row is written for every address; the deliverer decides whether the mail leaves, so that neither the
    answer nor its time tells who has applied.
    """
    outbox.enqueue(StatusLinkRequested, recipient=email.casefold(), language=language)


def send_returning_link(email: str, language: str) -> None:
    """Mail a link by which this address begins from its last application, if it is on file; as `send_status_link`."""
    outbox.enqueue(BeginAgain, recipient=email.casefold(), language=language)


def still_open_to(application: Application) -> list[Edition]:
    """The editions that take applications now, without those for which this applicant's address stands already."""
    mine = select(Application.edition_id).where(Application.email_key == application.email_key)
    standing = set(
        db.session.scalars(mine.where(Application.lead_id.is_(None), Application.status != Status.WITHDRAWN))
    )
    return [each for each in editions.open_editions() if each.id not in standing]


def withdraw(application: Application, *, seen: int, reason: str = "") -> None:
    """Take the application back, for good. Raises Changed, TransitionNotAllowed."""
    with transaction() as session:
        application = session.get_one(Application, application.id)
        application.must_be(seen)
        application.transition_to(Status.WITHDRAWN)
        audit.record("withdrawn", actor=Actor.APPLICANT, application=application, note=reason, shown_from=clock.now())
        outbox.enqueue(
            ApplicationWithdrawn, recipient=application.email, language=application.language, application=application
        )


def reference_of(number: int) -> str:
    """The reference of the application with this number."""
    return db.session.scalars(select(Application.reference).where(Application.id == number)).one()


def whole(reference: str) -> Application | None:
    """One application with its edition and history, or None."""
    history = selectinload(Application.events).joinedload(AuditEvent.staff)
    joined = joinedload(Application.edition), joinedload(Application.assigned_to)
    found = select(Application).options(*joined, history)
    readable = reference.isprintable()  # PostgreSQL refuses a NUL with an error of its own
    return db.session.scalar(found.where(Application.reference == reference)) if readable else None
