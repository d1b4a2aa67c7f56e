"""Count what is deleted, so that the figures of an edition stay when its applicants are gone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from .. import clock
from ..database import db, transaction
from ..models import Application, Edition, Statistic
from . import decisions

Figures = dict[str, Counter[str]]


def _day(application: Application) -> str:
    zone = clock.zone(current_app.config["TIMEZONE"])
    return application.submitted_at.astimezone(zone).date().isoformat()


def days_waited(since: datetime, decided: datetime) -> int:
    """The whole days that a decision took. The clock begins anew with an answer, as in `Application.waiting_since`."""
    return max(0, (decided - since).days)


def _days_to_decision(application: Application) -> str:
    decided = application.decided_at
    return str(days_waited(application.waiting_since, decided)) if decided else ""


MEASURES: dict[str, Callable[[Application], str]] = {
    "day": _day,
    "status": lambda application: application.status.value,
    "country": lambda application: application.outlet_country,
    "outlet_kind": lambda application: application.outlet_kind.value,
    "applicant_kind": lambda application: application.applicant_kind.value,
    "proof_kind": lambda application: application.proof_kind.value,
    "days_to_decision": _days_to_decision,
}


def count(applications: Sequence[Application]) -> None:
    """Add applications that are about to be deleted to the counts of their editions, each fact by itself.

    Beside what stands in `MEASURES`: each decision on them with the name of who made it, as "approved Chen Yulan".
    """
    found: Counter[tuple[int, str, str]] = Counter()
    for application in applications:
        for measure, read in MEASURES.items():
            if label := read(application):
                found[application.edition_id, measure, label] += 1
    these = Application.id.in_([each.id for each in applications])
    for (edition_id, name, decision), number in decisions.by_reviewer(these).items():
        found[edition_id, "decision", f"{decision} {name}"] += number
    add({key: number for key, number in sorted(found.items())})


def add(numbers: dict[tuple[int, str, str], int]) -> None:
    """Add to the counts: numbers by the edition's id, measure and label."""
    names = ("edition_id", "measure", "label", "number")
    rows = [dict(zip(names, (*key, number), strict=True)) for key, number in numbers.items()]
    if not rows:
        return
    with transaction() as session:
        insert = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name].insert(Statistic)
        more = insert.on_conflict_do_update(
            index_elements=["edition_id", "measure", "label"],
            set_={"number": Statistic.number + insert.excluded.number},
        )
        session.execute(more, rows)


def counts(edition: Edition) -> Figures:
    """What was counted of an edition's deleted applications: by measure (as in `count`), then by label."""
    figures: Figures = defaultdict(Counter)
    rows = select(Statistic.measure, Statistic.label, Statistic.number).where(Statistic.edition_id == edition.id)
    for measure, label, number in db.session.execute(rows):
        figures[measure][label] = number
    return figures
