"""Counts of the 124th edition, as they stay when its applications are deleted; invented, as the sample is."""

from datetime import timedelta

from sqlalchemy import exists, select

from ...database import db
from ...models import Edition, Statistic
from .. import editions, past_figures

EDITION = 124
NUMBERS = {
    "status": {"approved": 31, "declined": 6, "withdrawn": 2},
    "country": {"CN": 14, "HK": 6, "SE": 5, "BR": 5, "KZ": 4, "JP": 3, "LB": 2},
    "outlet_kind": {"print": 12, "online": 11, "television": 8, "agency": 6, "radio": 2},
    "applicant_kind": {"short_term": 16, "mainland": 14, "hong_kong_macao": 6, "resident": 3},
    "proof_kind": {"links": 21, "press_card": 10, "assignment": 8},
    "decision": {"approved Sample Reviewer": 19, "approved 审核员样例": 12, "declined Sample Reviewer": 6},
    "days_to_decision": {"0": 9, "1": 17, "2": 8, "4": 3},
}
A_WEEK = (5, 9, 12, 8, 5)


def fill() -> int:
    """Count a sample of an edition that is long over; how many rows. What is there stays."""
    edition = editions.get(EDITION)
    if edition is None or db.session.scalar(select(exists().where(Statistic.id > 0))):
        return 0
    numbers = {(edition.id, name, label): number for name, all_ in NUMBERS.items() for label, number in all_.items()}
    numbers |= {(edition.id, "day", day): number for day, number in _days(edition)}
    past_figures.add(numbers)
    return len(numbers)


def _days(edition: Edition) -> list[tuple[str, int]]:
    first = edition.applications_open_on + timedelta(days=30)
    return [((first + timedelta(days=7 * week)).isoformat(), number) for week, number in enumerate(A_WEEK)]
