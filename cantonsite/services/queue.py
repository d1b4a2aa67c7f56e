"""The desk's lists: applications, oldest waiting first, and the outbox. Read by keyset, counted with a cap."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, cast, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from .. import clock
from ..database import db
from ..models import Application, Edition, OutgoingMail
from ..models.applicant import ApplicantKind, ProofKind
from ..models.invitation import OutletKind, Status
from ..models.outbox import MailState
from .folding import fold, name_key

ROWS = 25
COUNT_CAP = 1000


@dataclass(frozen=True, slots=True)
class Keyset:
    """Some rows of a long list, and the key to go on with; None on the last page."""

    rows: list[Any]
    after: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many, up to a cap: beyond it, `capped` is set and the number is the cap."""

    number: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """Which applications a list shows; what is None or empty does not narrow it."""

    status: Status | None = None
    words: str = ""
    edition: int | None = None
    kind: ApplicantKind | None = None
    country: str = ""
    outlet_kind: OutletKind | None = None
    proof: ProofKind | None = None
    waits: int = 0  # days at least
    tag: str = ""
    assigned_to: int | None = None  # a colleague's number; 0 for nobody

    @property
    def narrows(self) -> bool:
        """Whether anything but the status is chosen."""
        return self != Filter(status=self.status)


def applications(chosen: Filter, after: str | None = None) -> Keyset:
    """The applications of a list, those that have waited longest first."""
    rows = _in_order(narrowed(select(Application), chosen))
    if key := read_key(after):
        rows = rows.where(_behind(key))
    found = list(db.session.scalars(rows.limit(ROWS + 1)))
    more = len(found) > ROWS
    found = found[:ROWS]
    return Keyset(found, write_key(found[-1].waiting_since, found[-1].id) if more else None)


def every(chosen: Filter, most: int) -> list[Application]:
    """The first so many of a list."""
    return list(db.session.scalars(_in_order(narrowed(select(Application), chosen)).limit(most)))


def by_number(numbers: Sequence[int]) -> list[Application]:
    """Those that have these numbers, in the order of the queue."""
    return list(db.session.scalars(_in_order(select(Application).where(Application.id.in_(numbers)))))


def first(chosen: Filter) -> Application | None:
    """What has waited longest in a list."""
    return db.session.scalar(_in_order(narrowed(select(Application), chosen)).limit(1))


def next_of(chosen: Filter, application: Application) -> Application | None:
    """What comes behind this one in a list, or the first of the list if it was the last."""
    rows = _in_order(narrowed(select(Application), chosen)).where(Application.id != application.id).limit(1)
    behind = rows.where(_behind((application.waiting_since, application.id)))
    return db.session.scalar(behind) or db.session.scalar(rows)


def counts(chosen: Filter) -> dict[Status | None, Count]:
    """How many applications each status has, and all of them (None), as far as the rest of the filter lets them."""
    return {each: count(narrowed(select(Application.id), replace(chosen, status=each))) for each in (*Status, None)}


def _in_order(rows: Select) -> Select:
    whole = rows.options(joinedload(Application.edition), joinedload(Application.assigned_to))
    return whole.order_by(Application.waiting_since, Application.id)


def _behind(key: tuple[datetime, int]):
    return tuple_(Application.waiting_since, Application.id) > key


def mails(state: MailState | None = None, after: str | None = None) -> Keyset:
    """The outbox, newest first."""
    rows = select(OutgoingMail)
    if state:
        rows = rows.where(OutgoingMail.state == state)
    if after and after.isascii() and after.isdigit():
        rows = rows.where(OutgoingMail.id < int(after[:15]))
    found = list(db.session.scalars(rows.order_by(OutgoingMail.id.desc()).limit(ROWS + 1)))
    more = len(found) > ROWS
    return Keyset(found[:ROWS], str(found[ROWS - 1].id) if more else None)


def mail_counts() -> dict[MailState | None, Count]:
    """How many mails are in each state, and in all."""
    each = {state: count(select(OutgoingMail.id).where(OutgoingMail.state == state)) for state in MailState}
    return each | {None: count(select(OutgoingMail.id))}


def mails_about(application: Application) -> list[OutgoingMail]:
    """What was or will be mailed about one application, newest first."""
    about = select(OutgoingMail).where(OutgoingMail.application_id == application.id)
    return list(db.session.scalars(about.order_by(OutgoingMail.id.desc()).limit(50)))


def narrowed(rows: Select, chosen: Filter) -> Select:
    """A selection of applications with no more than what the filter lets through."""
    return rows.where(*_conditions(chosen), *_with_words(chosen.words))


def _conditions(chosen: Filter) -> Iterator[Any]:
    equal = {
        Application.status: chosen.status,
        Application.applicant_kind: chosen.kind,
        Application.outlet_country: chosen.country,
        Application.outlet_kind: chosen.outlet_kind,
        Application.proof_kind: chosen.proof,
    }
    yield from (column == value for column, value in equal.items() if value)
    if chosen.edition:
        yield Application.edition_id == select(Edition.id).where(Edition.number == chosen.edition).scalar_subquery()
    if chosen.waits:
        yield Application.waiting_since <= clock.now() - timedelta(days=chosen.waits)
    if chosen.tag:  # a list is kept as its JSON text: the tag stands in it with its quotes
        yield cast(Application.tags, Text).like(f"%{escape(json.dumps(chosen.tag))}%", escape="\\")
    if chosen.assigned_to is not None:
        yield Application.assigned_to_id == (chosen.assigned_to or None)


def _with_words(words: str) -> Iterator[Any]:
    for word in words.split()[:6]:
        name = func.lower(Application.given_name + " " + Application.family_name)
        whole = name_key(word).replace(" ", "%")  # folded in Python: SQLite knows capitals of ASCII only
        yield or_(
            name.like(f"%{escape(word.lower())}%", escape="\\"),
            *([Application.name_key.like(f"%{whole}%")] if whole else []),
            Application.native_name.icontains(word, autoescape=True),
            Application.outlet_key.like(f"%{escape(fold(word))}%", escape="\\"),
            Application.email_key.like(f"%{escape(word.casefold())}%", escape="\\"),
            Application.reference.like(f"%{escape(word.upper())}%", escape="\\"),
        )


def count(rows: Select) -> Count:
    """How many rows a statement finds, up to the cap."""
    number = db.session.scalar(select(func.count()).select_from(rows.limit(COUNT_CAP + 1).subquery()))
    return Count(min(number, COUNT_CAP), number > COUNT_CAP)


def escape(word: str) -> str:
    """A word for LIKE with `escape="\\"`: its own signs are no wildcards."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def write_key(moment: datetime, row_id: int) -> str:
    """The key of a row in an address: where the next page goes on."""
    return f"{moment.isoformat()}~{row_id}"


def read_key(given: str | None) -> tuple[datetime, int] | None:
    """The key in an address; a mangled one starts the list anew."""
    try:
        moment, _, row_id = (given or "").partition("~")
        at = datetime.fromisoformat(moment)
        return (at.astimezone(UTC), int(row_id[:9])) if at.tzinfo else None
    except (ValueError, OverflowError):  # of the first day of all days there is no time further east
        return None
