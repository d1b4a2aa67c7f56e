"""Applications that are being written: begun, kept page by page, found again, begun from last time, and deleted."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from .. import clock
from ..database import db, transaction
from ..models import Application, ApplicationDraft
from . import outbox, tokens

SALT = "cantonsite.draft"
MOST_SIGNS = 20_000  # of one answer that is kept as it was typed
Typed = Mapping[str, list[str]]


class CrewFull(ValueError):
    """There are as many members in the crew as there may be."""


class UnknownDraft(LookupError):
    """No such draft was begun, it was sent or deleted, or its token is forged."""


def begin(form_number: str, language: str, page: str, typed: Typed, email: str) -> ApplicationDraft:
    """A draft that holds its first page. The same form sent twice begins one draft."""
    try:
        with transaction() as session:
            same = select(ApplicationDraft).filter_by(form_number=form_number).with_for_update()
            if known := session.scalar(same):
                draft = known
            else:
                draft = _new(form_number, language)
                session.add(draft)
            _put(draft, page, typed, done=True)
            draft.email_key = email.casefold()
            session.flush()
    except IntegrityError:  # the same form was sent at this very moment
        return db.session.scalars(select(ApplicationDraft).filter_by(form_number=form_number)).one()
    return draft


def begin_again(
    application: Application, language: str, typed: Mapping[str, Typed], crew: Sequence[Typed] = ()
) -> ApplicationDraft:
    """A draft that starts from the answers of an earlier application: all shown again, none taken as said."""
    with transaction() as session:
        draft = _new(secrets.token_urlsafe(16), language)
        draft.begun_from_id, draft.email_key = application.id, application.email_key
        draft.crew = [dict(member) for member in crew]
        for page, answers in typed.items():
            _put(draft, page, answers, done=False)
        session.add(draft)
        session.flush()
    return draft


def _new(form_number: str, language: str) -> ApplicationDraft:
    now = clock.now()
    return ApplicationDraft(
        nonce=secrets.token_urlsafe(16),
        form_number=form_number,
        language=language,
        typed={},
        crew=[],
        done=[],
        begun_at=now,
        changed_at=now,
    )


def keep(draft: ApplicationDraft, page: str, typed: Typed, *, done: bool, email: str | None = None) -> ApplicationDraft:
    """Keep a page as it was typed; `done` says whether its answers could be taken. Raises UnknownDraft."""
    with transaction():
        now = _locked(draft)
        _put(now, page, typed, done=done)
        if email is not None:
            now.email_key = email.casefold()
    return now


def put_member(draft: ApplicationDraft, page: str, member: Typed, instead_of: Typed | None = None) -> None:
    """Take somebody into the crew, or put them in the place of one of it; nothing is being typed any more.

    The same member a second time is taken once. Raises CrewFull, UnknownDraft.
    """
    with transaction():
        now = _locked(draft)
        crew, kept = list(now.crew or []), _kept(member)
        if instead_of in crew:
            crew[crew.index(instead_of)] = kept
        elif kept not in crew:
            if len(crew) >= ApplicationDraft.MOST_MEMBERS:
                raise CrewFull
            crew.append(kept)
        now.crew = crew
        _put(now, page, {}, done=page in (now.done or []))


def remove_member(draft: ApplicationDraft, member: Typed) -> None:
    """Take somebody out of the crew; nothing if they are not in it any more. Raises UnknownDraft."""
    with transaction():
        now = _locked(draft)
        now.crew = [each for each in now.crew or [] if each != member]
        now.changed_at = clock.now()


def _locked(draft: ApplicationDraft) -> ApplicationDraft:
    number = inspect(draft).identity[0]  # known also when the row has gone since it was read
    found = db.session.scalar(select(ApplicationDraft).where(ApplicationDraft.id == number).with_for_update())
    if found is None:
        raise UnknownDraft
    return found


def _put(draft: ApplicationDraft, page: str, typed: Typed, *, done: bool) -> None:
    draft.typed = {**(draft.typed or {}), page: _kept(typed)}
    others = [name for name in draft.done or [] if name != page]
    draft.done = [*others, page] if done else others
    draft.changed_at = clock.now()


def _kept(typed: Typed) -> dict[str, list[str]]:
    return {name: [each.replace("\0", "")[:MOST_SIGNS] for each in values] for name, values in typed.items()}


def find(draft_id: Any, nonce: Any) -> ApplicationDraft | None:
    """The living draft with its documents, for a browser that knows its nonce; None for any other."""
    if not (isinstance(draft_id, int) and isinstance(nonce, str)):
        return None
    found = db.session.scalar(_living().where(ApplicationDraft.id == draft_id))
    return found if found and secrets.compare_digest(found.nonce, nonce) else None


def token(draft: ApplicationDraft) -> str:
    """The text of the mailed address at which to go on."""
    return tokens.make(SALT, draft.id, draft.nonce)


def opened(given: str) -> ApplicationDraft:
    """The draft behind a mailed link. Raises UnknownDraft."""
    try:
        read = tokens.read(SALT, given)
    except tokens.NotAToken as error:
        raise UnknownDraft from error
    found = db.session.scalar(_living().where(ApplicationDraft.id == read.id))
    if found is None or not read.verify(found.nonce):
        raise UnknownDraft
    return found


def get(draft_id: int) -> ApplicationDraft | None:
    """One living draft, or None."""
    return db.session.scalar(_living().where(ApplicationDraft.id == draft_id))


def anew(draft: ApplicationDraft) -> ApplicationDraft:
    """A draft as it is now, with its documents. Raises UnknownDraft."""
    found = get(inspect(draft).identity[0])
    if found is None:
        raise UnknownDraft
    return found


def mail_link(draft: ApplicationDraft, email: str, language: str) -> None:
    """Mail the address at which to go on to whoever writes the draft."""
    from .mails.draft import GoOn

    outbox.enqueue(GoOn, recipient=email, language=language, draft=draft.id)


def discard(draft_id: int | None) -> None:
    """Delete a draft and what is left of its documents."""
    if draft_id is None:
        return
    with transaction() as session:
        gone = delete(ApplicationDraft).where(ApplicationDraft.id == draft_id)
        session.execute(gone.execution_options(synchronize_session=False))


def _old():
    return ApplicationDraft.changed_at < clock.now() - ApplicationDraft.LIFE


def _living():
    """As it is now: a document that this very request took in is among its documents."""
    every = select(ApplicationDraft).options(selectinload(ApplicationDraft.documents)).where(~_old())
    return every.execution_options(populate_existing=True)
