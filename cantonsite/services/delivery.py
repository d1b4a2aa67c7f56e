"""The deliverer: claims mails that are due, renders them late, sends them, and notes what became of each.

At least once, never lost: a mail is claimed under a lease, so what a killed deliverer held is taken up again, and
a repeat carries the same Message-ID.
"""

import logging
import smtplib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.charset import QP, Charset

from flask import current_app, render_template
from flask_babel import force_locale
from flask_mail import Connection
from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from .. import clock
from ..database import db, transaction
from ..extensions import mail
from ..languages import LANGUAGES
from ..models import OutgoingMail
from ..models.outbox import MailState
from . import gathering, mailbox, outbox, site
from . import mails as _mails  # noqa: F401  registers every kind of mail
from .message import Message

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
PAUSES = (
    *(timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)),
    *(timedelta(hours=1), timedelta(hours=3), timedelta(hours=6), timedelta(hours=6), timedelta(hours=6)),
    *(timedelta(hours=6), timedelta(hours=6), timedelta(hours=6), timedelta(hours=6)),
)  # about 48 hours in all
CONTROLS = {code: None for code in (*range(32), *range(127, 160))}
LINE_OF_CONTROLS = dict.fromkeys(CONTROLS, " ")
MOST_ERROR_TEXT = 500
OURS_TO_MEND = (530, 534, 535, 538)  # RFC 4954: about the site's own account, whatever they answer
SITE_WITHOUT_SMTP = ("demo", "test")
BODY = Charset("utf-8")
BODY.body_encoding = QP  # a note without a line break would pass the 998 octets that RFC 5321 allows a line


@dataclass(frozen=True, slots=True)
class Claim:
    """One mail that this deliverer alone may send until the lease ends."""

    id: int
    lease_until: datetime
    attempts: int


class ServerUnreachable(Exception):
    """The mail server could not be spoken to; the next mail would fare no better just now."""


