"""The deliverer: claims mails that are due, renders them late, sends them, and notes what became of each.

At least once, never lost: a mail is claimed under a lease, so what a killed deliverer held is taken up again, and
a repeat carries the same Message-ID.
"""

import logging
import smtplib
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, render_template
from flask_babel import force_locale
from flask_mail import Connection, Message
from sqlalchemy import or_, select, update

from .. import clock
from ..database import db, transaction
from ..extensions import mail
from ..languages import LANGUAGES
from ..models import OutgoingMail
from ..models.outbox import MailState
from . import mailbox, outbox, site
from . import mails as _mails  # noqa: F401  registers every kind of mail

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
PAUSES = (
    *(timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)),
    *(timedelta(hours=1), timedelta(hours=3), timedelta(hours=6), timedelta(hours=6), timedelta(hours=6)),
    *(timedelta(hours=6), timedelta(hours=6), timedelta(hours=6), timedelta(hours=6)),
)  # about 48 hours in all
CONTROLS = {code: None for code in (*range(32), 127)}


@dataclass(frozen=True, slots=True)
class Claim:
    """One mail that this deliverer alone may send until the lease ends."""

    id: int
    lease_until: datetime


class ServerUnreachable(Exception):
    """The mail server could not be spoken to; the next mail would fare no better just now."""


def deliver_due(most: int = 100) -> int:
    """Send what is due, at most so many; returns how many left. Stops early when the server is unreachable."""
    sent = 0
    with ExitStack() as stack:
        channel = Channel(stack)
        for _ in range(most):
            claim = claim_one()
            if claim is None:
                break
            try:
                sent += _deliver(claim, channel)
            except ServerUnreachable:
                break
    return sent


def let_go() -> None:
    """End the reading of the database between two rounds: an idle deliverer must not hold a snapshot."""
    db.session.remove()


def claim_one() -> Claim | None:
    """Claim the mail that has been due for longest, by one conditional UPDATE; None when nothing is due."""
    now = clock.now()
    free = or_(OutgoingMail.lease_until.is_(None), OutgoingMail.lease_until < now)
    due = (
        select(OutgoingMail.id)
        .where(OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at <= now, free)
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(1)
    )
    if db.session.scalar(due) is None:  # a look without the write lock
        db.session.rollback()
        return None
    until = now + LEASE
    taken = (
        update(OutgoingMail)
        .where(OutgoingMail.id == due.with_for_update(skip_locked=True).scalar_subquery())
        .values(lease_until=until, attempts=OutgoingMail.attempts + 1)
        .returning(OutgoingMail.id)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        mail_id = session.scalar(taken)
    return Claim(mail_id, until) if mail_id is not None else None


class Channel:
    """Where mail leaves by: one SMTP connection for many mails, or the demonstration's mailbox."""

    def __init__(self, stack: ExitStack):
        self._stack, self._connection = stack, None

    def send(self, message: Message) -> None:
        if not current_app.config["MAIL_SERVER"]:
            mailbox.put(message.as_bytes())
            return
        self._open().send(message)

    def _open(self) -> Connection:
        if self._connection is None:
            try:
                self._connection = self._stack.enter_context(mail.connect())
            except (OSError, smtplib.SMTPException) as error:
                raise ServerUnreachable(_words(error)) from error
        return self._connection

    def drop(self) -> None:
        """Forget a connection that has failed; the next mail opens a new one."""
        self._connection = None
        try:
            self._stack.close()
        except (OSError, smtplib.SMTPException) as error:
            log.info("closing the connection to the mail server: %s", error)


def _deliver(claim: Claim, channel: Channel) -> int:
    row = db.session.get(OutgoingMail, claim.id)
    try:
        message = compose(row)
        channel.send(message)
    except outbox.Overtaken as why:
        _end(claim, MailState.SKIPPED, str(why) or "overtaken")
    except ServerUnreachable as error:
        _try_later(claim, row.attempts, str(error))
        raise
    except (OSError, smtplib.SMTPException) as error:
        channel.drop()
        _failed(claim, row.attempts, error)
    except Exception as error:  # a mail that cannot be composed must not hold up the others
        log.exception("mail %s cannot be composed", claim.id)
        _try_later(claim, row.attempts, _words(error))
    else:
        _end(claim, MailState.SENT)
        return 1
    return 0


def compose(row: OutgoingMail) -> Message:
    """The message as it leaves now: subject, text and HTML in the recipient's language.

    Raises outbox.Overtaken when it should not leave.
    """
    kind = outbox.KINDS[row.kind](row)
    language = LANGUAGES[kind.language()]
    with force_locale(language.locale):
        context = {**kind.context(), "site": site.facts(), "language": language.code, "html_lang": language.html}
        subject = render_template(f"mail/{kind.name}/subject.txt", **context)
        body = render_template(f"mail/{kind.name}/body.txt", **context)
        html = render_template(f"mail/{kind.name}/body.html", **context)
    headers = {"Auto-Submitted": "auto-generated"}
    if row.references:
        headers |= {"References": row.references, "In-Reply-To": row.references}
    message = Message(
        subject=" ".join(subject.translate(CONTROLS).split()),
        recipients=[kind.recipient()],
        body=body.strip() + "\n",
        html=html,
        reply_to=current_app.config["PRESS_OFFICE_EMAIL"] or None,
        extra_headers=headers,
    )
    message.msgId = row.message_id  # Flask-Mail would otherwise make a new one for each attempt
    return message


def _failed(claim: Claim, attempts: int, error: Exception) -> None:
    if is_permanent(error):
        _end(claim, MailState.FAILED, _words(error))
    else:
        _try_later(claim, attempts, _words(error))


def is_permanent(error: Exception) -> bool:
    """Whether the server refused for good (5xx). A refused password is ours to mend, so that mail waits."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _try_later(claim: Claim, attempts: int, error: str) -> None:
    if attempts > len(PAUSES):
        _end(claim, MailState.FAILED, error)
        return
    with transaction() as session:
        later = {"lease_until": None, "due_at": clock.now() + PAUSES[attempts - 1], "error": error}
        session.execute(_held(claim).values(later))


def _end(claim: Claim, state: MailState, error: str = "") -> None:
    with transaction() as session:
        session.execute(_held(claim).values(state=state, ended_at=clock.now(), lease_until=None, error=error))


def _held(claim: Claim):
    """The row, if this deliverer still holds it: one whose lease ran out may belong to another by now."""
    return update(OutgoingMail).where(OutgoingMail.id == claim.id, OutgoingMail.lease_until == claim.lease_until)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return f"{code} {_text(text)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(given: bytes | str) -> str:
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)


