"""What the search knows of each text, beside the words themselves, which stand in the table search_fts."""

from sqlalchemy import BigInteger, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Base


class SearchEntry(Base):
    """A text that can be found. Its key counts up with the moment of publication, so that the newest is the highest."""

    __tablename__ = "search_entry"

    key: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    title: Mapped[str] = mapped_column(Text)  # its tokens, a space before and after each