def deliver_due(most: int = 100, stopping: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, at most so many; returns how many left.

    Stops early when the server is unreachable, and between two mails when `stopping` says so.
    """
    sent = 0
    with Channel() as channel:
        for _ in range(most):
            claim = None if stopping() else claim_one()
            if claim is None:
                break
            try:
                sent += _deliver(claim, channel)
            except ServerUnreachable:
                break
    return sent


def let_go() -> None:
    """End the reading of the database between two rounds: an idle deliverer must not hold a snapshot.

    Does not raise when the database has gone away, as for a restart: the next round connects anew.
    """
    try:
        db.session.remove()
    except SQLAlchemyError:  # a connection that is gone cannot be rolled back, only forgotten
        db.session().invalidate()
        db.session.remove()


def claim_one() -> Claim | None:
    """Claim the mail that goes first, by one conditional UPDATE; None when nothing is due.

    What has been due for longest goes first, and mail of a send to many after all other.
    """
    now = clock.now()
    free = or_(OutgoingMail.lease_until.is_(None), OutgoingMail.lease_until < now)
    due = (
        select(OutgoingMail.id)
        .where(OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at <= now, free)
        .order_by(OutgoingMail.priority, OutgoingMail.due_at, OutgoingMail.id)
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
        .returning(OutgoingMail.id, OutgoingMail.attempts)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        row = session.execute(taken).one_or_none()
    return Claim(row.id, until, row.attempts) if row else None


class Channel:
    """Where mail leaves by: one SMTP connection for many mails, or the demonstration's mailbox."""

    def __init__(self) -> None:
        self._stack, self._connection = ExitStack(), None

    def __enter__(self) -> "Channel":
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()

    def send(self, message: Message) -> None:
        """Hand one message over. Raises ServerUnreachable before it was begun, what smtplib raises after."""
        if current_app.config["MAIL_SERVER"]:
            self._open().send(message)
        elif current_app.config["ENVIRONMENT"] in SITE_WITHOUT_SMTP:
            mailbox.put(message.as_bytes())
        else:
            raise ServerUnreachable("MAIL_SERVER is missing")

    def _open(self) -> Connection:
        if self._connection is None:
            try:
                connection = self._stack.enter_context(mail.connect())
                connection.host.ehlo_or_helo_if_needed()  # a refused greeting is about the site, not about this mail
            except (OSError, smtplib.SMTPException) as error:
                self.drop()
                raise ServerUnreachable(_words(error)) from error
            self._connection = connection
        return self._connection

    def drop(self) -> None:
        """Say goodbye, or forget a connection that has failed; the next mail opens a new one."""
        self._connection = None
        try:
            self._stack.close()
        except (OSError, smtplib.SMTPException) as error:
            log.info("closing the connection to the mail server: %s", error)


def _deliver(claim: Claim, channel: Channel) -> int:
    try:
        row = db.session.get(OutgoingMail, claim.id)
        if row is None:  # purged with its application a moment ago
            return 0
        if gathering.fold(row):
            return 0
        message = compose(row)
        db.session.rollback()  # a slow mail server must not hold a snapshot of the database open
        channel.send(message)
    except outbox.Overtaken as why:
        _end(claim, MailState.SKIPPED, str(why) or "overtaken")
    except ServerUnreachable as error:
        _try_later(claim, str(error))
        raise
    except (OSError, smtplib.SMTPException) as error:
        channel.drop()
        _failed(claim, error)
    except Exception as error:  # a mail that cannot be composed must not hold up the others
        channel.drop()  # nor leave them a conversation that is half begun
        log.exception("mail %s cannot be composed", claim.id)
        _try_later(claim, _words(error))
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
        spoken = {"language": language.code, "html_lang": language.html, "text_direction": language.direction}
        context = {**kind.context(), "site": site.facts(), **spoken}
        subject = render_template(f"mail/{kind.name}/subject.txt", **context)
        body = render_template(f"mail/{kind.name}/body.txt", **context)
        html = render_template(f"mail/{kind.name}/body.html", **context)
    headers = {"Auto-Submitted": "auto-generated"}
    headers |= {name: value.translate(CONTROLS) for name, value in kind.headers().items()}
    if row.references:
        headers |= {"References": row.references, "In-Reply-To": row.references}
    message = Message(
        subject=" ".join(subject.translate(CONTROLS).split()),
        recipients=[kind.recipient()],
        body=body.strip() + "\n",
        html=html,
        reply_to=current_app.config["PRESS_OFFICE_EMAIL"] or None,
        charset=BODY,
        extra_headers=headers,
    )
    message.msgId = row.message_id  # Flask-Mail would otherwise make a new one for each attempt
    return message


def _failed(claim: Claim, error: Exception) -> None:
    if is_permanent(error):
        _end(claim, MailState.FAILED, _words(error))
    else:
        _try_later(claim, _words(error))


def is_permanent(error: Exception) -> bool:
    """Whether the server refused for good (5xx). A refused password is ours to mend, so that mail waits."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(_is_final(code) for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and _is_final(error.smtp_code)


def _is_final(code: int) -> bool:
    return code >= 500 and code not in OURS_TO_MEND


def _try_later(claim: Claim, error: str) -> None:
    if claim.attempts > len(PAUSES):
        _end(claim, MailState.FAILED, error)
        return
    with transaction() as session:
        later = {"lease_until": None, "due_at": clock.now() + PAUSES[claim.attempts - 1], "error": error}
        session.execute(_held(claim).values(later))


def _end(claim: Claim, state: MailState, error: str = "") -> None:
    with transaction() as session:
        session.execute(_held(claim).values(state=state, ended_at=clock.now(), lease_until=None, error=error))


def _held(claim: Claim):
    """The row, if this deliverer still holds it: one whose lease ran out may belong to another by now."""
    return update(OutgoingMail).where(OutgoingMail.id == claim.id, OutgoingMail.lease_until == claim.lease_until)


def _words(error: Exception) -> str:
    """What the desk shows of an error: one line, without what a database refuses to keep."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        words = f"{code} {_text(text)}"
    elif isinstance(error, smtplib.SMTPResponseException):
        words = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        words = f"{type(error).__name__}: {error}"
    return " ".join(words.translate(LINE_OF_CONTROLS).split())[:MOST_ERROR_TEXT]


def _text(given: bytes | str) -> str:
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)
