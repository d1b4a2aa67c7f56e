"""What applicants do with what is held about them: see, correct, choose, take along, erase."""

import io
import json
import zipfile

import pytest
from sqlalchemy import func, select

from cantonsite.database import Base, db
from cantonsite.models import Application, AuditEvent, OutgoingMail, Statistic
from cantonsite.models.document import DocumentKind
from cantonsite.models.invitation import Status
from cantonsite.services import editions, past_figures, review
from cantonsite.services.documents import keeping
from tests.pdfs import pdf
from tests.people import applied, chen, deliver, later, mails, on_roster, open_edition, review_link, status_link
from tests.strict import Page

MARTA = "marta@nordisk.example"


@pytest.fixture
def site(app):
    """Marta has applied with a document, a reviewer has opened it, the mails have left."""
    open_edition(app)
    on_roster(app)
    applied(app)
    with app.app_context():
        application = db.session.scalars(select(Application)).one()
        document = keeping.take_in(application, DocumentKind.PRESS_CARD, pdf(), "card.pdf")
        keeping.opened(document.id, chen())
    deliver(app)
    return app


def data_page(app) -> str:
    return f"{status_link(app)}/data"


def the(app, name: str):
    with app.app_context():
        return db.session.scalar(select(getattr(Application, name)))


def lines(app, kind: str) -> list[AuditEvent]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent).filter_by(kind=kind).order_by(AuditEvent.id)))


def decide(app, verb: str, **words) -> None:
    with app.app_context():
        application = db.session.scalars(select(Application)).one()
        getattr(review, verb)(application, seen=application.version, actor=chen(), **words)


def end(app) -> str:
    return the(app, "reference")[-7:]


def test_the_page_shows_all_that_is_held_and_changes_nothing(site, client):
    with site.app_context():
        before = {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables()}
    status = client.get(status_link(site))
    assert f'href="{data_page(site)}"' in status.text
    page = client.get(data_page(site))
    for words in (
        *(
            "Marta Elisabet",
            "Lindqvist",
            MARTA,
            "+46 70 555 01 24",
            "Sweden",
            "Nordisk Handelsblad",
            "Ceramics and trade",
        ),
        *("card.pdf", "Press card", "Chen Yulan", "We received your application", "We have your application"),
        *("90 days after the last day of the edition", "30 days after the last day of the edition"),
    ):
        assert words in page.text, words
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert client.head(data_page(site)).status_code == 200
    assert client.get(data_page(site).replace("/en/", "/zh/")).status_code == 200
    with site.app_context():
        assert {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables()} == before


def tables():
    return Base.metadata.sorted_tables


def test_a_decision_shows_here_when_its_mail_may_leave_and_not_before(site, client):
    with later(10):
        decide(site, "approve", note="Welcome at gate 3")
        page = client.get(data_page(site)).text
        assert "gate 3" not in page
        assert "We approved" not in page
        assert "180 days" not in page
        told = taken(client.send(client.get(data_page(site)), {}, "/download"))[0]
        assert told["status"] == "submitted"
        assert "approved" not in json.dumps(told)
    deliver(site, after=200)
    with later(300):
        page = client.get(data_page(site)).text
    assert "We approved" in page
    assert "gate 3" in page
    assert "180 days" in page


def test_applicant_corrects_what_may_be_corrected_and_staff_read_old_and_new(site, client):
    version = the(site, "version")
    answers = {"phone": "+46 8 555 01 24", "topics": "Porcelain", "outlet_website": "www.nordisk.example"}
    assert client.fill_in(data_page(site), answers, "/correct").status_code == 303
    assert the(site, "phone") == "+46 8 555 01 24"
    assert the(site, "outlet_website") == "https://www.nordisk.example"
    assert the(site, "version") == version + 1
    changes = lines(site, "corrected")[0].details["changes"]
    assert changes["phone"] == ["+46 70 555 01 24", "+46 8 555 01 24"]
    assert set(changes) == {"phone", "topics", "outlet_website"}
    assert "You corrected your answers" in client.get(data_page(site)).text
    review_page = client.get(review_link(site)).text
    assert "→ Porcelain" in review_page
    assert "+46" not in review_page, "a phone number is shown at the desk only"


