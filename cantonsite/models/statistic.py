"""What stays of applications that are deleted: counts, in which nobody can be found."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Base


class Statistic(Base):
    """How many deleted applications of an edition shared one fact. No two facts of one person stand together."""

    __tablename__ = "statistic"
    __table_args__ = (UniqueConstraint("edition_id", "measure", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    measure: Mapped[str]
    label: Mapped[str]
    number: Mapped[int]
