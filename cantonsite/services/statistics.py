"""Figures of an edition's applications: those that are there, and the counts of those that were deleted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from flask import current_app
from sqlalchemy import func, select

from .. import clock
from ..database import db
from ..models import Application, Edition
from . import decisions, past_figures

GROUPS = ("status", "outlet_country", "outlet_kind", "applicant_kind")
MEASURE_OF = {"outlet_country": "country"}  # where a deleted application's count has another name


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one edition; `waits` are days from arrival to decision with how many took them."""

    total: int
    days: Counter[date]
    by: dict[str, Counter[str]]
    waits: Counter[int]
    by_reviewer: dict[str, Counter[str]]

    @property
    def median_wait(self) -> int | None:
        return self.wait_of(0.5)

    def wait_of(self, share: float) -> int | None:
        """The days within which this share of decisions fell; None without any."""
        waits = sorted(self.waits.elements())
        return waits[ceil(len(waits) * share) - 1] if waits else None

    def until(self, day: date) -> int:
        """How many had come by this day."""
        return sum(number for each, number in self.days.items() if each <= day)


def of(edition: Edition) -> Figures:
    """All figures of an edition, in four statements."""
    past = past_figures.counts(edition)
    days, waits = _moments(edition)
    days.update({date.fromisoformat(label): number for label, number in past["day"].items()})
    waits.update({int(label): number for label, number in past["days_to_decision"].items()})
    by = _grouped(edition)
    for name in GROUPS:
        by[name].update(past[MEASURE_OF.get(name, name)])
    return Figures(days.total(), days, by, waits, _by_reviewer(edition, past["decision"]))


def _moments(edition: Edition) -> tuple[Counter[date], Counter[int]]:
    zone = clock.zone(current_app.config["TIMEZONE"])
    days: Counter[date] = Counter()
    waits: Counter[int] = Counter()
    moments = select(Application.submitted_at, Application.waiting_since, Application.decided_at)
    for submitted, since, decided in db.session.execute(moments.where(Application.edition_id == edition.id)):
        days[submitted.astimezone(zone).date()] += 1
        if decided:
            waits[past_figures.days_waited(since, decided)] += 1
    return days, waits


def _grouped(edition: Edition) -> dict[str, Counter[str]]:
    columns = [getattr(Application, name) for name in GROUPS]
    rows = select(*columns, func.count()).where(Application.edition_id == edition.id).group_by(*columns)
    by: dict[str, Counter[str]] = {name: Counter() for name in GROUPS}
    for *values, number in db.session.execute(rows):
        for name, value in zip(GROUPS, values, strict=True):
            by[name][getattr(value, "value", value)] += number
    return by


def _by_reviewer(edition: Edition, past: Counter[str]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for (_edition, name, decision), number in decisions.by_reviewer(Application.edition_id == edition.id).items():
        found.setdefault(name, Counter())[decision] += number
    for label, number in past.items():
        decision, _, name = label.partition(" ")
        found.setdefault(name, Counter())[decision] += number
    return dict(sorted(found.items(), key=lambda each: (-each[1].total(), each[0])))


def series(figures: Figures, edition: Edition, days_before: Iterable[int]) -> list[int]:
    """How many applications had come so many days before the fair began, for each of these."""
    return [figures.until(edition.starts_on - timedelta(days=each)) for each in days_before]
