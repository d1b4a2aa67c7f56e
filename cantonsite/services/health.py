"""Say whether the site is well: each point passes or fails, with its mend."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from .. import clock, config
from ..database import db
from ..extensions import MIGRATIONS
from ..models import OutgoingMail
from ..models.outbox import MailState
from . import editions, staff

LATE_MAIL = timedelta(minutes=15)
LATE_ALERT = timedelta(hours=6)  # a send to thousands takes its time


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at."""

    name: str
    passed: bool
    found: str
    mend: str = ""


def database_is_ready() -> bool:
    """Whether the database answers and holds the newest migration: what a load balancer asks."""
    return _database().passed and _migrated().passed


def check() -> list[Point]:
    """Every point; those that need the database are left out when it does not answer."""
    points = [*_settings(), _database()]
    if points[-1].passed:
        points.append(_migrated())
    if points[-1].passed:
        points += [_reviewers(), _edition(), _mail_leaves(), _mail_failed()]
    return points


@cache
def newest_revision() -> str:
    """The last link of the chain of migrations. Read from the files: serving pages loads no Alembic."""
    revisions, followed = set(), set()
    for file in (MIGRATIONS / "versions").glob("*.py"):
        said = dict(re.findall(r'^(revision|down_revision)\b.*?= ["\'](\w+)["\']', file.read_text(), re.MULTILINE))
        revisions.add(said["revision"])
        followed.add(said.get("down_revision"))
    return (revisions - followed).pop()


def _settings() -> list[Point]:
    if current_app.config["ENVIRONMENT"] == "demo":
        return [Point("Settings", True, "a demonstration; production checks more")]
    found = config.problems(current_app.config, current_app.instance_path)
    bad = [Point(f"Setting {each.setting}", False, each.what, each.mend) for each in found]
    return bad or [Point("Settings", True, "all that production needs is there")]


def _database() -> Point:
    try:
        db.session.execute(text("select 1"))
    except SQLAlchemyError as error:
        db.session.rollback()
        mend = "See that the server runs and that DATABASE_URL names it"
        return Point("Database", False, str(error).splitlines()[0], mend)
    return Point("Database", True, f"{db.engine.dialect.name} answers")


def _migrated() -> Point:
    newest, here = newest_revision(), _revision_here()
    mend = "Run: flask --app app db upgrade"
    return Point("Migrations", here == newest, "at the newest" if here == newest else "behind", mend)


def _revision_here() -> str | None:
    try:
        return db.session.scalar(text("select version_num from alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return None


def _reviewers() -> Point:
    number = len(staff.reviewers())
    mend = "Run: flask --app app staff add EMAIL --name NAME --role reviewer"
    return Point("Reviewers", number > 0, f"{number} on the roster", mend)


def _edition() -> Point:
    taking = [str(edition.number) for edition in editions.open_editions()]
    found = f"taking applications: {', '.join(taking)}" if taking else "none takes applications today"
    return Point("Editions", True, found)


def _mail_leaves() -> Point:
    now, waits = clock.now(), OutgoingMail.state == MailState.WAITING
    late_mail = (OutgoingMail.due_at < now - LATE_MAIL) & (OutgoingMail.priority < OutgoingMail.BULK)
    late = late_mail | (OutgoingMail.due_at < now - LATE_ALERT)
    oldest = db.session.scalar(select(func.min(OutgoingMail.due_at)).where(waits, late))
    mend = "See that the deliverer runs (flask --app app mail deliver) and that MAIL_SERVER can be reached"
    found = f"due since {oldest:%Y-%m-%d %H:%M} UTC" if oldest else "nothing waits too long"
    return Point("Mail leaves", oldest is None, found, mend)


def _mail_failed() -> Point:
    failed = db.session.scalar(
        select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state == MailState.FAILED)
    )
    return Point("Mail refused", failed == 0, f"{failed} refused for good", "See the outbox at the desk: /desk/mail")
