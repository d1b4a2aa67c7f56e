"""A real SMTP server for tests: what it answers at each step of the conversation is set while it runs."""

import asyncio
import email
import email.policy
import socket
import ssl
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from cantonsite.database import db
from cantonsite.extensions import mail
from cantonsite.models import OutgoingMail

HOST = "127.0.0.1"
WITHIN_SECONDS = 20
Behaviour = Callable[[Any, str], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Received:
    """One message that the server took responsibility for."""

    recipient: str
    message: EmailMessage
    raw: bytes
    connection: int

    @property
    def id(self) -> str:
        return self.message["Message-ID"]


def refuse(answer: str) -> Behaviour:
    """Say no in these words, and go on with the conversation."""

    async def behave(_smtp: Any, _address: str) -> str:
        return answer

    return behave


def drop() -> Behaviour:
    """Break the connection off without a word."""

    async def behave(smtp: Any, _address: str) -> None:
        smtp.transport.abort()
        await asyncio.sleep(WITHIN_SECONDS)  # cancelled as soon as the connection is gone

    return behave


def wait(seconds: float) -> Behaviour:
    """Take so long to answer."""

    async def behave(_smtp: Any, _address: str) -> None:
        await asyncio.sleep(seconds)

    return behave


class Hold:
    """Say nothing until released; the test learns when a client has come this far."""

    def __init__(self, until: int = 1) -> None:
        self.reached, self.released = threading.Event(), threading.Event()
        self._missing = until

    async def __call__(self, _smtp: Any, _address: str) -> None:
        self._missing -= 1
        if self._missing <= 0:
            self.reached.set()
        while not self.released.is_set():
            await asyncio.sleep(0.01)


class Server:
    """The server, its port, and what it has received. It can go down and come up again on the same port."""

    def __init__(self, **options: Any) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        self.received: list[Received] = []
        self.asked: list[tuple[str, str]] = []  # each step that a client took, with its address
        self._behaviours: dict[tuple[str, str], Behaviour] = {}
        self._connections: dict[Any, int] = {}
        self._options, self._controller = options, None

    def at(self, step: str, behaviour: Behaviour | None, only: str = "") -> None:
        """Behave so at EHLO, MAIL, RCPT, DATA (all was read, nothing is kept) or KEPT (before the reply to it).

        `only` names a recipient. None goes back to saying yes.
        """
        self._behaviours[step, only] = behaviour or wait(0)

    def up(self) -> None:
        self._controller = Controller(self, hostname=HOST, port=self.port, server_hostname="mail.test", **self._options)
        self._controller.start()

    def down(self) -> None:
        if self._controller:
            self._controller.stop()
        self._controller = None

    def to(self, recipient: str) -> list[Received]:
        return [each for each in self.received if each.recipient == recipient]

    async def _meet(self, step: str, smtp: Any, address: str = "") -> str | None:
        self.asked.append((step, address))
        chosen = self._behaviours.get((step, address)) or self._behaviours.get((step, ""))
        return await chosen(smtp, address) if chosen else None

    async def handle_EHLO(self, smtp: Any, session: Any, _envelope: Any, hostname: str, lines: list[str]) -> list[str]:
        session.host_name = hostname
        refused = await self._meet("EHLO", smtp)
        return [refused] if refused else lines

    async def handle_MAIL(self, smtp: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if refused := await self._meet("MAIL", smtp):
            return refused
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, smtp: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if refused := await self._meet("RCPT", smtp, address):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: Any, session: Any, envelope: Any) -> str:
        address = envelope.rcpt_tos[0]
        if refused := await self._meet("DATA", smtp, address):
            return refused
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        connection = self._connections.setdefault(session.peer, len(self._connections))
        for recipient in envelope.rcpt_tos:
            self.received.append(Received(recipient, message, envelope.content, connection))
        return await self._meet("KEPT", smtp, address) or "250 OK"

    async def handle_QUIT(self, smtp: Any, _session: Any, _envelope: Any) -> str:
        return await self._meet("QUIT", smtp) or "221 Goodbye"


@contextmanager
def serving(**options: Any) -> Iterator[Server]:
    """A server that is up; options are aiosmtpd's."""
    server = Server(**options)
    server.up()
    try:
        yield server
    finally:
        server.down()


@contextmanager
def certificate() -> Iterator[str]:
    """The path of the self-signed certificate, with its key: for "localhost" alone, signed by nobody."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "self-signed.pem")
        path.write_text(SELF_SIGNED, encoding="ascii")
        yield str(path)


def point(app: Flask, server: Server, host: str = HOST, **settings: Any) -> None:
    """Let the site send by this server."""
    app.config.update(MAIL_SERVER=host, MAIL_PORT=server.port, **settings)
    mail.init_app(app)


def outgoing(app: Flask, recipient: str = "") -> list[OutgoingMail]:
    """What the outbox holds for a recipient, the oldest first."""
    with app.app_context():
        rows = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        return [row for row in rows if recipient in row.recipient]


def tls(path: str) -> ssl.SSLContext:
    """What a server needs to speak TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


SELF_SIGNED = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbHzzQ6JQyEtgQm8D
po/Phkn80mnhDXzZ9uqC0h165A2hRANCAAQewCswbx0VQUnd7H7/zUXxljNO4OwG
xcngdx9FYReZ1Ajhf8QWPJ5rIJwH/LcSYRtO9Ru9EQ5Atyc6jX4R30ua
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABB7AKzBvHRVBSd3s
fv/NRfGWM07g7AbFyeB3H0VhF5nUCOF/xBY8nmsgnAf8txJhG071G70RDkC3JzqN
fhHfS5qjSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
MB0GA1UdDgQWBBQCKDQiDOLAXpePf0BC4YSHoZ6isTAKBggqhkjOPQQDAgNIADBF
AiEAm4/VgTEsBZXQC3F0EpdrG+nda7JSCXe4dH5XK31pssMCICZPKKIBojqgSJLA
qDmqAMw79gfYw2B8DBrReSypBQcC
-----END CERTIFICATE-----
"""  # guards nothing
