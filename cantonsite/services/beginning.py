"""Begin an article from a form, once: the same form pressed twice gives the same draft."""

from hashlib import blake2b
from typing import Any

from sqlalchemy import select

from ..database import db, transaction
from ..models import AuditEvent, StaffMember
from . import publishing, writing


def begin(once: str, *, actor: StaffMember, **fields: Any) -> writing.Saved:
    """A new draft, or the one that this very form has begun already; `fields` are those of writing.create()."""
    form = blake2b(repr((once, sorted(fields.items()))).encode(), digest_size=16).hexdigest() if once else ""
    return publishing.numbered(lambda: _begin_once(form, actor, fields))


def _begin_once(form: str, actor: StaffMember, fields: dict[str, Any]) -> writing.Saved:
    with transaction() as session:
        # whoever presses twice waits for themselves, and then finds what the first press has begun
        session.get_one(StaffMember, actor.id, with_for_update={"key_share": True})
        return _begun(form, actor) or writing.create(**fields, actor=actor, form=form)


def _begun(form: str, actor: StaffMember) -> writing.Saved | None:
    if not form:
        return None
    same = (AuditEvent.kind == writing.CREATED, AuditEvent.staff_id == actor.id)
    line = db.session.scalar(select(AuditEvent).where(*same, AuditEvent.details["form"].as_string() == form).limit(1))
    article = writing.find(line.details["number"]) if line else None
    return writing.Saved(article.number, article.version) if article else None
