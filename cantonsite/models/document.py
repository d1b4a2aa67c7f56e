"""A file that an applicant gave: opened, written anew, and kept sealed."""

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Base, Moment
from .columns import choice
from .labelled import Labelled


class DocumentKind(Labelled):
    """What a document shows; the value is the name of its field."""

    PRESS_CARD = "press_card"
    ASSIGNMENT_LETTER = "assignment_letter"
    BYLINES = "bylines"
    MASTHEAD = "masthead"
    PHOTO = "photo"

    @property
    def label(self) -> LazyString:
        return LABELS[self]


class Verdict(Labelled):
    """What a reviewer found a document to be."""

    ACCEPTED = "accepted"
    REFUSED = "refused"

    @property
    def label(self) -> LazyString:
        return LABELS[self]


LABELS: dict[Labelled, LazyString] = {
    DocumentKind.PRESS_CARD: _l("Press card"),
    DocumentKind.ASSIGNMENT_LETTER: _l("Letter of assignment"),
    DocumentKind.BYLINES: _l("Pieces under your name"),
    DocumentKind.MASTHEAD: _l("Masthead or imprint"),
    DocumentKind.PHOTO: _l("Photo for the pass"),
    Verdict.ACCEPTED: _l("In order"),
    Verdict.REFUSED: _l("Not in order"),
}


class Document(Base):
    """One file of a draft or of an application. Its content is sealed with the key that `key_id` names."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("(draft_id IS NULL) != (application_id IS NULL)", name="has_one_owner"),)
    NAME_LENGTH = 120
    MOST_BYTES = 10 * 1024 * 1024
    MOST_OF_A_KIND = 3
    REASON_LENGTH = 500

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("application_draft.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    pages: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    focus: Mapped[int] = mapped_column(default=5)  # of a photo, on a grid of three by three
    fingerprint: Mapped[str] = mapped_column(index=True)  # keyed; of the bytes as they were sent
    key_id: Mapped[str] = mapped_column(default="", index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    given_at: Mapped[datetime] = mapped_column(Moment)
    verdict: Mapped[Verdict | None] = mapped_column(choice(Verdict))
    verdict_reason: Mapped[str] = mapped_column(default="")
