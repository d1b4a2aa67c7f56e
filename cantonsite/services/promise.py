"""How fast applications are answered, by what was decided lately; and the day that is promised by it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from flask import current_app
from sqlalchemy import select

from .. import clock
from ..database import db
from ..models import Application

LOOKS_BACK = timedelta(days=30)
FEWEST = 10  # decisions from which anything is said of them
MOST = 200  # the newest that are looked at
LONGEST = 5  # working days, the longest promise; and the promise as long as too little is known
KEPT_FOR = 0.9  # the promise is one that nine of ten of these decisions would have kept
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """In how many working days half were decided, how many that is known of, and what may be promised by it."""

    half_within: float | None
    decided: int
    promised: int

    @property
    def is_known(self) -> bool:
        return self.half_within is not None


def pace() -> Pace:
    """The pace of the last thirty days. With fewer than ten decisions there is none, and five days are promised."""
    waited = sorted(_waits())
    if len(waited) < FEWEST:
        return Pace(None, len(waited), LONGEST)
    middle = len(waited) // 2
    half = waited[middle] if len(waited) % 2 else (waited[middle - 1] + waited[middle]) / 2
    nearly_all = waited[ceil(len(waited) * KEPT_FOR) - 1]
    return Pace(max(0.1, round(half / DAY, 1)), len(waited), min(LONGEST, max(1, ceil(nearly_all / DAY))))


def answer_by(moment: datetime) -> date:
    """The day by which an application that waits since `moment` is answered: one to five working days later."""
    day, left = day_of(moment), pace().promised
    while left:
        day += DAY
        left -= day.weekday() < SATURDAY
    return day


def day_of(moment: datetime) -> date:
    """The calendar day of a moment at the fair."""
    return moment.astimezone(_zone()).date()


def working_time(start: datetime, end: datetime) -> timedelta:
    """The time between two moments without Saturdays and Sundays at the fair; not less than nothing."""
    zone = _zone()
    start, end = start.astimezone(zone), max(start, end).astimezone(zone)
    total, day = end - start, start.date()
    while day <= end.date():
        if day.weekday() >= SATURDAY:
            midnight = datetime.combine(day, time(), zone)
            total -= min(end, midnight + DAY) - max(start, midnight)
        day += DAY
    return max(total, timedelta(0))


def _waits() -> list[timedelta]:
    """How long each that was decided lately had waited, since it came or was answered last."""
    lately = select(Application.waiting_since, Application.decided_at)
    lately = lately.where(Application.decided_at > clock.now() - LOOKS_BACK)
    rows = db.session.execute(lately.order_by(Application.decided_at.desc()).limit(MOST))
    return [working_time(row.waiting_since, row.decided_at) for row in rows]


def _zone():
    return clock.zone(current_app.config["TIMEZONE"])
