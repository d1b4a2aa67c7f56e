"""What an editor's work leaves behind: every version of every text, corrections, and previews for outsiders."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Text, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .columns import choice
from .news import Article

if TYPE_CHECKING:
    from .staff import StaffMember


class VersionKind(enum.StrEnum):
    """What was done when a version was kept."""

    SAVED = "saved"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    RESTORED = "restored"
    IMPORTED = "imported"

    @property
    def label(self) -> LazyString:
        return VERSION_LABELS[self]


VERSION_LABELS = {
    VersionKind.SAVED: _l("Saved"),
    VersionKind.PUBLISHED: _l("Published"),
    VersionKind.CORRECTED: _l("Corrected"),
    VersionKind.RESTORED: _l("Restored"),
    VersionKind.IMPORTED: _l("Imported"),
}


class ArticleVersion(Base):
    """An article's text in one language as it was saved once. Versions are only ever added.

    Of an article that is out, the newest version may be ahead of the text that readers see: it waits to be published.
    """

    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article_id", "language", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    language: Mapped[str]
    number: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(choice(VersionKind))
    saved_at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
    saved_by: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, str]] = mapped_column(JSON)  # the fields of an ArticleText that an editor writes

    staff: Mapped["StaffMember | None"] = relationship(lazy="raise")


class CorrectionKind(enum.StrEnum):
    """A correction of what stood there, the withdrawal of the whole, or its return."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    RETURN = "return"  # a withdrawal was a mistake; the history tells of both


class Correction(Base):
    """What was wrong, in one sentence and one language; for a withdrawal, why; for a return, nothing."""

    __tablename__ = "correction"
    SENTENCE_LENGTH = 500

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    kind: Mapped[CorrectionKind] = mapped_column(choice(CorrectionKind), default=CorrectionKind.CORRECTION)
    at: Mapped[datetime] = mapped_column(Moment)
    sentence: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)

    article: Mapped[Article] = relationship(lazy="raise")

    @classmethod
    def visible(cls, now: datetime) -> ColumnElement[bool]:
        """The one rule of who may read a correction, in a statement that joins its article: everybody, or nobody.

        Of an article that everybody may see, all of its lines; of one that was withdrawn, the reason for that and
        no more; of one that never was out, nothing.
        """
        reason = and_(cls.kind == CorrectionKind.WITHDRAWAL, cls.at == Article.withdrawn_at)
        return or_(Article.visible(now), and_(Article.was_withdrawn(now), reason))


Index("ix_correction_newest", Correction.at.desc(), Correction.id.desc())


class PreviewLink(Base):
    """A link by which somebody outside reads one article before it is out. It dies at publication."""

    __tablename__ = "preview_link"
    LABEL_LENGTH = 120

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    label: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    article: Mapped[Article] = relationship(lazy="raise")
