"""Journalists apply on a telephone, without a script, each in another way, in both languages."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from cantonsite.database import db, transaction
from cantonsite.models import Application, Edition
from tests.browser.conftest import PHONE
from tests.browser.live import REVIEWER, ROOT
from tests.browser.person import (
    GO_ON,
    MARTA,
    asked_here,
    begin,
    fill_in,
    follow,
    follow_link,
    newest_mail,
    press,
    read_mail,
    turn,
)

PICTURES = ROOT / "cantonsite" / "sample" / "pictures"
DECISION = "#your-decision ~ form button"
BOTH = pytest.mark.parametrize("language", ["en", "zh"])
SAYS: dict[str, dict[str, str]] = {
    "en": {
        "received": "We have your application",
        "apply by": "or your papers may come late",
        "own domain": "the outlet’s own domain, harbour.example",
        "says yes": "Says: yes, for us",
        "invited": "You are invited",
        "with us": "Your application is with the press office",
        "crew": "The others of your crew",
        "four": "4 applications await a decision",
        "about": "This is about Budi Santoso, a member of your crew.",
    },
    "zh": {
        "received": "我们已收到您的申请",
        "apply by": "否则证件可能来不及",
        "own domain": "harbour.example",
        "says yes": "答复：是，为我方报道",
        "invited": "您已获得邀请",
        "with us": "新闻中心正在审阅您的申请",
        "crew": "您团队的其他成员",
        "four": "4份申请等待审核决定",
        "about": "本邮件是关于您的团队成员 Budi Santoso 的。",
    },
}


@pytest.fixture
def phone(browse):
    """A telephone."""
    return lambda: browse(size=PHONE)


def narrow(page) -> None:
    """Nothing scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def words(page) -> str:
    narrow(page)
    return page.locator("main").inner_text()


def heading(page) -> str:
    narrow(page)
    return page.locator("h1").inner_text()


def give(page, field: str, name: str, picture: str = "press-pass.png") -> None:
    data = (PICTURES / picture).read_bytes()
    page.locator(f"[name={field}]").set_input_files({"name": name, "mimeType": "image/png", "buffer": data})


def press_go(page, value: str) -> None:
    assert press(page, f"main form button[name=go][value={value}]") == 200, words(page)
    narrow(page)


def until(page, name: str, answers: dict[str, Any]) -> None:
    """Fill in page after page, to that of this name."""
    for _ in range(8):
        if page.url.split("?")[0].endswith(f"/{name}"):
            return
        turn(page, answers)
        narrow(page)
    raise AssertionError(page.url)


def send(page) -> str:
    """Declare and send; returns the reference."""
    fill_in(page, {"declaration": True})
    assert press(page, GO_ON) == 200
    assert page.locator(".receipt b").count() == 1, words(page)
    return page.locator(".receipt b").inner_text()


def approve(page) -> None:
    fill_in(page, {"decision": "approve", "credentials_checked": True})
    assert press(page, DECISION) == 200, words(page)


@BOTH
def test_a_photographer_from_brazil_on_a_j_2(phone, language):
    email = f"joao-{language}@foto.example"
    answers = MARTA | {"given_name": "João", "family_name": "da Câmara", "nationality": "BR", "outlet_country": "BR"}
    answers |= {"email": email, "role": "photographer", "outlet_name": "Foto Câmara", "letter_city": "São Paulo"}
    answers |= {"proof_kind": "press_card", "proof_links": ""}
    page = phone()

    page.goto(f"/{language}/invitation?kind=short_term&arrives=2027-04-14&letter=y")
    if language == "en":
        assert SAYS[language]["apply by"] in words(page)
    assert page.locator("#when ~ .note, .note[role=status]").count() == 1, "a day by which to apply"

    begin(page, language, answers)
    until(page, "proof", answers)
    fill_in(page, {"proof_kind": "press_card"})
    give(page, "press_card", "cartão.jpg")
    assert press(page, GO_ON) == 200
    assert page.url.endswith("/travel")
    press_go(page, "back")
    assert "cartão.jpg" in words(page), words(page)
    follow(page.locator("main form button[value^=remove-]"))
    assert "cartão.jpg" not in words(page)
    assert page.locator("[name=proof_kind]:checked").get_attribute("value") == "press_card", "going back loses nothing"
    give(page, "press_card", "carteira.jpg")
    assert press(page, GO_ON) == 200

    fill_in(page, asked_here(page, answers))
    press_go(page, "later")
    elsewhere = phone()
    read_mail(elsewhere, email)
    follow_link(elsewhere, "/apply/continue/")
    assert press(elsewhere) == 200
    until(elsewhere, "photo", answers)
    give(elsewhere, "photo", "eu.jpg", "flasks-old-and-new.png")
    assert press(elsewhere, GO_ON) == 200
    assert elsewhere.url.endswith("/check")
    for each in ("João DA CÂMARA", "carteira.jpg", "eu.jpg", "São Paulo"):
        assert each in words(elsewhere), each

    follow(elsewhere.locator("main a[href*='/work#topics']"))
    fill_in(elsewhere, {"topics": "Light in the halls"})
    assert press(elsewhere, GO_ON) == 200
    assert elsewhere.url.endswith("/check"), "a change leads back to the check"
    assert "Light in the halls" in words(elsewhere)
    reference = send(elsewhere)
    assert heading(elsewhere) == SAYS[language]["received"]

    read_mail(elsewhere, email, reference)
    follow_link(elsewhere, "/invitation/status/")
    assert heading(elsewhere) == SAYS[language]["with us"]


