"""An application that is being written: kept from its first page on, deleted when it is sent or left lying."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Moment
from .document import Document


class ApplicationDraft(Base):
    """What was typed so far, page by page, and the documents that came with it."""

    __tablename__ = "application_draft"
    LIFE = timedelta(days=14)  # since it was last changed
    MOST_MEMBERS = 15

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    form_number: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()
    language: Mapped[str]
    email_key: Mapped[str] = mapped_column(default="", index=True)
    typed: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)  # by page, as the fields were sent
    done: Mapped[list[str]] = mapped_column(JSON, default=list)  # the pages whose answers were taken
    crew: Mapped[list[dict[str, list[str]]]] = mapped_column(JSON, default=list)  # each member, as the fields were sent
    begun_from_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="SET NULL"), index=True)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment, index=True)

    documents: Mapped[list[Document]] = relationship(
        lazy="raise", order_by=Document.id, cascade="all", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}
