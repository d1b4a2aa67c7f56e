"""The roster: who works at the desk, and in which role."""

import enum
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Base, Moment
from .columns import choice


class Role(enum.StrEnum):
    """What a staff member may do at the desk."""

    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> LazyString:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.REVIEWER: _l("Reviewer: decides applications, gets a mail for each"),
    Role.EDITOR: _l("Editor: keeps news and editions"),
    Role.ADMINISTRATOR: _l("Administrator: keeps the roster and the mail, and may do all at the desk"),
}


class MailRhythm(enum.StrEnum):
    """When a reviewer is written to about applications that wait."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"

    @property
    def label(self) -> LazyString:
        return RHYTHM_LABELS[self]


RHYTHM_LABELS = {
    MailRhythm.AT_ONCE: _l("At once; when many arrive, several in one mail"),
    MailRhythm.HOURLY: _l("Once an hour, all in one mail"),
    MailRhythm.DAILY: _l("Once a day, all in one mail"),
}


class StaffMember(Base):
    """One who works at the desk. Struck off the roster, the row stays: the history names its people."""

    __tablename__ = "staff_member"
    NAME_LENGTH = 100
    EMAIL_LENGTH = 254

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    language: Mapped[str] = mapped_column(default="en")
    mail_rhythm: Mapped[MailRhythm] = mapped_column(choice(MailRhythm), default=MailRhythm.AT_ONCE)
    added_at: Mapped[datetime] = mapped_column(Moment)
    struck_off_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def is_on_roster(self) -> bool:
        return self.struck_off_at is None

    @property
    def decides(self) -> bool:
        """Whether applications can be given to them."""
        return self.is_on_roster and self.role in (Role.REVIEWER, Role.ADMINISTRATOR)

    @property
    def is_reviewer(self) -> bool:
        return self.is_on_roster and self.role is Role.REVIEWER
