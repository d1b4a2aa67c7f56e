"""A message as it is handed to the mail server."""

from email.policy import SMTP, EmailPolicy
from typing import Any

import flask_mail

KEPT_WHOLE = {"list-unsubscribe", "references", "in-reply-to"}
MOST_OCTETS_A_LINE = 998  # RFC 5322, 2.1.1


class _WholeIds(EmailPolicy):
    """Python 3.11 turns what it cannot fold into encoded words, which in an address or an id no mail program reads."""

    def fold(self, name: str, value: Any) -> str:
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        whole = self._whole(name, value)
        return whole.encode("ascii") if whole else super().fold_binary(name, value)

    def _whole(self, name: str, value: Any) -> str:
        line = f"{name}: {value}"
        fits = name.lower() in KEPT_WHOLE and line.isascii() and len(line) <= MOST_OCTETS_A_LINE
        return line + self.linesep if fits else ""


class Message(flask_mail.Message):
    """Flask-Mail's message with the addresses and ids in its headers left as they are."""

    def as_bytes(self) -> bytes:
        message = self._message()
        message.policy = _WholeIds(linesep=SMTP.linesep)
        return message.as_bytes()
