"""How staff come to the desk: a sign-in that was asked for, and the session that it became."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .staff import StaffMember


class SignIn(Base):
    """A sign-in that a browser asked for. It exists for unknown addresses too, and leads nowhere for them."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    email: Mapped[str]
    browser_hash: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Moment, index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    wrong_codes: Mapped[int] = mapped_column(default=0)


class DeskSession(Base):
    """A browser that is signed in. Only the hash of its token is kept."""

    __tablename__ = "desk_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    browser: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    staff: Mapped[StaffMember] = relationship(lazy="raise")
