"""The start page of Invitation of Journalist, and when the form is open."""

from datetime import date

import pytest
import time_machine

from cantonsite.models.audit import Actor
from cantonsite.services import editions
from tests.people import reach

DAYS = {"applications_open_on": date(2026, 1, 10), "applications_close_on": date(2026, 3, 31)}
FAIR = {"starts_on": date(2026, 4, 15), "ends_on": date(2026, 5, 5)}
NEXT = {
    "starts_on": date(2026, 10, 15),
    "ends_on": date(2026, 11, 4),
    "applications_open_on": date(2026, 7, 1),
    "applications_close_on": date(2026, 9, 30),
}


def at(moment: str):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def site(app):
    with app.app_context():
        editions.add(139, **FAIR, **DAYS, actor=Actor.COMMAND)
    return app


def test_journalist_who_comes_early_reads_from_when_on(site, client):
    with at("2026-01-09T15:59:59Z"):  # a second before midnight in Guangzhou
        page = client.get("/en/invitation")
        assert "Applications are not open yet" in page.text
        assert "open on 10 January 2026" in page.text
        assert "Not yet open" in page.text
        assert "/invitation/apply" not in page.text
        closed = client.get("/en/invitation/apply")
        assert (closed.status_code, closed.location) == (302, "/en/invitation")
    with at("2026-01-09T16:00:00Z"):
        assert client.get("/en/invitation/apply").status_code == 200


def test_journalist_in_time_reads_what_to_have_at_hand_and_starts(site, client):
    with at("2026-03-31T15:59:59Z"):  # the last second of the last day in Guangzhou
        page = client.get("/en/invitation")
        assert 'href="/en/invitation/apply"' in page.text
        assert "What you need" in page.text
        for day in (*DAYS.values(), *FAIR.values()):
            assert f'datetime="{day.isoformat()}"' in page.text
        for words in ("Who may apply", "What counts as proof", "The rules", "Within 5 working days", "Press contact"):
            assert words in page.text
        assert "Set-Cookie" not in page.headers, "reading the page leaves no trace"
        assert client.get("/en/invitation/apply").status_code == 200


def test_journalist_who_comes_late_reads_since_when_and_whom_to_ask(site, client):
    with at("2026-03-31T16:00:00Z"):
        page = client.get("/en/invitation")
        assert "Applications are closed" in page.text
        assert "closed on 31 March 2026" in page.text
        assert client.get("/en/invitation/apply").location == "/en/invitation"
    with at("2026-06-01T00:00:00Z"):  # the fair is over
        assert "No edition takes applications now" in client.get("/en/invitation").text


def test_journalist_who_is_late_for_one_edition_reads_when_the_next_one_opens(site, client):
    with site.app_context():
        editions.add(140, **NEXT, actor=Actor.COMMAND)
    with at("2026-04-20T00:00:00Z"):
        page = client.get("/en/invitation")
        assert "Applications for the 139th Canton Fair closed on 31 March 2026" in page.text
        assert "Applications for the 140th Canton Fair open on 1 July 2026" in page.text


def test_journalist_reads_that_no_edition_is_announced(app, client):
    page = client.get("/en/invitation")
    assert "No edition takes applications now" in page.text
    assert 'id="dates"' not in page.text
    assert client.get("/zh/invitation").status_code == 200
    assert client.get("/en/invitation/apply").location == "/en/invitation"


def test_applicant_of_a_short_fair_is_offered_its_days(app, client):
    short = {**FAIR, "ends_on": date(2026, 4, 19)}
    with app.app_context():
        editions.add(139, **short, **DAYS, actor=Actor.COMMAND)
    with at("2026-02-01T00:00:00Z"):
        page = reach(client, "work")
        assert "139th, spring 2026, 15–19 April" in page.text
        assert "Phase 1, 15–19 April" in page.text
        assert "Phase 2" not in page.text
