"""A live site: `python -m cantonsite`, which `make run` runs, with its real server and its real deliverer.

Beside it stands an application on the same database, to bring about in a moment what would take a person a minute
(an application, a decision), and to look at what was stored. What a test is about, it does in the browser.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select

from cantonsite import create_app
from cantonsite.database import db
from cantonsite.models import Application, AuditEvent, OutgoingMail, SignIn, StaffMember, Subscriber
from cantonsite.models.alerts import Rhythm, Wanted
from cantonsite.models.applicant import ProofKind
from cantonsite.models.audit import Actor
from cantonsite.models.invitation import ApplicantRole, Missing, OutletKind
from cantonsite.models.link import Purpose
from cantonsite.models.news import Section
from cantonsite.models.staff import Role
from cantonsite.services import (
    asking,
    drafts,
    editions,
    invitation,
    links,
    places,
    review,
    sign_in,
    staff,
    subscriptions,
)

ROOT = Path(__file__).parents[2]
READY_WITHIN_SECONDS = 60
STOP_WITHIN_SECONDS = 20
GRACE_SECONDS = 3
LONG = 6 * 3600
REVIEWER = {"en": "reviewer@press.example", "zh": "shenhe@press.example"}
ADMINISTRATOR = {"en": "desk@press.example", "zh": "zhuguan@press.example"}
CONFIG = """
ENVIRONMENT = "demo"
LANGUAGES = "en zh ar"
SECRET_KEY = "a key for browser tests, longer than thirty-two characters"
BASE_URL = "{url}"
DATABASE_URL = "{database_url}"
PRESS_OFFICE_EMAIL = "press@cantonfair.example"
PRESS_OFFICE_PHONE = "+86 20 5550 0124"
MAIL_DEFAULT_SENDER = "Canton Fair Press Office <press@cantonfair.example>"
DECISION_GRACE_SECONDS = {grace}
GATHER_ABOVE = 100000
APPLY_LIMIT_PER_ADDRESS = ""
APPLY_LIMIT_PER_NETWORK = ""
"""


class LiveSite:
    """One site on a free port of the loopback, with its own instance folder and database."""

    def __init__(self, folder: Path, database_url: str = ""):
        self.folder, self.port = folder, _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = folder / "config.py"
        config.write_text(CONFIG.format(url=self.url, database_url=database_url, grace=GRACE_SECONDS))
        config.chmod(0o600)
        self.environ = {name: value for name, value in os.environ.items() if not name.startswith("CANTONSITE_")}
        self.environ |= {"CANTONSITE_INSTANCE": str(folder), "PORT": str(self.port)}
        self.log = folder / "log"

    def start(self) -> None:
        """Start server and deliverer, with the demonstration's sample, and wait until the site is ready."""
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "cantonsite"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise AssertionError(f"the site did not start:\n{self.log.read_text()}")
            time.sleep(0.1)
        self.app: Flask = create_app(instance_path=str(self.folder))
        with self.office():
            staff.add(ADMINISTRATOR["zh"], name="主管样例", role=Role.ADMINISTRATOR, language="zh", actor=Actor.COMMAND)
            # The sample has 400 places: tests that approve 200 each would come to the end of them, one after another.
            places.set_limit(editions.open_editions()[0], number=20_000, actor=on_roster(REVIEWER["en"]))

    def stop(self) -> None:
        """End it as Ctrl+C or TERM does; everything must be gone afterwards."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.process.send_signal(signal.SIGTERM)
        try:
            ended = self.process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        assert ended == 0, self.log.read_text()
        assert not self._is_ready(), "the server outlives its parent"

    def flask(self, *arguments: str) -> str:
        """Run one of the site's commands on this instance; returns what it says."""
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        done = subprocess.run(command, check=False, cwd=ROOT, env=self.environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @contextmanager
    def office(self, grace: int = 0) -> Iterator[None]:
        """Beside the server, on the same database; decisions made here can be undone for so many seconds."""
        with self.app.app_context():
            self.app.config["DECISION_GRACE_SECONDS"] = grace
            yield
            db.session.remove()

    def applied(self, language: str = "en", **answers: Any) -> str:
        """An application that waits for a decision; returns its reference."""
        with self.office():
            number = f"made-{time.monotonic_ns()}"
            edition = editions.open_editions()[0].number
            whole = {**ANSWERS[language], "email": f"{number}@outlet.example", "edition": edition, **answers}
            invitation.submit(form_number=number, language=language, **whole)
            return invitation.receipt(number).reference

    def receipt_path(self, reference: str, language: str = "en") -> str:
        with self.office():
            return f"/{language}/invitation/received/{invitation.whole(reference).form_number}"

    def act(self, reference: str, verb: str, *, by: str = REVIEWER["en"], grace: int = 0, **told: Any) -> None:
        """approve, decline, ask, reopen or revoke as staff; answer or withdraw as the applicant."""
        with self.office(grace):
            found = invitation.whole(reference)
            if verb == "answer":
                asking.answer(found, seen=found.version, changes={}, **told)
            elif verb == "withdraw":
                invitation.withdraw(found, seen=found.version, **told)
            else:
                getattr(review, verb)(found, seen=found.version, actor=on_roster(by), **told)

    def ask(self, reference: str, **told: Any) -> None:
        """Ask for work of one's own, in words too."""
        note = "The first link shows a page without your name. Which of the pieces is yours?"
        self.act(reference, "ask", **{"missing": [Missing.OWN_WORK, Missing.OTHER], "note": note, **told})

    def review_path(self, reference: str, by: str = REVIEWER["en"]) -> str:
        """The link that this reviewer finds in the mail."""
        with self.office():
            link = links.issue(Purpose.REVIEW, invitation.whole(reference), on_roster(by))
            return f"/review/{links.token(link)}"

    def status_path(self, reference: str, language: str = "en") -> str:
        """The link that the applicant finds in the mail."""
        with self.office():
            link = links.issue(Purpose.STATUS, invitation.whole(reference))
            return f"/{language}/invitation/status/{links.token(link)}"

    def editor_path(self, reference: str, language: str = "en") -> str:
        """The link in the mail to the editor of an application."""
        return self._path(Purpose.EDITOR, "editor", reference, language)

    def returning_path(self, reference: str, language: str = "en") -> str:
        """The link by which the applicant begins from this application."""
        return self._path(Purpose.BEGIN_AGAIN, "returning", reference, language)

    def _path(self, purpose: Purpose, page: str, reference: str, language: str) -> str:
        with self.office():
            token = links.token(links.issue(purpose, invitation.whole(reference)))
            return f"/{language}/invitation/{page}/{token}"

    def draft_path(self, language: str = "en", typed: dict[str, dict[str, list[str]]] | None = None) -> str:
        """The link to an application that is being written, with these pages filled in."""
        you = {"applicant_kind": ["taiwan"], "given_name": ["Mei"], "email": ["mei@outlet.example"]}
        with self.office():
            typed = {"you": you, **(typed or {})}
            draft = drafts.begin(f"begun-{time.monotonic_ns()}", language, "you", typed["you"], "mei@outlet.example")
            for page, answers in typed.items():
                drafts.keep(draft, page, answers, done=True)
            return f"/{language}/invitation/apply/continue/{drafts.token(draft)}"

    def edition(self) -> int:
        """The number of the edition that takes applications."""
        with self.office():
            return editions.open_editions()[0].number

    def dead_status_path(self, reference: str, language: str = "en") -> str:
        """A link that a newer one has replaced."""
        path = self.status_path(reference, language)
        with self.office():
            links.revoke(Purpose.STATUS, invitation.whole(reference))
        return path

    def sign_in_path(self, email: str) -> str:
        """A link to the desk that another browser has asked for."""
        with self.office():
            sign_in.ask(email, "another browser")
            newest = db.session.scalars(select(SignIn).order_by(SignIn.id.desc()).limit(1)).one()
            return f"/desk/sign-in/{sign_in.token(newest)}"

    def alerts_path(self, page: str, email: str) -> str:
        """A subscriber's own page: confirm, manage or leave; the last two after a yes."""
        every = subscriptions.Choices("en", tuple(Section), Wanted.BOTH, Rhythm.DAILY)
        with self.office():
            subscriptions.ask(email, every)
            subscriber = subscriptions.by_address(email)
            if page != "confirm":
                subscriptions.confirm(subscriber)
            return urlsplit(subscriptions.address(page, subscriptions.by_address(email))).path

    def kept(self, reference: str) -> dict[str, Any]:
        """What is stored of an application, its history and its mails, to be compared with what is stored later."""
        with self.office():
            found = invitation.whole(reference)
            mails = select(OutgoingMail.kind).where(OutgoingMail.application_id == found.id).order_by(OutgoingMail.id)
            return {
                "status": found.status.value,
                "version": found.version,
                "history": [event.kind for event in found.events],
                "mails": list(db.session.scalars(mails)),
            }

    def counts(self) -> dict[str, int]:
        """How many lines of history, applications, subscribers and used sign-in links the whole site has."""
        with self.office():
            tables = {"history": AuditEvent, "applications": Application}
            found = {name: db.session.scalar(select(func.count()).select_from(table)) for name, table in tables.items()}
            used = select(func.count()).select_from(SignIn).where(SignIn.used_at.is_not(None))
            yes = select(func.count()).select_from(Subscriber).where(Subscriber.confirmed_at.is_not(None))
            asked = select(func.count()).select_from(Subscriber).where(Subscriber.confirmed_at.is_(None))
            found |= {"sign-ins used": db.session.scalar(used)}
            return found | {"subscribers": db.session.scalar(yes), "not confirmed": db.session.scalar(asked)}


def host_of(address: str) -> str:
    """Host and port of an address."""
    return urlsplit(address).netloc


def on_roster(email: str) -> StaffMember:
    """A staff member, by the address; inside office()."""
    return db.session.scalars(select(StaffMember).filter_by(email=email)).one()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


_COMMON = {
    "role": ApplicantRole.REPORTER,
    "outlet_website": "",
    "phases": [1, 2],
    "proof_kind": ProofKind.BYLINES,
    "needs_letter": True,
}
ANSWERS: dict[str, dict[str, Any]] = {
    "en": _COMMON
    | {
        "given_name": "Marta Elisabet",
        "family_name": "Lindqvist",
        "phone": "+46 70 555 01 24",
        "nationality": "SE",
        "outlet_name": "Nordisk Handelsblad",
        "outlet_country": "SE",
        "outlet_kind": OutletKind.PRINT,
        "outlet_website": "https://nordisk.example",
        "topics": "Ceramics, and how small workshops ship to Europe",
        "proof_links": [
            "https://nordisk.example/handel/2026/keramik-fran-chaozhou",
            "https://nordisk.example/handel/2026/en-lang-resa-till-goteborg",
            "https://nordisk.example/redaktionen",
        ],
    },
    "zh": _COMMON
    | {
        "given_name": "婉清",
        "family_name": "何",
        "phone": "+86 755 5550 0199",
        "nationality": "CN",
        "outlet_name": "岭南商讯样例",
        "outlet_country": "CN",
        "outlet_kind": OutletKind.ONLINE,
        "topics": "陶瓷出口与中小企业",
        "proof_links": ["https://lingnan.example/2026/taoci", "https://lingnan.example/2026/xiaoqiye"],
    },
}
