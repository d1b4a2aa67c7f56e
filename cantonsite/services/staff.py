"""The roster: add somebody, change a role, strike off."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from .. import clock
from ..database import db, transaction
from ..models import Application, DeskSession, KnownBrowser, StaffMember
from ..models.audit import Actor
from ..models.invitation import Status
from ..models.link import Purpose
from ..models.staff import Role
from . import audit, links, outbox
from .mails.reviewer import WaitingApplications


class AlreadyOnRoster(ValueError):
    """Somebody with this address is on the roster already."""


class LastAdministrator(ValueError):
    """The roster would be left without an administrator, and nobody could mend it at the desk."""


def roster() -> list[StaffMember]:
    """All who work at the desk, in the order of their names."""
    on_it = select(StaffMember).where(StaffMember.struck_off_at.is_(None))
    return list(db.session.scalars(on_it.order_by(StaffMember.name, StaffMember.id)))


def reviewers() -> list[StaffMember]:
    """Those who get a mail for each application."""
    return [member for member in roster() if member.is_reviewer]


def get(member_id: int) -> StaffMember | None:
    """One who is on the roster, or None."""
    member = db.session.get(StaffMember, member_id)
    return member if member and member.is_on_roster else None


def add(
    email: str, *, name: str, role: Role = Role.REVIEWER, language: str = "en", actor: StaffMember | Actor
) -> StaffMember:
    """Put somebody on the roster; a reviewer gets one mail that lists what waits.

    An address that was struck off comes back with its history. Raises AlreadyOnRoster.
    """
    with transaction() as session:
        member = session.scalar(select(StaffMember).filter_by(email=email.casefold()).with_for_update())
        if member is None:
            member = StaffMember(email=email.casefold(), added_at=clock.now())
            session.add(member)
        elif member.is_on_roster:
            raise AlreadyOnRoster(email)
        member.name, member.role, member.language, member.struck_off_at = name, role, language, None
        session.flush()
        audit.record("staff_added", actor=actor, name=name, role=role.value)
        _tell_what_waits(member)
    return member


def change(member: StaffMember, *, name: str, role: Role, language: str, actor: StaffMember | Actor) -> None:
    """Change name, role or language. Raises LastAdministrator."""
    with transaction() as session:
        session.refresh(member, with_for_update=True)
        if member.role is Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
            _must_not_be_last(member)
        becomes_reviewer = role is Role.REVIEWER and member.role is not Role.REVIEWER
        member.name, member.role, member.language = name, role, language
        if not member.decides:
            _take_files_back(member)
        audit.record("staff_changed", actor=actor, name=name, role=role.value)
        if becomes_reviewer:
            _tell_what_waits(member)


def strike_off(member: StaffMember, *, actor: StaffMember | Actor) -> None:
    """Take somebody off the roster: their links and sessions are dead at once. Raises LastAdministrator."""
    with transaction() as session:
        session.refresh(member, with_for_update=True)
        if member.role is Role.ADMINISTRATOR:
            _must_not_be_last(member)
        member.struck_off_at = clock.now()
        for signed_in in session.scalars(select(DeskSession).filter_by(staff_id=member.id, revoked_at=None)):
            signed_in.revoked_at = clock.now()
        session.execute(delete(KnownBrowser).where(KnownBrowser.staff_id == member.id))
        _take_files_back(member)
        audit.record("staff_struck_off", actor=actor, name=member.name)


def _take_files_back(member: StaffMember) -> None:
    """What was given to somebody who no longer decides is given to nobody: it is found among those."""
    theirs = update(Application).where(Application.assigned_to_id == member.id).values(assigned_to_id=None)
    with transaction() as session:
        session.execute(theirs.execution_options(synchronize_session=False))


def _must_not_be_last(member: StaffMember) -> None:
    if not any(other.role is Role.ADMINISTRATOR and other.id != member.id for other in roster()):
        raise LastAdministrator(member.name)


def _tell_what_waits(member: StaffMember) -> None:
    if not member.is_reviewer:
        return
    with transaction() as session:
        waiting = session.scalars(
            select(Application).filter_by(status=Status.SUBMITTED).options(joinedload(Application.edition))
        ).all()
        for application in waiting:
            links.issue(Purpose.REVIEW, application, member)
        if waiting:
            outbox.enqueue(WaitingApplications, recipient=member.email, language=member.language, staff=member)
