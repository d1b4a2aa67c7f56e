"""An application's history as steps on a page: in the applicant's words, and in those of the staff."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from .. import clock
from ..models import Application, AuditEvent, StaffMember
from ..models.audit import Actor
from ..models.document import DocumentKind
from ..models.invitation import Missing, Status
from ..services import timeline
from .display import day

OF_NOBODY_ELSE = frozenset({"phone", "email", "editor_email"})  # not shown behind a link in a mail


@dataclass(frozen=True, slots=True)
class Step:
    """One step: done, now, or next."""

    kind: str
    title: str
    text: str = ""
    when: datetime | None = None
    when_words: str = ""


def for_applicant(application: Application, lines: list[AuditEvent], status: Status) -> list[Step]:
    """What happened as far as the applicant may see it, what happens now, and what comes next."""
    titles = {
        "submitted": _("We received your application"),
        "asked": _("We asked for something that was missing"),
        "answered": _("You answered"),
        "approved": _("We approved your application"),
        "listed": _("We approved your application, and put you on the waiting list"),
        "moved_up": _("A place became free: you are invited"),
        "declined": _("We declined your application"),
        "reopened": _("We opened your application again; our earlier answer no longer counts"),
        "withdrawn": _("You withdrew your application"),
        "closed": _("We closed your application: we had no answer"),
        "revoked": _("We took your invitation back"),
    }
    done = [Step("done", titles[line.kind], _told(line), line.at) for line in lines]
    by = _("answer by %(day)s", day=day(application.answer_by))
    after = {
        Status.SUBMITTED: [
            Step("now", _("A press officer is reading it"), when_words=by),
            Step("next", _("Our answer, by mail and on this page")),
        ],
        Status.INFORMATION_NEEDED: [
            Step("now", _("We wait for your answer")),
            Step("next", _("A press officer reads it again")),
        ],
        Status.WAITING_LIST: [
            Step("now", _("You wait for a place")),
            Step("next", _("We write as soon as a place is free")),
        ],
        Status.APPROVED: [Step("next", _("We write to you about your letter and your pass"))],
    }
    return done + after.get(status, [])


def for_staff(application: Application, reader: StaffMember | None = None) -> list[Step]:
    """Who did what, with undone decisions too; the reader is called "you"."""
    told = [(title_for_staff(event, reader), _told(event, OF_NOBODY_ELSE), event.at) for event in application.events]
    steps = [Step("done", *each) for each in told]
    decided = timeline.latest_decision(application)
    if application.awaits_decision:
        steps.append(
            Step("now", _("Awaits a decision"), when_words=_("answer by %(day)s", day=day(application.answer_by)))
        )
    elif decided and decided.shown_from > clock.now():
        steps.append(Step("next", _("The mail to the applicant leaves"), when=decided.shown_from))
    return steps


def title_for_staff(event: AuditEvent, reader: StaffMember | None = None) -> str:
    """One line of history in words: who, and what."""
    titles: dict[str, Any] = {
        "submitted": _("%(who)s sent the application"),
        "asked": _("%(who)s asked for information"),
        "answered": _("%(who)s answered"),
        "approved": _("%(who)s approved it"),
        "listed": _("%(who)s approved it, for when a place is free"),
        "moved_up": _("A place became free: it is approved"),
        "declined": _("%(who)s declined it"),
        "undone": _("%(who)s took the decision back"),
        "reopened": _("%(who)s opened it again"),
        "withdrawn": _("%(who)s withdrew it"),
        "reminded": _("%(who)s reminded the applicant"),
        "closed": _("%(who)s closed it: no answer came"),
        "revoked": _("%(who)s took the invitation back"),
        "corrected": _("%(who)s corrected answers"),
        "press_list": _("%(who)s joined or left the press list"),
        "document_opened": _("%(who)s opened a document"),
        "document_judged": _("%(who)s looked at a document"),
        "tagged": _("%(who)s changed the tags"),
        "assigned": _("%(who)s gave it to somebody"),
        "editor_confirmed": _("The editor says yes: for us"),
        "editor_denied": _("The editor says no"),
    }
    return titles.get(event.kind, "%(who)s: " + event.kind) % {"who": who(event, reader)}


def who(event: AuditEvent, reader: StaffMember | None = None) -> str:
    """The actor of a line: a name, "you", the applicant, or the site."""
    if event.actor is Actor.STAFF:
        return _("You") if reader and event.staff_id == reader.id else event.actor_name
    return _("The applicant") if event.actor is Actor.APPLICANT else _("The site")


def _told(event: AuditEvent, hidden: Container[str] = ()) -> str:
    asked = [str(Missing(item).label) for item in event.details.get("missing", [])]
    changes = event.details.get("changes", {}) if event.kind in ("corrected", "answered") else {}
    changed = [f"{old or '–'} → {new or '–'}" for name, (old, new) in changes.items() if name not in hidden]
    refused = [f"{DocumentKind(kind).label} {name}: {why}" for kind, name, why in event.details.get("refused", [])]
    return " · ".join(filter(None, [*asked, *refused, *changed, event.note]))
