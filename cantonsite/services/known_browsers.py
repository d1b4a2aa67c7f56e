"""Browsers in which a reviewer's links open: a code is mailed on request, and typed in the browser that asked for it.

It is for houses whose reviewers' mail is read, kept or forwarded by others: the link alone then opens nothing.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, exists, func, select

from .. import clock
from ..database import db, transaction
from ..models import KnownBrowser, StaffMember
from . import audit, outbox

LIFE_MINUTES = 10
MOST_WRONG_CODES = 5
MOST_AN_HOUR = 5
DIGITS = 6


class TooManyCodes(Exception):
    """This reviewer was sent as many codes within an hour as may be."""


class WrongCode(ValueError):
    """Not the code."""


class SpentCode(ValueError):
    """The code has run out, was used, or was guessed at too often; or this browser asked for none."""


def ask(staff: StaffMember, cookie: str, browser_words: str) -> None:
    """Mail a code to this reviewer, for the browser that holds this cookie. Raises TooManyCodes."""
    from .mails.reviewer import ReviewCode

    now = clock.now()
    with transaction() as session:
        staff = session.get_one(StaffMember, staff.id, with_for_update=True)  # two requests count one after the other
        lately = select(func.count(KnownBrowser.id)).where(KnownBrowser.staff_id == staff.id)
        if session.scalar(lately.where(KnownBrowser.asked_at > now - timedelta(hours=1))) >= MOST_AN_HOUR:
            raise TooManyCodes
        row = KnownBrowser(
            staff_id=staff.id,
            nonce=secrets.token_urlsafe(16),
            cookie_hash=_hash(cookie),
            browser=browser_words[:120],
            asked_at=now,
            expires_at=now + timedelta(minutes=LIFE_MINUTES),
        )
        session.add(row)
        session.flush()
        audit.record("review_code_asked", actor=staff)
        to = {"recipient": staff.email, "language": staff.language, "staff": staff}
        outbox.enqueue(ReviewCode, **to, browser=row.id)


def code(row: KnownBrowser) -> str:
    """The six digits of a row. They are made from the site's key, and kept nowhere."""
    key, about = current_app.config["SECRET_KEY"].encode(), f"review-code{row.id}.{row.nonce}".encode()
    number = int.from_bytes(hmac.new(key, about, hashlib.sha256).digest()[:8])
    return f"{number % 10**DIGITS:0{DIGITS}}"


def confirm(staff: StaffMember, cookie: str | None, typed: str) -> None:
    """Know the browser from now on, for thirty days. Only the code that it asked for last counts, once.

    Raises WrongCode, SpentCode.
    """
    now = clock.now()
    with transaction() as session:
        mine = select(KnownBrowser).filter_by(staff_id=staff.id, cookie_hash=_hash(cookie or ""))
        row = session.scalar(mine.order_by(KnownBrowser.id.desc()).limit(1).with_for_update())
        if row is None or row.known_at or row.expires_at <= now or row.wrong_codes >= MOST_WRONG_CODES:
            raise SpentCode
        right = hmac.compare_digest(code(row).encode(), "".join(typed.split()).encode())
        if right:
            row.known_at, row.expires_at = now, now + KnownBrowser.REMEMBERED
            audit.record("browser_known", actor=session.get_one(StaffMember, staff.id))
        else:
            row.wrong_codes += 1
    if not right:
        raise WrongCode


def knows(staff: StaffMember, cookie: str | None) -> bool:
    """Whether a browser with this cookie is one of this reviewer's."""
    if not cookie:
        return False
    mine = (KnownBrowser.staff_id == staff.id, KnownBrowser.cookie_hash == _hash(cookie))
    living = (KnownBrowser.known_at.is_not(None), KnownBrowser.expires_at > clock.now())
    return bool(db.session.scalar(select(exists().where(*mine, *living))))


def of(staff: StaffMember) -> list[KnownBrowser]:
    """The browsers in which this reviewer's links open, the newest first."""
    living = select(KnownBrowser).where(KnownBrowser.known_at.is_not(None), KnownBrowser.expires_at > clock.now())
    return list(db.session.scalars(living.where(KnownBrowser.staff_id == staff.id).order_by(KnownBrowser.id.desc())))


def forget(row_id: int, staff: StaffMember) -> None:
    """Forget a browser of this reviewer, or do nothing if it is not theirs."""
    with transaction() as session:
        mine = delete(KnownBrowser).where(KnownBrowser.id == row_id, KnownBrowser.staff_id == staff.id)
        if session.execute(mine.execution_options(synchronize_session=False)).rowcount:
            audit.record("browser_forgotten", actor=session.get_one(StaffMember, staff.id))


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
