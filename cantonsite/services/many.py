"""One decision on many applications: each by itself, in its own transaction, and what cannot be decided is skipped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm.exc import ObjectDeletedError

from ..database import Changed, db, transaction
from ..models import Application, AuditEvent, StaffMember
from ..models.applicant import ProofKind
from ..models.document import Verdict
from ..models.invitation import Status, TransitionNotAllowed
from . import audit, blocks, crews, queue

MOST = 200
Verb = Callable[[Application, int], None]
Repeated = Callable[[str, int], bool]


@dataclass(slots=True)
class Outcome:
    """What became of each: those that were decided, and those that were not, with a word that says why. By number.

    Of those that were approved, `listed` are the ones that wait for a place.
    """

    done: list[int] = field(default_factory=list)
    listed: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


def decide(
    chosen: Mapping[int, int], verb: Verb, *, decision: str, actor: StaffMember, repeated: Repeated = lambda *_: False
) -> int:
    """Carry out a verb on each of these, number and version seen; returns the number of the record of it.

    Skipped are those that are not there, that changed since they were seen, that do not await a decision, and, for a
    yes, those that want a look of their own: on the block list, not confirmed by their editor, with a document refused.
    `repeated` says, of a reference and the version seen, whether what stands is this very decision, pressed twice.
    """
    outcome, actor_id = Outcome(), actor.id
    for number, seen in list(chosen.items())[:MOST]:
        if why := _carry_out(number, seen, verb, decision, repeated):
            outcome.skipped.append((number, why))
        else:
            outcome.done.append(number)
    if decision == "approve":
        waits = select(Application.id).where(Application.status == Status.WAITING_LIST)
        outcome.listed = list(db.session.scalars(waits.where(Application.id.in_(outcome.done))))
    told = {"decision": decision, "done": outcome.done, "listed": outcome.listed, "skipped": outcome.skipped}
    with transaction() as session:
        return audit.record("decided_many", actor=session.get_one(StaffMember, actor_id), **told).id


def _carry_out(number: int, seen: int, verb: Verb, decision: str, repeated: Repeated) -> str:
    """Why it was skipped; empty when it was decided."""
    application = db.session.get(Application, number)
    if application is None:
        return "gone"
    reference, why = application.reference, _passed_over(application, decision)
    try:
        if not why:
            verb(application, seen)
    except Changed:
        why = "changed"
    except TransitionNotAllowed:
        why = "decided"
    except (ObjectDeletedError, NoResultFound):  # erased at this very moment
        return "gone"
    return "" if why in ("changed", "decided") and repeated(reference, seen) else why


def _passed_over(application: Application, decision: str) -> str:
    if not application.awaits_decision:  # whoever was given time to answer is not refused meanwhile
        return "decided"
    return _wants_a_look(application) if decision == "approve" else ""


def _wants_a_look(application: Application) -> str:
    if blocks.matching(application):
        return "blocked"
    if application.proof_kind is ProofKind.EDITOR and application.editor_says is not True:
        return "editor"
    refused = any(each.verdict is Verdict.REFUSED for each in crews.documents(application))
    return "document" if refused else ""


def record(number: int, actor: StaffMember) -> AuditEvent | None:
    """What somebody decided on many at once; None if it was not they."""
    found = select(AuditEvent).where(AuditEvent.id == number, AuditEvent.kind == "decided_many")
    return db.session.scalar(found.where(AuditEvent.staff_id == actor.id))


def shown(numbers: Sequence[int]) -> dict[int, Application]:
    """Applications by their numbers, in the order of the queue."""
    return {each.id: each for each in queue.by_number(numbers)}
