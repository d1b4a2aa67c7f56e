"""What staff keep beside applications: notes, wordings of reasons, and whom they do not want to hear from."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment

if TYPE_CHECKING:
    from .staff import StaffMember


class ApplicationNote(Base):
    """What one colleague tells the others about an application. Applicants never see it."""

    __tablename__ = "application_note"
    TEXT_LENGTH = 2000

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str] = mapped_column(Text)

    staff: Mapped["StaffMember | None"] = relationship(lazy="raise")


class Wording(Base):
    """How the desk words a reason for a refusal in one language, where it is not the wording that comes with it."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("reason", "language"),)
    TEXT_LENGTH = 1000

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    language: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)


class Block(Base):
    """An address or a domain whose applications are marked at the desk, and why. Nobody is refused by it unread."""

    __tablename__ = "block"

    id: Mapped[int] = mapped_column(primary_key=True)
    pattern: Mapped[str] = mapped_column(unique=True)  # name@example.org, or example.org for all of a domain
    reason: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
