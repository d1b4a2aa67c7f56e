"""Pictures with what must be said of them, the files made of them, and the files of a press kit."""

import enum
from datetime import date, datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .columns import choice
from .edition import Edition


class Licence(enum.StrEnum):
    """On what terms a picture may be used."""

    PRESS = "press"
    CC_BY = "cc-by-4.0"
    ASK = "ask"

    @property
    def label(self) -> LazyString:
        return LICENCE_LABELS[self]


LICENCE_LABELS = {
    Licence.PRESS: _l("Free for reports on the fair, with the credit"),
    Licence.CC_BY: _l("Creative Commons Attribution 4.0 (CC BY 4.0)"),
    Licence.ASK: _l("Ask the press office before use"),
}


class PictureKind(enum.StrEnum):
    """What a picture is."""

    PHOTO = "photo"
    GRAPHIC = "graphic"
    LOGO = "logo"

    @property
    def label(self) -> LazyString:
        return PICTURE_KIND_LABELS[self]


PICTURE_KIND_LABELS = {
    PictureKind.PHOTO: _l("Photo"),
    PictureKind.GRAPHIC: _l("Graphic"),
    PictureKind.LOGO: _l("Logo"),
}


class StoredFile(Base):
    """Bytes, kept once whatever refers to them: the key is made from the content."""

    __tablename__ = "stored_file"

    key: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    stored_at: Mapped[datetime] = mapped_column(Moment)


class Picture(Base):
    """A picture of the media library. `alts` and `captions` hold a text for each language."""

    __tablename__ = "picture"
    __table_args__ = (CheckConstraint("focus BETWEEN 1 AND 9", name="focus_on_grid"),)
    NAME_LENGTH = 120
    ALT_LENGTH = 250
    CAPTION_LENGTH = 500
    CREDIT_LENGTH = 120

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # of the file, without its ending, as a download is called
    kind: Mapped[PictureKind] = mapped_column(choice(PictureKind), default=PictureKind.PHOTO)
    alts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    captions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    credit: Mapped[str]
    licence: Mapped[Licence] = mapped_column(choice(Licence), default=Licence.PRESS)
    focus: Mapped[int] = mapped_column(default=5)  # 1 top left … 5 the middle … 9 bottom right, as on a telephone
    taken_on: Mapped[date | None]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"), index=True)
    in_library: Mapped[bool] = mapped_column(default=False, index=True)  # offered to the press, whatever uses it
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Moment, index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)

    edition: Mapped[Edition | None] = relationship(lazy="raise")
    renditions: Mapped[list["Rendition"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Rendition.width"
    )


class RenditionUse(enum.StrEnum):
    """What a rendition is for: pages, a crop about the focus for lists or for sharing, or a download."""

    PAGE = "page"
    CARD = "card"
    SHARE = "share"
    LOW = "low"
    HIGH = "high"
    ORIGINAL = "original"


class Rendition(Base):
    """One file made from a picture: a size and a format."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("picture_id", "use", "width", "media_type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id", ondelete="CASCADE"))
    use: Mapped[RenditionUse] = mapped_column(choice(RenditionUse))
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    key: Mapped[str] = mapped_column(ForeignKey("stored_file.key"), index=True)


class ArticlePicture(Base):
    """A picture in an article, at its place among the others (from 1)."""

    __tablename__ = "article_picture"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]

    picture: Mapped[Picture] = relationship(lazy="raise")


class KitFile(Base):
    """A file that goes into the press kit of an article or an edition, as it was given."""

    __tablename__ = "kit_file"
    __table_args__ = (CheckConstraint("(article_id IS NULL) <> (edition_id IS NULL)", name="article_or_edition"),)
    NAME_LENGTH = 120
    TITLE_LENGTH = 200

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(ForeignKey("stored_file.key"), index=True)
    name: Mapped[str]
    title: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
