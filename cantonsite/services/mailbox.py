"""The demonstration's mailbox: a Maildir in the instance folder, read in the browser at /mailbox."""

import email
import email.policy
import mailbox
import re
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import current_app

_HEADERS = BytesHeaderParser(policy=email.policy.default)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that the site has sent, as its recipient sees it. What a list does not show is read when asked for."""

    key: str
    subject: str
    recipient: str
    sent_at: datetime
    message: bytes

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """All headers, in their order."""
        return tuple((name, str(value)) for name, value in _HEADERS.parsebytes(self.message).items())

    @property
    def text(self) -> str:
        """The text part; empty if it has none."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part; empty if it has none."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = email.message_from_bytes(self.message, policy=email.policy.default).get_body((kind,))
        return part.get_content() if part else ""


def put(message: bytes) -> None:
    """Keep one message. A reader sees it whole or not at all."""
    _maildir().add(message)


def newest_first(most: int = 200) -> list[Mail]:
    """What the site has mailed, the newest first. However many there are, no more than `most` are read."""
    box = _maildir()
    return [_read(key, box) for key in sorted(box.keys(), key=_arrival, reverse=True)[:most]]


def get(key: str) -> Mail | None:
    """One mail by its key, or None."""
    box = _maildir()
    return _read(key, box) if key in box else None


def _arrival(key: str) -> list[int]:
    """The order of arrival: second, microsecond, process and count stand in a Maildir's key."""
    return [int(number) for number in re.findall(r"\d+", key)[:4]]


def _maildir() -> mailbox.Maildir:
    return mailbox.Maildir(str(Path(current_app.instance_path, "mailbox")), create=True)


def _read(key: str, box: mailbox.Maildir) -> Mail:
    message = box.get_bytes(key)
    headers = _HEADERS.parsebytes(message)
    return Mail(
        key=key,
        subject=str(headers["Subject"]),
        recipient=str(headers["To"]),
        sent_at=parsedate_to_datetime(str(headers["Date"])),
        message=message,
    )
