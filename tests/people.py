"""What people do in tests: apply, read their mail, follow a link. Through the client, with nothing patched."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import select

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.http.desk import TOKEN
from cantonsite.models import Application, SignIn, StaffMember
from cantonsite.models.applicant import ApplicantKind, ProofKind
from cantonsite.models.audit import Actor
from cantonsite.models.invitation import ApplicantRole, OutletKind
from cantonsite.models.staff import Role
from cantonsite.services import delivery, editions, invitation, mailbox, staff
from cantonsite.services import sign_in as desk_sign_in
from tests.strict import seen

ANSWERS: dict[str, Any] = {
    "applicant_kind": "short_term",
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
    "arrives_on": "2027-04-14",
    "departs_on": "2027-04-20",
    "needs_letter": "y",
    "letter_city": "Stockholm",
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
    """Begin, take the time that a person takes, fill in page after page, check, send. The first answer that is no."""
    page = client.get(f"/{language}/invitation/apply")
    with later(4):
        return go_on(client, page, **answers)


def reach(client: Any, name: str, language: str = "en", **answers: Any):
    """The page of this name, all before it filled in."""
    page = client.get(f"/{language}/invitation/apply")
    with later(4):
        return walk(client, page, name, **answers)


def walk(client: Any, page: Any, name: str, **answers: Any):
    """From an open page of the application on to that of this name."""
    while not page.request.path.endswith(f"/{name}"):
        sent = client.send(page, fitting(page, answers), "/apply")
        assert sent.status_code == 303, sent.text
        page = client.get(sent.location)
    return page


def fitting(page: Any, answers: dict[str, Any]) -> dict[str, Any]:
    """Those of the answers that the form of a page asks for."""
    names = seen(page.text).form("/apply").names
    return {name: value for name, value in {**ANSWERS, **answers}.items() if name in names}


def go_on(client: Any, page: Any, **answers: Any):
    """From an open page on to the receipt, or to the first page that does not take its answers."""
    for _ in range(9):
        sent = client.send(page, fitting(page, answers), "/apply")
        if sent.status_code != 303 or "/received" in sent.location:
            return sent
        page = client.get(sent.location)
    raise AssertionError(f"no end of pages: {sent.location}")


def applied(app: Flask, language: str = "en", **answers: Any) -> str:
    """An application as the form sends it, without the form; returns its reference."""
    given = {**ANSWERS, **answers}
    for name in ("declaration", "photo"):
        given.pop(name, None)
    given |= {
        "applicant_kind": ApplicantKind(given.get("applicant_kind", "short_term")),
        "role": ApplicantRole(given["role"]),
        "outlet_kind": OutletKind(given["outlet_kind"]),
        "proof_kind": ProofKind(given["proof_kind"]),
        "edition": int(given["edition"]),
        "phases": [int(phase) for phase in given["phases"]],
        "proof_links": given["proof_links"].split(),
        "outlet_website": f"https://{given['outlet_website']}",
        "needs_letter": bool(given["needs_letter"]),
        "arrives_on": given.get("arrives_on") and date.fromisoformat(given["arrives_on"]),
        "departs_on": given.get("departs_on") and date.fromisoformat(given["departs_on"]),
    }
    with app.app_context():
        number = secrets.token_urlsafe(16)
        invitation.submit(form_number=number, language=language, **given)
        return invitation.receipt(number).reference


def chen() -> StaffMember:
    """The reviewer who is on most rosters."""
    return db.session.scalars(select(StaffMember).filter_by(email="chen@fair.example")).one()


def newest() -> Application:
    """The application that came last."""
    return db.session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()


def deliver(app: Flask, after: float = 6) -> int:
    """Let the deliverer send what is due, so many seconds from now."""
    with app.app_context(), later(after):
        sent = 0
        while more := delivery.deliver_due():
            sent += more
        delivery.let_go()
        return sent


def mails(app: Flask, to: str = "", about: str = "", holding: str = "") -> list[mailbox.Mail]:
    """The mails of one recipient, with these words in the subject and these in the text, the newest first."""
    with app.app_context():
        found = [mail for mail in mailbox.newest_first() if to in mail.recipient and about in mail.subject]
        return [mail for mail in found if holding in mail.text]


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
    """At the desk, as by the mailed link, which the desk's own tests ask for and follow."""
    with app.app_context():
        now = clock.now()
        asked = SignIn(nonce="n", email=email, browser_hash="b", asked_at=now, expires_at=now + timedelta(minutes=1))
        with transaction() as session:
            session.add(asked)
        token = desk_sign_in.complete(asked, "Tests")
    with client.session_transaction() as kept:
        kept.clear()
        kept[TOKEN] = token
