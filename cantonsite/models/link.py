"""A link that was mailed to one person. Its token is kept nowhere: it is made from the row and the site's key."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .columns import choice

if TYPE_CHECKING:
    from .invitation import Application
    from .staff import StaffMember


class Purpose(enum.StrEnum):
    """What a mailed link opens."""

    REVIEW = "review"
    STATUS = "status"
    EDITOR = "editor"
    BEGIN_AGAIN = "begin_again"


class Link(Base):
    """Purpose, subject, recipient and end of one mailed link. A new nonce kills the old token."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    application: Mapped["Application"] = relationship(lazy="raise")
    staff: Mapped["StaffMember | None"] = relationship(lazy="raise")

    def is_dead(self, now: datetime) -> bool:
        """Whether the link no longer opens anything: revoked, expired, or its holder struck off the roster."""
        struck_off = self.staff is not None and not self.staff.is_on_roster
        return self.revoked_at is not None or self.expires_at <= now or struck_off
