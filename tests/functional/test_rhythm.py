"""A subscriber chooses another rhythm: whatever the moment, each piece of news comes in exactly one mail."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from sqlalchemy import select

from cantonsite.database import db, transaction
from cantonsite.models import Bulletin
from cantonsite.models.staff import Role
from cantonsite.services import bulletins, delivery
from tests.people import deliver, link_in, mails, on_roster
from tests.subscribers import MARTA, begin, correct, publish, send, sends, subscribe, subscribe_many

EIGHT = datetime(2027, 3, 2, 0, 0, tzinfo=UTC)  # 8:00 in Guangzhou
AT_ONCE, DAILY = {"rhythm": "at once"}, {"rhythm": "daily"}
TOLD = ("Doors open", "Halls full", "At nine.")


@pytest.fixture
def day():
    """It is ten in the evening before; moved on by the tests."""
    with time_machine.travel(EIGHT - timedelta(hours=10), tick=False) as day:
        yield day


def choose(app, client, **choices):
    """Marta chooses otherwise, behind the link that she has got."""
    path = link_in(mails(app, MARTA)[-1], "/alerts/confirm/").replace("/confirm/", "/choices/")
    assert client.fill_in(path, choices, "/choices/").status_code == 303


def follow(app, client, **choices):
    subscribe(app, client, **choices)


def read(app):
    """How often she was told each piece of news, and in how many mails."""
    mine = mails(app, MARTA)[:-1]  # the first asked her to confirm
    return [sum(each in mail.text for mail in mine) for each in TOLD], len(mine)


def have_news(app, day):
    """An article and its correction, which are sent; and another article an hour later."""
    day.shift(3600)
    number = publish(app, en={"title": "Doors open"})
    correct(app, number, "At nine.")
    send(app)
    day.shift(3600)
    publish(app, en={"title": "Halls full"})


def test_who_was_told_at_once_is_not_told_again_by_the_digest(app, client, day):
    follow(app, client, **AT_ONCE)
    have_news(app, day)
    send(app)
    choose(app, client, **DAILY)
    day.move_to(EIGHT + timedelta(minutes=1))
    send(app)
    assert read(app) == ([2, 1, 1], 3), "the correction names its article"
    digest = sends(app)[-1]
    assert (digest.digest_on, digest.written) == (EIGHT.date(), 0)


def test_digest_tells_what_came_after_the_change_and_no_more(app, client, day):
    follow(app, client, **AT_ONCE)
    have_news(app, day)  # the second article has not been begun
    choose(app, client, **DAILY)
    send(app)
    day.move_to(EIGHT + timedelta(minutes=1))
    send(app)
    assert read(app) == ([2, 1, 1], 3)
    assert "Halls full" in mails(app, MARTA)[0].text
    assert "Doors open" not in mails(app, MARTA)[0].text


def test_who_waited_for_the_digest_is_told_at_once_what_waited(app, client, day):
    follow(app, client, **DAILY)
    have_news(app, day)
    send(app)
    assert read(app) == ([0, 0, 0], 0)
    choose(app, client, **AT_ONCE)
    send(app)
    assert read(app) == ([2, 1, 1], 3)
    assert [each.written for each in sends(app)] == [1, 1, 1]
    day.move_to(EIGHT + timedelta(minutes=1))
    send(app)
    publish(app, en={"title": "Later"})
    send(app)
    assert read(app) == ([2, 1, 1], 4)


def test_news_that_somebody_did_not_follow_is_not_made_up_for(app, client, day):
    follow(app, client, sections=["press-centre"], **DAILY)
    have_news(app, day)
    send(app)
    choose(app, client, sections=["press-centre", "canton-fair-news"], **AT_ONCE)
    send(app)
    assert read(app) == ([0, 0, 0], 0)


@pytest.mark.parametrize("changes", [[DAILY], [DAILY, AT_ONCE], [DAILY, AT_ONCE, DAILY]])
def test_mail_that_is_written_leaves_whatever_is_chosen_before_it_does(app, client, day, changes):
    follow(app, client, **AT_ONCE)
    have_news(app, day)
    day.shift(10)
    begin(app)
    for each in changes:
        choose(app, client, **each)
    deliver(app)
    day.move_to(EIGHT + timedelta(minutes=1))
    send(app)
    assert read(app) == ([2, 1, 1], 3)


def test_digest_that_is_written_leaves_though_its_reader_wants_the_next_at_once(app, client, day):
    follow(app, client, **DAILY)
    have_news(app, day)
    send(app)
    day.move_to(EIGHT + timedelta(minutes=1))
    begin(app)
    choose(app, client, **AT_ONCE)
    deliver(app)
    send(app)
    assert read(app)[1] == 1
    assert all(each in mails(app, MARTA)[0].text for each in TOLD)


@pytest.mark.parametrize(("before", "after"), [(DAILY, AT_ONCE), (AT_ONCE, DAILY)])
def test_change_in_the_midst_of_a_send_loses_nothing(app, client, day, before, after):
    subscribe_many(app, bulletins.BATCH, sections=["press-centre"])  # a batch before hers, of whom none is told
    follow(app, client, **before)
    day.shift(3600)
    publish(app, en={"title": "Doors open"})
    with app.app_context():
        assert bulletins.advance()
    choose(app, client, **after)
    send(app)
    day.move_to(EIGHT + timedelta(minutes=1))
    send(app)
    assert read(app) == ([1, 0, 0], 1)


def test_digest_waits_until_the_sends_before_it_are_written(app, client, day):
    subscribe_many(app, bulletins.BATCH, sections=["press-centre"])
    follow(app, client, **DAILY)
    day.move_to(EIGHT - timedelta(minutes=1))
    publish(app, en={"title": "Doors open"})
    with app.app_context():
        assert bulletins.advance()
    day.move_to(EIGHT + timedelta(minutes=1))
    with app.app_context(), transaction() as session:  # another deliverer has the first send in hand
        session.scalar(select(Bulletin).with_for_update())
        if db.engine.dialect.name == "postgresql":
            assert elsewhere(app, bulletins.advance) is False
    choose(app, client, **AT_ONCE)
    send(app)
    assert read(app) == ([1, 0, 0], 1)


def elsewhere(app, verb):
    """What a verb says in another thread, with a connection of its own."""
    said = []

    def run():
        with app.app_context():
            said.append(verb())
            delivery.let_go()

    thread = Thread(target=run)
    thread.start()
    thread.join(60)
    return said[0]


def test_send_that_was_stopped_is_not_made_up_for(app, client, day):
    follow(app, client, **DAILY)
    subscribe_many(app, 1)
    editor = on_roster(app, "editor@fair.example", role=Role.EDITOR)
    have_news(app, day)
    with app.app_context():
        bulletins.advance()
        assert bulletins.stop(sends(app)[-1].id, actor=editor)
    choose(app, client, **AT_ONCE)
    send(app)
    assert read(app) == ([2, 0, 1], 2)
