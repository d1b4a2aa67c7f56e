"""An application, the statuses it may have, and the changes that are allowed between them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ..database import Base, Changed, Moment
from .applicant import RULES_VERSION, ApplicantKind, ProofKind
from .audit import AuditEvent
from .columns import choice
from .document import Document
from .edition import Edition
from .labelled import Labelled
from .names import phone_key, whole_name

if TYPE_CHECKING:
    from .desk_work import ApplicationNote
    from .staff import StaffMember


class OfApplications(Labelled):
    """What is said of an application; LABELS has the words."""

    @property
    def label(self) -> LazyString:
        return LABELS[type(self)][self]


class Status(OfApplications):
    """Where an application is."""

    SUBMITTED = "submitted"
    INFORMATION_NEEDED = "information_needed"
    WAITING_LIST = "waiting_list"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class ApplicantRole(OfApplications):
    """What the applicant does at the fair."""

    REPORTER = "reporter"
    PHOTOGRAPHER = "photographer"
    VIDEO = "video"
    TECHNICIAN = "technician"
    EDITOR = "editor"
    ASSISTANT = "assistant"


class OutletKind(OfApplications):
    """What kind of medium the applicant works for."""

    PRINT = "print"
    ONLINE = "online"
    RADIO = "radio"
    TELEVISION = "television"
    AGENCY = "agency"
    FREELANCE = "freelance"


class Missing(OfApplications):
    """What a reviewer may ask for."""

    PROOF = "proof"
    OWN_WORK = "own_work"
    PRESS_CARD = "press_card"
    ASSIGNMENT_LETTER = "assignment_letter"
    EDITOR = "editor"
    PHOTO = "photo"
    NAME = "name"
    PHONE = "phone"
    OUTLET = "outlet"
    WEBSITE = "website"
    TOPICS = "topics"
    PHASES = "phases"
    DATES = "dates"
    OTHER = "other"


LABELS: dict[type[OfApplications], dict[OfApplications, LazyString]] = {  # by kind: two kinds may share a value
    Status: {
        Status.SUBMITTED: _l("Awaiting a decision"),
        Status.INFORMATION_NEEDED: _l("Information needed"),
        Status.WAITING_LIST: _l("On the waiting list"),
        Status.APPROVED: _l("Approved"),
        Status.DECLINED: _l("Declined"),
        Status.WITHDRAWN: _l("Withdrawn"),
        Status.REVOKED: _l("Revoked"),
    },
    ApplicantRole: {
        ApplicantRole.REPORTER: _l("Reporter"),
        ApplicantRole.PHOTOGRAPHER: _l("Photographer"),
        ApplicantRole.VIDEO: _l("Camera or video"),
        ApplicantRole.TECHNICIAN: _l("Technician"),
        ApplicantRole.EDITOR: _l("Editor"),
        ApplicantRole.ASSISTANT: _l("Assistant or interpreter"),
    },
    OutletKind: {
        OutletKind.PRINT: _l("Newspaper or magazine"),
        OutletKind.ONLINE: _l("Online only"),
        OutletKind.RADIO: _l("Radio or podcast"),
        OutletKind.TELEVISION: _l("Television"),
        OutletKind.AGENCY: _l("News agency"),
        OutletKind.FREELANCE: _l("Freelance, for several outlets"),
    },
    Missing: {
        Missing.PROOF: _l("Proof that you are a journalist"),
        Missing.OWN_WORK: _l("Links to work of your own"),
        Missing.PRESS_CARD: _l("A press card that can be read and has not run out"),
        Missing.ASSIGNMENT_LETTER: _l("A letter of assignment from your editor"),
        Missing.EDITOR: _l("The name and address of your editor"),
        Missing.PHOTO: _l("A photo that the pass can show"),
        Missing.NAME: _l("Your name as it is written in your passport"),
        Missing.PHONE: _l("Your phone number"),
        Missing.OUTLET: _l("More about your outlet"),
        Missing.WEBSITE: _l("The website of your outlet"),
        Missing.TOPICS: _l("What you want to report on"),
        Missing.PHASES: _l("The phases in which you come"),
        Missing.DATES: _l("The days on which you come"),
        Missing.OTHER: _l("Something else, described below"),
    },
}

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.SUBMITTED: frozenset(
        {Status.INFORMATION_NEEDED, Status.WAITING_LIST, Status.APPROVED, Status.DECLINED, Status.WITHDRAWN}
    ),
    Status.INFORMATION_NEEDED: frozenset({Status.SUBMITTED, Status.DECLINED, Status.WITHDRAWN}),
    Status.WAITING_LIST: frozenset({Status.SUBMITTED, Status.APPROVED, Status.WITHDRAWN}),
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
    CITY_LENGTH = 100
    INTERVIEWS_LENGTH = 1000
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

    applicant_kind: Mapped[ApplicantKind] = mapped_column(choice(ApplicantKind))
    rules_version: Mapped[int] = mapped_column(default=RULES_VERSION)
    given_name: Mapped[str]
    family_name: Mapped[str]
    native_name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(index=True)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(default="")
    phone_key: Mapped[str] = mapped_column(default="", index=True)  # its last digits, however it is written
    nationality: Mapped[str]
    role: Mapped[ApplicantRole] = mapped_column(choice(ApplicantRole))
    outlet_name: Mapped[str]
    outlet_key: Mapped[str] = mapped_column(index=True)
    outlet_country: Mapped[str]
    outlet_kind: Mapped[OutletKind] = mapped_column(choice(OutletKind))
    outlet_website: Mapped[str] = mapped_column(default="")
    phases: Mapped[list[int]] = mapped_column(JSON)
    arrives_on: Mapped[date | None]
    departs_on: Mapped[date | None]
    topics: Mapped[str] = mapped_column(Text, default="")
    interviews: Mapped[str] = mapped_column(Text, default="")
    live_broadcast: Mapped[bool] = mapped_column(default=False)
    proof_kind: Mapped[ProofKind] = mapped_column(choice(ProofKind))
    proof_links: Mapped[list[str]] = mapped_column(JSON)
    editor_name: Mapped[str] = mapped_column(default="")
    editor_email: Mapped[str] = mapped_column(default="")
    editor_says: Mapped[bool | None]
    editor_said_at: Mapped[datetime | None] = mapped_column(Moment)
    needs_letter: Mapped[bool] = mapped_column(default=False)
    letter_city: Mapped[str] = mapped_column(default="")
    press_list: Mapped[bool] = mapped_column(default=False)
    declared_at: Mapped[datetime] = mapped_column(Moment)

    # A member of a crew: the application of whoever applied for them, whose address is theirs too, and their own name
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    member_key: Mapped[str] = mapped_column(default="")

    # At the desk: who looks at it, what it is marked with, and until when an answer is waited for
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    decided_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    asked_until: Mapped[date | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    listed_at: Mapped[datetime | None] = mapped_column(Moment)  # on the waiting list since

    edition: Mapped[Edition] = relationship(lazy="raise")
    assigned_to: Mapped["StaffMember | None"] = relationship(lazy="raise")
    documents: Mapped[list[Document]] = relationship(
        lazy="raise", order_by=Document.id, cascade="all", passive_deletes=True
    )
    notes: Mapped[list["ApplicationNote"]] = relationship(
        lazy="raise", order_by="ApplicationNote.id", cascade="all", passive_deletes=True
    )
    events: Mapped[list[AuditEvent]] = relationship(
        lazy="raise", order_by=AuditEvent.id, cascade="all", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_application_queue", "status", "waiting_since", "id"),
        # One living application per address and edition, and one per member of a crew; whoever withdrew may apply anew.
        Index(
            "uq_application_living",
            "edition_id",
            "email_key",
            "member_key",
            unique=True,
            sqlite_where=text("status != 'withdrawn'"),
            postgresql_where=text("status != 'withdrawn'"),
        ),
    )

    @validates("phone")
    def _read_digits(self, _name: str, value: str) -> str:
        self.phone_key = phone_key(value)
        return value

    @property
    def name(self) -> str:
        """The whole name, in the order of its script."""
        return whole_name(self.given_name, self.family_name)

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
