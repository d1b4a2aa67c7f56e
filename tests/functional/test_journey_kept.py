"""What somebody types into the application is kept, or they are told in words that it is not."""

import shutil
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Application, ApplicationDraft, Edition, OutgoingMail
from tests.conftest import build
from tests.people import ANSWERS, fitting, go_on, later, open_edition, reach, walk
from tests.strict import Page

MARTA = "marta@nordisk.example"
DAY = 86_400


@pytest.fixture
def site(app):
    open_edition(app)
    return app


@pytest.fixture
def writing(site, client):
    """Fill in the pages up to the one of this name, some seconds after the first was opened."""
    first = client.get("/en/invitation/apply")
    with later(10):
        yield partial(walk, client, first)


def grow_old(app) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(ApplicationDraft).values(changed_at=clock.now() - ApplicationDraft.LIFE * 1.01))


def test_a_tab_that_was_left_over_night_goes_on_where_it_was(site, client, writing):
    page = writing("work")
    with later(13 * 3600):
        sent = client.send(page, fitting(page, {}), "/apply")
        assert sent.location.endswith("/apply/proof")
    with later(10 * DAY):
        page = client.get("/en/invitation/apply/proof")
        assert client.send(page, fitting(page, {}), "/apply").location.endswith("/apply/travel")
    with later(20 * DAY):
        assert client.get("/en/invitation/apply/travel").status_code == 200, "its days count from the last change"


def test_what_was_typed_after_a_draft_had_ended_is_given_back_to_be_copied(site, client, writing):
    page = writing("work")
    grow_old(site)
    sent = client.send(page, {**fitting(page, {}), "topics": "Half an hour's work"}, "/apply")
    assert sent.status_code == 410
    assert "Half an hour&#39;s work" in sent.text
    assert "14 days" in sent.text
    assert "/en/invitation/apply" in sent.text


def test_whoever_finds_no_draft_reads_why_on_the_first_page(site, client, writing):
    writing("work")
    grow_old(site)
    lost = client.get("/en/invitation/apply/work", follow_redirects=True)
    assert lost.request.path == "/en/invitation/apply"
    assert "Begin here" in lost.text
    assert "Begin here" not in client.get("/en/invitation/apply").text
    assert "Begin here" not in site.test_client().get("/en/invitation/apply").text, "nobody else reads it"


def test_a_page_that_was_left_open_after_sending_leads_to_the_receipt(site, client, writing):
    page = writing("work")
    assert go_on(client, client.get("/en/invitation/apply/work")).status_code == 303
    sent = client.send(page, {**fitting(page, {}), "topics": "Something else"}, "/apply")
    assert "/received/" in sent.location
    assert "You had sent this form before" in client.get(sent.location).text


@pytest.mark.parametrize("name", ["outlet", "work", "proof", "travel"])
def test_half_a_page_is_saved_for_later(site, client, writing, name):
    page = writing(name)
    sent = client.send(page, {"go": "later"}, "/apply")
    assert sent.location.endswith("/saved")
    assert "Your answers are kept" in client.get(sent.location).text
    with site.app_context():
        assert db.session.scalars(select(OutgoingMail.recipient)).all() == [MARTA]


def test_half_a_member_of_a_crew_is_saved_for_later(site, client, writing):
    page = writing("crew", with_crew="y")
    sent = client.send(page, {"given_name": "Ola", "go": "later"}, "/crew")
    assert sent.location.endswith("/saved")
    assert 'value="Ola"' in client.get("/en/invitation/apply/crew").text


@pytest.mark.parametrize("typed", ["", "nobody", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"])
def test_the_link_goes_to_no_address_that_could_not_be_taken(site, client, writing, typed):
    page = writing("outlet")
    you = client.get("/en/invitation/apply")
    assert client.send(you, {**fitting(you, {}), "email": typed}, "/apply").status_code == 422
    sent = client.send(page, {**fitting(page, {}), "go": "later"}, "/apply")
    assert sent.status_code == 303
    assert sent.location.endswith("/invitation/apply"), "first the address"
    assert "Enter your email address" in client.get(sent.location).text
    with site.app_context():
        assert db.session.scalars(select(OutgoingMail.recipient)).all() == []


def test_whoever_asked_for_too_many_links_is_told_that_none_was_sent(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "cantonsite.sqlite3")
    site = build(tmp_path, APPLY_LIMIT_PER_ADDRESS="2 per hour")
    open_edition(site)
    client = site.test_client()
    page = reach(client, "outlet")
    with later(8):
        for _ in range(2):
            assert client.send(page, {"go": "later"}, "/apply").status_code == 303
        refused = client.send(page, {"go": "later", "outlet_name": "Kept"}, "/apply")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Too many were sent" in refused.text
    assert 'value="Kept"' in refused.text


def test_an_arrival_in_the_year_twenty_seven_is_a_slip_of_the_keys(site, client, writing):
    page = writing("work")
    for year in ("0027", "0001", "9999"):
        sent = client.send(page, {**fitting(page, {}), "arrives_on": f"{year}-01-01"}, "/apply")
        assert sent.status_code == 422, year
        assert "Enter the day on which you arrive" in sent.text
        reckoned = client.get(f"/en/invitation?kind=short_term&arrives={year}-01-01&letter=y")
        assert reckoned.status_code == 200
        assert "Enter the day on which you arrive" in reckoned.text


def test_a_button_that_no_page_has_removes_nothing(site, client, writing):
    page = writing("proof")
    for go in ("remove-²", "remove-", "remove--1", "remove-٣", "remove-99999999999999999999"):
        assert client.send(page, {**fitting(page, {}), "go": go}, "/apply").status_code in (303, 422)


def test_an_edition_that_closes_half_way_is_said_in_words_and_loses_nothing(site, client, writing):
    check = writing("check")
    with site.app_context(), transaction() as session:
        session.execute(update(Edition).values(applications_close_on=clock.now().date() - timedelta(days=2)))
    sent = client.send(check, {"declaration": "y"}, "/apply/check")
    shown = client.get(sent.location)
    assert "This edition no longer takes applications" in shown.text
    assert ANSWERS["topics"] in shown.text
    with site.app_context():
        assert db.session.scalars(select(Application)).all() == []


def test_a_request_that_is_too_large_is_answered_on_its_own_page_in_words(site, client, writing):
    page = writing("proof")
    form = Page(page.text).form("/apply")
    body = b"--x\r\n" + b"y" * (46 * 1024 * 1024)
    sent = client.post(form.action, data=body, content_type="multipart/form-data; boundary=x")
    assert sent.status_code == 413
    assert "10 MB" in sent.text
    assert Page(sent.text).form("/apply/proof")
