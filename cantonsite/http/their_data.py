"""What is held about an applicant, in words for a page, and as a zip to take along."""

import json
from collections.abc import Iterator

from flask import Response, stream_with_context
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..forms.their_data import CorrectForm
from ..models import AuditEvent, OutgoingMail
from ..models.document import DocumentKind
from ..services import site, their_data, timeline
from ..services.documents import keeping, sealing
from ..services.their_data import Held
from . import steps
from .media import attachment
from .steps import Step
from .zips import written

MAILS: dict[str, LazyString] = {
    "application_received": _l("We have your application"),
    "already_applied": _l("You have applied already"),
    "status_link": _l("The link to your application"),
    "begin_again": _l("The link to begin from your last application"),
    "go_on": _l("The link to go on with your application"),
    "information_needed": _l("We need something more from you"),
    "application_approved": _l("You are invited"),
    "application_listed": _l("You are on the waiting list"),
    "application_declined": _l("We cannot invite you"),
    "application_reopened": _l("We read your application again"),
    "invitation_revoked": _l("Your invitation was taken back"),
    "application_withdrawn": _l("You have withdrawn your application"),
    "editor_asked": _l("To your editor: whether you report for them"),
}


def history(held: Held) -> list[Step]:
    """Every line that the applicant may read, in words."""
    return [_step(held, line) for line in held.lines]


def _step(held: Held, line: AuditEvent) -> Step:
    if line.kind in timeline.STATUS_AFTER:
        return steps.for_applicant(held.application, [line], held.status)[0]
    if line.kind == "corrected":
        labels = [str(getattr(CorrectForm, name).args[0]) for name in line.details.get("changes", {})]
        return Step("done", _("You corrected your answers"), " · ".join(labels), line.at)
    if line.kind == "press_list":
        words = _("You joined the press list") if line.details.get("wanted") else _("You left the press list")
        return Step("done", words, "", line.at)
    return Step("done", _("The press office"), line.note, line.at)


def mail_words(mail: OutgoingMail) -> LazyString:
    """What a mail was about."""
    return MAILS.get(mail.kind, _l("A mail about your application"))


def opened(held: Held) -> list[tuple[str, AuditEvent]]:
    """Which document was opened, in words, with the line that says by whom and when."""
    names = {each.id: f"{each.kind.label}: {each.name}" for each in held.documents}
    return [(names.get(each.details.get("document")) or _gone(each), each) for each in held.openings]


def _gone(event: AuditEvent) -> str:
    kind = DocumentKind(event.details["document_kind"]).label if "document_kind" in event.details else ""
    return _("%(kind)s, deleted since", kind=kind)


def as_zip(held: Held) -> Response:
    """All of it: a page of words, the data as JSON, the documents. Written while it is sent, one document at a time."""
    answer = Response(stream_with_context(written(_entries(held))), mimetype="application/zip")
    answer.headers["Content-Disposition"] = attachment(f"{held.application.reference}.zip")
    return answer


def _entries(held: Held) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", _readme(held).encode()
    yield "data.json", json.dumps(their_data.as_data(held), ensure_ascii=False, indent=2).encode()
    for document in held.documents:
        name = f"documents/{document.id}-{document.name}"
        try:
            yield name, keeping.content(document)
        except sealing.CannotUnseal:  # its key is lost; the rest is theirs all the same
            yield f"{name}.txt", _("This document can no longer be opened. Write to us.").encode()


def _readme(held: Held) -> str:
    office = site.facts()
    lines = [
        _("What the press office holds about application %(reference)s", reference=held.application.reference),
        "",
        _("data.json: your answers, your consents, the history, who opened your documents, and the mails to you."),
        _("documents: your files as we keep them. Pictures and PDFs were written anew when they came."),
        _("Times are in UTC."),
        "",
        _("Questions: %(office)s, %(email)s", office=office.office, email=office.email),
    ]
    return "\n".join(lines) + "\n"
