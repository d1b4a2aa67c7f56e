"""Ask with a scalpel: only what was asked is open, only that is changed; a reminder, then the end."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from cantonsite.database import db
from cantonsite.models import AuditEvent
from cantonsite.models.document import DocumentKind, Verdict
from cantonsite.models.invitation import Missing, Status
from cantonsite.services import casework, editions, reminders, review
from cantonsite.services.documents import keeping
from tests.drawings import jpeg as photograph
from tests.pdfs import pdf
from tests.people import applied, chen, deliver, later, mails, newest, on_roster, open_edition, status_link
from tests.strict import Page

DAY = 24 * 60 * 60


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    applied(app)
    deliver(app)
    return app


def ask(site, *missing: Missing, note: str = "") -> str:
    """Chen asks; the mail about it leaves. The address of Marta's page."""
    with site.app_context():
        application = newest()
        review.ask(application, seen=application.version, actor=chen(), missing=missing, note=note)
    deliver(site, after=200)
    return status_link(site)


def send(client, path: str, **answers):
    with later(200):
        return client.fill_in(path, answers, "/answer")


def test_only_what_was_asked_is_open(site, client):
    path = ask(site, Missing.NAME, Missing.DATES)
    with later(200):
        form = Page(client.get(path).text).form("/answer")
    shown = {"given_name", "family_name", "native_name", "arrives_on", "departs_on", "text"}
    assert shown <= form.names
    assert not {"phone", "outlet_name", "topics", "phases", "press_card", "proof_links"} & form.names
    assert form.values["given_name"] == ["Marta Elisabet"]


def test_an_answer_changes_only_what_was_asked_and_staff_read_old_and_new(site, client):
    path = ask(site, Missing.NAME)
    assert send(client, path, given_name="Märta Elisabet").status_code == 303
    with site.app_context():
        application = newest()
        assert (application.given_name, application.status) == ("Märta Elisabet", Status.SUBMITTED)
        assert application.phone == "+46 70 555 01 24"
        line = db.session.scalars(select(AuditEvent).filter_by(kind="answered")).one()
        assert line.details["changes"] == {"given_name": ["Marta Elisabet", "Märta Elisabet"]}
        assert application.name_key == "elisabet lindqvist marta"


def test_a_field_that_was_not_asked_is_not_taken_from_a_forged_form(site, client):
    path = ask(site, Missing.NAME)
    with later(200):
        page = client.get(path)
        form = Page(page.text).form("/answer")
        data = {**form.values, "given_name": "Mia", "phone": "+1 555 000 00 00", "editor_email": "a@b.example"}
        assert client.post(form.action, data=data).status_code == 303
    with site.app_context():
        assert (newest().given_name, newest().phone) == ("Mia", "+46 70 555 01 24")


def test_an_answer_that_changes_nothing_and_says_nothing_is_refused(site, client):
    path = ask(site, Missing.NAME)
    refused = send(client, path)
    assert refused.status_code == 422
    assert "Enter your answer" in refused.text


def test_a_document_that_was_asked_for_takes_the_place_of_the_one_that_was_not_in_order(site, client):
    with site.app_context():
        first = keeping.take_in(newest(), DocumentKind.PRESS_CARD, pdf(), "blurred.pdf")
        casework.judge(first.id, Verdict.REFUSED, "The date cannot be read.", actor=chen())
    path = ask(site, Missing.PRESS_CARD)
    with later(200):
        page = client.get(path)
        assert "The date cannot be read." in page.text
        new = FileStorage(stream=BytesIO(pdf(count=2)), filename="sharp.pdf")
        form = Page(page.text).form("/answer")
        sent = client.post(form.action, data={**form.values, "press_card": new}, content_type="multipart/form-data")
    assert sent.status_code == 303, sent.text
    assert "The date cannot be read." in mails(site, "marta@", "need")[0].text
    with site.app_context():
        assert [each.name for each in keeping.of(newest())] == ["sharp.pdf"]


def test_a_file_is_kept_though_another_answer_is_wrong(site, client):
    path = ask(site, Missing.PRESS_CARD, Missing.NAME)
    with later(200):
        form = Page(client.get(path).text).form("/answer")
        card = FileStorage(stream=BytesIO(pdf()), filename="card.pdf")
        data = {**form.values, "given_name": "", "press_card": card}
        refused = client.post(form.action, data=data, content_type="multipart/form-data")
        assert refused.status_code == 422
        assert "What we have got from you now" in refused.text
        form = Page(refused.text).form("/answer")
        assert client.post(form.action, data={**form.values, "given_name": "Mia"}).status_code == 303
    with site.app_context():
        assert [each.name for each in keeping.of(newest())] == ["card.pdf"]


def test_another_editor_is_asked_anew_and_the_old_word_counts_no_more(site, client):
    path = ask(site, Missing.EDITOR)
    assert send(client, path, editor_name="Eva Ed", editor_email="eva@nordisk.example").status_code == 303
    deliver(site, after=300)
    with site.app_context():
        assert newest().editor_email == "eva@nordisk.example"


def test_the_clock_stands_still_while_we_wait_and_begins_anew_with_the_answer(site, client):
    with site.app_context():
        before = newest().answer_by
    path = ask(site, Missing.NAME)
    with later(6 * DAY):
        form = Page(client.get(path).text).form("/answer")
        assert client.post(form.action, data={**form.values, "given_name": "Mia"}).status_code == 303
    with site.app_context():
        application = newest()
        assert application.answer_by > before
        assert application.asked_until is None


