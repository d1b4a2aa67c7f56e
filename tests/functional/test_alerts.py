"""Alerts by mail: asked for, confirmed, changed, left; and nobody learns who has asked."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Subscriber
from cantonsite.models.alerts import Rhythm
from cantonsite.services import retention, subscriptions, tokens
from cantonsite.services.subscriptions import SALT
from tests.conftest import build
from tests.people import deliver, later, mails
from tests.smtp import outgoing
from tests.subscribers import MARTA, ask, begin, link, publish, send, subscribe, subscribe_many, subscriber

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_reader_gets_alerts_only_after_saying_yes_behind_the_link(app, client):
    assert ask(client, sections=["exhibitor-news"], rhythm="daily", wanted="corrections").location == "/en/alerts/sent"
    assert "Look into your mailbox" in client.get("/en/alerts/sent").text
    asked = subscriber(app)
    assert (asked.sections, asked.rhythm, asked.wants_news, asked.confirmed_at) == (
        ["exhibitor-news"],
        *(Rhythm.DAILY, False, None),
    )
    deliver(app)
    (mail,) = mails(app, MARTA)
    assert mail.subject == "Confirm your alerts"
    path = link(app, "confirm")
    page = client.get(path)
    assert MARTA in page.text
    assert "checked" not in re.sub(r"text-size.*?</form>", "", page.text, flags=re.DOTALL).split("<main", 1)[1]
    assert client.fill_in(path, {}, "/confirm/").status_code == 422, "no answer is no yes"
    assert subscriber(app).confirmed_at is None
    confirmed = client.fill_in(path, {"answer": "yes"}, "/confirm/")
    assert confirmed.status_code == 303
    assert subscriber(app).confirmed_at is not None
    assert "Corrections only" in client.get(confirmed.location).text
    assert client.get(path).location == confirmed.location, "once confirmed, the link leads to what can be changed"


def test_all_sections_are_those_to_come_too(app, client):
    ask(client)
    assert subscriber(app).sections == []


def test_section_page_leads_to_a_form_for_its_section(app, client):
    address = re.search(r'href="(/en/alerts[^"]*section=[^"]*)"', client.get("/en/news/exhibitor-news").text)[1]
    page = client.get(address)
    ticked = re.findall(r'name="sections" value="([^"]+)" checked', page.text)
    assert ticked == ["exhibitor-news"]
    assert client.get("/en/alerts?section=nonsense").status_code == 200


def test_who_says_no_is_deleted(app, client):
    ask(client)
    deliver(app)
    path = link(app, "confirm")
    assert client.fill_in(path, {"answer": "no"}, "/confirm/").location == "/en/alerts/left"
    assert subscriber(app) is None
    assert outgoing(app, MARTA) == [], "the mail goes too"
    assert client.get(path).status_code == 410
    assert client.post(path, data={"answer": "yes"}).status_code == 410


@pytest.mark.parametrize("wrong", [{"email": "marta"}, {"sections": None}, {"wanted": "all"}, {"language": "xx"}])
def test_form_says_what_is_missing_and_keeps_the_answers(app, client, wrong):
    answer = ask(client, **{"rhythm": "daily", **wrong})
    assert answer.status_code == 422
    assert 'value="daily" checked' in answer.text
    assert subscriber(app) is None


@pytest.mark.parametrize("trap", [{"leave_empty": "x"}, {"leave_unticked": "y"}, {"form_number": "1"}])
def test_robot_that_fills_in_everything_asks_in_vain(app, client, trap):
    assert ask(client, **trap).status_code == 422
    assert outgoing(app) == []


def test_robot_that_is_faster_than_people_asks_in_vain(app, client):
    assert client.fill_in("/en/alerts", {"email": MARTA}, "/alerts").status_code == 422
    assert subscriber(app) is None


def test_answer_is_the_same_for_every_address_and_the_mail_says_what_is_so(app, client):
    subscribe(app, client)
    before = subscriber(app)
    known = ask(app.test_client(), rhythm="daily", wanted="news")
    unknown = ask(app.test_client(), "nobody@nordisk.example")
    hidden = re.compile(r"session=[^;]+|expires=[^;]+", re.IGNORECASE)
    assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)
    assert [hidden.sub("", str(each)) for each in known.headers] == [
        hidden.sub("", str(each)) for each in unknown.headers
    ]
    with later(61):
        ask(app.test_client())
    assert len(outgoing(app, MARTA)) == 2, "each is written to, but not twice in a minute"
    deliver(app, after=70)
    assert mails(app, MARTA)[0].subject == "Your alerts"
    assert "/alerts/confirm/" not in mails(app, MARTA)[0].text
    assert client.get(link(app, "manage")).status_code == 200
    after = subscriber(app)
    assert (after.rhythm, after.wanted) == (before.rhythm, before.wanted), "a stranger changes nothing"


def test_form_that_is_sent_twice_makes_one_mail(app, client):
    page = client.get("/en/alerts")
    with later(4):
        assert [client.send(page, {"email": each}, "/alerts").status_code for each in (MARTA, MARTA.upper())] == [
            303
        ] * 2
    assert len(outgoing(app)) == 1


def test_floods_are_held_back(app, client):
    app.config["APPLY_LIMIT_PER_ADDRESS"] = "2 per hour"
    codes = [ask(client, "flood@nordisk.example").status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    assert ask(client).status_code == 303, "another address is not held back"


def test_robots_that_fetch_every_link_change_nothing_and_get_no_cookie(app, client):
    subscribe(app, client)
    ask(client, "other@nordisk.example")
    publish(app)
    send(app)
    token = link(app, "manage").rsplit("/", 1)[1]
    other = link(app, "confirm", "other@nordisk.example")
    paths = [other, *(f"/en/alerts/{page}/{token}" for page in ("confirm", "manage", "choices", "leave"))]
    paths.append(f"/alerts/leave/{token}")
    robot = app.test_client()
    states = lambda: [  # noqa: E731
        (each.confirmed_at, each.sections, each.rhythm, each.wanted, each.language)
        for each in (subscriber(app), subscriber(app, "other@nordisk.example"))
    ]
    before = states()
    for path in paths:
        for method in ("HEAD", "GET", "HEAD", "GET"):
            answer = robot.open(path, method=method)
            assert answer.status_code in (200, 303), path
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Robots-Tag"] == "noindex"
    assert states() == before


@pytest.mark.parametrize("answer", [{}, {"act": "keep"}, {"act": "change"}, {"act": "leave", "leave_unticked": "y"}])
def test_lone_button_and_first_and_last_choice_change_nothing(app, client, answer):
    subscribe(app, client)
    publish(app)
    send(app)
    client.fill_in(link(app, "manage"), answer, "/manage/")
    assert subscriber(app) is not None


def test_subscriber_changes_what_they_get(app, client):
    subscribe(app, client)
    publish(app)
    send(app)
    to_choices = client.fill_in(link(app, "manage"), {"act": "change"}, "/manage/").location
    page = client.get(to_choices)
    assert page.text.count(" checked") == 4 + 3
    changed = client.send(
        page, {"sections": ["press-centre"], "wanted": "news", "rhythm": "daily", "language": "zh"}, "/choices/"
    )
    assert changed.status_code == 303
    assert changed.location.startswith("/zh/alerts/manage/")
    now = subscriber(app)
    assert (now.sections, now.wanted, now.rhythm, now.language) == (["press-centre"], "news", Rhythm.DAILY, "zh")
    assert client.fill_in(to_choices, {"sections": None}, "/choices/").status_code == 422


def test_subscriber_who_leaves_while_a_batch_is_written_spoils_it_for_nobody(app, client):
    subscribe_many(app, 3)
    publish(app)
    leaves, stays = subscriber(app, "reader0@nordisk.example"), subscriber(app, "reader2@nordisk.example")
    with ThreadPoolExecutor() as pool:
        with app.app_context(), transaction() as session:
            subscriptions.leave(leaves)
            written = pool.submit(begin, app)
            if db.engine.dialect.name == "postgresql":  # the batch has read who is there, and waits for this answer
                waits = text("select count(*) from pg_locks where not granted")
                while not session.scalar(waits):
                    assert not written.done(), written.exception()
        written.result(60)
    assert {row.subscriber_id for row in outgoing(app)} == {stays.id - 1, stays.id}


def test_form_from_elsewhere_or_for_another_link_changes_nothing(app, client):
    subscribe(app, client)
    publish(app)
    send(app)
    path = link(app, "manage")
    page = client.get(path)
    elsewhere = {"Origin": "https://evil.example"}
    assert client.send(page, {"act": "leave"}, "/manage/", headers=elsewhere).status_code == 403
    assert client.post(path, data={"act": "leave", "version": "0"}).status_code == 422
    assert subscriber(app) is not None


def test_subscriber_leaves_from_the_page_and_nothing_is_kept(app, client):
    subscribe(app, client)
    publish(app)
    send(app)
    path = client.get(link(app, "leave")).location
    left = client.fill_in(path, {"act": "leave"}, "/manage/")
    assert left.location == "/en/alerts/left"
    assert "Your address is deleted" in client.get(left.location).text
    assert subscriber(app) is None
    assert outgoing(app, MARTA) == []
    for page in ("leave", "manage", "choices", "confirm"):
        gone = client.get(path.replace("/manage/", f"/{page}/"))
        assert gone.status_code == 410
        assert "/en/alerts" in gone.text


def test_mail_program_leaves_with_one_click_and_may_click_twice(app, client):
    subscribe(app, client)
    publish(app)
    send(app)
    headers = dict(mails(app, MARTA)[0].headers)
    path = re.fullmatch(r"<http://localhost(/alerts/leave/[\w.-]+)>", headers["List-Unsubscribe"])[1]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (headers["List-Id"], headers["Precedence"]) == ("<alerts.localhost>", "bulk")
    assert headers["Auto-Submitted"] == "auto-generated"
    program = app.test_client()
    assert program.post(path).status_code == 400, "it must say what it wants"
    assert subscriber(app) is not None
    answers = [program.post(path, data=ONE_CLICK) for _ in range(2)]
    assert [(each.status_code, each.mimetype, each.text) for each in answers] == [
        (200, "text/plain", "You get no more alerts.\n")
    ] * 2
    assert all("Set-Cookie" not in each.headers for each in answers)
    assert subscriber(app) is None


def test_way_out_outlives_the_language_of_the_mail(app, client, tmp_path, database_url):
    subscribe(app, client, page_in="zh")
    publish(app, zh={"title": "开幕"})
    send(app)
    path = link(app, "leave")
    site = build(tmp_path, database_url, LANGUAGES="en")
    english = site.test_client()
    assert english.get(link(app, "manage")).status_code == 404, "no other page is there in Chinese any more"
    for way in (path, f"/zh{path}"):
        opened = english.get(way)
        assert (opened.status_code, opened.location) == (303, link(app, "manage").replace("/zh/", "/en/"))
    assert english.post(f"/fr{path}", data=ONE_CLICK).status_code == 404
    assert [english.post(f"/zh{path}", data=ONE_CLICK).status_code, subscriber(app)] == [200, None]
    gone = english.get(path)
    assert gone.status_code == 410
    assert (gone.headers["Cache-Control"], gone.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


def test_links_of_who_left_say_so_after_subscribing_again(app, client):
    subscribe(app, client)
    publish(app)
    send(app)
    old, page = link(app, "leave"), client.get(link(app, "leave")).location
    assert app.test_client().post(old, data=ONE_CLICK).status_code == 200
    with later(3600):
        subscribe(app, client)
    assert client.get(page).status_code == client.get(old).status_code == 410
    assert app.test_client().post(old, data=ONE_CLICK).text == "You get no more alerts.\n"
    assert subscriber(app), "an old mail does not end the new subscription"


def test_one_click_as_multipart_works_too(app, client):
    subscribe(app, client)
    publish(app)
    send(app)
    answer = app.test_client().post(link(app, "leave"), data=ONE_CLICK, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert subscriber(app) is None


def test_forged_links_lead_nowhere(app, client):
    subscribe(app, client)
    mine = subscriber(app)
    with app.app_context():
        others = tokens.make("cantonsite.link", mine.id, mine.nonce), tokens.make(SALT, mine.id, "another nonce")
    for token in (*others, f"{mine.id}.", f"{mine.id}.x", "x", f"{mine.id}.2.3", f"{'9' * 30}.x", "世.界"):
        for page in ("confirm", "manage", "choices", "leave"):
            assert client.get(f"/en/alerts/{page}/{token}").status_code == 404, (page, token)
            assert client.post(f"/en/alerts/{page}/{token}", data=ONE_CLICK).status_code == 404, (page, token)
    assert subscriber(app) is not None


def test_address_that_nobody_confirms_is_deleted_after_seven_days(app, client):
    subscribe(app, client)
    ask(client, "other@nordisk.example")
    with app.app_context(), later(6.9 * 24 * 3600):
        assert retention.purge()["unconfirmed subscribers"] == 0
    with app.app_context(), later(7.1 * 24 * 3600):
        assert retention.purge()["unconfirmed subscribers"] == 1
    assert subscriber(app, "other@nordisk.example") is None
    assert subscriber(app) is not None


def test_mails_of_a_send_are_kept_for_a_week_for_the_desk(app, client):
    subscribe(app, client)
    publish(app)
    send(app)
    for days, left in ((3, 1), (8, 0)):
        with app.app_context(), later(days * 24 * 3600):
            retention.purge()
        assert len([row for row in outgoing(app, MARTA) if row.bulletin_id]) == left


def test_alerts_speak_the_reader_s_language(app, client):
    ask(client, page_in="zh")
    deliver(app)
    assert '<html lang="zh-Hans"' in mails(app, MARTA)[0].html
    assert link(app, "confirm").startswith("/zh/")
    with app.app_context(), transaction() as session:
        session.execute(update(Subscriber).values(confirmed_at=clock.now() - timedelta(hours=1)))
    publish(app, en={"title": "Doors open"}, zh={"title": "开幕"})
    assert send(app) == 1
    assert mails(app, MARTA)[0].subject == "开幕"
