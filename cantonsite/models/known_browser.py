"""A browser in which a reviewer's links open: begun by asking for a code, known once the code was typed."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Base, Moment


class KnownBrowser(Base):
    """One browser of one reviewer. Only the hash of what its cookie holds is kept, and the code is kept nowhere."""

    __tablename__ = "known_browser"
    REMEMBERED = timedelta(days=30)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    nonce: Mapped[str]
    cookie_hash: Mapped[str] = mapped_column(index=True)
    browser: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime] = mapped_column(Moment)
    known_at: Mapped[datetime | None] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    wrong_codes: Mapped[int] = mapped_column(default=0)
