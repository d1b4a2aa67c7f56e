"""Reviewers at work on a telephone, without a script, in both languages: asking, together, on many, by the digest."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Application, OutgoingMail
from cantonsite.models.applicant import ProofKind
from cantonsite.models.audit import Actor
from cantonsite.models.document import DocumentKind, Verdict
from cantonsite.models.invitation import Status
from cantonsite.models.outbox import MailState
from cantonsite.models.staff import Role
from cantonsite.services import blocks, casework, invitation, staff, their_data
from cantonsite.services.documents import keeping
from tests.browser.conftest import PHONE
from tests.browser.live import REVIEWER, ROOT, on_roster
from tests.browser.person import fill_in, follow, follow_link, newest_mail, press, read_mail, sign_in

BOTH = pytest.mark.parametrize("language", ["en", "zh"])
DECISION = "#your-decision ~ form button"
SAYS = {
    "en": {
        "asked": "You have asked for information",
        "with us": "Your application is with the press office",
        "approved": "You have approved this application",
        "invited": "You are invited",
        "many": "Decide on 200 applications",
        "done": "193 applications were approved",
        "gathered": "6 applications await a decision",
        "why": [
            "It changed after you had seen it: look at it anew",
            "It no longer awaited a decision",
            "It is on the block list: decide on it by itself",
            "The editor has not confirmed it: decide on it by itself",
            "A document is not in order: decide on it by itself",
            "It is no longer there",
        ],
    },
    "zh": {
        "asked": "您已要求补充材料",
        "with us": "新闻中心正在审阅您的申请",
        "approved": "您已批准这份申请",
        "invited": "您已获得邀请",
        "many": "200",
        "done": "193",
        "gathered": "6份申请等待审核决定",
        "why": [],
    },
}


@pytest.fixture
def phone(browse):
    """A telephone."""
    return lambda: browse(size=PHONE)


def words(page) -> str:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    return page.locator("main").inner_text()


def heading(page) -> str:
    return words(page) and page.locator("h1").inner_text()


@BOTH
def test_a_reviewer_asks_for_two_things_and_only_these_open(site, phone, language):
    email = f"asked-{language}@walk.example"
    reference = site.applied(language, email=email, phone="+46 70 555 01 24")
    desk, page = phone(), phone()
    desk.goto(site.review_path(reference, REVIEWER[language]))
    fill_in(desk, {"decision": "ask", "missing": ["press_card", "phone"], "note": "The card of this year, if you can."})
    assert press(desk, DECISION) == 200
    if language == "en":
        assert heading(desk) == SAYS[language]["asked"]

    receipt = read_mail(page, email, reference)
    read_mail(page, email, reference, other_than=receipt)
    follow_link(page, "/invitation/status/")
    assert "The card of this year, if you can." in words(page)
    opened = page.locator("main form[action$='/answer'] :is(input, textarea, select):visible")
    names = {opened.nth(at).get_attribute("name") for at in range(opened.count())}
    assert names - {"leave_empty", "leave_unticked"} == {"press_card", "phone", "text"}
    fill_in(page, {"phone": "+46 70 555 99 99", "text": "Here they are."})
    page.locator("[name=press_card]").set_input_files({"name": "2027.png", "mimeType": "image/png", "buffer": png()})
    assert press(page, "#asked ~ form button") == 200
    assert heading(page) == SAYS[language]["with us"]

    desk.goto(site.review_path(reference, REVIEWER[language]))
    assert "2027.jpg" in words(desk)
    assert "Here they are." in words(desk)
    assert "555 99 99" not in words(desk), "no phone number behind a mailed link"
    fill_in(desk, {"decision": "approve", "credentials_checked": True})
    assert press(desk, DECISION) == 200
    assert heading(desk) == SAYS[language]["approved"]
    assert site.kept(reference)["history"] == ["submitted", "asked", "answered", "approved"]


def png() -> bytes:
    return (ROOT / "cantonsite" / "sample" / "pictures" / "press-pass.png").read_bytes()


@BOTH
def test_of_two_reviewers_at_once_the_second_reads_who_was_first(site, phone, language):
    email = f"two-{language}@walk.example"
    reference = site.applied(language, email=email)
    other = REVIEWER["zh" if language == "en" else "en"]
    first, second = phone(), phone()
    for page, whose in ((first, REVIEWER[language]), (second, other)):
        page.goto(site.review_path(reference, whose))
    fill_in(first, {"decision": "approve", "credentials_checked": True})
    fill_in(second, {"decision": "decline", "note": "No proof."})
    assert press(first, DECISION) == 200
    assert press(second, DECISION) == 409
    with site.office():
        name = on_roster(REVIEWER[language]).name
    assert name in words(second)
    assert site.kept(reference)["history"] == ["submitted", "approved"]
    receipt = read_mail(first, email, reference)
    read_mail(first, email, reference, other_than=receipt)
    follow_link(first, "/invitation/status/")
    assert heading(first) == SAYS[language]["invited"]
    mails = site.kept(reference)["mails"]
    assert mails.count("application_approved") == 1
    assert "application_declined" not in mails


COUNTRY = {"en": "IS", "zh": "MT"}


@BOTH
def test_two_hundred_are_decided_together_and_seven_that_cannot_be_are_named(site, phone, language):
    references = [site.applied(language, outlet_country=COUNTRY[language], outlet_name="Many") for _ in range(197)]
    by_word = {"proof_kind": ProofKind.EDITOR, "editor_name": "Erik", "editor_email": f"erik-{language}@many.example"}
    references.append(site.applied(language, outlet_country=COUNTRY[language], **by_word))
    blocked = f"blocked-{language}@many.example"
    references.append(site.applied(language, outlet_country=COUNTRY[language], email=blocked))
    references.append(site.applied(language, outlet_country=COUNTRY[language]))
    with site.office():
        blocks.add(blocked, "Sends sales staff", actor=on_roster(REVIEWER["en"]))
        application = invitation.whole(references[-1])
        document = keeping.take_in(application, DocumentKind.PRESS_CARD, png(), "card.png")
        casework.judge(document.id, Verdict.REFUSED, "It has run out", actor=on_roster(REVIEWER["en"]))

    page = phone()
    sign_in(page, REVIEWER[language])
    page.goto(f"/desk/applications?country={COUNTRY[language]}")
    page.locator("[name=scope][value=all]").check()
    assert press(page, "form[action='/desk/applications/many'] > p button") == 200
    assert SAYS[language]["many"] in heading(page)

    site.ask(references[0])
    site.act(references[0], "answer", text="Here.", proof_links=[])
    site.act(references[1], "decline", note="Rule 2.")
    site.act(references[2], "withdraw", reason="Ill.")
    with site.office():
        gone = invitation.whole(references[3])
        their_data.erase(gone, seen=gone.version)

    fill_in(page, {"decision": "approve", "credentials_checked": True})
    assert press(page, "main form[action$='/many/decide'] button") == 200
    assert SAYS[language]["done"] in heading(page)
    rows = page.locator("main table tbody tr")
    assert rows.count() == 7
    assert all(each in words(page) for each in SAYS[language]["why"])
    with site.office():
        mine = select(func.count()).where(Application.outlet_country == COUNTRY[language])
        assert db.session.scalar(mine.where(Application.status == Status.APPROVED)) == 193


@BOTH
def test_on_a_busy_day_the_digest_holds_a_link_for_each(site, phone, language):
    email, busy = f"digest-{language}@press.example", f"busy-{language}"
    with site.office():
        member = staff.add(email, name="Digest Reader", role=Role.REVIEWER, language=language, actor=Actor.COMMAND)
        mine = OutgoingMail.staff_id == member.id
        waiting = select(OutgoingMail).where(OutgoingMail.staff_id == member.id)
        until_sent(waiting)
    page = phone()
    sign_in(page, email)
    listed_at_first = newest_mail(page, email, SAYS[language]["gathered"])  # if as many waited then
    page.goto("/desk/my-mail")
    fill_in(page, {"rhythm": "daily"})
    assert press(page, "main form.form button") == 200

    references = [site.applied(language, outlet_name=f"{busy} {number}") for number in range(6)]
    with site.office():
        digest = select(OutgoingMail).where(mine, OutgoingMail.state == MailState.WAITING)
        digest = digest.where(OutgoingMail.kind == "gathered_applications")
        wait_for(lambda: (row := db.session.scalar(digest)) and len(row.details["applications"]) == 6)
        number = db.session.scalar(digest).id
        with transaction():  # eight in the morning
            db.session.execute(
                update(OutgoingMail).where(OutgoingMail.id == number).values(due_at=clock.now() - timedelta(seconds=1))
            )
    read_mail(page, email, SAYS[language]["gathered"], other_than=listed_at_first)
    assert all(reference in words(page) for reference in references)
    links = page.locator("main .prose a[href*='/review/']")
    assert links.count() >= 6
    follow(links.first)
    assert page.locator("#your-decision").count() == 1
    with site.office():
        staff.strike_off(on_roster(email), actor=Actor.COMMAND)


def until_sent(rows) -> None:
    """Wait until the deliverer has sent what waits for a new reviewer."""
    wait_for(lambda: all(row.state is not MailState.WAITING for row in db.session.scalars(rows)))


def wait_for(true, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        db.session.rollback()
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.2)
