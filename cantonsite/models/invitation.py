"""An application, the statuses it may have, and the changes that are allowed between them."""

import enum
import re
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Base, Changed, Moment
from .audit import AuditEvent
from .columns import choice
from .edition import Edition

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd·]+")


class Labelled(enum.StrEnum):
    """An enumeration whose members are shown to people; LABELS has the words."""

    @property
    def label(self) -> LazyString:
        return LABELS[self]


class Status(Labelled):
    """Where an application is."""

    SUBMITTED = "submitted"
    INFORMATION_NEEDED = "information_needed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class ApplicantRole(Labelled):
    """What the applicant does at the fair."""

    REPORTER = "reporter"
    PHOTOGRAPHER = "photographer"
    VIDEO = "video"
    TECHNICIAN = "technician"
    EDITOR = "editor"
    ASSISTANT = "assistant"


class OutletKind(Labelled):
    """What kind of medium the applicant works for."""

    PRINT = "print"
    ONLINE = "online"
    RADIO = "radio"
    TELEVISION = "television"
    AGENCY = "agency"
    FREELANCE = "freelance"


class ProofKind(Labelled):
    """How an applicant shows to be a journalist. Files join with uploads; links serve today."""

    LINKS = "links"
    BYLINES = "bylines"
    MASTHEAD = "masthead"
    PRESS_CARD = "press_card"
    ASSIGNMENT = "assignment"


class Missing(Labelled):
    """What a reviewer may ask for."""

    PROOF = "proof"
    OWN_WORK = "own_work"
    OUTLET = "outlet"
    ASSIGNMENT_LETTER = "assignment_letter"
    NAME = "name"
    DATES = "dates"
    OTHER = "other"


LABELS: dict[Labelled, LazyString] = {
    Status.SUBMITTED: _l("Awaiting a decision"),
    Status.INFORMATION_NEEDED: _l("Information needed"),
    Status.APPROVED: _l("Approved"),
    Status.DECLINED: _l("Declined"),
    Status.WITHDRAWN: _l("Withdrawn"),
    Status.REVOKED: _l("Revoked"),
    ApplicantRole.REPORTER: _l("Reporter"),
    ApplicantRole.PHOTOGRAPHER: _l("Photographer"),
    ApplicantRole.VIDEO: _l("Camera or video"),
    ApplicantRole.TECHNICIAN: _l("Technician"),
    ApplicantRole.EDITOR: _l("Editor"),
    ApplicantRole.ASSISTANT: _l("Assistant or interpreter"),
    OutletKind.PRINT: _l("Newspaper or magazine"),
    OutletKind.ONLINE: _l("Online only"),
    OutletKind.RADIO: _l("Radio or podcast"),
    OutletKind.TELEVISION: _l("Television"),
    OutletKind.AGENCY: _l("News agency"),
    OutletKind.FREELANCE: _l("Freelance, for several outlets"),
    ProofKind.LINKS: _l("Links to an online outlet where I am named"),
    ProofKind.BYLINES: _l("Three pieces under my name from the last six months"),
    ProofKind.MASTHEAD: _l("A masthead or imprint that names me, from the last three months"),
    ProofKind.PRESS_CARD: _l("A press card that can be checked online"),
    ProofKind.ASSIGNMENT: _l("A letter of assignment, published or kept online by my editor"),
    Missing.PROOF: _l("Proof that you are a journalist"),
    Missing.OWN_WORK: _l("Links to work of your own"),
    Missing.OUTLET: _l("More about your outlet"),
    Missing.ASSIGNMENT_LETTER: _l("A letter of assignment from your editor"),
    Missing.NAME: _l("Your name as it is written in your passport"),
    Missing.DATES: _l("The days on which you come"),
    Missing.OTHER: _l("Something else, described below"),
}

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.SUBMITTED: frozenset({Status.INFORMATION_NEEDED, Status.APPROVED, Status.DECLINED, Status.WITHDRAWN}),
    Status.INFORMATION_NEEDED: frozenset({Status.SUBMITTED, Status.DECLINED, Status.WITHDRAWN}),
    Status.APPROVED: frozenset({Status.SUBMITTED, Status.REVOKED, Status.WITHDRAWN}),
    Status.DECLINED: frozenset({Status.SUBMITTED}),
    Status.WITHDRAWN: frozenset(),
    Status.REVOKED: frozenset(),
}


