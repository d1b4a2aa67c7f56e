"""Where an applicant was met before: the same address, name, phone, outlet or document, and what became of it."""

from dataclasses import dataclass

from sqlalchemy import case, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ..database import db
from ..models import Application, AuditEvent, Document
from ..models.invitation import Status
from ..models.reasons import Reason

MOST = 20
SAME = ("email_key", "name_key", "phone_key", "outlet_key")


@dataclass(frozen=True, slots=True)
class Sighting:
    """Another application, what it has in common with this one, and the rules by which it was refused."""

    application: Application
    same: tuple[str, ...]
    refused_by: tuple[Reason, ...]
    note: str

    @property
    def is_same_person(self) -> bool:
        """By their address, or by name and phone together; the outlet alone is a colleague."""
        return "email_key" in self.same or {"name_key", "phone_key"} <= set(self.same)


def of(application: Application) -> list[Sighting]:
    """Other applications with something in common, those with most of it first, then the newest.

    Not those of the same crew: they came together. The colleagues of an outlet that sends many crowd
    out neither the person nor a refusal.
    """
    documents = _with_same_document(application)
    alike = {name: getattr(Application, name) == key for name in SAME if (key := getattr(application, name))}
    by_outlet = alike.pop("outlet_key", false())
    person = or_(*alike.values(), Application.id.in_(documents))
    rank = case((person, 0), (Application.status == Status.DECLINED, 1), else_=2)
    rows = select(Application).options(joinedload(Application.edition), selectinload(Application.events))
    root = application.lead_id or application.id
    elsewhere = (Application.id != root, func.coalesce(Application.lead_id, 0) != root)
    rows = rows.where(*elsewhere, Application.id != application.id, or_(person, by_outlet))
    found = db.session.scalars(rows.order_by(rank, Application.id.desc()).limit(MOST))
    sightings = [_sighting(each, application, each.id in documents) for each in found]
    return sorted(sightings, key=lambda each: -len(each.same))


def _with_same_document(application: Application) -> set[int]:
    mine = select(Document.fingerprint).where(Document.application_id == application.id)
    others = select(Document.application_id).where(Document.fingerprint.in_(mine), Document.application_id.isnot(None))
    return set(db.session.scalars(others.distinct().limit(MOST))) - {application.id}


def _sighting(other: Application, application: Application, same_document: bool) -> Sighting:
    same = [name for name in SAME if getattr(other, name) and getattr(other, name) == getattr(application, name)]
    if other.member_key != application.member_key and "email_key" in same:  # whoever applies for a crew has one address
        same.remove("email_key")
    refusal = _refusal(other)
    reasons = [Reason(each) for each in refusal.details.get("reasons", [])] if refusal else []
    return Sighting(
        other, (*same, *(["document"] if same_document else [])), tuple(reasons), refusal.note if refusal else ""
    )


def _refusal(other: Application) -> AuditEvent | None:
    """The refusal that stands, if it was refused."""
    if other.status is not Status.DECLINED:
        return None
    return next((event for event in reversed(other.events) if event.kind == "declined"), None)
