"""What people do in tests: apply, read their mail, follow a link. Through the client, with nothing patched."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import time_machine
from flask import Flask

from cantonsite import clock
from cantonsite.models import StaffMember
from cantonsite.models.audit import Actor
from cantonsite.models.staff import Role
from cantonsite.services import delivery, editions, mailbox, staff

ANSWERS: dict[str, Any] = {
    "given_name": "Marta Elisabet",
    "family_name": "Lindqvist",
    "email": "marta@nordisk.example",
    "phone": "+46 70 555 01 24",
    "nationality": "SE",
    "role": "reporter",
    "outlet_name": "Nordisk Handelsblad",
    "outlet_kind": "print",
    "outlet_country": "SE",
    "outlet_website": "nordisk.example",
    "edition": "141",
    "phases": ["1", "2"],
    "topics": "Ceramics and trade",
    "proof_kind": "bylines",
    "proof_links": "https://nordisk.example/one\nhttps://nordisk.example/two",
    "needs_letter": "y",
    "declaration": "y",
}


def open_edition(app: Flask, number: int = 141) -> None:
    """An edition that takes applications today."""
    with app.app_context():
        today = editions.today()
        editions.add(
            number,
            starts_on=today + timedelta(days=60),
            ends_on=today + timedelta(days=80),
            applications_open_on=today - timedelta(days=10),
            applications_close_on=today + timedelta(days=30),
            actor=Actor.COMMAND,
        )


def past_edition(app: Flask, number: int = 124) -> None:
    """The autumn fair of 2018."""
    with app.app_context():
        editions.add(
            number,
            starts_on=date(2018, 10, 15),
            ends_on=date(2018, 11, 4),
            applications_open_on=date(2018, 6, 1),
            applications_close_on=date(2018, 10, 1),
            actor=Actor.COMMAND,
        )


def on_roster(
    app: Flask,
    email: str = "chen@fair.example",
    name: str = "Chen Yulan",
    role: Role = Role.REVIEWER,
    language: str = "en",
) -> StaffMember:
    with app.app_context():
        return staff.add(email, name=name, role=role, language=language, actor=Actor.COMMAND)


@contextmanager
def later(seconds: float) -> Iterator[None]:
    """So many seconds from now."""
    with time_machine.travel(clock.now() + timedelta(seconds=seconds)):
        yield


def apply(client: Any, language: str = "en", **answers: Any):
    """Open the form, take the time that a person takes, send it."""
    page = client.get(f"/{language}/invitation/apply")
    with later(4):
        return client.send(page, {**ANSWERS, **answers}, "/apply")


def deliver(app: Flask, after: float = 6) -> int:
    """Let the deliverer send what is due, so many seconds from now."""
    with app.app_context(), later(after):
        sent = 0
        while more := delivery.deliver_due():
            sent += more
        delivery.let_go()
        return sent


def mails(app: Flask, to: str = "", about: str = "") -> list[mailbox.Mail]:
    """The mails of one recipient, the newest first."""
    with app.app_context():
        return [mail for mail in mailbox.newest_first() if to in mail.recipient and about in mail.subject]


def link_in(mail: mailbox.Mail, part: str = "/") -> str:
    """The path of the one address in a mail's text that holds `part`; each stands alone on its line."""
    found = [line for line in mail.text.splitlines() if re.fullmatch(r"https?://\S+", line) and part in line]
    assert len(found) == 1, mail.text
    return re.sub(r"^https?://[^/]+", "", found[0])


def review_link(app: Flask, to: str = "chen@fair.example") -> str:
    return link_in(mails(app, to, "awaits your decision")[0], "/review/")


def status_link(app: Flask, to: str = "marta@nordisk.example") -> str:
    return link_in(mails(app, to, "we have your application")[0], "/status/")


def sign_in(app: Flask, client: Any, email: str) -> None:
    """Ask for a link and follow it in the same browser."""
    client.fill_in("/desk/sign-in", {"email": email}, "/desk/sign-in")
    deliver(app)
    path = link_in(mails(app, email, "link to the desk")[0], "/desk/sign-in/")
    done = client.fill_in(path, {}, "/desk/sign-in/")
    assert done.status_code == 303, done.text
