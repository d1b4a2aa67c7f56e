"""By when to apply so that answer, letter and visa are there in time: working days, counted back from the arrival."""

from dataclasses import dataclass
from datetime import date, timedelta

from ..models.applicant import KINDS, ApplicantKind
from . import promise


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which to apply, and the working days that each step takes; 0 for one that is not needed."""

    apply_by: date
    answer_days: int
    letter_days: int
    permit_days: int


def of(kind: ApplicantKind, arrives_on: date | None, *, needs_letter: bool) -> Deadline | None:
    """By when somebody of this kind who arrives on this day has to apply; None if no day is known."""
    if arrives_on is None:
        return None
    rules = KINDS[kind]
    letter = rules.letter_days if needs_letter else 0
    permit = rules.permit_days if needs_letter or not rules.letter_days else 0
    answer = promise.pace().promised
    return Deadline(working_days_before(arrives_on, answer + letter + permit), answer, letter, permit)


def working_days_before(day: date, days: int) -> date:
    """The day from which so many working days, Monday to Friday, are left before `day`."""
    while days:
        day -= timedelta(days=1)
        days -= day.weekday() < 5
    return day
