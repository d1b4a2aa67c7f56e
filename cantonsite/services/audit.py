"""Write lines of history. A line stands in the transaction of the change that it tells of."""

from datetime import datetime
from typing import Any

from .. import clock
from ..database import transaction
from ..models import Application, AuditEvent, StaffMember
from ..models.audit import Actor


def record(
    kind: str,
    *,
    actor: StaffMember | Actor,
    application: Application | None = None,
    note: str = "",
    shown_from: datetime | None = None,
    **details: Any,
) -> AuditEvent:
    """Add one line. `shown_from` is when the applicant may read it; without it, never."""
    by_staff = isinstance(actor, StaffMember)
    with transaction() as session:
        event = AuditEvent(
            at=clock.now(),
            kind=kind,
            application_id=application.id if application else None,
            actor=Actor.STAFF if by_staff else actor,
            staff_id=actor.id if by_staff else None,
            actor_name=actor.name if by_staff else "",
            note=note,
            details=details,
            shown_from=shown_from,
        )
        session.add(event)
        session.flush()
    return event