def advanced(site, days: float) -> None:
    with site.app_context(), later(days * DAY):
        for _ in range(10):
            if not reminders.advance():
                return
        raise AssertionError("reminders never end")


def test_a_reminder_after_a_week_and_once_only(site):
    ask(site, Missing.NAME)
    advanced(site, 6)
    deliver(site, after=6 * DAY)
    assert mails(site, "marta@", "still wait") == []
    for day in (8, 9):
        advanced(site, day)
        deliver(site, after=day * DAY)
    assert len(mails(site, "marta@", "still wait")) == 1


def test_without_an_answer_it_is_closed_after_two_weeks_with_a_mail_and_its_page_says_why(site, client):
    path = ask(site, Missing.NAME)
    with site.app_context():
        assert newest().asked_until == editions.today() + timedelta(days=14)
    advanced(site, 8)
    advanced(site, 14)
    with site.app_context():
        assert newest().status is Status.INFORMATION_NEEDED, "the last day counts"
    for _ in range(2):
        advanced(site, 16)
        deliver(site, after=16 * DAY)
    with site.app_context():
        assert newest().status is Status.WITHDRAWN
    assert len(mails(site, "marta@", "closed your application")) == 1
    with later(16 * DAY):
        assert "We have closed this application" in client.get(path).text


def test_an_answer_in_time_ends_reminders(site, client):
    path = ask(site, Missing.NAME)
    assert send(client, path, given_name="Mia").status_code == 303
    advanced(site, 20)
    with site.app_context():
        assert newest().status is Status.SUBMITTED


def test_who_reads_that_a_document_is_not_in_order_can_give_another_though_the_reviewer_ticked_something_else(
    site, client
):
    with site.app_context():
        first = keeping.take_in(newest(), DocumentKind.PRESS_CARD, pdf(), "blurred.pdf")
        casework.judge(first.id, Verdict.REFUSED, "The date cannot be read.", actor=chen())
    path = ask(site, Missing.PHONE)
    with later(200):
        page = client.get(path)
        assert "The date cannot be read." in page.text
        new = FileStorage(stream=BytesIO(pdf(count=2)), filename="sharp.pdf")
        form = Page(page.text).form("/answer")
        assert "photo" not in form.names
        data = {**form.values, "press_card": new}
        assert client.post(form.action, data=data, content_type="multipart/form-data").status_code == 303
    with site.app_context():
        assert [each.name for each in keeping.of(newest())] == ["sharp.pdf"]


def file_of(page, data: bytes, **answers) -> dict:
    photo = FileStorage(stream=BytesIO(data), filename="me.jpg")
    return {**Page(page.text).form("/answer").values, "photo": photo, **answers}


def test_a_photo_that_was_asked_for_is_cut_about_the_face_and_shown_before_the_answer_is_sent(site, client):
    path = ask(site, Missing.PHOTO)
    with later(200):
        page = client.get(path)
        assert "/photo/" not in page.text
        shown = client.post(
            f"{path}/answer", data=file_of(page, photograph(800, 600), go="show", focus="1", text="Mine")
        )
        assert shown.status_code == 200
        assert Page(shown.text).form("/answer").values["text"] == ["Mine"]
        address = re.search(r'src="([^"]+/photo/\d+\.jpg)\?1"', shown.text)[1]
        cut = client.get(address)
        assert (cut.mimetype, cut.headers["Cache-Control"]) == ("image/jpeg", "no-store")
        with site.app_context():
            assert newest().status is Status.INFORMATION_NEEDED, "nothing is answered yet"
        answers = {**Page(shown.text).form("/answer").values, "focus": "9"}
        assert client.post(f"{path}/answer", data={**answers, "go": "show"}).status_code == 200
        assert client.get(address).data != cut.data
        assert client.post(f"{path}/answer", data={**answers, "focus": "3"}).status_code == 303
        assert client.get(address).status_code == 404, "afterwards the page shows no photo"
    with site.app_context():
        assert newest().status is Status.SUBMITTED
        assert [each.focus for each in keeping.of(newest(), DocumentKind.PHOTO)] == [3]


def test_where_the_face_is_can_be_said_anew_of_a_photo_that_was_cut_badly_but_says_nothing_alone(site, client):
    with site.app_context():
        keeping.take_in(newest(), DocumentKind.PHOTO, photograph(800, 600), "old.jpg")
        keeping.focus(newest(), 9)
    path = ask(site, Missing.PHOTO)
    with later(200):
        form = Page(client.get(path).text).form("/answer")
        assert form.values["focus"] == ["9"]
        for go, status in (("", 422), ("show", 200)):
            assert client.post(form.action, data={**form.values, "focus": "1", "go": go}).status_code == status
        with site.app_context():
            assert [each.focus for each in keeping.of(newest())] == [9]
        said = {**form.values, "focus": "1", "text": "My face is at the left."}
        assert client.post(form.action, data=said).status_code == 303
    with site.app_context():
        assert [each.focus for each in keeping.of(newest())] == [1]


@pytest.mark.parametrize("focus", ["0", "10", "x", "１", ""])
def test_a_face_that_is_nowhere_is_refused(site, client, focus):
    path = ask(site, Missing.PHOTO)
    with later(200):
        data = file_of(client.get(path), photograph(800, 600), focus=focus)
        assert client.post(f"{path}/answer", data=data).status_code == 422
    with site.app_context():
        assert [each.focus for each in keeping.of(newest())] == [5], "the file is kept, as if nothing had been said"
