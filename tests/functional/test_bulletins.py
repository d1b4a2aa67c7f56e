"""Sends to many: what begins one, whom it reaches, the digest, and what the desk sees of it and stops."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, func, select, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.languages import LANGUAGES
from cantonsite.models import Article, ArticleText, AuditEvent, Bulletin, OutgoingMail, Subscriber
from cantonsite.models.alerts import Rhythm
from cantonsite.models.audit import Actor
from cantonsite.models.outbox import MailState
from cantonsite.models.staff import Role
from cantonsite.services import alerts, bulletins, delivery, writing
from cantonsite.services import sample as the_sample
from tests import articles
from tests.people import apply, deliver, later, mails, on_roster, open_edition, sign_in
from tests.smtp import outgoing
from tests.subscribers import (
    MARTA,
    add_text,
    begin,
    correct,
    publish,
    send,
    sends,
    subscribe,
    subscribe_many,
    subscriber,
    version,
    withdraw,
    write,
)

NEWS, EXHIBITORS, PRESS = "canton-fair-news", "exhibitor-news", "press-centre"


def follow(app, email=MARTA, **choices):
    """Somebody who confirmed an hour ago."""
    with app.app_context(), transaction() as session:
        ago = clock.now() - timedelta(hours=1)
        same = {"language": "en", "sections": [], "nonce": "n", "asked_at": ago, "confirmed_at": ago}
        session.add(Subscriber(**{**same, "email": email, "email_key": email, **choices}))


def told(app, to=MARTA):
    """The subjects of the mails to one address, the oldest first."""
    return [mail.subject for mail in mails(app, to)][::-1]


# What begins a send


def test_article_is_sent_when_it_appears_and_once(app, client):
    follow(app)
    publish(app, en={"title": "Doors open", "standfirst": "Phase one begins."})
    assert send(app) == 1
    (mail,) = mails(app, MARTA)
    assert mail.subject == "Doors open"
    for words in ("Phase one begins.", "Canton Fair News", "/en/news/", "/alerts/manage/", "/alerts/leave/"):
        assert words in mail.text
    assert send(app) == 0
    assert send(app, after=3600) == 0


def test_scheduled_article_is_sent_when_its_moment_has_come(app, client):
    follow(app)
    number = write(app)
    with app.app_context(), transaction() as session:
        at = clock.now() + timedelta(hours=2)
        session.execute(update(Article).where(Article.number == number).values(published_at=at))
    assert send(app) == 0
    assert send(app, after=2 * 3600 + 1) == 1


def test_what_was_imported_or_is_old_is_not_sent(app, client):
    follow(app)
    articles.publish(app, at=clock.now())
    number = publish(app)
    with app.app_context(), transaction() as session:
        yesterday = clock.now() - timedelta(hours=25)
        session.execute(update(Article).where(Article.number == number).values(published_at=yesterday))
    assert send(app) == 0
    assert sends(app) == []


def test_draft_is_never_sent(app, client):
    follow(app)
    write(app)
    assert send(app) == 0


def test_each_language_is_sent_when_it_appears(app, client):
    follow(app)
    follow(app, "he@lingnan.example", language="zh")
    number = publish(app, en={"title": "Doors open"})
    assert send(app) == 1
    add_text(app, number, "zh", {"title": "开幕", "body": "第一段。"})
    assert send(app) == 1
    assert told(app) == ["Doors open"]
    assert told(app, "he@lingnan.example") == ["开幕"]


HE = "he@lingnan.example"
CHINESE = {"title": "开幕", "body": "第一段。"}
THREE_DAYS = 3 * 24 * 3600


@pytest.mark.parametrize("half", [None, {"title": "开幕", "body": ""}])
def test_translation_is_sent_when_readers_first_see_it_however_late(app, client, half):
    follow(app)
    follow(app, HE, language="zh")
    number = publish(app, en={"title": "Doors open"}, **({"zh": half} if half else {}))
    assert send(app) == 1
    with later(THREE_DAYS):
        add_text(app, number, "zh", CHINESE)
        assert send(app) == 1
        add_text(app, number, "zh", {**CHINESE, "body": "第二段。"})
        add_text(app, number, "en", {"title": "Doors open", "body": "Anew."})
        assert send(app) == 0
    assert (told(app), told(app, HE)) == (["Doors open"], ["开幕"])


def test_text_that_readers_have_long_seen_is_no_news_when_it_is_published_anew(app, client):
    follow(app)
    number = write(app)
    with app.app_context():
        at = clock.now() + timedelta(minutes=1)
        writing.schedule(number, seen=version(number), at=at, embargoed=False, actor=Actor.COMMAND)
    with later(THREE_DAYS):  # the deliverer was away
        add_text(app, number, "en", {"title": "Doors open"})
        assert send(app) == 0


def test_translation_of_an_imported_page_is_no_news(app, client):
    follow(app, HE, language="zh")
    articles.publish(app, 48315, en={"title": "Doors open"})
    articles.publish(app, 48316, at=clock.now() - timedelta(days=2), en={"title": "One"}, zh={"title": "一"})
    add_text(app, 48315, "zh", CHINESE)
    add_text(app, 48316, "zh", CHINESE)
    assert send(app) == 0
    assert sends(app) == []


# Whom it reaches


@pytest.mark.parametrize(
    ("choices", "subjects"),
    [
        ({}, ["Stalls", "Correction: Stalls"]),
        ({"sections": [EXHIBITORS]}, ["Stalls", "Correction: Stalls"]),
        ({"sections": [PRESS, NEWS]}, []),
        ({"wants_corrections": False}, ["Stalls"]),
        ({"wants_news": False}, ["Correction: Stalls"]),
        ({"language": "zh"}, []),
        ({"rhythm": Rhythm.DAILY}, []),
        ({"confirmed_at": None}, []),
    ],
)
def test_alerts_reach_those_who_chose_them(app, client, choices, subjects):
    follow(app, **choices)
    number = publish(app, EXHIBITORS, en={"title": "Stalls"})
    send(app)
    correct(app, number, "The hall was 5, not 3.")
    send(app)
    assert told(app) == subjects


def test_who_confirms_after_it_appeared_is_not_told_of_it(app, client):
    publish(app)
    begin(app)
    subscribe(app, client)
    assert send(app) == 0


def test_language_that_falls_back_is_told_in_the_other_until_it_has_its_own(app, client):
    follow(app, language="ar")
    publish(app, en={"title": "Doors open"})
    assert send(app) == 1
    (mail,) = mails(app, MARTA)
    assert 'lang="en" dir="ltr"' in mail.html
    assert alerts.readers_of("en", {"en", "zh", "ar"}) == {"en"}
    assert {code for code in LANGUAGES if code not in ("zh",)} >= alerts.readers_of("en", {"en", "zh"}) >= {"en", "ar"}


def test_correction_tells_what_was_wrong(app, client):
    follow(app, wants_news=False)
    number = publish(app, en={"title": "Doors open"}, zh={"title": "开幕"})
    correct(app, number, "The fair opens on 15 April, not 14 April.")
    assert send(app) == 1
    (mail,) = mails(app, MARTA)
    assert mail.subject == "Correction: Doors open"
    assert "The fair opens on 15 April, not 14 April." in mail.text


def test_correction_of_an_old_article_is_sent(app, client):
    follow(app, wants_news=False)
    articles.publish(app, 48315)
    correct(app, 48315, "The figure was wrong.")
    assert send(app) == 1


def test_withdrawal_is_told_to_those_who_want_corrections_in_every_language(app, client):
    follow(app, wants_news=False)
    follow(app, "he@lingnan.example", language="zh", wants_news=False)
    follow(app, "news@lingnan.example", language="zh", wants_corrections=False)
    articles.publish(app, 48315, en={"title": "Doors open"}, zh={"title": "开幕"})
    withdraw(app, 48315, en="It was about another fair.")
    assert send(app) == 2
    assert told(app) == ["Withdrawn: Doors open"]
    assert "It was about another fair." in mails(app, "he@")[0].text
    assert "开幕" in mails(app, "he@")[0].subject


def test_reason_of_a_withdrawal_is_told_in_each_language_that_has_it():
    assert alerts.readers_of("zh", {"en", "zh"}, {"en", "zh"}) == {"zh"}
    assert alerts.readers_of("en", {"en", "zh"}, {"en"}) == set(LANGUAGES)
    assert alerts.readers_of("zh", {"en", "zh"}, {"zh"}) == set(LANGUAGES)


# What has changed before it leaves


def test_mail_about_an_article_that_was_withdrawn_meanwhile_does_not_leave(app, client):
    follow(app, wants_corrections=False)
    number = publish(app)
    begin(app)
    assert [row.state for row in outgoing(app, MARTA)] == [MailState.WAITING]
    withdraw(app, number, en="A mistake.")
    assert deliver(app) == 0
    (row,) = outgoing(app, MARTA)
    assert (row.state, row.error) == (MailState.SKIPPED, "nothing to tell")


@pytest.mark.parametrize("change", [{"sections": [PRESS]}, {"wants_news": False}, {"language": "zh"}])
def test_subscriber_who_chooses_otherwise_meanwhile_gets_nothing(app, client, change):
    follow(app)
    publish(app)
    begin(app)
    with app.app_context(), transaction() as session:
        session.execute(update(Subscriber).values(**change))
    assert deliver(app) == 0
    (row,) = outgoing(app, MARTA)
    assert (row.state, row.error) == (MailState.SKIPPED, "chose otherwise")


def test_mail_says_what_the_article_says_when_it_leaves(app, client):
    follow(app)
    number = publish(app, en={"title": "Dors open"})
    begin(app)
    with app.app_context(), transaction() as session:
        article = session.scalar(select(Article).where(Article.number == number))
        session.execute(update(ArticleText).where(ArticleText.article_id == article.id).values(title="Doors open"))
    deliver(app)
    assert told(app) == ["Doors open"]


def test_headers_leave_as_mail_programs_read_them(app, client):
    app.config["BASE_URL"] = "https://press-office.of-a-fair-with-a-long-name.example.org"
    open_edition(app)
    apply(client)
    apply(client)
    follow(app)
    publish(app, en={"title": "Doors open\u2028Bcc: spy@evil.example"}, zh={"title": "开幕"})
    begin(app)
    with app.app_context(), later(6):
        sent = [delivery.compose(row).as_bytes() for row in db.session.scalars(select(OutgoingMail))]
    heads = [each.split(b"\r\n\r\n", 1)[0].decode("ascii") for each in sent]
    origin = re.escape(app.config["BASE_URL"])
    found = [re.findall(rf"(?m)^List-Unsubscribe: <{origin}/alerts/leave/[\w.-]+>\r$", head) for head in heads]
    assert sum(map(len, found)) == 1
    assert not any(re.search(r"(?mi)^bcc", head) for head in heads)
    threads = [re.findall(r"(?m)^(?:References|In-Reply-To): <[\w.@-]+>\r?$", head) for head in heads]
    assert max(map(len, threads)) == 2, "in one thread, though the host has a long name"


# The digest

EIGHT = datetime(2027, 3, 2, 0, 0, tzinfo=UTC)  # 8:00 in Guangzhou


def test_daily_readers_get_all_in_one_mail_at_eight(app, client):
    with time_machine.travel(EIGHT - timedelta(hours=12)):
        follow(app, rhythm=Rhythm.DAILY)
        follow(app, "once@nordisk.example")
        follow(app, "press@nordisk.example", rhythm=Rhythm.DAILY, sections=[PRESS])
        first = publish(app, en={"title": "Doors open"})
        publish(app, EXHIBITORS, en={"title": "Stalls"})
        gone = publish(app, en={"title": "A mistake"})
        correct(app, first, "At nine, not at ten.")
        assert send(app) == 4
    with time_machine.travel(EIGHT - timedelta(hours=11)):
        withdraw(app, gone, en="It was wrong.")
        assert send(app) == 1
    with time_machine.travel(EIGHT - timedelta(seconds=30)):
        assert send(app) == 0
    with time_machine.travel(EIGHT + timedelta(seconds=1)):
        assert send(app) == 1
        assert send(app) == 0
    (mail,) = mails(app, MARTA)
    assert mail.subject == "From the Canton Fair: 2 new articles and 2 corrections"
    order = [mail.text.index(each) for each in ("Stalls", "Doors open", "Withdrawn: A mistake", "At nine, not at ten.")]
    assert order == sorted(order)
    assert mail.text.count("A mistake") == 1
    assert told(app, "press@nordisk.example") == [], "nothing in that section, no mail"
    with time_machine.travel(EIGHT + timedelta(days=1, seconds=1)):
        assert send(app) == 0, "a day without news has no digest"
    assert [each.digest_on for each in sends(app) if each.digest_on] == [EIGHT.date()]


def test_what_appears_after_eight_waits_for_the_next_digest(app, client):
    with time_machine.travel(EIGHT + timedelta(hours=1)):
        follow(app, rhythm=Rhythm.DAILY)
        publish(app, en={"title": "Late"})
        assert send(app) == 0
    with time_machine.travel(EIGHT + timedelta(hours=23)):
        assert send(app) == 0
    with time_machine.travel(EIGHT + timedelta(hours=30)):
        assert send(app) == 1, "a deliverer that was away at eight makes up for it"


def test_send_that_was_stopped_is_not_in_the_digest(app, client):
    with time_machine.travel(EIGHT - timedelta(hours=2)):
        follow(app, rhythm=Rhythm.DAILY)
        follow(app, "once@nordisk.example")
        editor = on_roster(app, "editor@fair.example", role=Role.EDITOR)
        publish(app)
        begin(app)
        with app.app_context():
            assert bulletins.stop(1, actor=editor)
    with time_machine.travel(EIGHT + timedelta(seconds=1)):
        assert send(app) == 0


# The desk


@pytest.fixture
def desk(app, client):
    on_roster(app, "editor@fair.example", "Ada Obi", role=Role.EDITOR)
    sign_in(app, client, "editor@fair.example")
    return client


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_editor_sees_how_a_send_goes_and_who_follows_what(app, desk):
    subscribe_many(app, 450)
    follow(app, language="zh", sections=[PRESS], rhythm=Rhythm.DAILY)
    publish(app, en={"title": "Doors open"})
    with app.app_context():
        assert bulletins.advance()
    page = desk.get("/desk/alerts")
    assert "Being written" in page.text
    assert "200 of 450 written · 200 waiting" in words(page)
    assert re.search(r'<progress max="450" value="0"', page.text)
    begin(app)
    assert "Being sent" in desk.get("/desk/alerts").text
    with app.app_context(), later(6):
        delivery.deliver_due(most=100)
    page = desk.get("/desk/alerts")
    assert "450 of 450 written · 350 waiting · 100 sent" in words(page)
    assert re.search(r'<progress max="450" value="100"', page.text)
    assert "451 have confirmed" in words(page)
    assert "Press Centre 451" in words(page)
    assert "Exhibitor News 450" in words(page)
    assert "Chinese 1" in words(page)
    assert "@nordisk.example" not in page.text, "no address is shown"


def test_editor_stops_a_send(app, desk):
    subscribe_many(app, 450)
    publish(app, en={"title": "Doors open"})
    with app.app_context(), later(1):
        bulletins.advance()
        held = delivery.claim_one()
    assert desk.send(desk.get("/desk/alerts"), {}, "/stop").status_code == 303
    begin(app)
    states = Counter(row.state for row in outgoing(app, "reader"))
    assert states == {MailState.SKIPPED: 199, MailState.WAITING: 1}
    with app.app_context(), delivery.Channel() as channel:
        assert delivery._deliver(held, channel) == 0, "what was held but not composed yet does not leave either"
    page = desk.get("/desk/alerts")
    assert "Stopped" in page.text
    assert "Ada Obi" in page.text
    assert "/stop" not in page.text
    assert send(app, after=100) == 0
    again = desk.post(
        "/desk/alerts/1/stop", data={"csrf_token": re.search(r'csrf_token" value="([^"]+)', page.text)[1]}
    )
    assert again.status_code == 303
    assert "nothing left to stop" in desk.get("/desk/alerts").text
    with app.app_context():
        kinds = db.session.scalars(select(AuditEvent.kind)).all()
    assert kinds.count("alerts_stopped") == 1


def test_editor_deletes_a_subscriber_who_asked(app, desk):
    follow(app)
    publish(app)
    begin(app)
    assert desk.fill_in("/desk/alerts", {"email": "marta@"}, "/find").status_code == 422
    nobody = desk.fill_in("/desk/alerts", {"email": "nobody@nordisk.example"}, "/find")
    assert "Nobody with this address gets alerts" in nobody.text
    found = desk.fill_in("/desk/alerts", {"email": MARTA.upper()}, "/find")
    assert "New articles and corrections" in found.text
    assert desk.send(found, {}, "/delete").status_code == 303
    assert subscriber(app) is None
    assert outgoing(app, MARTA) == []
    with app.app_context():
        line = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert (line.kind, line.actor_name) == ("subscriber_deleted", "Ada Obi")
        assert MARTA not in str((line.note, line.details))


def test_desk_shows_alerts_among_its_mail(app, client):
    on_roster(app, "admin@fair.example", role=Role.ADMINISTRATOR)
    sign_in(app, client, "admin@fair.example")
    follow(app)
    number = publish(app)
    begin(app)
    withdraw(app, number, en="A mistake.")
    deliver(app)
    page = client.get("/desk/mail?state=skipped")
    assert "Alert: an article" in page.text
    assert "Readers could no longer see what it was about." in page.text


# Order and cost


def test_decision_mail_leaves_before_the_bulk(app, client):
    open_edition(app)
    subscribe_many(app, 2000)
    publish(app)
    begin(app)
    apply(client)  # later than all of them
    with app.app_context(), later(60):
        first = delivery.claim_one()
        assert db.session.get_one(OutgoingMail, first.id).kind != "article_alert"


def explained(statement, values):
    """What the database says it would do."""
    explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    return "\n".join(str(row) for row in db.session.connection().exec_driver_sql(explain + statement, values))


def test_claim_reads_an_index_in_its_order(app, client):
    subscribe_many(app, 5000)
    publish(app)
    begin(app)
    with app.app_context(), later(60):
        with transaction() as session:
            many = update(OutgoingMail).where(OutgoingMail.id % 50 != 0)
            session.execute(many.values(state=MailState.SENT, ended_at=clock.now()))
        if db.engine.dialect.name == "postgresql":
            db.session.connection().exec_driver_sql("ANALYZE outgoing_mail")
        seen = []

        def note(_connection, cursor, statement, parameters, *_more):
            if "lease_until" in statement and "WHERE" in statement:
                seen.append((statement, parameters))

        event.listen(db.engine, "before_cursor_execute", note)
        assert delivery.claim_one() is not None
        event.remove(db.engine, "before_cursor_execute", note)
        plans = [explained(*each) for each in seen]
        assert len(plans) == 2
        for plan in plans:
            assert "ix_outgoing_mail_due" in plan, plan
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan, plan


def test_round_with_nothing_to_do_is_cheap(app, client):
    articles.publish_many(app, articles.a_row_of(200))
    with articles.statements(app) as seen, app.app_context():
        assert not bulletins.advance()
    assert len(seen) <= 3


def test_sample_sends_nothing_by_itself(app, client):
    with app.app_context():
        the_sample.fill()
        count = select(func.count()).select_from(Bulletin)
        before = db.session.scalar(count)
        assert not bulletins.advance()
        assert db.session.scalar(count) == before == 1