@BOTH
def test_a_reporter_from_hong_kong_whose_editor_confirms_it(site, phone, language):
    email, editor = f"ho-{language}@harbour.example", f"desk-{language}@harbour.example"
    answers = MARTA | {"applicant_kind": "hong_kong_macao", "given_name": "Ka Yan", "family_name": "Ho", "email": email}
    answers |= {"nationality": "HK", "outlet_name": "Harbour Daily", "outlet_country": "HK"}
    answers |= {"outlet_website": "www.harbour.example", "proof_kind": "editor", "proof_links": ""}
    answers |= {"editor_name": "Chan Tai Man", "editor_email": editor, "needs_letter": True}
    page = phone()
    begin(page, language, answers)
    until(page, "travel", answers)
    assert page.locator("[name=needs_letter]").count() == 0, "nobody is asked what their kind does not need"
    until(page, "check", answers)
    reference = send(page)

    of_editor = phone()
    read_mail(of_editor, editor)
    follow_link(of_editor, "/invitation/editor/")
    assert "Ka Yan Ho" in words(of_editor)
    assert press(of_editor) == 422, "there is no answer by default"
    fill_in(of_editor, {"answer": "yes"})
    assert press(of_editor) == 200

    desk = phone()
    desk.goto(site.review_path(reference, REVIEWER[language]))
    assert SAYS[language]["own domain"] in words(desk)
    assert SAYS[language]["says yes"] in words(desk)
    approve(desk)
    read_mail(page, email, other_than=read_mail(page, email, reference))
    follow_link(page, "/invitation/status/")
    assert heading(page) == SAYS[language]["invited"]


@BOTH
def test_a_returning_journalist_begins_from_last_time(site, phone, language):
    email = f"again-{language}@nordisk.example"
    before = site.applied(language, email=email, given_name="Astrid", outlet_name="Nordisk Handelsblad")
    last_edition(site, before)
    page = phone()
    receipt = read_mail(page, email, before)
    page.goto(f"/{language}/invitation/returning")
    fill_in(page, {"email": email})
    assert press(page) == 200
    mail = read_mail(page, email, other_than=receipt)
    follow_link(page, "/invitation/returning/")
    assert "Astrid" in words(page)
    assert press(page) == 200
    assert page.locator("[name=given_name]").input_value() == "Astrid"
    answers = {"phone": "+46 8 555 01 77", "applicant_kind": "short_term", "proof_kind": "links"}
    answers |= {name: MARTA[name] for name in ("phases", "arrives_on", "departs_on", "letter_city", "nationality")}
    turn(page, {"phone": answers["phone"], "applicant_kind": "short_term"})
    assert page.locator("[name=outlet_name]").input_value() == "Nordisk Handelsblad"
    until(page, "proof", answers)
    assert page.locator("[name=proof_kind]:checked").count() == 0, "proof is asked anew"
    until(page, "check", {**answers, "proof_links": "https://nordisk.example/2027"})
    assert "+46 8 555 01 77" in words(page)
    reference = send(page)
    assert reference != before
    read_mail(page, email, reference, other_than=mail)


def last_edition(site, reference: str) -> None:
    """As if it had been sent for the last edition."""
    with site.office(), transaction():
        past = db.session.scalars(select(Edition.id).where(Edition.number == 124)).one()
        mine = update(Application).where(Application.reference == reference)
        db.session.execute(mine.values(edition_id=past, status="approved"))


@BOTH
def test_a_crew_of_four_from_one_broadcaster(site, phone, language):
    email = f"ayu-{language}@siaran.example"
    answers = MARTA | {"given_name": "Ayu", "family_name": "Lestari", "email": email, "nationality": "ID"}
    answers |= {"outlet_name": "Siaran Nusantara", "outlet_kind": "television", "outlet_country": "ID"}
    answers |= {"with_crew": True, "outlet_website": "", "letter_city": "Jakarta"}
    page = phone()
    begin(page, language, answers)
    until(page, "crew", answers)
    for given, family, role in (("Budi", "Santoso", "video"), ("Citra", "Dewi", "technician")):
        fill_in(page, {"given_name": given, "family_name": family, "role": role, "nationality": "ID"})
        press_go(page, "add")
    fill_in(page, {"given_name": "Dian"})
    assert press(page, "main form button[value=on]") == 422, "half a member is not left behind"
    fill_in(page, {"family_name": "Putra", "role": "assistant", "nationality": "ID"})
    press_go(page, "on")
    until(page, "check", answers)
    for name in ("Budi Santoso", "Citra Dewi", "Dian Putra"):
        assert name in words(page)
    desk, four = phone(), SAYS[language]["four"]
    earlier = newest_mail(desk, REVIEWER[language], four)
    lead = send(page)
    crew = re.findall(r"CF\d+-\w{4}-\w{2}", words(page))
    assert len(set(crew)) == 4

    read_mail(desk, REVIEWER[language], four, other_than=earlier)
    assert all(each in words(desk) for each in crew), "one mail for the four"
    assert desk.locator("main .prose a[href*='/review/']").count() == 4
    budi = next(each for each in crew if each != lead)
    desk.goto(site.review_path(budi, REVIEWER[language]))
    assert "Ayu Lestari" in words(desk)
    approve(desk)
    receipt = read_mail(page, email, lead)
    read_mail(page, email, budi)
    assert SAYS[language]["about"] in words(page)
    follow_link(page, "/invitation/status/")
    assert heading(page) == SAYS[language]["invited"]
    assert SAYS[language]["crew"] in words(page)
    page.goto(receipt)
    assert page.locator("main .prose a[href*='/invitation/status/']").count() == 4
    assert site.kept(lead)["status"] == "submitted", "each is decided alone"
