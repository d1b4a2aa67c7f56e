"""What somebody types into the application is kept, or they are told in words that it is not."""

import shutil
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Application, ApplicationDraft, Edition, OutgoingMail
from cantonsite.models.audit import Actor
from cantonsite.models.document import DocumentKind
from cantonsite.services import editions
from cantonsite.services.documents import keeping
from tests.conftest import build
from tests.drawings import jpeg
from tests.people import ANSWERS, deliver, fitting, go_on, later, link_in, mails, open_edition, reach, walk
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


def drafts_of(app) -> list[ApplicationDraft]:
    with app.app_context():
        return list(db.session.scalars(select(ApplicationDraft)))


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


@pytest.mark.parametrize("place", ["status", "editor", "returning", "apply/continue"])
@pytest.mark.parametrize("number", ["2147483648", "999999999999999"])
def test_a_token_with_a_number_that_no_row_can_have_is_not_found(site, client, place, number):
    assert client.get(f"/en/invitation/{place}/{number}.{'a' * 32}").status_code == 404


ODD = [
    "\0\u202e\u2066",
    "x" * 10_000,
    "\u202etxt.exe\0",
    "字" * 10_000,
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 300,
    "محمد\r\nBcc: x@y.example",
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_no_answer_breaks_a_page_and_what_is_kept_holds_nothing_unseen(site, client, writing, odd):
    page = writing("crew", with_crew="y")
    for path in ("", "/outlet", "/work", "/crew", "/proof", "/travel", "/photo", "/check"):
        page = client.get(f"/en/invitation/apply{path}")
        if page.status_code != 200:
            continue
        form = Page(page.text).form("/apply")
        names = form.names - {"csrf_token", "photo", "bylines", "masthead", "press_card", "assignment_letter"}
        sent = client.post(form.action, data={**form.values, **dict.fromkeys(names, odd)})
        assert sent.status_code in (303, 422), path
        assert client.get(f"/en/invitation/apply{path}").status_code in (200, 303), path
    with site.app_context():
        (draft,) = db.session.scalars(select(ApplicationDraft))
        assert "\\x00" not in str(draft.typed)


def test_the_enter_key_takes_no_file_back(site, client, writing):
    page = writing("proof")
    (draft,) = drafts_of(site)
    with site.app_context():
        keeping.take_in(draft, DocumentKind.PRESS_CARD, jpeg(), "card.jpg")
    page = client.get("/en/invitation/apply/proof")
    first, *others = Page(page.text).form("/apply").buttons
    assert any(each.get("value", "").startswith("remove-") for each in others)
    assert not first.get("name"), "the first button is what the Enter key presses"


def test_a_phase_that_the_chosen_edition_does_not_have_is_refused(site, client):
    with site.app_context():
        today = editions.today()
        days = {"starts_on": today + timedelta(days=90), "ends_on": today + timedelta(days=94)}
        taking = {"applications_open_on": today, "applications_close_on": today + timedelta(days=30)}
        editions.add(142, **days, **taking, actor=Actor.COMMAND)
    page = reach(client, "work")
    with later(9):
        sent = client.send(page, {**fitting(page, {}), "edition": "142", "phases": ["1", "2"]}, "/apply")
        assert sent.status_code == 422
        assert "Select phases that this edition has" in sent.text
        assert client.send(page, {**fitting(page, {}), "edition": "142", "phases": ["1"]}, "/apply").status_code == 303


def test_the_check_page_warns_when_the_letter_of_somebody_in_the_crew_will_be_late(site, client, writing):
    soon = {"arrives_on": (clock.now() + timedelta(days=12)).date().isoformat()}
    page = writing("crew", applicant_kind="hong_kong_macao", with_crew="y", **soon)
    ola = {"given_name": "Ola", "family_name": "Nordmann", "role": "video", "applicant_kind": "short_term"}
    page = client.send(page, {**ola, "go": "add"}, "/crew")
    assert page.status_code == 422, "now it asks what this kind is asked"
    client.send(page, {"nationality": "NO", "needs_letter": "y", "letter_city": "Oslo", "go": "add"}, "/crew")
    client.send(client.get("/en/invitation/apply/crew"), {"go": "on"}, "/crew")
    check = walk(client, client.get("/en/invitation/apply/proof"), "check", nationality="HK")
    assert "You should have applied by" in check.text


def test_what_was_being_written_is_not_lost_when_the_browser_goes_on_with_another(site, client, writing):
    writing("work")
    phone = site.test_client()
    page = reach(phone, "work", email="other@nordisk.example")
    with later(20):
        phone.send(page, {"go": "later"}, "/apply")
    deliver(site, after=30)
    link = link_in(mails(site, "other@nordisk.example")[0], "/continue/")
    shown = client.get(client.post(link).location)
    assert "the link to it is in your mail" in shown.text
    deliver(site, after=40)
    before = client.get(link_in(mails(site, MARTA)[0], "/continue/"))
    assert before.status_code == 200
    client.post(link)
    with site.app_context():
        assert len(db.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == MARTA)).all()) == 1
