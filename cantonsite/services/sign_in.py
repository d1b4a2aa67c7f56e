"""Come to the desk by a mailed link: asked for, confirmed once, in the browser that asked.

The link alone signs nobody in: a mail scanner that presses its button holds no cookie of the asking browser. In
any other browser the link shows a short code, to be typed where the sign-in was asked for.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from .. import clock
from ..database import db, transaction
from ..models import DeskSession, SignIn, StaffMember
from . import audit, outbox, tokens

SALT = "cantonsite.sign-in"
LIFE_MINUTES = 10
IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
MOST_WRONG_CODES = 5
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 6


class UnknownSignIn(LookupError):
    """No such sign-in, or its token is forged."""


class SpentSignIn(LookupError):
    """The sign-in was used, has run out, or its holder is not on the roster."""


def ask(email: str, browser: str) -> None:
    """Mail a sign-in link to this address, if it is on the roster.

    The same rows are written for every address; whether the mail leaves is decided by the deliverer, so that
    neither the answer nor its time tells who works here.
    """
    from .mails.desk import SignInLink

    now = clock.now()
    with transaction() as session:
        asked = SignIn(
            nonce=secrets.token_urlsafe(16),
            email=email.casefold(),
            browser_hash=_hash(browser),
            asked_at=now,
            expires_at=now + timedelta(minutes=LIFE_MINUTES),
        )
        session.add(asked)
        session.flush()
        outbox.enqueue(SignInLink, recipient=asked.email, language="en", sign_in=asked.id)


def member(email: str) -> StaffMember | None:
    """Who on the roster has this address."""
    on_it = select(StaffMember).where(StaffMember.email == email.casefold(), StaffMember.struck_off_at.is_(None))
    return db.session.scalar(on_it)


def token(asked: SignIn) -> str:
    """The text in the mailed address."""
    return tokens.make(SALT, asked.id, asked.nonce)


def find(given: str) -> SignIn:
    """The open sign-in behind a token. Raises UnknownSignIn or SpentSignIn."""
    try:
        token = tokens.read(SALT, given)
    except tokens.NotAToken as error:
        raise UnknownSignIn from error
    asked = db.session.get(SignIn, token.id)
    if asked is None or not token.verify(asked.nonce):
        raise UnknownSignIn
    if not _is_fresh(asked) or member(asked.email) is None:
        raise SpentSignIn
    return asked


def asked_by(asked: SignIn, browser: str | None) -> bool:
    """Whether this browser is the one that asked."""
    return browser is not None and hmac.compare_digest(asked.browser_hash, _hash(browser))


def code(asked: SignIn) -> str:
    """The short code that the link shows in any other browser."""
    key, about = current_app.config["SECRET_KEY"].encode(), f"code{asked.id}.{asked.nonce}".encode()
    digest = hmac.new(key, about, hashlib.sha256).digest()
    return "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in digest[:CODE_LENGTH])


def by_code(browser: str | None, typed: str) -> SignIn:
    """The sign-in that this browser asked for and whose code was typed.

    Raises SpentSignIn after too many wrong codes, UnknownSignIn for a wrong one.
    """
    with transaction() as session:
        newest = select(SignIn).filter_by(browser_hash=_hash(browser or "")).order_by(SignIn.id.desc()).limit(1)
        asked = session.scalar(newest)
        if asked is None or not _is_fresh(asked) or asked.wrong_codes >= MOST_WRONG_CODES:
            raise SpentSignIn
        same = hmac.compare_digest(code(asked).encode(), "".join(typed.upper().split()).encode())
        right = same and member(asked.email) is not None
        if not right:
            asked.wrong_codes += 1
    if not right:
        raise UnknownSignIn
    return asked


def complete(asked: SignIn, browser_words: str) -> str:
    """Sign in, once; returns the session's token, which is kept nowhere. Raises SpentSignIn."""
    now, secret = clock.now(), secrets.token_urlsafe(32)
    with transaction() as session:
        unused = update(SignIn).where(SignIn.id == asked.id, SignIn.used_at.is_(None), SignIn.expires_at > now)
        staff = member(asked.email)
        if staff is None or session.execute(unused.values(used_at=now)).rowcount != 1:
            raise SpentSignIn
        session.add(
            DeskSession(
                token_hash=_hash(secret), staff_id=staff.id, browser=browser_words[:120], started_at=now, seen_at=now
            )
        )
        audit.record("signed_in", actor=staff)
    return secret


def current(secret: str | None) -> DeskSession | None:
    """The living session of this token, with its staff member; None when it ended. Notes that it was seen."""
    if not secret:
        return None
    now = clock.now()
    found = db.session.scalar(
        select(DeskSession).where(DeskSession.token_hash == _hash(secret)).options(joinedload(DeskSession.staff))
    )
    if found is None or found.revoked_at or not found.staff.is_on_roster:
        return None
    if now - found.seen_at > IDLE or now - found.started_at > ABSOLUTE:
        return None
    if now - found.seen_at > SEEN_EVERY:
        with transaction() as session:
            session.execute(update(DeskSession).where(DeskSession.id == found.id).values(seen_at=now))
    return found


def sessions_of(staff: StaffMember) -> list[DeskSession]:
    """The living sessions of one staff member, the newest first."""
    now = clock.now()
    living = select(DeskSession).where(
        DeskSession.staff_id == staff.id,
        DeskSession.revoked_at.is_(None),
        DeskSession.seen_at > now - IDLE,
        DeskSession.started_at > now - ABSOLUTE,
    )
    return list(db.session.scalars(living.order_by(DeskSession.id.desc())))


def revoke(session_id: int, staff: StaffMember) -> None:
    """End one session of this staff member, or do nothing if it is not theirs."""
    with transaction() as session:
        mine = update(DeskSession).where(DeskSession.id == session_id, DeskSession.staff_id == staff.id)
        session.execute(mine.values(revoked_at=clock.now()))


def _is_fresh(asked: SignIn) -> bool:
    return asked.used_at is None and asked.expires_at > clock.now()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
