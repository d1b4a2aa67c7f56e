"""The way through the application: page by page, kept, left and come back to, by every kind, with files."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Application, ApplicationDraft, AuditEvent, Document
from cantonsite.models.applicant import KINDS, PROOFS, ApplicantKind
from cantonsite.models.document import DocumentKind
from cantonsite.services import drafts as services_drafts
from cantonsite.services import invitation, retention
from cantonsite.services.documents import keeping, sealing
from tests.drawings import jpeg as photograph
from tests.pdfs import encrypted, pdf
from tests.people import (
    ANSWERS,
    applied,
    apply,
    deliver,
    fitting,
    go_on,
    later,
    link_in,
    mails,
    newest,
    on_roster,
    open_edition,
    reach,
    walk,
)
from tests.strict import Page

MARTA = "marta@nordisk.example"


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


def drafts(app) -> list[ApplicationDraft]:
    with app.app_context():
        return list(db.session.scalars(select(ApplicationDraft)))


def stored(app) -> Application:
    with app.app_context():
        return db.session.scalars(select(Application).order_by(Application.id.desc())).first()


def documents(app) -> list[Document]:
    with app.app_context():
        return list(db.session.scalars(select(Document).order_by(Document.id)))


def values(page) -> dict[str, list[str]]:
    return Page(page.text).form("/apply").values


def upload(data: bytes, name: str) -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)


def send(client, page, answers: dict):
    """Send a page with files. The body is made here: werkzeug's client would leave a large file open."""
    form = Page(page.text).form("/apply")
    boundary, body = encode_multipart(MultiDict({**form.values, **answers}))
    return client.post(form.action, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_answers_are_kept_from_the_first_page_on_and_going_back_loses_nothing(site, client, writing):
    page = writing("work")
    assert len(drafts(site)) == 1
    typed = {"topics": "Half a sentence abo", "phases": ["2"], "go": "back"}
    back = client.send(page, typed, "/apply")
    assert back.location.endswith("/apply/outlet")
    assert values(client.get(back.location))["outlet_name"] == [ANSWERS["outlet_name"]]
    again = values(client.get("/en/invitation/apply/work"))
    assert again["topics"][0].strip() == "Half a sentence abo"
    assert again["phases"] == ["2"]


def test_a_wrong_page_is_kept_as_it_was_typed_when_the_power_goes(site, client, writing):
    page = writing("outlet")
    assert client.send(page, {"outlet_name": "Nordisk", "role": "buyer"}, "/apply").status_code == 422
    assert values(client.get("/en/invitation/apply/outlet"))["outlet_name"] == ["Nordisk"]
    assert client.get("/en/invitation/apply/proof").status_code == 200
    check = client.get("/en/invitation/apply/check")
    assert check.location.endswith("/apply/outlet"), "what is open comes first"


def test_a_change_from_the_check_page_returns_to_it(site, client, writing):
    page = writing("check")
    change = re.search(r'href="([^"#]*/apply/outlet)#outlet_name"', page.text)
    outlet = client.get(change[1])
    sent = client.send(outlet, {**fitting(outlet, {}), "outlet_name": "Nordisk Radio"}, "/apply")
    assert sent.location.endswith("/apply/check")
    assert "Nordisk Radio" in client.get(sent.location).text


def test_the_check_page_shows_every_answer_and_how_the_name_is_printed(site, client, writing):
    page = writing("check", native_name="玛尔塔").text
    for words in ("Marta Elisabet LINDQVIST", "LINDQVIST, Marta Elisabet", "玛尔塔", "Ceramics and trade", "Stockholm"):
        assert words in page, words
    assert "+46 70 555 01 24" in page


def test_save_and_come_back_mails_a_link_that_opens_the_draft_elsewhere(site, client, writing):
    page = writing("work")
    saved = client.send(page, {**fitting(page, {}), "go": "later"}, "/apply")
    assert "For 14 days from now" in client.get(saved.location).text
    deliver(site, after=20)
    link = link_in(mails(site, MARTA)[0], "/continue/")
    phone = site.test_client()
    opened = phone.get(link)
    assert phone.get_cookie("session") is None, "opening sets no cookie"
    on = phone.post(link, headers={"Origin": "http://localhost"})
    assert on.location.endswith("/apply/proof")
    assert values(phone.get("/en/invitation/apply/work"))["topics"][0].strip() == ANSWERS["topics"]
    assert phone.post(link, headers={"Origin": "https://evil.example"}).status_code == 403
    assert opened.status_code == 200
    assert phone.get(f"{link}x").status_code == 404


def test_a_draft_ends_when_it_is_sent_and_its_link_with_it(site, client, writing):
    page = writing("work")
    client.send(page, {**fitting(page, {}), "go": "later"}, "/apply")
    deliver(site, after=20)
    link = link_in(mails(site, MARTA)[0], "/continue/")
    assert go_on(client, client.get("/en/invitation/apply/proof")).status_code == 303
    assert drafts(site) == []
    gone = client.get(link)
    assert gone.status_code == 404
    assert "It was sent, or it was not changed for 14 days and deleted" in gone.text
    assert client.post(link).status_code == 404


def test_the_link_of_what_was_purged_says_so(site, client):
    applied(site)
    with site.app_context():
        invitation.send_returning_link(MARTA, "en")
    deliver(site)
    link = link_in(mails(site, MARTA, holding="/returning/")[0], "/returning/")
    with site.app_context():
        retention.remove([newest()])
    assert client.get(link).status_code == 404
    assert "may have been deleted since" in client.get(link).text
    assert client.post(link).status_code == 404


def test_a_draft_left_lying_for_fourteen_days_opens_no_more(site, client, writing):
    writing("work")
    with site.app_context(), transaction() as session:
        session.execute(update(ApplicationDraft).values(changed_at=clock.now() - timedelta(days=14, minutes=1)))
    lost = client.get("/en/invitation/apply/work")
    assert lost.location.endswith("/invitation/apply")
    assert "Begin here" in client.get(lost.location).text or client.get("/en/invitation/apply").status_code == 200


def test_another_browser_finds_no_draft(site, client, writing):
    writing("work")
    stranger = site.test_client()
    for name in ("outlet", "work", "proof", "travel", "photo", "check", "saved"):
        assert stranger.get(f"/en/invitation/apply/{name}").location.endswith("/invitation/apply"), name


ASKED = {
    ApplicantKind.SHORT_TERM: {"outlet_country", "arrives_on", "nationality", "needs_letter"},
    ApplicantKind.RESIDENT: {"outlet_country", "nationality"},
    ApplicantKind.CHINESE_STAFF: {"outlet_country"},
    ApplicantKind.MAINLAND: set(),
    ApplicantKind.HONG_KONG_MACAO: {"outlet_country", "arrives_on", "nationality"},
    ApplicantKind.TAIWAN: {"outlet_country", "arrives_on"},
}


@pytest.mark.parametrize("kind", ApplicantKind)
def test_each_kind_is_asked_what_it_needs_and_nothing_else(site, kind):
    browser, asked = site.test_client(), set()
    region = (KINDS[kind].regions or ("SE",))[0]
    own = {"applicant_kind": kind.value, "nationality": region, "proof_kind": "press_card"}
    page = browser.get("/en/invitation/apply")
    with later(10):
        while not page.request.path.endswith("/check"):
            asked |= Page(page.text).form("/apply").names
            page = browser.get(browser.send(page, fitting(page, own), "/apply").location)
        assert browser.send(page, fitting(page, own), "/apply").status_code == 303
    different = {"outlet_country", "arrives_on", "nationality", "needs_letter"}
    assert asked & different == ASKED[kind]
    application = stored(site)
    assert application.applicant_kind is kind
    assert application.nationality == region
    assert application.outlet_country == ("CN" if kind is ApplicantKind.MAINLAND else "SE")
    assert application.needs_letter == (kind is ApplicantKind.SHORT_TERM)


def test_whoever_becomes_another_kind_is_asked_what_that_kind_needs(site, client, writing):
    page = writing("check", applicant_kind="mainland")
    assert page.status_code == 200
    you = client.get("/en/invitation/apply")
    sent = client.send(you, {**fitting(you, {}), "applicant_kind": "short_term"}, "/apply")
    assert sent.location.endswith("/apply/outlet"), "the outlet's country is asked now"
    assert go_on(client, client.get(sent.location)).status_code == 303


def test_a_file_is_kept_even_if_another_answer_is_wrong_and_can_be_removed(site, client, writing):
    page = writing("proof")
    given = {"proof_kind": "", "press_card": upload(photograph(), "C:\\cards\\karta.JPG")}
    wrong = send(client, page, {**given, "proof_links": ""})
    assert wrong.status_code == 422
    assert "karta.jpg" in wrong.text
    (card,) = documents(site)
    assert (card.kind.value, card.media_type, card.draft_id is not None) == ("press_card", "image/jpeg", True)
    sent = client.send(wrong, {"proof_kind": "press_card", "proof_links": ""}, "/apply")
    assert sent.status_code == 303, "the file that was kept is the proof"
    removed = client.send(client.get("/en/invitation/apply/proof"), {"go": f"remove-{card.id}"}, "/apply")
    assert removed.status_code == 303
    assert documents(site) == []
    assert client.get("/en/invitation/apply/check").location.endswith("/apply/proof"), "now it is missing"


def test_nobody_removes_the_document_of_another(site, client, writing):
    page = writing("proof")
    send(client, page, {"press_card": upload(photograph(), "a.jpg")})
    (card,) = documents(site)
    thief = site.test_client()
    other = reach(thief, "proof", email="other@nordisk.example")
    with later(10):
        assert thief.send(other, {"go": f"remove-{card.id}"}, "/apply").status_code == 303
    assert len(documents(site)) == 1


REFUSED = [
    (b"", "empty.pdf", None),
    (b"GIF89a nothing", "press.gif", "The file must be a JPEG, PNG, WEBP or PDF"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo.heic", "The picture is HEIC"),
    (b"x" * (10 * 1024 * 1024 + 1), "large.jpg", "The file must be 10 MB or smaller"),
    (encrypted(user=b"secret"), "locked.pdf", "protected with a password"),
]


@pytest.mark.parametrize(("data", "name", "words"), REFUSED, ids=[each[1] for each in REFUSED])
def test_a_file_that_cannot_be_taken_is_refused_in_words_beside_its_field(site, client, writing, data, name, words):
    page = writing("proof")
    answers = {"proof_kind": "assignment", "proof_links": "", "assignment_letter": upload(data, name)}
    sent = send(client, page, answers)
    assert sent.status_code == 422
    assert 'id="assignment_letter-error"' in sent.text
    assert (words or "The file is empty") in sent.text
    assert documents(site) == []


def test_documents_are_sealed_and_go_with_the_application(site, client, writing):
    page = writing("proof")
    answers = {"proof_kind": "bylines", "proof_links": "", "bylines": upload(pdf(), "pieces.pdf")}
    sent = send(client, page, answers)
    assert go_on(client, client.get(sent.location)).status_code == 303
    (piece,) = documents(site)
    assert piece.application_id == stored(site).id
    assert piece.draft_id is None
    with site.app_context():
        sealed = db.session.scalar(select(Document.sealed))
        assert b"%PDF" not in sealed
        assert keeping.content(piece).startswith(b"%PDF")


def test_opening_a_document_is_written_down(site, client, writing):
    reference = applied(site)
    chen = on_roster(site)
    with site.app_context():
        application = db.session.scalars(select(Application).where(Application.reference == reference)).one()
        card = keeping.take_in(application, DocumentKind.PRESS_CARD, photograph(), "card.jpg")
        document, data = keeping.opened(card.id, chen)
        assert data[:3] == b"\xff\xd8\xff"
        line = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "document_opened")).one()
        assert (line.staff_id, line.details["document"], line.shown_from) == (chen.id, document.id, None)
        assert keeping.opened(9999, chen) is None


