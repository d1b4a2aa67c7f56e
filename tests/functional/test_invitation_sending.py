"""Sending an application: once, twice, at once, from elsewhere; stored together or not at all; and limits."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from cantonsite.database import db
from cantonsite.models import Application, ApplicationDraft, AuditEvent, Link, OutgoingMail
from cantonsite.models.invitation import Status
from cantonsite.models.link import Purpose
from cantonsite.services import invitation, links
from tests.people import (
    ANSWERS,
    apply,
    deliver,
    fitting,
    go_on,
    later,
    link_in,
    mails,
    on_roster,
    open_edition,
    reach,
    status_link,
)
from tests.strict import Page


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    return app


def stored(app) -> dict[str, int]:
    with app.app_context():
        kinds = (Application, Link, OutgoingMail)
        found = {kind.__tablename__: db.session.query(kind).count() for kind in kinds}
        events = db.session.query(AuditEvent).where(AuditEvent.application_id.is_not(None))
        return found | {"audit_event": events.count()}


NOTHING = {"application": 0, "link": 0, "outgoing_mail": 0, "audit_event": 0}
ONE = {"application": 1, "link": 2, "outgoing_mail": 2, "audit_event": 1}


def reference(app) -> str:
    with app.app_context():
        return db.session.scalars(select(Application.reference).order_by(Application.id.desc())).first()


def test_journalist_gets_a_reference_a_day_and_a_receipt_that_survives_reload(site, client):
    sent = apply(client)
    assert sent.status_code == 303
    assert stored(site) == ONE
    receipt = client.get(sent.location)
    assert reference(site) in receipt.text
    assert re.fullmatch(r"CF141-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}", reference(site))
    assert "marta@nordisk.example" in receipt.text
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\d">', receipt.text)
    with later(3600):
        assert reference(site) in site.test_client().get(sent.location).text, "from another browser too, by its address"
    assert receipt.headers["Cache-Control"] == "no-store"


def test_receipt_that_nobody_has_is_not_found(site, client):
    for number in ("unknown", "%00", "%ff%fe", "x" * 500, "a%0ab", "字"):
        assert client.get(f"/en/invitation/received/{number}").status_code == 404, number
    assert client.get("/en/invitation/received").status_code == 200


def test_journalist_who_presses_the_button_again_gets_the_same_receipt(site, client):
    page = reach(client, "check")
    with later(8):
        first = client.send(page, fitting(page, {}), "/apply")
        back = client.send(page, fitting(page, {}), "/apply")
        assert "The answers that you sent first are kept" in client.get(first.location).text
        assert "The answers that you sent first are kept" not in client.get(first.location).text, "said once"
    assert first.status_code == back.status_code == 303
    assert first.location == back.location
    assert stored(site) == ONE


def test_journalist_who_sends_the_first_page_again_after_sending_all_gets_the_receipt(site, client):
    page = client.get("/en/invitation/apply")
    with later(4):
        first = go_on(client, page)
    with later(7200):
        much_later = client.send(page, fitting(page, {"given_name": "Another"}), "/apply")
    assert first.location == much_later.location
    assert stored(site) == ONE
    with site.app_context():
        assert db.session.query(Application).one().given_name == ANSWERS["given_name"]


def _press(site, page, cookie: str) -> str:
    browser = site.test_client()
    browser.set_cookie("session", cookie)
    return browser.send(page, fitting(page, {}), "/apply").location


def test_double_click_stores_one_application_and_shows_one_receipt(site, client):
    page = reach(client, "check")
    cookie = client.get_cookie("session").value
    with later(8), ThreadPoolExecutor(6) as threads:
        places = list(threads.map(lambda _: _press(site, page, cookie), range(6)))
    assert "/received/" in places[0]
    assert len(set(places)) == 1
    assert stored(site) == ONE


def test_second_press_that_left_before_the_first_answer_came_leads_to_the_same_receipt(site, client):
    page = reach(client, "check")
    hasty = site.test_client()
    hasty.set_cookie("session", client.get_cookie("session").value)
    with later(9):
        data = {**Page(page.text).form("/check").values, "declaration": "y"}
        first, second = (each.post("/en/invitation/apply/check", data=data) for each in (client, hasty))
        stranger = site.test_client().post("/en/invitation/apply/check", data={"number": "\0nobody's"})
    assert "/received/" in first.location
    assert second.location == first.location
    assert stranger.location.endswith("/apply")


def test_double_click_on_the_first_page_begins_one_draft(site, client):
    page = client.get("/en/invitation/apply")
    cookie = client.get_cookie("session").value
    with later(4), ThreadPoolExecutor(6) as threads:
        places = list(threads.map(lambda _: _press(site, page, cookie), range(6)))
    assert set(places) == {"/en/invitation/apply/outlet"}
    with site.app_context():
        assert db.session.query(ApplicationDraft).count() == 1


def test_one_address_in_six_browsers_at_once_stores_one_application_and_writes_one_reminder(site):
    browsers = [site.test_client() for _ in range(6)]
    pages = [reach(browser, "check") for browser in browsers]
    with later(8), ThreadPoolExecutor(6) as threads:
        sent = list(
            threads.map(
                lambda each: each[0].send(each[1], fitting(each[1], {}), "/apply"), zip(browsers, pages, strict=True)
            )
        )
    places = sorted(answer.location for answer in sent)
    assert places[:5] == ["/en/invitation/received"] * 5
    assert places[5].startswith("/en/invitation/received/")
    assert stored(site) == {**ONE, "outgoing_mail": 3}
    with site.app_context():
        assert db.session.query(ApplicationDraft).count() == 0, "what was sent is no draft any more"


def test_stranger_who_tries_an_address_learns_nothing_and_its_owner_gets_one_mail_an_hour(site, client):
    apply(client)
    deliver(site)
    stranger = site.test_client()
    tried = [
        apply(stranger, email=email, given_name="Eve") for email in ("marta@nordisk.example", "MARTA@nordisk.example")
    ]
    assert {sent.location for sent in tried} == {"/en/invitation/received"}
    receipt = stranger.get(tried[0].location)
    assert "If this address has already applied" in receipt.text
    assert reference(site) not in receipt.text
    assert "marta@" not in receipt.text
    assert deliver(site) == 1
    assert link_in(mails(site, "marta@nordisk.example")[0]) == status_link(site)
    assert stored(site)["application"] == 1
    with later(3700):
        apply(stranger)
    assert deliver(site, after=3800) == 1, "an hour later, one more"


def test_same_address_may_apply_for_another_edition(site, client):
    open_edition(site, 142)
    assert "/received/" in apply(client).location
    assert "/received/" in apply(client, edition="142").location
    assert stored(site)["application"] == 2


def test_journalist_who_withdrew_may_apply_anew(site, client):
    apply(client)
    deliver(site)
    old = reference(site)
    page = client.get(status_link(site))
    assert client.send(page, {"reference": old[-7:]}, "/withdraw").status_code == 303
    anew = apply(client)
    assert "/received/" in anew.location
    assert reference(site) != old
    assert reference(site) in client.get(anew.location).text


def test_application_is_stored_with_its_history_and_mails_or_not_at_all(site, client):
    page = reach(client, "check")
    sound = site.config["BASE_URL"]
    site.config["BASE_URL"] = "http://[broken"  # no Message-ID can be made of it
    with later(8), pytest.raises(ValueError, match="IPv6"):
        client.send(page, fitting(page, {}), "/apply")
    assert stored(site) == NOTHING
    site.config["BASE_URL"] = sound
    with later(8):
        assert client.send(page, fitting(page, {}), "/apply").status_code == 303, (
            "the very same form succeeds afterwards"
        )
    assert stored(site) == ONE


def test_no_verb_leaves_a_half_when_its_mail_cannot_be_written(site, client):
    apply(client)
    deliver(site)
    before = stored(site)
    site.config["BASE_URL"] = "http://[broken"
    with site.app_context():
        application = db.session.query(Application).one()
        with pytest.raises(ValueError, match="IPv6"):
            invitation.withdraw(application, seen=application.version)
    site.config["BASE_URL"] = "http://localhost"
    assert stored(site) == before
    with site.app_context():
        application = db.session.query(Application).one()
        assert (application.status, application.version) == (Status.SUBMITTED, 1)


def test_without_a_reviewer_the_press_office_is_told(app, client):
    open_edition(app)
    apply(client)
    assert deliver(app) == 2
    told = mails(app, "press@fair.example")
    assert len(told) == 1
    assert "/desk" in told[0].text
    assert reference(app) in told[0].text + told[0].subject


def test_too_many_from_one_address_wait_and_keep_their_answers(site):
    site.config["APPLY_LIMIT_PER_ADDRESS"] = "2 per hour"
    assert [apply(site.test_client()).status_code for _ in range(2)] == [303, 303]
    browser = site.test_client()
    refused = apply(browser, native_name="Marta", email="MARTA@nordisk.example")
    assert refused.status_code == 429
    wait = int(refused.headers["Retry-After"])
    assert 3500 < wait <= 3600
    assert "wait 60 minutes" in refused.text
    assert Page(refused.text).form("/apply").values["native_name"] == ["Marta"]
    assert apply(site.test_client(), email="other@nordisk.example").status_code == 303, "another address may"
    with later(wait + 5):
        assert browser.send(refused, {}, "/apply").status_code == 303, "the same form goes through later"


def test_too_many_that_are_sent_wait_with_all_pages_kept(site):
    browsers = [site.test_client() for _ in range(3)]
    pages = [reach(browser, "check") for browser in browsers]
    site.config["APPLY_LIMIT_PER_ADDRESS"] = "2 per hour"
    with later(8):
        sent = [browser.send(page, fitting(page, {}), "/apply") for browser, page in zip(browsers, pages, strict=True)]
    assert [each.status_code for each in sent] == [303, 303, 429]
    with later(3700):
        assert browsers[2].send(sent[2], fitting(sent[2], {}), "/apply").status_code == 303


def test_too_many_from_one_network_wait_and_another_network_does_not(site):
    site.config["APPLY_LIMIT_PER_NETWORK"] = "2 per hour"

    def begun(address: str, number: int) -> int:
        browser = site.test_client()
        page = browser.get("/en/invitation/apply")
        answers = fitting(page, {"email": f"n{number}@nordisk.example"})
        with later(4):
            return browser.send(page, answers, "/apply", environ_overrides={"REMOTE_ADDR": address}).status_code

    assert [begun(f"192.0.2.{n}", n) for n in range(3)] == [303, 303, 429], "one /24"
    assert begun("::ffff:198.51.100.7", 3) == 303, "IPv4 over IPv6 counts by its own network"
    assert [begun(f"2001:db8:1:{n}::1", 10 + n) for n in range(3)] == [303, 303, 429], "one /48"
    assert begun("2001:db8:2::1", 20) == 303
    assert begun("", 21) == 303


def test_limits_that_are_empty_do_not_exist_and_mistakes_do_not_count(site):
    assert all(apply(site.test_client()).status_code == 303 for _ in range(4))
    site.config["APPLY_LIMIT_PER_ADDRESS"] = "1 per hour"
    for wrong in range(3):
        assert apply(site.test_client(), email="eve@nordisk.example", given_name="").status_code == 422, wrong
    assert apply(site.test_client(), email="eve@nordisk.example").status_code == 303


def test_status_links_are_limited_too(site):
    site.config["APPLY_LIMIT_PER_ADDRESS"] = "2 per hour"
    browser = site.test_client()
    asked = [browser.fill_in("/en/invitation/status", {"email": "x@y.example"}, "/status") for _ in range(3)]
    assert [answer.status_code for answer in asked] == [303, 303, 429]
    assert "Retry-After" in asked[2].headers
    assert "x@y.example" in asked[2].text


def test_links_are_issued_once_for_each_person(site, client):
    apply(client)
    with site.app_context():
        application = db.session.query(Application).one()
        first = links.issue(Purpose.STATUS, application)
        assert links.issue(Purpose.STATUS, application).id == first.id
        links.revoke(Purpose.STATUS, application)
        again = links.issue(Purpose.STATUS, application)
        assert again.id != first.id
        assert links.token(again) != links.token(first)