def test_a_lone_press_of_any_button_corrects_and_erases_nothing(site, client):
    version = the(site, "version")
    for action in ("/correct", "/press-list"):
        assert client.fill_in(data_page(site), {}, action).status_code == 303
    assert client.fill_in(data_page(site), {}, "/erase").status_code == 422
    assert the(site, "version") == version
    assert not lines(site, "corrected")
    assert not lines(site, "press_list")


@pytest.mark.parametrize("action", ["/correct", "/press-list", "/erase", "/download"])
def test_whoever_fills_in_everything_is_told_and_changes_nothing(site, client, action):
    names = Page(client.get(data_page(site)).text).form(action).names
    junk = {name: "y" for name in names - {"csrf_token", "version"}}
    sent = client.fill_in(data_page(site), junk, action)
    assert sent.status_code == 422
    assert "Error: What we hold about you" in sent.text
    assert not the(site, "press_list")


def test_wrong_answers_come_back_with_what_was_typed(site, client):
    answers = {"phone": "12", "arrives_on": "2027-04-20", "departs_on": "2027-04-14", "topics": "Lacquer"}
    sent = client.fill_in(data_page(site), answers, "/correct")
    assert sent.status_code == 422
    assert "Enter a phone number with its digits" in sent.text
    assert "must not be before the day of arrival" in sent.text
    assert "Lacquer" in sent.text
    assert the(site, "topics") == "Ceramics and trade"


def test_nobody_corrects_after_a_decision_even_one_that_is_not_told_yet(site, client):
    page = client.get(data_page(site))
    decide(site, "decline", note="Rule 2")
    sent = client.send(page, {"topics": "Lacquer"}, "/correct")
    assert sent.status_code == 409
    assert "Lacquer" in sent.text
    again = client.fill_in(data_page(site), {"topics": "Lacquer"}, "/correct")
    assert again.status_code == 409
    deliver(site, after=200)
    with later(300):
        assert "/data/correct" not in client.get(data_page(site)).text
        late = client.send(page, {"topics": "Lacquer"}, "/correct")
    assert late.status_code == 409
    assert "Lacquer" in late.text
    assert the(site, "topics") == "Ceramics and trade"


def test_the_press_list_is_joined_and_left_without_disturbing_a_reviewer(site, client):
    version = the(site, "version")
    for tick, wanted in (("y", True), (None, False)):
        assert client.fill_in(data_page(site), {"press_list": tick}, "/press-list").status_code == 303
        assert the(site, "press_list") is wanted
    assert the(site, "version") == version
    assert [line.details["wanted"] for line in lines(site, "press_list")] == [True, False]


def taken(answer) -> tuple[dict, zipfile.ZipFile]:
    assert answer.status_code == 200, answer.text
    file = zipfile.ZipFile(io.BytesIO(answer.data))
    return json.loads(file.read("data.json")), file


def test_all_of_it_is_taken_along_as_json_and_files(site, client):
    answer = client.fill_in(data_page(site), {}, "/download")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith(f"attachment; filename={the(site, 'reference').lower()}")
    assert "Set-Cookie" not in answer.headers
    data, file = taken(answer)
    assert file.testzip() is None
    names = file.namelist()
    assert len(names) == 3
    assert names[0] == "README.txt"
    assert names[2].endswith("-card.pdf")
    assert file.read(names[2]).startswith(b"%PDF-")
    assert data["answers"]["family_name"] == "Lindqvist"
    assert data["answers"]["arrives_on"] == "2027-04-14"
    assert data["opened_by_staff"][0]["by"] == "Chen Yulan"
    assert [mail["kind"] for mail in data["mails"]] == ["application_received"]
    assert data["consents"]["press_list"]["wanted"] is False


