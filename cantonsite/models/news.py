"""News: sections, articles and their texts, and the rule of who may see an article."""

import enum
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .columns import choice
from .edition import Edition


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


class Article(Base):
    """One piece of news under one number, whatever its languages."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    section: Mapped[Section] = mapped_column(choice(Section))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)

    edition: Mapped[Edition | None] = relationship(lazy="raise")
    texts: Mapped[list["ArticleText"]] = relationship(
        back_populates="article", lazy="raise", cascade="all, delete-orphan"
    )

    @classmethod
    def visible(cls, now: datetime) -> ColumnElement[bool]:
        """The one rule of who may see an article: everybody, from its moment of publication on."""
        return cls.published_at <= now


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
    # What the search reads: the title, and the rest as plain words, both folded (see services/search.py)
    folded_title: Mapped[str] = mapped_column(Text, default="", deferred=True)
    folded_content: Mapped[str] = mapped_column(Text, default="", deferred=True)

    article: Mapped[Article] = relationship(back_populates="texts", lazy="raise")
