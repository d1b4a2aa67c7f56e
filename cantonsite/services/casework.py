"""What colleagues keep beside a file: notes, tags, who looks at it, and what they found each document to be.

None of it changes the version of the application: whoever writes a decision meanwhile is not disturbed.
"""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from .. import clock
from ..database import db, transaction
from ..models import Application, ApplicationNote, Document, StaffMember
from ..models.document import Verdict
from . import audit

MOST_TAGS, TAG_LENGTH = 10, 30
MOST_NOTES = 200


class NotOnRoster(LookupError):
    """The colleague to whom something is given is not on the roster."""


def notes_of(application: Application) -> list[ApplicationNote]:
    """What colleagues noted, the first first, with who wrote it."""
    notes = select(ApplicationNote).options(joinedload(ApplicationNote.staff)).filter_by(application_id=application.id)
    return list(db.session.scalars(notes.order_by(ApplicationNote.id).limit(MOST_NOTES)))


def note(application: Application, text: str, *, actor: StaffMember) -> None:
    """Tell the colleagues something. The applicant never sees it, not even in what they take along."""
    with transaction() as session:
        session.add(ApplicationNote(application_id=application.id, staff_id=actor.id, at=clock.now(), text=text))


def clean(tags: Iterable[str]) -> list[str]:
    """Tags as they are kept: each once, in small letters, without blanks around, in order, ten at the most."""
    known = dict.fromkeys(" ".join(tag.casefold().split())[:TAG_LENGTH].strip() for tag in tags)
    return sorted(tag for tag in known if tag)[:MOST_TAGS]


def tag(application: Application, tags: Iterable[str], *, actor: StaffMember) -> None:
    """Mark an application with these tags and no others."""
    marks = clean(tags)
    with transaction() as session:
        before = session.scalar(select(Application.tags).where(Application.id == application.id)) or []
        if marks == before:
            return
        _set(session, application, tags=marks)
        audit.record("tagged", actor=actor, application=application, tags=marks, before=before)


def assign(application: Application, colleague_id: int | None, *, actor: StaffMember) -> None:
    """Give an application to a colleague, or to nobody. Everybody may still decide it. Raises NotOnRoster."""
    with transaction() as session:
        colleague = session.get(StaffMember, colleague_id) if colleague_id else None
        if colleague_id and (colleague is None or not colleague.is_on_roster):
            raise NotOnRoster
        if session.scalar(select(Application.assigned_to_id).where(Application.id == application.id)) == colleague_id:
            return
        _set(session, application, assigned_to_id=colleague_id)
        to = colleague.name if colleague else ""
        audit.record("assigned", actor=actor, application=application, to=to)


def judge(document_id: int, verdict: Verdict | None, reason: str, *, actor: StaffMember) -> Application | None:
    """Find a document in order or not, with a reason that the applicant reads if something is asked of them.

    Returns whose it is; None if there is no such document of an application.
    """
    with transaction() as session:
        given = select(Document).where(Document.id == document_id, Document.application_id.isnot(None))
        document = session.scalar(given)
        if document is None:
            return None
        application = session.get_one(Application, document.application_id)
        document.verdict, document.verdict_reason = verdict, reason if verdict is Verdict.REFUSED else ""
        session.flush()
        found = verdict.value if verdict else ""
        audit.record("document_judged", actor=actor, application=application, document=document.name, verdict=found)
    return application


def _set(session, application: Application, **values: object) -> None:
    mine = update(Application).where(Application.id == application.id)
    session.execute(mine.values(**values).execution_options(synchronize_session=False))
