"""Keep what applicants give: taken in at once in a transaction of its own, sealed, and opened in writing."""

from collections.abc import Iterator, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, inspect, select, update
from sqlalchemy.orm import undefer

from ... import clock
from ...database import db, transaction
from ...models import Application, ApplicationDraft, Document, StaffMember
from ...models.document import DocumentKind
from .. import audit
from . import sanitising, sealing

Owner = ApplicationDraft | Application
ROWS_AT_ONCE = 20


class TooMany(ValueError):
    """There are as many documents of this kind as there may be."""

    def __init__(self) -> None:
        super().__init__(_l("You have given three files of this kind. Remove one to give another"))


class NoOwner(LookupError):
    """The draft was sent or deleted, or the application was erased, while its file was on its way."""


def take_in(owner: Owner, kind: DocumentKind, data: bytes, name: str) -> Document:
    """Open a file, make it anew, seal it and keep it. The same file a second time is kept once.

    A photo takes the place of the one before. Raises NoOwner, and sanitising.Refused and TooMany with a message for
    the field.
    """
    made = _made(kind, data, name)
    fingerprint = sealing.fingerprint(data)
    with transaction() as session:
        _lock(owner)  # two files at once must not both find room
        there = {each.fingerprint: each for each in of(owner, kind)}
        if known := there.get(fingerprint):
            return known
        if kind is DocumentKind.PHOTO:
            for each in there.values():
                session.delete(each)
        elif len(there) >= Document.MOST_OF_A_KIND:
            raise TooMany
        document = Document(
            **_belongs_to(owner),
            kind=kind,
            name=made.name,
            media_type=made.media_type,
            size=len(made.data),
            pages=made.pages,
            width=made.width,
            height=made.height,
            fingerprint=fingerprint,
            sealed=b"",
            given_at=clock.now(),
        )
        session.add(document)
        session.flush()  # the seal is bound to the row, whose id is known from here on
        document.key_id, document.sealed = sealing.seal(made.data, _about(document))
    return document


def _lock(owner: Owner) -> None:
    model, number = type(owner), _number(owner)
    if db.session.scalar(select(model.id).where(model.id == number).with_for_update()) is None:
        raise NoOwner


def _made(kind: DocumentKind, data: bytes, name: str) -> sanitising.Sanitised:
    if kind is not DocumentKind.PHOTO:
        return sanitising.take_in(data, name)
    pictures, side = sanitising.PICTURES, sanitising.LONGEST_SIDE_OF_PHOTO
    made = sanitising.take_in(data, name, accepted=pictures, longest_side=side)
    sanitising.photo(made.data)  # too small for the pass: better said now
    return made


def of(owner: Owner, kind: DocumentKind | None = None) -> list[Document]:
    """What has been given with a draft or an application, the first first; without the contents."""
    rows = select(Document).filter_by(**_belongs_to(owner)).order_by(Document.id)
    return list(db.session.scalars(rows.where(Document.kind == kind) if kind else rows))


def remove(owner: Owner, document_id: int) -> None:
    """Take a document back. Nothing if it is not there any more, or is another's."""
    with transaction() as session:
        mine = delete(Document).filter_by(**_belongs_to(owner)).where(Document.id == document_id)
        session.execute(mine.execution_options(synchronize_session="fetch"))


def focus(owner: Owner, value: int) -> None:
    """What matters most in the photo: 1 to 9 on a grid of three by three."""
    with transaction() as session:
        photos = update(Document).filter_by(**_belongs_to(owner)).where(Document.kind == DocumentKind.PHOTO)
        session.execute(photos.values(focus=value).execution_options(synchronize_session="fetch"))


def hand_over(draft_id: int | None, application: Application) -> None:
    """The documents of a draft become those of the application that it was sent as."""
    if draft_id is None:  # those of other applications have no draft either
        return
    with transaction() as session:
        session.scalar(select(ApplicationDraft.id).where(ApplicationDraft.id == draft_id).with_for_update())
        given = update(Document).where(Document.draft_id == draft_id)
        session.execute(
            given.values(draft_id=None, application_id=application.id).execution_options(synchronize_session=False)
        )


def content(document: Document) -> bytes:
    """What is kept of a document. Raises sealing.CannotUnseal."""
    sealed = db.session.scalar(select(Document.sealed).where(Document.id == document.id))
    return sealing.unseal(document.key_id, sealed or b"", _about(document))


def photo_for_pass(document: Document) -> bytes:
    """The part of a photo that the pass shows, 600 by 800, as a JPEG."""
    return sanitising.photo(content(document), document.focus).data


def get(document_id: int) -> Document | None:
    """A document of an application, without its content, or None."""
    return db.session.scalar(select(Document).where(Document.id == document_id, Document.application_id.isnot(None)))


def opened(document_id: int, actor: StaffMember) -> tuple[Document, bytes] | None:
    """A document of an application and its content, for somebody at the desk; that it was opened is written down.

    None if there is no such document. Raises sealing.CannotUnseal.
    """
    with transaction() as session:
        document = session.scalar(
            select(Document).where(Document.id == document_id, Document.application_id.isnot(None))
        )
        if document is None:
            return None
        data = content(document)
        application = session.get_one(Application, document.application_id)
        kind = document.kind.value
        audit.record("document_opened", actor=actor, application=application, document=document.id, document_kind=kind)
    return document, data


def waiting_for_rotation() -> int:
    """How many documents are sealed with another key than the present one."""
    return db.session.scalar(select(func.count()).select_from(_sealed_before().subquery())) or 0


def rotate() -> Iterator[int]:
    """Seal with the present key what another one sealed, and say how many after each part. It may be stopped.

    Raises sealing.CannotUnseal for a document whose key is not known.
    """
    while True:
        with transaction() as session:
            rows: Sequence[Document] = session.scalars(
                _sealed_before().options(undefer(Document.sealed)).limit(ROWS_AT_ONCE).with_for_update(skip_locked=True)
            ).all()
            for each in rows:
                about = _about(each)
                each.key_id, each.sealed = sealing.seal(sealing.unseal(each.key_id, each.sealed, about), about)
        if not rows:
            return
        yield len(rows)


def _sealed_before():
    return select(Document).where(Document.key_id != sealing.current_key()).order_by(Document.id)


def _belongs_to(owner: Owner) -> dict[str, int]:
    return {"draft_id" if isinstance(owner, ApplicationDraft) else "application_id": _number(owner)}


def _number(owner: Owner) -> int:
    """Its id, also when its row has gone since it was read."""
    return inspect(owner).identity[0]


def _about(document: Document) -> str:
    return f"document:{document.id}"
