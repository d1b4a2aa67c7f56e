"""Whom the press may ask: today's contacts, and those of an edition, which are its contacts then."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..database import db, transaction
from ..languages import LANGUAGES, Said, said
from ..models import Edition, StaffMember
from ..models.audit import Actor
from ..models.press import Contact
from . import audit, records, site

CLOCK = re.compile(r"\d\s?(?:[:：.h]\d\d|[时時点點]|[ap]\.?m\b)", re.IGNORECASE)
ZONE = re.compile(
    r"UTC|GMT|(?i:\b(?:guangzhou|beijing|china(?: standard)?|local) time\b)|(?:北京|广州|中国|当地)时间|توقيت"
)


@dataclass(frozen=True, slots=True)
class ShownContact:
    """A contact in a reader's language."""

    name: Said
    subject: Said
    hours: Said
    spoken: tuple[str, ...]
    phone: str
    email: str


COLUMNS = (Contact.names, Contact.subjects, Contact.hours, Contact.spoken, Contact.phone, Contact.email)


def shown(row: Any, language: str) -> ShownContact:
    """A row that has COLUMNS, in this language or in that in which there are words."""
    return ShownContact(
        name=said(row.names, language),
        subject=said(row.subjects, language),
        hours=_with_zone(said(row.hours, language)),
        spoken=tuple(row.spoken),
        phone=row.phone,
        email=row.email,
    )


def _with_zone(hours: Said) -> Said:
    """Hours of the clock with the zone in which they are meant, in their own language, unless they name one."""
    if not CLOCK.search(hours.text) or ZONE.search(hours.text):
        return hours
    meant = LANGUAGES[hours.language]
    with force_locale(meant.locale):
        return Said(f"{hours.text.rstrip('.。')}{meant.comma}{site.zone_words()}", hours.language)


def to_ask(language: str, edition_id: int | None = None) -> tuple[ShownContact, ...]:
    """Today's contacts in their order, or those of an edition."""
    rows = select(*COLUMNS).where(Contact.edition_id.is_not_distinct_from(edition_id))
    return tuple(shown(row, language) for row in db.session.execute(rows.order_by(Contact.position, Contact.id)))


def every() -> Sequence[Contact]:
    """All contacts with their editions: today's first, then those of the newest edition."""
    rows = select(Contact).outerjoin(Edition).options(joinedload(Contact.edition))
    newest = (Contact.edition_id.is_not(None), Edition.number.desc(), Contact.position, Contact.id)
    return db.session.scalars(rows.order_by(*newest)).all()


def get(contact_id: int) -> Contact | None:
    """One contact, or None."""
    return db.session.get(Contact, contact_id)


def add(*, actor: StaffMember | Actor, **fields: Any) -> Contact:
    """Add a contact as the last of its list."""
    with transaction() as session:
        contact = Contact(**fields)
        records.put_last(contact)
        session.add(contact)
        session.flush()
        audit.record("contact_added", actor=actor, contact=contact.id, name=_name(contact))
    return contact


def change(contact_id: int, *, seen: str, actor: StaffMember | Actor, **fields: Any) -> None:
    """Change a contact. Raises Changed when it is no longer what was seen."""
    with transaction():
        contact = records.for_change(Contact, contact_id, seen)
        goes_elsewhere = contact.edition_id != fields.get("edition_id")
        for name, value in fields.items():
            setattr(contact, name, value)
        if goes_elsewhere:
            records.put_last(contact)
        audit.record("contact_changed", actor=actor, contact=contact.id, name=_name(contact))


def move(contact_id: int, *, up: bool, actor: StaffMember | Actor) -> None:
    """Show it one place higher, or lower. Raises Changed when it is gone."""
    with transaction():
        contact = records.for_change(Contact, contact_id)
        if records.move(contact, up=up):
            audit.record("contact_moved", actor=actor, contact=contact.id, up=up)


def remove(contact_id: int, *, actor: StaffMember | Actor) -> None:
    """Take a contact away; its articles then show the press office's own. Raises Changed when it is gone."""
    with transaction() as session:
        contact = records.for_change(Contact, contact_id)
        audit.record("contact_removed", actor=actor, contact=contact.id, name=_name(contact))
        session.delete(contact)


def _name(contact: Contact) -> str:
    return said(contact.names, "en").text
