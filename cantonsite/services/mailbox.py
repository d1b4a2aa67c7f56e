"""The demonstration's mailbox: a Maildir in the instance folder, read in the browser at /mailbox."""

import email
import email.policy
import mailbox
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import current_app


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that the site has sent, as its recipient sees it."""

    key: str
    subject: str
    recipient: str
    sent_at: datetime
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]


def put(message: bytes) -> None:
    """Keep one message. A reader sees it whole or not at all."""
    _maildir().add(message)


def newest_first(most: int = 200) -> list[Mail]:
    """What the site has mailed, the newest first."""
    box = _maildir()
    mails = [_read(key, box) for key in box.keys()]  # noqa: SIM118  a Maildir iterates over messages
    return sorted(mails, key=_order, reverse=True)[:most]


def get(key: str) -> Mail | None:
    """One mail by its key, or None."""
    box = _maildir()
    return _read(key, box) if key in box else None


def _order(mail: Mail) -> tuple:
    """By second, then by the order of arrival, which is in the numbers of a Maildir's key."""
    return mail.sent_at, [int(number) for number in re.findall(r"\d+", mail.key)]


def _maildir() -> mailbox.Maildir:
    return mailbox.Maildir(str(Path(current_app.instance_path, "mailbox")), create=True)


def _read(key: str, box: mailbox.Maildir) -> Mail:
    message = email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
    return Mail(
        key=key,
        subject=str(message["Subject"]),
        recipient=str(message["To"]),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers=tuple((name, str(value)) for name, value in message.items()),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part else ""
