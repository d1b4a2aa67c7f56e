"""Read an application's history: the decision that stands, and what the applicant may see of it by now."""

from datetime import datetime
from itertools import pairwise

from ..models import Application, AuditEvent
from ..models.invitation import Status

DECISIONS = {
    "approved": Status.APPROVED,
    "listed": Status.WAITING_LIST,
    "declined": Status.DECLINED,
    "asked": Status.INFORMATION_NEEDED,
}
STATUS_AFTER = {
    **DECISIONS,
    "submitted": Status.SUBMITTED,
    "answered": Status.SUBMITTED,
    "reopened": Status.SUBMITTED,
    "moved_up": Status.APPROVED,  # by the site: a place became free
    "withdrawn": Status.WITHDRAWN,
    "closed": Status.WITHDRAWN,  # by the site: nobody answered what was asked
    "revoked": Status.REVOKED,
}


def standing(application: Application) -> list[AuditEvent]:
    """The lines that change the status, without those that were undone, the oldest first."""
    undone = {event.details.get("undoes") for event in application.events if event.kind == "undone"}
    return [event for event in application.events if event.kind in STATUS_AFTER and event.id not in undone]


def latest_decision(application: Application) -> AuditEvent | None:
    """The decision that stands, if the last change was one."""
    lines = standing(application)
    return lines[-1] if lines and lines[-1].kind in DECISIONS else None


def shown(application: Application, now: datetime) -> list[AuditEvent]:
    """What the applicant may see by now: a decision shows when its mail may leave, not before.

    One that was overtaken before its mail could leave was told to nobody, and never shows.
    """
    lines = standing(application)
    decisions = [(line, after) for line, after in pairwise(lines) if line.kind in DECISIONS]
    overtaken = {line.id for line, after in decisions if line.shown_from and after.at < line.shown_from}
    return [line for line in lines if line.shown_from and line.shown_from <= now and line.id not in overtaken]


def shown_status(application: Application, now: datetime) -> Status:
    """The status that the applicant may see by now."""
    lines = shown(application, now)
    return STATUS_AFTER[lines[-1].kind] if lines else Status.SUBMITTED
