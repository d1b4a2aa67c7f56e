"""Crews: one person applies for several. Each member is an application of their own, decided alone; the mails about
all of them go to that one person, in one thread.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from ..database import db
from ..models import Application, AuditEvent, Document
from ..models.document import DocumentKind
from ..models.invitation import Status
from ..models.link import Purpose
from . import links
from .documents import keeping

OWN = (
    "given_name",
    "family_name",
    "native_name",
    "applicant_kind",
    "role",
    "nationality",
    "needs_letter",
    "letter_city",
)
# What the member of a crew does not share with whoever applied for them
ALONE = ("phone", "press_list", "interviews")


def answers_of(member: Mapping[str, Any], lead: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a member: their own, and for the rest those of whoever applies for them."""
    shared = {name: value for name, value in lead.items() if name not in ALONE}
    return {**shared, "phone": "", **{name: member[name] for name in OWN}}


def of(application: Application) -> list[Application]:
    """The whole crew, whoever applied for it first, with the history of each; empty for those who apply alone."""
    root = application.lead_id or application.id
    crew = select(Application).where(or_(Application.id == root, Application.lead_id == root))
    crew = crew.options(selectinload(Application.events).joinedload(AuditEvent.staff)).order_by(Application.id)
    found = list(db.session.scalars(crew))
    return found if len(found) > 1 else []


def members(application: Application) -> list[Application]:
    """Those for whom this application's author applied too."""
    rows = select(Application).where(Application.lead_id == application.id).order_by(Application.id)
    return list(db.session.scalars(rows))


def with_same_editor(application: Application) -> list[Application]:
    """The applicant, and those of their crew who named nobody else as their editor."""
    return [application, *(each for each in members(application) if each.editor_email == application.editor_email)]


def awaiting_editor(application: Application) -> list[Application]:
    """Those of them about whom the editor's word is waited for. Each is decided alone: some may wait longer."""
    return [
        each
        for each in with_same_editor(application)
        if each.editor_says is None and each.status in (Status.SUBMITTED, Status.INFORMATION_NEEDED)
    ]


def documents(application: Application) -> list[Document]:
    """What there is to look at: the documents of a member, and behind them the proof that was given for the crew."""
    own = keeping.of(application)
    if application.lead_id is None:
        return own
    of_crew = select(Document).where(
        Document.application_id == application.lead_id, Document.kind != DocumentKind.PHOTO
    )
    return [*own, *db.session.scalars(of_crew.order_by(Document.id))]


def status_tokens(crew: Sequence[Application]) -> dict[int, str]:
    """The living links to the members' own pages, by the member's number. None is made here: it is asked by a GET."""
    found = links.living(Purpose.STATUS, [each.id for each in crew])
    return {link.application_id: links.token(link) for link in found}
