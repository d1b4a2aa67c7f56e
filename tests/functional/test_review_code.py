"""A reviewer's link that asks a new browser for a mailed code, where the site wants it."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cantonsite import clock
from cantonsite.database import db
from cantonsite.models import Application, AuditEvent, KnownBrowser, StaffMember
from cantonsite.models.invitation import Status
from cantonsite.models.outbox import MailState
from cantonsite.services import known_browsers, retention, staff
from tests.people import applied, chen, deliver, later, mails, on_roster, open_edition, review_link, sign_in
from tests.smtp import outgoing
from tests.strict import Page

CHEN, LIU = "chen@fair.example", "liu@fair.example"
APPROVE = {"decision": "approve", "credentials_checked": "y"}
DECLINE = {"decision": "decline", "note": "The links do not open."}
DAY = 24 * 3600


@pytest.fixture
def site(app, client):
    app.config["REVIEW_LINK_NEEDS_CODE"] = True
    open_edition(app)
    on_roster(app)
    on_roster(app, LIU, "Liu Wen")
    applied(app)
    deliver(app)
    return app


@pytest.fixture
def browser(site):
    """One in which no link was ever opened."""
    return site.test_client()


def ask(site, browser, link: str, after: float = 0) -> str:
    """Press the button; returns the code that comes by mail."""
    with later(after):
        sent = browser.fill_in(link, {}, "/code/ask")
        assert (sent.status_code, sent.location) == (303, f"{link}/code")
    deliver(site, after=after + 2)
    return newest_code(site)


def newest_code(site, to: str = CHEN) -> str:
    mail = mails(site, to, "Your code to open applications")[0]
    (found,) = [line for line in mail.text.splitlines() if re.fullmatch(r"\d{6}", line)]
    assert found in mail.html
    return found


def enter(browser, link: str, code: str):
    return browser.fill_in(f"{link}/code", {"code": code}, "/code")


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def status(site) -> Status:
    with site.app_context():
        return db.session.scalars(select(Application.status)).one()


def count(site, *which) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count(KnownBrowser.id)).where(*which))


def test_where_it_is_not_wanted_the_link_opens_at_once(site, browser):
    site.config["REVIEW_LINK_NEEDS_CODE"] = False
    page = browser.get(review_link(site))
    assert "Your decision" in page.text
    assert "Mail me a code" not in page.text


def test_a_new_browser_reads_a_reference_and_nothing_else(site, browser):
    page = browser.get(review_link(site))
    assert page.status_code == 200
    assert "Mail me a code" in page.text
    assert re.search(r"CF141-\w{4}-\w{2}", page.text)
    for secret in ("Marta", "Lindqvist", "Nordisk", "nordisk.example", "Sweden", "Your decision"):
        assert secret not in page.text
    assert "Set-Cookie" not in page.headers


def test_a_code_opens_the_link_and_the_browser_is_remembered_for_thirty_days(site, browser):
    link = review_link(site)
    code = ask(site, browser, link)
    sent = enter(browser, link, f" {code[:3]} {code[3:]} ")
    assert (sent.status_code, sent.location) == (303, link)
    assert "Your decision" in browser.get(link).text
    with later(29 * DAY):
        assert "Your decision" in browser.get(link).text
    with later(31 * DAY):
        assert "Mail me a code" in browser.get(link).text
    assert browser.fill_in(link, APPROVE, link).status_code == 303
    assert status(site) is Status.APPROVED


def test_the_cookie_is_for_these_pages_alone_and_no_script_reads_it(site, browser):
    sent = browser.fill_in(review_link(site), {}, "/code/ask")
    (cookie,) = [each for each in sent.headers.getlist("Set-Cookie") if each.startswith("reviewer_")]
    assert "HttpOnly" in cookie
    assert "Path=/review" in cookie
    assert "SameSite=Lax" in cookie
    value = cookie.split("=", 1)[1].split(";")[0]
    with site.app_context():
        row = db.session.scalars(select(KnownBrowser)).one()
        assert value not in (row.cookie_hash, row.nonce)
        assert known_browsers.code(row) not in f"{row.nonce}{row.cookie_hash}"


def test_a_program_that_opens_the_link_and_presses_its_button_does_not_come_in(site, browser):
    link = review_link(site)
    scanner = site.test_client()
    scanner.get(link), scanner.head(link), scanner.get(f"{link}/code")
    assert count(site) == 0
    code = ask(site, scanner, link)
    assert enter(browser, link, code).status_code == 422, "the code works in the browser that asked"
    assert "Mail me a code" in browser.get(link).text


def test_a_decision_from_a_new_browser_is_not_carried_out_and_its_words_are_kept(site, browser):
    link = review_link(site)
    known = site.test_client()
    code = ask(site, known, link)
    enter(known, link, code)
    data = {**Page(known.get(link).text).form(link).values, **DECLINE}
    sent = browser.post(link, data=data)
    assert sent.status_code == 403
    assert DECLINE["note"] in sent.text
    assert browser.post(f"{link}/undo", data={}).status_code == 403
    assert status(site) is Status.SUBMITTED


def test_a_wrong_code_may_be_tried_five_times(site, browser):
    link = review_link(site)
    code = ask(site, browser, link)
    for _ in range(known_browsers.MOST_WRONG_CODES):
        page = enter(browser, link, another(code))
        assert page.status_code == 422
        assert "That is not the code" in page.text
    late = enter(browser, link, code)
    assert late.status_code == 422
    assert "no longer works" in late.text


def test_a_code_runs_out_after_ten_minutes_and_works_once(site, browser):
    link = review_link(site)
    code = ask(site, browser, link)
    with later(10 * 60 + 5):
        assert "no longer works" in enter(browser, link, code).text
    assert enter(browser, link, code).status_code == 303
    assert browser.get(f"{link}/code").location == link, "a known browser is led to the application"
    with site.app_context(), pytest.raises(known_browsers.SpentCode):
        known_browsers.confirm(chen(), browser.get_cookie(f"reviewer_{chen().id}", path="/review").value, code)


def test_only_the_code_that_was_asked_for_last_counts(site, browser):
    link = review_link(site)
    first = ask(site, browser, link)
    second = ask(site, browser, link, 20)
    if first != second:
        assert enter(browser, link, first).status_code == 422
    with later(25):
        assert enter(browser, link, second).status_code == 303


def test_five_codes_an_hour_are_mailed_and_no_more(site, browser):
    link = review_link(site)
    for _ in range(known_browsers.MOST_AN_HOUR):
        assert browser.fill_in(link, {}, "/code/ask").status_code == 303
    refused = browser.fill_in(link, {}, "/code/ask")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert "five within an hour" in refused.text
    with later(3700):
        assert browser.fill_in(link, {}, "/code/ask").status_code == 303


def test_a_browser_is_known_for_one_reviewer_only(site, browser):
    mine, theirs = review_link(site), review_link(site, LIU)
    enter(browser, mine, ask(site, browser, mine))
    assert "Your decision" in browser.get(mine).text
    assert "Mail me a code" in browser.get(theirs).text
    sent = browser.fill_in(theirs, {}, "/code/ask")
    deliver(site, after=5)
    assert enter(browser, theirs, newest_code(site, LIU)).location == theirs
    assert sent.status_code == 303
    assert "Your decision" in browser.get(mine).text, "both are remembered"


@pytest.mark.parametrize("forged", ["", "x", "\x00", "a" * 3000])
def test_a_forged_cookie_opens_nothing(site, browser, forged):
    with site.app_context():
        name = f"reviewer_{chen().id}"
    browser.set_cookie(name, forged, path="/review")
    assert "Mail me a code" in browser.get(review_link(site)).text


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "9" * 10_000, "\x00"])
def test_nonsense_instead_of_a_code_is_refused_in_words(site, browser, typed):
    link = review_link(site)
    ask(site, browser, link)
    sent = enter(browser, link, typed)
    assert sent.status_code == 422
    assert "<title>Error: " in sent.text


def test_a_forged_form_mails_nothing(site, browser):
    link = review_link(site)
    data = {**Page(browser.get(link).text).form("/code/ask").values, "csrf_token": "1.forged"}
    assert browser.post(f"{link}/code/ask", data=data).status_code == 422
    assert browser.post(f"{link}/code/ask", data=data, headers={"Origin": "https://evil.example"}).status_code == 403
    assert count(site) == 0


def test_who_leaves_the_roster_leaves_no_known_browser(site, browser):
    link = review_link(site)
    enter(browser, link, ask(site, browser, link))
    with site.app_context():
        staff.strike_off(chen(), actor=db.session.scalars(select(StaffMember).filter_by(email=LIU)).one())
    assert count(site) == 0
    assert browser.get(link).status_code == 410


def test_a_reviewer_sees_and_forgets_known_browsers_at_the_desk(site, browser):
    link = review_link(site)
    enter(browser, link, ask(site, browser, link))
    desk = site.test_client()
    sign_in(site, desk, CHEN)
    page = desk.get("/desk/sessions")
    assert "open without a code" in page.text
    other = site.test_client()
    sign_in(site, other, LIU)
    with site.app_context():
        number = db.session.scalars(select(KnownBrowser.id)).one()
    values = Page(page.text).form("/forget").values
    other_page = Page(other.get("/desk/sessions").text).form("/sign-out").values
    other.post(f"/desk/sessions/known/{number}/forget", data={"csrf_token": other_page["csrf_token"]})
    assert count(site) == 1, "it is not theirs"
    assert desk.post(f"/desk/sessions/known/{number}/forget", data=values).status_code == 303
    assert count(site) == 0
    assert "Mail me a code" in browser.get(link).text
    with site.app_context():
        kinds = db.session.scalars(select(AuditEvent.kind).where(AuditEvent.kind.like("browser_%"))).all()
    assert sorted(kinds) == ["browser_forgotten", "browser_known"]


def test_a_code_that_ran_out_before_it_left_is_not_mailed(site, browser):
    browser.fill_in(review_link(site), {}, "/code/ask")
    deliver(site, after=11 * 60)
    assert mails(site, CHEN, "Your code") == []
    (row,) = [each for each in outgoing(site) if each.kind == "review_code"]
    assert (row.state, row.error) == (MailState.SKIPPED, "the code has run out")


def test_forgotten_browsers_are_purged(site, browser):
    link = review_link(site)
    enter(browser, link, ask(site, browser, link))
    with site.app_context(), time_machine.travel(clock.now() + timedelta(days=32)):
        retention.purge()
    assert count(site) == 0