class TransitionNotAllowed(Exception):
    """The application is not in a status from which this may be done."""

    def __init__(self, status: Status, wanted: Status):
        super().__init__(f"{status.value} to {wanted.value}")
        self.status, self.wanted = status, wanted


class Application(Base):
    """What a journalist submits for one edition."""

    __tablename__ = "application"
    NAME_LENGTH = 100
    EMAIL_LENGTH = 254
    PHONE_LENGTH = 40
    OUTLET_LENGTH = 150
    WEBSITE_LENGTH = 300
    TOPICS_LENGTH = 1000
    LINK_LENGTH = 500
    MOST_LINKS = 10
    NOTE_LENGTH = 2000

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    form_number: Mapped[str] = mapped_column(unique=True)
    status: Mapped[Status] = mapped_column(choice(Status), default=Status.SUBMITTED)
    version: Mapped[int] = mapped_column()
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    language: Mapped[str]
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    waiting_since: Mapped[datetime] = mapped_column(Moment)
    answer_by: Mapped[date]

    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(default="")
    nationality: Mapped[str]
    role: Mapped[ApplicantRole] = mapped_column(choice(ApplicantRole))
    outlet_name: Mapped[str]
    outlet_key: Mapped[str] = mapped_column(index=True)
    outlet_country: Mapped[str]
    outlet_kind: Mapped[OutletKind] = mapped_column(choice(OutletKind))
    outlet_website: Mapped[str] = mapped_column(default="")
    phases: Mapped[list[int]] = mapped_column(JSON)
    topics: Mapped[str] = mapped_column(Text, default="")
    proof_kind: Mapped[ProofKind] = mapped_column(choice(ProofKind))
    proof_links: Mapped[list[str]] = mapped_column(JSON)
    needs_letter: Mapped[bool] = mapped_column(default=False)
    declared_at: Mapped[datetime] = mapped_column(Moment)

    edition: Mapped[Edition] = relationship(lazy="raise")
    events: Mapped[list[AuditEvent]] = relationship(
        lazy="raise", order_by=AuditEvent.id, cascade="all", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_application_queue", "status", "waiting_since", "id"),
        # One living application per address and edition; whoever withdrew may apply anew.
        Index(
            "uq_application_living",
            "edition_id",
            "email_key",
            unique=True,
            sqlite_where=text("status != 'withdrawn'"),
            postgresql_where=text("status != 'withdrawn'"),
        ),
    )

    @property
    def name(self) -> str:
        """The whole name: given name first, but 何婉清, family name first and unspaced, where both are Han."""
        if HAN.fullmatch(self.given_name) and HAN.fullmatch(self.family_name):
            return self.family_name + self.given_name
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def awaits_decision(self) -> bool:
        return self.status is Status.SUBMITTED

    def must_be(self, seen: int) -> None:
        """Raise Changed unless the version is still the one that the actor saw."""
        if self.version != seen:
            raise Changed

    def may_become(self, status: Status) -> bool:
        return status in TRANSITIONS[self.status]

    def transition_to(self, status: Status) -> None:
        """Move to another status. Raises TransitionNotAllowed when the table above has no such change."""
        if not self.may_become(status):
            raise TransitionNotAllowed(self.status, status)
        self.status = status

    def differs_from(self, answers: dict[str, Any]) -> bool:
        """Whether these answers say something else than what is kept."""
        return any(getattr(self, name) != value for name, value in answers.items())
