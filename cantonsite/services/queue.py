"""The desk's lists: applications, oldest waiting first, and the outbox. Read by keyset, counted with a cap."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from ..database import db
from ..models import Application, OutgoingMail
from ..models.invitation import Status
from ..models.outbox import MailState
from .folding import fold

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


def applications(status: Status | None = None, words: str = "", after: str | None = None) -> Keyset:
    """Applications of one status or of all, those that have waited longest first."""
    rows = _narrowed(select(Application), status, words).options(joinedload(Application.edition))
    if key := read_key(after):
        rows = rows.where(tuple_(Application.waiting_since, Application.id) > key)
    found = list(db.session.scalars(rows.order_by(Application.waiting_since, Application.id).limit(ROWS + 1)))
    more = len(found) > ROWS
    found = found[:ROWS]
    return Keyset(found, write_key(found[-1].waiting_since, found[-1].id) if more else None)


def counts(words: str = "") -> dict[Status | None, Count]:
    """How many applications each status has, and all of them (None)."""
    return {status: count(_narrowed(select(Application.id), status, words)) for status in (*Status, None)}


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


def _narrowed(rows: Select, status: Status | None, words: str) -> Select:
    if status:
        rows = rows.where(Application.status == status)
    for word in words.split()[:6]:
        name = func.lower(Application.given_name + " " + Application.family_name)
        pattern = f"%{escape(word.lower())}%"
        rows = rows.where(
            or_(
                name.like(pattern, escape="\\"),
                Application.outlet_key.like(f"%{escape(fold(word))}%", escape="\\"),
                Application.email_key.like(f"%{escape(word.casefold())}%", escape="\\"),
                Application.reference.like(f"%{escape(word.upper())}%", escape="\\"),
            )
        )
    return rows


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
        return (at, int(row_id[:15])) if at.tzinfo else None
    except ValueError:
        return None