def test_keys_rotate_and_can_go_afterwards(site, client):
    reference = applied(site)
    runner = site.test_cli_runner()
    with site.app_context():
        application = db.session.scalars(select(Application).where(Application.reference == reference)).one()
        for number in range(3):
            keeping.take_in(application, DocumentKind.BYLINES, photograph(64 + number, 64), f"{number}.jpg")
        old = sealing.current_key()
    site.config["DOCUMENT_KEYS"] = "two:" + "b" * 43
    done = runner.invoke(args=["documents", "rotate"])
    assert done.exit_code == 0, done.output
    assert "3 documents" in done.output
    with site.app_context():
        assert {each.key_id for each in db.session.scalars(select(Document))} == {"two"} != {old}
        for each in db.session.scalars(select(Document)):
            assert keeping.content(each)[:2] == b"\xff\xd8"
    assert "0 documents" in runner.invoke(args=["documents", "rotate"]).output
    site.config["DOCUMENT_KEYS"] = "three:" + "c" * 43
    lost = runner.invoke(args=["documents", "rotate"])
    assert lost.exit_code == 1
    assert "two" in lost.output


def test_the_photo_is_cut_to_the_pass_about_the_face_and_shown(site, client, writing):
    page = writing("photo")
    answers = {"photo": upload(photograph(800, 600), "me.jpg"), "go": "show"}
    sent = send(client, page, answers)
    shown = client.get(sent.location)
    address = re.search(r'src="([^"]+/photo/\d+\.jpg)', shown.text)[1]
    cut = client.get(address)
    assert (cut.mimetype, cut.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert site.test_client().get(address).status_code == 404
    moved = client.send(shown, {"focus": "1", "go": "show"}, "/apply")
    assert moved.status_code == 303
    assert client.get(address).data != cut.data
    assert "Another photo instead" in client.get("/en/invitation/apply/photo").text
    on = client.send(shown, {"focus": "1"}, "/apply")
    assert f'src="{address}?1"' in client.get(on.location).text, "the check page shows how it is cut"
    small = {"photo": upload(photograph(200, 100), "small.jpg")}
    refused = send(client, client.get("/en/invitation/apply/photo"), small)
    assert "at least 300 pixels wide" in refused.text


EDITOR = {"proof_kind": "editor", "editor_name": "Erik Ed", "editor_email": "erik@nordisk.example", "proof_links": ""}


def test_the_editor_is_asked_and_answers_once(site, client):
    on_roster(site)
    assert apply(client, **EDITOR).status_code == 303
    deliver(site, after=20)
    (mail,) = mails(site, "erik@nordisk.example")
    link = link_in(mail, "/editor/")
    assert MARTA not in mail.text
    page = client.get(link)
    assert client.send(page, {}, "/editor/").status_code == 422, "there is no default"
    assert client.send(page, {"answer": "yes", "leave_empty": "x"}, "/editor/").status_code == 422
    assert stored(site).editor_says is None
    assert client.send(page, {"answer": "yes"}, "/editor/").status_code == 303
    assert stored(site).editor_says is True
    assert client.send(page, {"answer": "no"}, "/editor/").status_code == 409
    assert stored(site).editor_says is True
    assert "yes, for us" in client.get(link).text


def test_nobody_is_their_own_editor(site, client, writing):
    page = writing("proof")
    own = client.send(page, {**EDITOR, "editor_email": MARTA.upper()}, "/apply")
    assert "not your own" in own.text
    none = client.send(page, {**EDITOR, "editor_name": "", "editor_email": ""}, "/apply")
    assert "Enter the name of your editor" in none.text
    assert "Enter the email address of your editor" in none.text


def test_a_returning_journalist_begins_from_last_time_and_looks_at_every_page(site, client):
    applied(site)
    open_edition(site, 142)
    asked = client.fill_in("/en/invitation/returning", {"email": MARTA}, "/returning")
    assert asked.status_code == 303
    nobody = client.fill_in("/en/invitation/returning", {"email": "nobody@x.example"}, "/returning")
    assert nobody.location == asked.location
    deliver(site, after=20)
    assert mails(site, "nobody@x.example") == []
    link = link_in(mails(site, MARTA, holding="/returning/")[0], "/returning/")
    browser = site.test_client()
    assert "Nordisk Handelsblad" in browser.get(link).text
    assert browser.get_cookie("session") is None
    assert drafts(site) == []
    begun = browser.post(link, headers={"Origin": "http://localhost"})
    page = browser.get(begun.location)
    assert values(page)["family_name"] == ["Lindqvist"]
    assert browser.get("/en/invitation/apply/check").location.endswith("/invitation/apply"), "each page is confirmed"
    seen = []
    while not page.request.path.endswith("/check"):
        seen.append(values(page))
        answers = {} if "/proof" not in page.request.path else {"proof_kind": "links", "proof_links": "x.example/1"}
        if page.request.path.endswith(("/work", "/travel")):
            answers = fitting(page, {"edition": "142"})
        page = browser.get(browser.send(page, answers, "/apply").location)
    assert seen[1]["outlet_name"] == ["Nordisk Handelsblad"]
    assert "proof_kind" not in seen[3], "proofs are asked anew"
    assert browser.send(page, {"declaration": "y"}, "/apply").status_code == 303
    assert stored(site).edition_id != 1


def test_by_when_to_apply_is_reckoned(site, client):
    page = client.get("/en/invitation?kind=short_term&arrives=2027-04-14&letter=y").text
    assert "Apply by 19 March 2027" in page, "eighteen working days before a Wednesday"
    assert "Apply by 7 April 2027" in client.get("/en/invitation?kind=mainland&arrives=2027-04-14").text
    wrong = client.get("/en/invitation?kind=x&arrives=soon")
    assert wrong.status_code == 200
    assert "Enter the day on which you arrive" in wrong.text
    for kind in KINDS.values():
        assert str(kind.about) in page.replace("&#39;", "'")


def test_an_editor_is_asked_in_vain_after_a_withdrawal_and_a_scanner_answers_nothing(site, client):
    apply(client, **EDITOR)
    deliver(site, after=20)
    link = link_in(mails(site, "erik@nordisk.example")[0], "/editor/")
    scanner = site.test_client()
    page = scanner.get(link)
    scanner.head(link)
    assert scanner.get_cookie("session") is None
    assert stored(site).editor_says is None
    with site.app_context():
        invitation.withdraw(stored(site), seen=stored(site).version)
    assert "Nobody waits for your answer any more" in client.get(link).text
    assert client.send(page, {"answer": "yes"}, "/editor/").status_code == 409
    assert stored(site).editor_says is None


def test_an_own_address_written_otherwise_is_nobodys_editor(site, client, writing):
    page = writing("proof", email=" Marta@NORDISK.example ")
    own = client.send(page, {**EDITOR, "editor_email": "Marta@nordisk.example"}, "/apply")
    assert "not your own" in own.text


def test_whoever_has_applied_for_the_only_open_edition_is_told_so_and_fills_in_nothing_in_vain(site, client):
    applied(site)
    with site.app_context():
        invitation.send_returning_link(MARTA, "en")
    deliver(site)
    link = link_in(mails(site, MARTA, holding="/returning/")[0], "/returning/")
    page = client.get(link)
    assert "You have applied for this edition already" in page.text
    assert 'href="/en/invitation/status"' in page.text
    assert client.post(link, headers={"Origin": "http://localhost"}).status_code == 409
    assert drafts(site) == []
    open_edition(site, 142)
    begun = client.fill_in(link, {}, "/returning/")
    assert begun.status_code == 303
    assert drafts(site)[0].typed["work"]["edition"] == ["142"]


def test_a_file_that_arrives_after_the_application_was_sent_leads_to_the_receipt(site, client, writing):
    page = writing("proof")
    (draft,) = drafts(site)
    with site.app_context():
        services_drafts.discard(draft.id)
        with pytest.raises(keeping.NoOwner):
            keeping.take_in(draft, DocumentKind.PRESS_CARD, photograph(), "card.jpg")
        with pytest.raises(keeping.NoOwner):
            keeping.take_in(draft, DocumentKind.PHOTO, photograph(800, 600), "me.jpg")
    assert documents(site) == []
    assert send(client, page, {"press_card": upload(photograph(), "card.jpg")}).status_code in (303, 410)


def test_the_same_file_sent_twice_at_once_is_kept_once(site, client, writing):
    writing("proof")
    (draft,) = drafts(site)

    def give(number: int) -> None:
        with site.app_context():
            keeping.take_in(draft, DocumentKind.PRESS_CARD, photograph(), f"{number}.jpg")

    with ThreadPoolExecutor(4) as together:
        list(together.map(give, range(4)))
    assert len(documents(site)) == 1


def test_the_start_page_says_which_proofs_each_kind_may_show(site, client):
    text = client.get("/en/invitation").text
    for kind, rules in KINDS.items():
        row = text[text.index(f'id="kind-{kind.value}"') :]
        row = row[: row.index("</tr>")]
        for proof in PROOFS:
            listed = str(PROOFS[proof]) in row
            assert ("Any of those below" in row) or (listed == (proof in rules.proofs)), (kind, proof)
    assert "Any of those below" in text


def test_what_is_sent_is_what_was_shown(site, client, writing):
    page = writing("check")
    outlet = client.get("/en/invitation/apply/outlet")
    client.send(outlet, {**fitting(outlet, {}), "outlet_name": "Nordisk Radio"}, "/apply")
    sent = client.send(page, {"declaration": "y"}, "/apply/check")
    assert sent.status_code == 422
    assert "changed since this page was opened" in sent.text
    assert "Nordisk Radio" in sent.text
    assert client.send(sent, {"declaration": "y"}, "/apply/check").status_code == 303
    assert stored(site).outlet_name == "Nordisk Radio"
