"""The table of allowed changes, and what the applicant may see of a history."""

from datetime import UTC, datetime, timedelta

import pytest

from cantonsite.database import Changed
from cantonsite.models import Application, AuditEvent
from cantonsite.models.invitation import TRANSITIONS, Status, TransitionNotAllowed
from cantonsite.services import timeline

S = Status
ALLOWED = {
    (S.SUBMITTED, S.INFORMATION_NEEDED),
    (S.SUBMITTED, S.APPROVED),
    (S.SUBMITTED, S.DECLINED),
    (S.SUBMITTED, S.WITHDRAWN),
    (S.INFORMATION_NEEDED, S.SUBMITTED),
    (S.INFORMATION_NEEDED, S.DECLINED),
    (S.INFORMATION_NEEDED, S.WITHDRAWN),
    (S.SUBMITTED, S.WAITING_LIST),
    (S.WAITING_LIST, S.SUBMITTED),
    (S.WAITING_LIST, S.APPROVED),
    (S.WAITING_LIST, S.WITHDRAWN),
    (S.APPROVED, S.SUBMITTED),
    (S.APPROVED, S.REVOKED),
    (S.APPROVED, S.WITHDRAWN),
    (S.DECLINED, S.SUBMITTED),
}
NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)


def test_every_status_has_its_row_in_the_table():
    assert set(TRANSITIONS) == set(Status)


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
def test_exactly_the_changes_of_the_design_are_allowed(before, after):
    application = Application(status=before)
    assert application.may_become(after) == ((before, after) in ALLOWED)
    if (before, after) in ALLOWED:
        application.transition_to(after)
        assert application.status is after
        return
    with pytest.raises(TransitionNotAllowed) as refused:
        application.transition_to(after)
    assert application.status is before
    assert (refused.value.status, refused.value.wanted) == (before, after)


def test_whoever_saw_another_version_is_told():
    Application(version=3).must_be(3)
    for seen in (2, 4, -1):
        with pytest.raises(Changed):
            Application(version=3).must_be(seen)


def history(*lines: tuple[str, float, float | None], **details) -> Application:
    """Lines of history as (kind, minute, minute from which the applicant may see it)."""
    application = Application(status=Status.SUBMITTED)
    for number, (kind, at, shown_from) in enumerate(lines, 1):
        shown = None if shown_from is None else NOON + timedelta(minutes=shown_from)
        moment = NOON + timedelta(minutes=at)
        application.events.append(
            AuditEvent(id=number, kind=kind, at=moment, shown_from=shown, details=details.get(f"_{number}", {}))
        )
    return application


def seen(application: Application, minute: float) -> tuple[list[str], Status]:
    now = NOON + timedelta(minutes=minute)
    return [line.kind for line in timeline.shown(application, now)], timeline.shown_status(application, now)


def test_a_decision_shows_when_its_mail_may_leave_and_not_before():
    decided = history(("submitted", 0, 0), ("approved", 10, 12))
    assert seen(decided, 11) == (["submitted"], Status.SUBMITTED)
    assert seen(decided, 12) == (["submitted", "approved"], Status.APPROVED)
    assert timeline.latest_decision(decided).kind == "approved"


def test_a_decision_that_was_undone_never_shows():
    undone = history(("submitted", 0, 0), ("declined", 10, 12), ("undone", 11, None), _3={"undoes": 2})
    assert seen(undone, 60) == (["submitted"], Status.SUBMITTED)
    assert timeline.latest_decision(undone) is None


def test_a_decision_overtaken_before_its_mail_could_leave_never_shows():
    withdrawn = history(("submitted", 0, 0), ("approved", 10, 12), ("withdrawn", 11, 11))
    assert seen(withdrawn, 60) == (["submitted", "withdrawn"], Status.WITHDRAWN)
    reopened = history(("submitted", 0, 0), ("approved", 10, 12), ("reopened", 11, None))
    assert seen(reopened, 60) == (["submitted"], Status.SUBMITTED)


def test_a_decision_that_was_told_and_reopened_stays_in_the_history():
    reopened = history(("submitted", 0, 0), ("approved", 10, 12), ("reopened", 30, 30), ("declined", 40, 42))
    assert seen(reopened, 31) == (["submitted", "approved", "reopened"], Status.SUBMITTED)
    assert seen(reopened, 42)[1] is Status.DECLINED


def test_lines_that_change_no_status_are_not_shown_to_the_applicant():
    assert seen(history(("submitted", 0, 0), ("looked_at", 1, 1)), 5) == (["submitted"], Status.SUBMITTED)
    assert seen(history(), 5) == ([], Status.SUBMITTED)
