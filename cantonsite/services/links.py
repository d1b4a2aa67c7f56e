"""Issue and read the links that travel in mail."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from .. import clock
from ..database import db, transaction
from ..models import Application, AuditEvent, Edition, Link, StaffMember
from ..models.link import Purpose
from ..models.staff import Role
from . import tokens

SALT = "cantonsite.link"
LIFE_AFTER_EDITION = {
    Purpose.REVIEW: timedelta(days=30),
    Purpose.STATUS: timedelta(days=180),
    Purpose.EDITOR: timedelta(0),
    Purpose.BEGIN_AGAIN: timedelta(days=180),
}


class UnknownLink(LookupError):
    """No such link was ever issued, or its token is forged."""


class DeadLink(LookupError):
    """The link was issued, but has expired, was revoked, or its holder left the roster."""


def issue(purpose: Purpose, application: Application, staff: StaffMember | None = None) -> Link:
    """The living link of this purpose for this person, made if there is none yet.

    A repeated mail therefore carries the same link. Links live until some time after the edition.
    """
    now = clock.now()
    living = _of(purpose, application, staff).where(Link.revoked_at.is_(None), Link.expires_at > now)
    if link := db.session.scalar(living):
        return link
    with transaction() as session:
        link = session.scalar(living)
        if link is None:
            link = Link(
                nonce=secrets.token_urlsafe(16),
                purpose=purpose,
                application_id=application.id,
                staff_id=staff.id if staff else None,
                created_at=now,
                expires_at=_end(purpose, application),
            )
            session.add(link)
            session.flush()
    return link


def living(purpose: Purpose, application_ids: Sequence[int]) -> list[Link]:
    """The applicants' own links of this purpose that open; none is made."""
    now = clock.now()
    rows = select(Link).where(Link.purpose == purpose, Link.application_id.in_(application_ids))
    rows = rows.where(Link.staff_id.is_(None), Link.revoked_at.is_(None), Link.expires_at > now)
    return list(db.session.scalars(rows))


def revoke(purpose: Purpose, application: Application) -> None:
    """Kill all links of this purpose to one application."""
    with transaction() as session:
        for link in session.scalars(select(Link).filter_by(purpose=purpose, application_id=application.id)):
            link.revoked_at = link.revoked_at or clock.now()


def token(link: Link) -> str:
    """The text that goes into the address."""
    return tokens.make(SALT, link.id, link.nonce)


def find(purpose: Purpose, given: str) -> Link:
    """The living link behind a token, with its application, edition, history and holder.

    Raises UnknownLink for what was never issued, DeadLink for what no longer opens.
    """
    try:
        token = tokens.read(SALT, given)
    except tokens.NotAToken as error:
        raise UnknownLink from error
    link = db.session.scalar(_whole().where(Link.id == token.id))
    if link is None or link.purpose is not purpose or not token.verify(link.nonce):
        raise UnknownLink
    decides_no_more = link.staff is not None and link.staff.role is Role.EDITOR  # a reviewer whose role was changed
    if link.is_dead(clock.now()) or decides_no_more:
        raise DeadLink
    return link


def _whole():
    application = joinedload(Link.application)
    return select(Link).options(
        joinedload(Link.staff),
        application.joinedload(Application.edition),
        application.selectinload(Application.events).joinedload(AuditEvent.staff),
    )


def _of(purpose: Purpose, application: Application, staff: StaffMember | None):
    holder = Link.staff_id == staff.id if staff else Link.staff_id.is_(None)
    return select(Link).where(Link.purpose == purpose, Link.application_id == application.id, holder)


def _end(purpose: Purpose, application: Application) -> datetime:
    ends_on = db.session.get_one(Edition, application.edition_id).ends_on
    last_day = datetime.combine(ends_on, time.max, UTC)
    return max(last_day, clock.now()) + LIFE_AFTER_EDITION[purpose]
