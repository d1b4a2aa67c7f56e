"""The editor's word: asked by mail, answered yes or no behind its link, and whether the address is the outlet's own."""

from urllib.parse import urlsplit

from .. import clock
from ..database import transaction
from ..models import Application
from ..models.applicant import ProofKind
from ..models.audit import Actor
from ..models.invitation import Status
from ..models.link import Purpose
from . import audit, crews, links, outbox
from .mails.editor import EditorAsked

WAITING = (Status.SUBMITTED, Status.INFORMATION_NEEDED)


class AlreadyAnswered(Exception):
    """The editor has answered, or nobody waits for it any more."""


def ask(application: Application) -> None:
    """Mail the editor of an application whose proof is the editor's word."""
    if application.proof_kind is not ProofKind.EDITOR:
        return
    with transaction():
        links.issue(Purpose.EDITOR, application)
        outbox.enqueue(
            EditorAsked, recipient=application.editor_email, language=application.language, application=application
        )


def answer(application: Application, *, says: bool, note: str = "") -> None:
    """What the editor says of the applicant, and with it of those in the crew who named nobody else.

    Raises AlreadyAnswered; the first answer stands.
    """
    now = clock.now()
    with transaction() as session:
        application = session.get_one(Application, application.id, with_for_update=True)
        if application.editor_says is not None or application.status not in WAITING:
            raise AlreadyAnswered
        same = [each for each in crews.members(application) if each.editor_email == application.editor_email]
        kind = "editor_confirmed" if says else "editor_denied"
        for each in (application, *(member for member in same if member.status in WAITING)):
            each.editor_says, each.editor_said_at = says, now
            audit.record(kind, actor=Actor.SITE, application=each, note=note, shown_from=None)


def is_of_outlet(email: str, website: str) -> bool:
    """Whether an address belongs to the outlet's own domain, or one of them lies within the other."""
    host = (urlsplit(website).hostname or "").removeprefix("www.").casefold()
    domain = email.rpartition("@")[2].casefold()
    if not host or not domain:
        return False
    return host == domain or host.endswith(f".{domain}") or domain.endswith(f".{host}")
