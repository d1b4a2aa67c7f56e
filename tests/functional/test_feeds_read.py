"""Feeds as a feed reader and a schema see them: every feed, before and after a correction, whatever stands in it."""

import shutil
from datetime import datetime, timedelta

import pytest
import time_machine

from cantonsite.database import db
from cantonsite.http import xml
from tests.articles import CLOSING, FAIR, a_row_of, publish, publish_many, statements
from tests.conftest import build
from tests.following import SECTIONS, correct, feeds, read, withdraw
from tests.people import past_edition

IN = {"en": "en", "zh": "zh-Hans", "ar": "ar"}
FEEDS = [path for language in IN for path in feeds(language)]
NOON = datetime(2018, 11, 6, 12, tzinfo=FAIR)
WRONG = "An earlier version named a wrong hall."


def path_of(address: str) -> str:
    return address.removeprefix("http://localhost")


@pytest.fixture
def app(tmp_path, database_url, sqlite_template):
    """The site in every language that it knows."""
    if not database_url:
        shutil.copy(sqlite_template, tmp_path / "cantonsite.sqlite3")
    app = build(tmp_path, database_url, LANGUAGES=" ".join(IN))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def day():
    """Noon of 6 November 2018 at the fair; the clock stands still until it is moved."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def news(app):
    past_edition(app)
    for place, section in enumerate(SECTIONS):
        texts = {"en": {"title": f"News of {section}", "standfirst": "In short."}, "zh": {"title": f"新闻{place}"}}
        publish(app, 48315 + place, section=section, at=CLOSING + timedelta(hours=place), edition=124, **texts)


@pytest.mark.parametrize("path", FEEDS)
def test_a_reader_and_a_schema_accept_every_feed(app, client, news, day, path):
    correct(app, WRONG)
    correct(app, "此前版本有误。", language="zh")
    feed = read(client, path)
    assert feed.feed.links[0].href == f"http://localhost{path}"
    assert feed.feed.language == IN[path[1:3]]
    assert feed.feed.author
    assert client.get(path_of(feed.feed.links[1].href)).status_code == 200
    assert len(feed.entries) == (1 if "corrections" in path or "/news/" in path else 4)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert feed.feed.updated_parsed == max(entry.updated_parsed for entry in feed.entries)
    for entry in feed.entries:
        assert entry.id.startswith("urn:uuid:")
        assert client.get(path_of(entry.link)).status_code == 200
        assert entry.tags[0].term
        assert entry.tags[0].label
        assert entry.updated_parsed >= entry.published_parsed


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_of_an_empty_site_is_accepted_too(app, client, path):
    past_edition(app)
    assert read(client, path).entries == []


@pytest.mark.parametrize("path", FEEDS)
def test_who_has_read_a_feed_is_told_that_nothing_is_new(app, client, news, path):
    first = client.get(path)
    assert first.content_type == "application/atom+xml; charset=utf-8"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_feeds_have_ids_of_their_own_that_stay(app, client):
    past_edition(app)
    ids = [read(client, path).feed.id for path in FEEDS]
    assert len(set(ids)) == len(FEEDS)
    assert read(client, "/en/feed.xml").feed.id == "urn:uuid:c0b3eaae-8d0f-5565-b861-d4389cd30a63"


def test_a_correction_moves_the_entry_and_never_its_id(app, client, day):
    publish(app, en={"title": "Doors open"}, zh={"title": "开门"})
    before = read(client, "/en/feed.xml").entries[0]
    etag = client.get("/en/feed.xml").headers["ETag"]
    correct(app, WRONG)
    assert client.get("/en/feed.xml", headers={"If-None-Match": etag}).status_code == 200
    feed = read(client, "/en/feed.xml")
    after = feed.entries[0]
    assert after.id == before.id == "urn:uuid:0e01133e-e6ba-5727-b611-7d8e62030d9a"
    assert after.published == before.published == "2018-11-04T16:30:00+08:00"
    assert after.updated == feed.feed.updated == "2018-11-06T12:00:00+08:00"
    content = after.content[0].value
    assert content.startswith(f"<p><strong>Correction, 6 November 2018:</strong> {WRONG}</p>")
    assert "One paragraph." in content
    chinese = read(client, "/zh/feed.xml").entries[0]
    assert chinese.updated == "2018-11-04T16:30:00+08:00", "its text says what it said"
    assert WRONG not in chinese.content[0].value


def test_the_feed_of_corrections_leads_to_the_articles(app, client, day):
    publish(app)
    publish(app, 48316, en={"title": "Other doors"})
    correct(app, WRONG)
    first = read(client, "/en/corrections/feed.xml").entries[0]
    assert first.title == "Correction: Doors open"
    assert first.link == "http://localhost/en/news/48315-doors-open"
    assert WRONG in first.content[0].value
    day.shift(3600)
    withdraw(app, 48316, en="It belonged to another edition.")
    newest, same = read(client, "/en/corrections/feed.xml").entries
    assert newest.title == "Withdrawn: Other doors"
    assert "It belonged to another edition." in newest.content[0].value
    address, _, fragment = path_of(newest.link).partition("#")
    assert f'id="{fragment}"' in client.get(address).text
    assert same.id == first.id
    assert same.updated == first.updated


def test_the_feed_of_an_edition_holds_its_news_and_no_other(app, client, news):
    publish(app, 48400, en={"title": "Of no edition"})
    feed = read(client, "/en/editions/124/feed.xml")
    assert feed.feed.title == "124th Canton Fair – Canton Fair Press Office"
    assert len(feed.entries) == 4
    assert "Of no edition" not in client.get("/en/editions/124/feed.xml").text
    assert client.get("/en/editions/125/feed.xml").status_code == 404
    assert 'href="/en/editions/124/feed.xml"' in client.get("/en/editions/124").text


def test_addresses_in_the_content_are_whole(app, client):
    here = "[here](/en/privacy) [below](#part) [beside](48316-x)"
    publish(app, en={"body": f"{here} [there](https://fair.example/a?b=1&c=2) [us](mailto:a@fair.example)"})
    (entry,) = read(client, "/en/feed.xml").entries
    for whole in (
        "http://localhost/en/privacy",
        "http://localhost/en/news/48315-doors-open#part",
        "http://localhost/en/news/48316-x",
        "https://fair.example/a?b=1&amp;c=2",
        "mailto:a@fair.example",
    ):
        assert f'href="{whole}"' in entry.content[0].value


def test_what_is_hidden_or_withdrawn_is_in_no_feed(app, client, day):
    past_edition(app)
    publish(app, 48315, edition=124, en={"title": "Seen"})
    publish(app, 48316, edition=124, en={"title": "Gone"})
    publish(app, 48317, edition=124, at=NOON + timedelta(hours=1), en={"title": "Coming"})
    correct(app, WRONG, number=48316)
    withdraw(app, 48316, en="A reason.")
    for path in FEEDS:
        text = client.get(path).text
        assert "Coming" not in text
        assert WRONG not in text
        told = ("/en/corrections/feed.xml", "/ar/corrections/feed.xml")  # Arabic falls back to English
        assert ("Gone" in text) == (path in told)
    day.shift(3700)
    assert [entry.title for entry in read(client, "/en/feed.xml").entries] == ["Coming", "Seen"]
    assert [entry.title for entry in read(client, "/en/editions/124/feed.xml").entries] == ["Coming", "Seen"]


def test_a_feed_takes_few_statements_however_many_entries(app, client, day):
    publish_many(app, a_row_of(20))
    correct(app, WRONG, number=1001)
    client.get("/en/feed.xml")
    with statements(app) as seen:
        assert len(read(client, "/en/feed.xml").entries) == 20
    assert len(seen) <= 6, "three for each time that it was asked for"


SIGNS = ["\x01", "\x0b", "\x1f", "\x7f", "\ufffe", "\uffff", "]]>", "&nbsp;", "<b>", "🀄", "\u2028", "\u202e"]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_sign_breaks_a_feed(app, client, day, sign):
    publish(app, en={"title": f"One{sign}Two", "standfirst": sign, "body": f"a{sign}b", "author": f"{sign}x"})
    correct(app, f"Wrong{sign}hall.")
    for path in ("/en/feed.xml", "/en/news/canton-fair-news/feed.xml", "/en/corrections/feed.xml"):
        (entry,) = read(client, path).entries
        assert "One" in entry.title
        assert "Two" in entry.title
        assert "hall." in entry.content[0].value


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\ufffe"])
def test_signs_that_no_database_keeps_are_left_out_all_the_same(app, sign):
    with app.test_request_context():
        assert xml.answer(f"<a>One{sign}Two</a>", "application/xml").data == b"<a>OneTwo</a>"
