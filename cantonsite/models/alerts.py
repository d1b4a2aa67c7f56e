"""Alerts by mail: who follows what, and the sends to many."""

import enum
from datetime import date, datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .columns import choice
from .news import Article, Section
from .writing import Correction


class Rhythm(enum.StrEnum):
    """How often a subscriber is written to."""

    AT_ONCE = "at once"
    DAILY = "daily"

    @property
    def label(self) -> LazyString:
        return RHYTHM_LABELS[self]


RHYTHM_LABELS = {
    Rhythm.AT_ONCE: _l("At once, a mail for each article"),
    Rhythm.DAILY: _l("Once a day, all in one mail"),
}


class Wanted(enum.StrEnum):
    """What a subscriber is written to about."""

    BOTH = "both"
    NEWS = "news"
    CORRECTIONS = "corrections"

    @property
    def label(self) -> LazyString:
        return WANTED_LABELS[self]


WANTED_LABELS = {
    Wanted.BOTH: _l("New articles and corrections"),
    Wanted.NEWS: _l("New articles only"),
    Wanted.CORRECTIONS: _l("Corrections only"),
}


class Subscriber(Base):
    """Somebody who asked for alerts. Nothing is sent before they have confirmed; who leaves is deleted."""

    __tablename__ = "subscriber"

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    sections: Mapped[list[str]] = mapped_column(JSON, default=list)  # empty: all of them
    wants_news: Mapped[bool] = mapped_column(default=True)  # False: corrections only
    wants_corrections: Mapped[bool] = mapped_column(default=True)
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm), default=Rhythm.AT_ONCE)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment, index=True)

    @property
    def followed(self) -> list[Section]:
        """The sections that they chose, in the order of the menu."""
        return [each for each in Section if not self.sections or each.value in self.sections]

    @property
    def wanted(self) -> Wanted:
        """What they are written to about."""
        if self.wants_news and self.wants_corrections:
            return Wanted.BOTH
        return Wanted.NEWS if self.wants_news else Wanted.CORRECTIONS


class BulletinKind(enum.StrEnum):
    """What a send to many is about."""

    ARTICLE = "article"
    CORRECTION = "correction"
    DIGEST = "digest"


class Bulletin(Base):
    """One send to many. Its mails are written into the outbox in batches; `after_id` is the last subscriber reached."""

    __tablename__ = "bulletin"
    __table_args__ = (
        UniqueConstraint("article_id", "language"),
        UniqueConstraint("correction_id"),
        UniqueConstraint("digest_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BulletinKind] = mapped_column(choice(BulletinKind))
    # Of an article's own bulletin only: a correction names its article itself
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(default="")  # empty for a digest, which is for all
    digest_on: Mapped[date | None]
    started_at: Mapped[datetime] = mapped_column(Moment)
    after_id: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    all_written_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)
    stopped_by: Mapped[str] = mapped_column(default="")

    article: Mapped[Article | None] = relationship(lazy="raise")
    correction: Mapped[Correction | None] = relationship(lazy="raise")
