"""The outbox: mail is a row, written in the transaction of its cause, and sent afterwards by the deliverer.

The outbox knows a registry of kinds of mail and no subject: each kind (services/mails/) says what its templates
need and whether events have overtaken it.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Row, insert, or_, select, update

from .. import clock
from ..database import transaction
from ..models import Application, OutgoingMail, StaffMember, Subscriber
from ..models.outbox import MailState
from . import addresses


class Overtaken(Exception):
    """Events have overtaken the mail: what it says is no longer so, and it is not sent."""


class Mail:
    """A kind of mail. Its name is its template folder, templates/mail/<name>/."""

    name: ClassVar[str]

    def __init__(self, row: OutgoingMail):
        self.row = row

    def recipient(self) -> str:
        """The one address that it goes to."""
        return self.row.recipient

    def language(self) -> str:
        """The language that it is written in."""
        return self.row.language

    def headers(self) -> dict[str, str]:
        """The headers that it has beside those of every mail. Asked after `context`."""
        return {}

    def context(self) -> dict[str, Any]:
        """What its templates show, gathered when it leaves. Raises Overtaken when it should not leave."""
        raise NotImplementedError


KINDS: dict[str, type[Mail]] = {}


def register(kind: type[Mail]) -> type[Mail]:
    """Make a kind of mail known to the deliverer."""
    KINDS[kind.name] = kind
    return kind


def enqueue(
    kind: type[Mail],
    *,
    recipient: str,
    language: str,
    application: Application | None = None,
    staff: StaffMember | None = None,
    subscriber: Subscriber | None = None,
    not_before: datetime | None = None,
    **details: Any,
) -> OutgoingMail:
    """Put one mail to one recipient in the outbox, in the transaction that is open.

    Its Message-ID is fixed here, so that a repeat can be recognised; mails to one recipient about one
    application, or about the members of one crew, refer to the first of them and make a thread.
    """
    now = clock.now()
    with transaction() as session:
        row = OutgoingMail(
            kind=kind.name,
            recipient=recipient,
            language=language,
            message_id=_new_id(kind),
            references=_first_of_thread(application, recipient) if application else "",
            application_id=application.id if application else None,
            staff_id=staff.id if staff else None,
            subscriber_id=subscriber.id if subscriber else None,
            details=details,
            state=MailState.WAITING,
            created_at=now,
            due_at=not_before or now,
        )
        session.add(row)
        session.flush()
    return row


def enqueue_for_many(kind: type[Mail], *, bulletin_id: int, subscribers: Sequence[Row | Subscriber]) -> None:
    """Put one mail of a send to many in the outbox for each subscriber (id, email, language), behind all other mail."""
    now = clock.now()
    rows = [
        {
            "kind": kind.name,
            "recipient": each.email,
            "language": each.language,
            "message_id": _new_id(kind),
            "subscriber_id": each.id,
            "bulletin_id": bulletin_id,
            "priority": OutgoingMail.BULK,
            "created_at": now,
            "due_at": now,
        }
        for each in subscribers
    ]
    if rows:
        with transaction() as session:
            session.execute(insert(OutgoingMail), rows)


def stop(bulletin_id: int) -> None:
    """Take back the mails of a send to many that nobody has claimed, in one UPDATE against the claim's own columns."""
    now = clock.now()
    waiting = (OutgoingMail.bulletin_id == bulletin_id, OutgoingMail.state == MailState.WAITING)
    free = or_(OutgoingMail.lease_until.is_(None), OutgoingMail.lease_until < now)
    with transaction() as session:
        taken_back = update(OutgoingMail).where(*waiting, free)
        session.execute(taken_back.values(state=MailState.SKIPPED, ended_at=now, error="stopped"))


def _new_id(kind: type[Mail]) -> str:
    return f"<{kind.name}.{secrets.token_hex(12)}@{addresses.host()}>"


def _first_of_thread(application: Application, recipient: str) -> str:
    first = application.lead_id or application.id
    with transaction() as session:
        return (
            session.scalar(
                select(OutgoingMail.message_id)
                .where(OutgoingMail.application_id == first, OutgoingMail.recipient == recipient)
                .order_by(OutgoingMail.id)
                .limit(1)
            )
            or ""
        )


def cancel(application: Application, kinds: Sequence[type[Mail]]) -> bool:
    """Take back this application's waiting mails of these kinds. False if one has already been claimed.

    One conditional UPDATE against the same columns as the deliverer's claim: either this or the claim wins.
    """
    mine = (
        OutgoingMail.application_id == application.id,
        OutgoingMail.kind.in_([kind.name for kind in kinds]),
        OutgoingMail.state == MailState.WAITING,
    )
    with transaction() as session:
        taken_back = update(OutgoingMail).where(*mine, OutgoingMail.attempts == 0)
        session.execute(taken_back.values(state=MailState.SKIPPED, ended_at=clock.now(), error="undone"))
        return session.scalar(select(OutgoingMail.id).where(*mine).limit(1)) is None


def send_again(mail_id: int) -> bool:
    """Let a mail that failed wait once more, from now on. False if it has not failed."""
    with transaction() as session:
        failed = (OutgoingMail.id == mail_id, OutgoingMail.state == MailState.FAILED)
        waiting = {"state": MailState.WAITING, "due_at": clock.now(), "attempts": 0, "ended_at": None, "error": ""}
        return session.execute(update(OutgoingMail).where(*failed).values(waiting)).rowcount == 1
