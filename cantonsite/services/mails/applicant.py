"""Mails to applicants."""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from ...database import db
from ...models import Application, AuditEvent, OutgoingMail
from ...models.document import DocumentKind
from ...models.invitation import Missing, Status
from ...models.link import Purpose
from ...models.outbox import MailState
from ...models.reasons import Reason
from .. import addresses, crews, links, places, site
from ..outbox import Mail, Overtaken, register

LIVING = frozenset(Status) - {Status.WITHDRAWN}


def load(application_id: int) -> Application:
    """An application with its edition and its history."""
    whole = select(Application).options(
        joinedload(Application.edition), selectinload(Application.events).joinedload(AuditEvent.staff)
    )
    return db.session.scalars(whole.where(Application.id == application_id)).one()


def status_address(application: Application, language: str) -> str:
    """The applicant's own page."""
    token = links.token(links.issue(Purpose.STATUS, application))
    return addresses.absolute("status.show", lang=site.spoken_or_default(language), token=token)


class ToApplicant(Mail):
    """What mails to applicants share: the application and the way to its own page."""

    only_while: frozenset[Status] = frozenset(Status)

    def context(self) -> dict[str, Any]:
        address = status_address(load(self.row.application_id), self.row.language)
        application = load(self.row.application_id)  # anew: a link that had to be written ended the first reading
        if application.status not in self.only_while:
            raise Overtaken(f"the application is {application.status.value}")
        self.must_not_be_followed()
        return {
            "application": application,
            "edition": application.edition,
            "address": address,
            "member": application.name if application.lead_id else "",  # of a crew, about whom its author reads
            "note": self.row.details.get("note", ""),
            "missing": [Missing(item).label for item in self.row.details.get("missing", [])],
            "refused": [(DocumentKind(kind).label, *told) for kind, *told in self.row.details.get("refused", [])],
            "reasons": self._reasons(),
            "rules_version": self.row.details.get("rules"),
        }

    def _reasons(self) -> list[tuple[int, str]]:
        """The rules that stand against the application, by number, in the words that were kept with the decision."""
        told = zip(self.row.details.get("reasons", []), self.row.details.get("told", []), strict=True)
        return [(Reason(anchor).number, words) for anchor, words in told]

    def must_not_be_followed(self) -> None:
        """Raise Overtaken if a later mail has made this one untrue."""


class Decision(ToApplicant):
    """What mails about a decision share: one that was held up must not follow, or contradict, a later one."""

    def must_not_be_followed(self) -> None:
        if _later_decision(self.row):
            raise Overtaken("a later decision")


def _later_decision(row: OutgoingMail, *that: Any) -> bool:
    """Whether the outbox holds a mail about a later decision on the same application."""
    kinds = [kind.name for kind in (InformationNeeded, ApplicationApproved, ApplicationListed, ApplicationDeclined)]
    later = (OutgoingMail.application_id == row.application_id, OutgoingMail.id > row.id, OutgoingMail.kind.in_(kinds))
    return bool(db.session.scalar(select(exists().where(*later, *that))))


@register
class ApplicationReceived(ToApplicant):
    """The receipt: reference, promised day, and the link to the status page."""

    name = "application_received"
    only_while = LIVING

    def context(self) -> dict[str, Any]:
        shared = super().context()
        others = [each for each in crews.of(shared["application"]) if each.id != self.row.application_id]
        tokens = crews.status_tokens(others)
        language = site.spoken_or_default(self.row.language)
        crew = [
            (each, addresses.absolute("status.show", lang=language, token=tokens[each.id]))
            for each in others
            if each.id in tokens
        ]
        return {**shared, "crew": crew}


@register
class AlreadyApplied(ToApplicant):
    """Somebody applied once more with this address; nothing new was stored."""

    name = "already_applied"
    only_while = LIVING


@register
class InformationNeeded(Decision):
    """What is missing, and where to answer."""

    name = "information_needed"
    only_while = frozenset({Status.INFORMATION_NEEDED})


class AboutQuestion(ToApplicant):
    """What mails about an unanswered question share: what it was, and the last day for an answer."""

    def context(self) -> dict[str, Any]:
        shared = super().context()
        asked = [event for event in shared["application"].events if event.kind == "asked"][-1]
        return {**shared, "note": asked.note, "missing": [Missing(item).label for item in asked.details["missing"]]}


@register
class AnswerReminder(AboutQuestion):
    """A week after the question: it still waits, and until when."""

    name = "answer_reminder"
    only_while = frozenset({Status.INFORMATION_NEEDED})


@register
class ApplicationClosed(AboutQuestion):
    """No answer came in time, and the site has closed the application."""

    name = "application_closed"
    only_while = frozenset({Status.WITHDRAWN})


@register
class ApplicationApproved(Decision):
    """Yes."""

    name = "application_approved"
    only_while = frozenset({Status.APPROVED})

    def context(self) -> dict[str, Any]:
        return {**super().context(), "moved_up": self.row.details.get("moved_up", False)}


@register
class ApplicationListed(Decision):
    """Yes, as soon as a place is free; and how many stand before them."""

    name = "application_listed"
    only_while = frozenset({Status.WAITING_LIST})

    def context(self) -> dict[str, Any]:
        shared = super().context()
        return {**shared, "place": places.place_in_line(shared["application"])}


@register
class ApplicationDeclined(Decision):
    """No, with the reason and whom to ask."""

    name = "application_declined"
    only_while = frozenset({Status.DECLINED})


@register
class ApplicationReopened(ToApplicant):
    """A decision that was already told no longer stands; the application is read anew."""

    name = "application_reopened"

    def must_not_be_followed(self) -> None:
        if _later_decision(self.row, OutgoingMail.state == MailState.SENT):  # one that still waits may be undone
            raise Overtaken("a later decision was sent")


@register
class InvitationRevoked(ToApplicant):
    """An invitation that was given is taken back."""

    name = "invitation_revoked"
    only_while = frozenset({Status.REVOKED})


@register
class ApplicationWithdrawn(ToApplicant):
    """The applicant withdrew; this says that it happened."""

    name = "application_withdrawn"


@register
class StatusLinkRequested(Mail):
    """A new link to the status page. It is written for every address that asks, and leaves only to those on file."""

    name = "status_link"

    def context(self) -> dict[str, Any]:
        addresses_of = [status_address(each, self.row.language) for each in self._on_file()]
        if not addresses_of:
            raise Overtaken("no application with this address")
        return {"entries": list(zip(self._on_file(), addresses_of, strict=True))}

    def recipient(self) -> str:
        return self._on_file()[0].email

    def _on_file(self) -> list[Application]:
        newest = select(Application).options(joinedload(Application.edition)).order_by(Application.id.desc()).limit(30)
        return list(db.session.scalars(newest.where(Application.email_key == self.row.recipient)))
