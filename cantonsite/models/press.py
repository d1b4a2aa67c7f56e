"""What the press centre offers beside the news: contacts, press events, facts and figures.

A mapping holds a text for each language; languages.said() picks the reader's.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .edition import Edition


class Contact(Base):
    """Whom the press may ask, about what. One of an edition is its contact then; without one, it is today's."""

    __tablename__ = "contact"
    TEXT_LENGTH = 160

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    subjects: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    hours: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    spoken: Mapped[list[str]] = mapped_column(JSON, default=list)  # ISO 639-1 codes of the languages they answer in
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")

    edition: Mapped[Edition | None] = relationship(lazy="raise")


class PressEvent(Base):
    """Something the press is asked to: a conference, a tour, a briefing."""

    __tablename__ = "press_event"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_end"),)
    TITLE_LENGTH = 200
    ABOUT_LENGTH = 1000

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    places: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    abouts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # What a calendar needs to know that an entry has changed (RFC 5545, SEQUENCE and LAST-MODIFIED)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)

    edition: Mapped[Edition | None] = relationship(lazy="raise")


class Fact(Base):
    """A figure of an edition, with the day that it is of and where it comes from."""

    __tablename__ = "fact"
    LABEL_LENGTH = 120
    SOURCE_LENGTH = 200

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    labels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    values: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    as_of: Mapped[date]
    sources: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    source_url: Mapped[str] = mapped_column(default="")

    edition: Mapped[Edition] = relationship(lazy="raise")
