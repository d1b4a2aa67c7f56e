"""What was decided by whom, read from the lines of history."""

from collections import Counter
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from ..database import db
from ..models import Application, AuditEvent

# What lines of history count as; on the waiting list, too, somebody has said yes
DECISIONS = {"approved": "approved", "listed": "approved", "declined": "declined", "asked": "asked"}


def by_reviewer(*which: Any) -> Counter[tuple[int, str, str]]:
    """How many decisions of each kind, by the edition's id and the reviewer's name, on applications that meet `which`.

    A decision that was taken back before anybody heard of it is none.
    """
    undone = aliased(AuditEvent)
    taken_back = exists().where(
        undone.application_id == AuditEvent.application_id,
        undone.kind == "undone",
        undone.details["undoes"].as_integer() == AuditEvent.id,
    )
    whose = (Application.edition_id, AuditEvent.actor_name, AuditEvent.kind)
    rows = select(*whose, func.count()).join(Application, Application.id == AuditEvent.application_id)
    rows = rows.where(AuditEvent.kind.in_(DECISIONS), ~taken_back, *which).group_by(*whose)
    found: Counter[tuple[int, str, str]] = Counter()
    for edition_id, name, kind, number in db.session.execute(rows):
        found[edition_id, name, DECISIONS[kind]] += number
    return found
