"""News: sections, articles and their texts, and the rule of who may see an article."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ForeignKey, Index, Text, and_, or_, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .. import clock
from ..database import Base, Moment
from .columns import choice
from .edition import Edition

if TYPE_CHECKING:
    from .press import Contact


class Section(enum.StrEnum):
    """The four sections of the news, in the order of the menu."""

    CANTON_FAIR_NEWS = "canton-fair-news"
    CONFERENCE_EVENT = "conference-event"
    EXHIBITOR_NEWS = "exhibitor-news"
    PRESS_CENTRE = "press-centre"

    @property
    def label(self) -> LazyString:
        return SECTION_LABELS[self]


SECTION_LABELS = {
    Section.CANTON_FAIR_NEWS: _l("Canton Fair News"),
    Section.CONFERENCE_EVENT: _l("Conference & Event"),
    Section.EXHIBITOR_NEWS: _l("Exhibitor News"),
    Section.PRESS_CENTRE: _l("Press Centre"),
}


class State(enum.StrEnum):
    """Where an article is on its way. No state is stored: the moments of the article say it."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    EMBARGOED = "embargoed"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> LazyString:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.DRAFT: _l("Draft"),
    State.SCHEDULED: _l("Scheduled"),
    State.EMBARGOED: _l("Embargoed"),
    State.PUBLISHED: _l("Published"),
    State.CORRECTED: _l("Corrected"),
    State.WITHDRAWN: _l("Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks for an article: a stranger, the holder of a preview link to one article, or an editor."""

    previews: int | None = None  # the id of the article that the link opens
    is_editor: bool = False


STRANGER, EDITOR = Viewer(), Viewer(is_editor=True)


class Article(Base):
    """One piece of news under one number, whatever its languages."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    section: Mapped[Section] = mapped_column(choice(Section))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"))
    # When it goes out, or went out; None: nobody has decided that yet
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    # It waits under an embargo: its preview says until when. Strangers see no difference to any scheduled one
    is_embargoed: Mapped[bool] = mapped_column(default=False)
    corrected_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    # Every save at the desk moves it, and with it the version by which two editors are kept apart
    changed_at: Mapped[datetime | None] = mapped_column(Moment, index=True, default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    edition: Mapped[Edition | None] = relationship(lazy="raise")
    contact: Mapped["Contact | None"] = relationship(lazy="raise")
    texts: Mapped[list["ArticleText"]] = relationship(
        back_populates="article", lazy="raise", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible(cls, now: datetime, viewer: Viewer = STRANGER) -> ColumnElement[bool]:
        """The one rule of who may see an article, for every page, list, feed, file and mail.

        Everybody from its moment of publication on until it is withdrawn; before, the holder of a preview link
        to it; an editor always. `may_see` says the same of an article that has been read.
        """
        if viewer.is_editor:
            return true()
        public = and_(cls.published_at <= now, cls.withdrawn_at.is_(None))
        if viewer.previews is None:
            return public
        unpublished = or_(cls.published_at.is_(None), cls.published_at > now)
        return or_(public, and_(cls.id == viewer.previews, unpublished, cls.withdrawn_at.is_(None)))

    @classmethod
    def was_withdrawn(cls, now: datetime) -> ColumnElement[bool]:
        """Whether it was out and has been withdrawn since: its address says so, and nothing else of it is shown."""
        return and_(cls.published_at <= now, cls.withdrawn_at.is_not(None))

    def may_see(self, viewer: Viewer, now: datetime) -> bool:
        """Whether this viewer may see it; the same rule as `visible`."""
        if viewer.is_editor:
            return True
        if self.withdrawn_at is not None:
            return False
        return self.is_out(now) or viewer.previews == self.id

    def is_out(self, now: datetime) -> bool:
        """Whether its moment of publication has come, withdrawn since or not."""
        return self.published_at is not None and self.published_at <= now

    def state(self, now: datetime) -> State:
        """Where it is on its way at this moment."""
        if self.withdrawn_at is not None:
            return State.WITHDRAWN
        if self.published_at is None:
            return State.DRAFT
        if self.published_at > now:
            return State.EMBARGOED if self.is_embargoed else State.SCHEDULED
        return State.CORRECTED if self.corrected_at else State.PUBLISHED


Index("ix_article_newest", Article.published_at.desc(), Article.number.desc())
Index("ix_article_edition_newest", Article.edition_id, Article.published_at.desc(), Article.number.desc())
Index("ix_article_section_newest", Article.section, Article.published_at.desc(), Article.number.desc())


class ArticleText(Base):
    """What an article says in one language. The body is Markdown."""

    __tablename__ = "article_text"
    TITLE_LENGTH = 200
    STANDFIRST_LENGTH = 500
    NAME_LENGTH = 120
    SLUG_LENGTH = 80

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    slug: Mapped[str]
    standfirst: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(default="")
    author: Mapped[str] = mapped_column(default="")
    sign_off: Mapped[str] = mapped_column(default="")
    modified_at: Mapped[datetime | None] = mapped_column(Moment)
    # Where this text stood on the fair's old site, which had a path for each language
    old_path: Mapped[str | None] = mapped_column(unique=True)

    article: Mapped[Article] = relationship(back_populates="texts", lazy="raise")
