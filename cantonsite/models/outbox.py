"""Mail that waits to be sent, was sent, or could not be: one row for one recipient."""

import enum
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Base, Moment
from .columns import choice


class MailState(enum.StrEnum):
    """Where a mail is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def label(self) -> LazyString:
        return MAIL_STATE_LABELS[self]


MAIL_STATE_LABELS = {
    MailState.WAITING: _l("Waiting"),
    MailState.SENT: _l("Sent"),
    MailState.FAILED: _l("Failed"),
    MailState.SKIPPED: _l("Skipped"),
}


class OutgoingMail(Base):
    """One mail to one recipient. It holds no secret: links are written into it when it leaves."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_due", "state", "priority", "due_at", "id"),
        UniqueConstraint("bulletin_id", "subscriber_id"),  # one send writes to one person once, whatever is killed
    )
    BULK = 9

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recipient: Mapped[str]
    language: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    references: Mapped[str] = mapped_column(default="")
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    subscriber_id: Mapped[int | None] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"), index=True)
    bulletin_id: Mapped[int | None] = mapped_column(ForeignKey("bulletin.id", ondelete="CASCADE"))
    # Lower goes first: a decision does not wait behind a send to thousands
    priority: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[MailState] = mapped_column(choice(MailState), default=MailState.WAITING)
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(Text, default="")
