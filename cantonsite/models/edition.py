"""An edition: one holding of the fair, its phases, and the days on which applications are taken."""

import enum
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base

if TYPE_CHECKING:
    from flask_babel import LazyString

PRODUCT_GROUPS = {
    1: _l("Electronics, machinery, vehicles, building materials, energy"),
    2: _l("Consumer goods, gifts, home decoration"),
    3: _l("Textiles, shoes, office supplies, medicines, food"),
}


class Season(enum.StrEnum):
    """The half of the year in which an edition is held."""

    SPRING = "spring"
    AUTUMN = "autumn"


class ApplicationsState(enum.StrEnum):
    """Whether an edition takes applications on a day."""

    NOT_YET = "not yet"
    OPEN = "open"
    CLOSED = "closed"


class Edition(Base):
    """One holding of the fair. All its days are days in the site's time zone."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="starts_before_end"),
        CheckConstraint("applications_open_on <= applications_close_on", name="opens_before_close"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]
    applications_open_on: Mapped[date]
    applications_close_on: Mapped[date]

    phases: Mapped[list["Phase"]] = relationship(
        back_populates="edition", order_by="Phase.number", lazy="raise", cascade="all, delete-orphan"
    )

    @property
    def season(self) -> Season:
        return Season.SPRING if self.starts_on.month < 7 else Season.AUTUMN

    def applications_on(self, day: date) -> ApplicationsState:
        """Whether applications are taken on `day`; the last day counts to its midnight."""
        if day < self.applications_open_on:
            return ApplicationsState.NOT_YET
        return ApplicationsState.OPEN if day <= self.applications_close_on else ApplicationsState.CLOSED


class Phase(Base):
    """A part of an edition: some days and the product groups shown on them."""

    __tablename__ = "phase"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    edition: Mapped[Edition] = relationship(back_populates="phases", lazy="raise")

    @property
    def label(self) -> "LazyString | str":
        return PRODUCT_GROUPS.get(self.number, "")
