"""What was asked for and what came back: only what was asked is open, and only that is changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from .. import clock
from ..database import transaction
from ..models import Application, AuditEvent, Document
from ..models.applicant import ProofKind
from ..models.asking import CHANGEABLE, DOCUMENTS, documents_of, fields_of
from ..models.audit import Actor
from ..models.document import DocumentKind, Verdict
from ..models.invitation import Missing, Status
from ..models.link import Purpose
from . import audit, editor, invitation, links, promise, timeline
from .documents import keeping
from .folding import fold, name_key
from .mails.reviewer import ApplicationAnswered


def asked_of(line: AuditEvent | None) -> list[Missing]:
    """What a line of history asks for; nothing if it is no question."""
    return [Missing(item) for item in line.details.get("missing", [])] if line and line.kind == "asked" else []


def open_kinds(line: AuditEvent | None) -> tuple[DocumentKind, ...]:
    """The kinds of document that a question opens: what it asks for, and what it says is not in order."""
    refused = [DocumentKind(kind) for kind, *_told in line.details.get("refused", [])] if line else []
    return documents_of(asked_of(line), refused)


def documents_since(application: Application, line: AuditEvent | None) -> list[Document]:
    """The documents that were given after this question, of the kinds that it opens."""
    kinds = open_kinds(line)
    return [each for each in keeping.of(application) if each.kind in kinds and each.given_at > line.at]


def take_in(application: Application, line: AuditEvent, kind: DocumentKind, data: bytes, name: str) -> None:
    """Keep a document that was asked for. Where there is no room, the oldest from before the question goes.

    Raises sanitising.Refused, keeping.TooMany; the message is for the field.
    """
    try:
        keeping.take_in(application, kind, data, name)
    except keeping.TooMany:
        before = [each for each in keeping.of(application, kind) if each.given_at <= line.at]
        if not before:
            raise
        keeping.remove(application, before[0].id)
        keeping.take_in(application, kind, data, name)


def answer(
    application: Application,
    *,
    seen: int,
    text: str,
    proof_links: Sequence[str] = (),
    changes: Mapping[str, Any],
    cut: int | None = None,
) -> None:
    """Answer what was asked; the application awaits a decision again, and its clock begins anew.

    Of `changes`, answers by name, only what was asked for is taken; links are added to those that are known; a photo
    that was asked for is cut about `cut`, 1 to 9. What was and what is now stands in the history for staff. Raises
    Changed, TransitionNotAllowed.
    """
    now = clock.now()
    with transaction() as session:
        whole = select(Application).options(selectinload(Application.events)).where(Application.id == application.id)
        application = session.scalars(whole.execution_options(populate_existing=True)).one()
        application.must_be(seen)
        line = timeline.latest_decision(application)
        asked, came, answer_by = asked_of(line), _replace(application, line), promise.answer_by(now)
        if cut and DocumentKind.PHOTO in open_kinds(line):
            keeping.focus(application, cut)
        application.transition_to(Status.SUBMITTED)  # from here on nothing is asked of the database before the end
        application.waiting_since, application.answer_by = now, answer_by
        application.asked_until = application.reminded_at = None
        changed = _change(application, {name: changes[name] for name in fields_of(asked) & CHANGEABLE & set(changes)})
        known = application.proof_links
        application.proof_links = [*known, *(link for link in proof_links if link not in known)]
        another_editor = application.proof_kind is ProofKind.EDITOR and {"editor_email", "proof_kind"} & set(changed)
        if another_editor:
            application.editor_says = application.editor_said_at = None
        details = {"links": list(proof_links), "changes": changed, "documents": came}
        audit.record("answered", actor=Actor.APPLICANT, application=application, note=text, shown_from=now, **details)
        if another_editor:  # by a link of their own; the old one no longer opens
            links.revoke(Purpose.EDITOR, application)
            editor.ask(application)
        invitation.tell_reviewers(application, ApplicationAnswered)


def _change(application: Application, answers: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set these answers; returns the old and the new value of those that differ."""
    before = {name: getattr(application, name) for name in sorted(answers)}
    changed = {name: [_plain(old), _plain(answers[name])] for name, old in before.items() if old != answers[name]}
    for name in changed:
        setattr(application, name, answers[name])
    application.name_key = name_key(application.given_name, application.family_name)
    application.outlet_key = fold(application.outlet_name)
    return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _replace(application: Application, line: AuditEvent | None) -> list[str]:
    """Let go of what the new documents replace: what was refused, or asked for by its kind. Names what came."""
    new = documents_since(application, line)
    by_itself = {kind for item in asked_of(line) if item is not Missing.PROOF for kind in DOCUMENTS.get(item, ())}
    for kind in {each.kind for each in new}:
        for each in keeping.of(application, kind):
            if each.given_at <= line.at and (each.verdict is Verdict.REFUSED or kind in by_itself):
                keeping.remove(application, each.id)
    return [f"{each.kind.value}: {each.name}" for each in new]