def test_what_is_erased_is_gone_at_once_and_only_the_counts_stay(site, client):
    page = client.get(data_page(site))
    wrong = client.send(page, {"reference": "AAAAAA"}, "/erase")
    assert wrong.status_code == 422
    assert "There is a problem" in wrong.text
    country = the(site, "outlet_country")
    sent = client.fill_in(data_page(site), {"reference": end(site)}, "/erase")
    assert sent.status_code == 303
    done = client.get(sent.location)
    assert "Your data is erased" in done.text
    assert client.send(page, {"reference": "AAAAAA"}, "/erase").location == sent.location
    assert client.get(page.request.path).status_code == 404
    with site.app_context():
        for table in tables():
            if "application_id" in table.c:
                assert not db.session.scalar(select(func.count()).where(table.c.application_id.is_not(None))), table
        assert not db.session.scalar(select(func.count(Application.id)))
        figures = past_figures.counts(editions.get(141))
        assert figures["country"] == {country: 1}
        assert figures["status"] == {"submitted": 1}
        assert db.session.scalar(select(func.count(Statistic.id))) == 6
    assert deliver(site) == 1
    last = mails(site, MARTA)[0]
    assert last.subject == "Your data is erased"
    for data in ("Marta", "Lindqvist", "CF141", "Nordisk", "nordisk.example/"):
        assert data not in last.text + last.html
    assert not mails(site, "press@fair.example", "void")


def test_an_approved_invitation_that_is_erased_is_void_and_the_office_reads_the_reference_alone(site, client):
    decide(site, "approve")
    deliver(site, after=200)
    with later(300):
        reference = the(site, "reference")
        assert client.fill_in(data_page(site), {"reference": end(site)}, "/erase").status_code == 303
    assert deliver(site, after=310) == 2
    mail = mails(site, "press@fair.example", "void")[0]
    assert reference in mail.text
    for data in ("Marta", "Lindqvist", "nordisk", "Nordisk"):
        assert data not in mail.text + mail.html + mail.subject


def test_an_erasure_overtaken_by_a_decision_deletes_nothing(site, client):
    page = client.get(data_page(site))
    decide(site, "approve")
    sent = client.send(page, {"reference": end(site)}, "/erase")
    assert sent.status_code == 409
    assert the(site, "status") is Status.APPROVED


@pytest.mark.parametrize("action", ["/correct", "/press-list", "/download", "/erase"])
def test_other_sites_and_old_pages_send_nothing_here(site, client, action):
    page = client.get(data_page(site))
    elsewhere = client.send(page, {}, action, headers={"Origin": "https://elsewhere.example"})
    assert elsewhere.status_code == 403
    forged = client.send(page, {"csrf_token": "1.x"}, action)
    assert forged.status_code == 422
    assert client.post(f"/en/invitation/status/1.forged-token-here/data{action}").status_code in (303, 404)


def test_mails_that_were_asked_for_under_the_address_go_too(site, client):
    client.fill_in("/en/invitation/status", {"email": MARTA.upper()}, "/invitation/status")
    deliver(site)
    assert "The link to your application" in client.get(data_page(site)).text
    client.fill_in(data_page(site), {"reference": end(site)}, "/erase")
    with site.app_context():
        left = db.session.scalars(select(OutgoingMail.kind).where(func.lower(OutgoingMail.recipient) == MARTA))
        assert list(left) == ["data_erased"]


def test_documents_stay_with_their_owner_when_another_applies_without_a_draft(site):
    applied(site, email="joao@folha.example", given_name="João")
    with site.app_context():
        marta, joao = db.session.scalars(select(Application).order_by(Application.id)).all()
        assert [each.name for each in keeping.of(marta)] == ["card.pdf"]
        assert keeping.of(joao) == []


def test_the_page_says_what_is_held_and_not_on_it(site, client):
    page = " ".join(client.get(f"{status_link(site)}/data").text.partition("Not on this page")[2].split())
    for words in ("mark it", "write notes for each other", "an editor whom you named may have answered us"):
        assert words in page
