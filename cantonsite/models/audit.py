"""A line of history: who did what, when and why. Lines are only ever added."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .columns import choice

if TYPE_CHECKING:
    from .staff import StaffMember


class Actor(enum.StrEnum):
    """Who may act: somebody at the desk, the applicant, the site itself, or the person at its command line."""

    STAFF = "staff"
    APPLICANT = "applicant"
    SITE = "site"
    COMMAND = "command"


class AuditEvent(Base):
    """One line of history. `shown_from` is when the applicant may see it; None: never."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    kind: Mapped[str]
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    actor: Mapped[Actor] = mapped_column(choice(Actor))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
    actor_name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    shown_from: Mapped[datetime | None] = mapped_column(Moment)

    staff: Mapped["StaffMember | None"] = relationship(lazy="raise")
