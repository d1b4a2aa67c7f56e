"""Places: how many may be approved for an edition, or for one of its phases, for a country or for a kind of outlet."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Base
from .invitation import Application


class PlaceLimit(Base):
    """So many places for those whom all of its conditions meet; an empty condition meets everybody."""

    __tablename__ = "place_limit"
    __table_args__ = (
        UniqueConstraint("edition_id", "phase", "country", "outlet_kind"),
        CheckConstraint("number >= 0", name="not_negative"),
    )
    MOST_PLACES = 100_000

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    phase: Mapped[int] = mapped_column(default=0)  # 0: any; NULL would let the same conditions stand twice
    country: Mapped[str] = mapped_column(default="")  # of the outlet
    outlet_kind: Mapped[str] = mapped_column(default="")
    number: Mapped[int]

    def meets(self, application: Application) -> bool:
        """Whether an application needs one of these places."""
        return (
            self.edition_id == application.edition_id
            and self.phase in (0, *application.phases)
            and self.country in ("", application.outlet_country)
            and self.outlet_kind in ("", application.outlet_kind.value)
        )
