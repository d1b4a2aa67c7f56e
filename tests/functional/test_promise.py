"""The day that is promised: five working days until enough is known, then by the pace of the last thirty days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from cantonsite import clock
from cantonsite.database import transaction
from cantonsite.models import Application
from cantonsite.services import promise, review
from tests.people import applied, chen, newest, on_roster, open_edition


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    return app


def decided_after(site, *hours: float, ago: timedelta = timedelta(days=1)) -> None:
    """Applications that were approved after so many hours."""
    for number, each in enumerate(hours):
        applied(site, email=f"{number}@{ago.days}.example")
        with site.app_context():
            application = newest()
            review.approve(application, seen=application.version, actor=chen())
            at = friday() - ago
            with transaction() as session:
                values = {"waiting_since": at - timedelta(hours=each), "decided_at": at}
                session.execute(update(Application).where(Application.id == application.id).values(**values))


def friday() -> datetime:
    """Noon of the last Friday: no weekend stands between it and the days before."""
    now = clock.now()
    return (now - timedelta(days=(now.weekday() - 4) % 7 or 7)).replace(hour=4, minute=0)


@pytest.mark.parametrize(
    ("came", "promised"),
    [
        (datetime(2026, 4, 13, 1, tzinfo=UTC), date(2026, 4, 20)),  # Monday: the next Monday
        (datetime(2026, 4, 17, 10, tzinfo=UTC), date(2026, 4, 24)),  # Friday
        (datetime(2026, 4, 18, 10, tzinfo=UTC), date(2026, 4, 24)),  # Saturday
        (datetime(2026, 4, 19, 10, tzinfo=UTC), date(2026, 4, 24)),  # Sunday
        (datetime(2026, 4, 19, 17, tzinfo=UTC), date(2026, 4, 27)),  # Sunday in London, Monday in Guangzhou
    ],
)
def test_an_answer_is_promised_within_five_working_days_in_guangzhou(site, came, promised):
    with site.app_context():
        assert promise.answer_by(came) == promised


def test_the_weekend_does_not_count_as_waiting(site):
    with site.app_context():
        friday_noon = datetime(2026, 4, 17, 4, tzinfo=UTC)
        assert promise.working_time(friday_noon, friday_noon + timedelta(days=3)) == timedelta(days=1)


def test_nothing_is_said_of_fewer_than_ten_decisions(site, client):
    decided_after(site, *[24] * 9)
    with site.app_context():
        assert promise.pace() == promise.Pace(None, 9, 5)
    assert "half of all answers" not in client.get("/en/invitation").text


def test_the_pace_of_the_last_thirty_days_is_published_and_promised(site, client):
    decided_after(site, *[12] * 5, *[24] * 4, 40)
    with site.app_context():
        assert promise.pace() == promise.Pace(0.8, 10, 1)
        monday = datetime(2026, 4, 13, 1, tzinfo=UTC)
        assert promise.answer_by(monday) == date(2026, 4, 14)
    page = client.get("/en/invitation").text
    assert "half of all answers came within 0.8 working days" in page
    assert "Within 1 working day" in page


def test_what_was_decided_longer_ago_does_not_count(site):
    decided_after(site, *[12] * 10, ago=timedelta(days=42))
    with site.app_context():
        assert promise.pace().half_within is None


def test_a_slow_month_does_not_make_the_promise_longer_than_five_days(site):
    decided_after(site, *[24 * 4] * 10)
    with site.app_context():
        assert promise.pace().promised <= 5
