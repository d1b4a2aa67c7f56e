"""The calendar of press events: the page, and the files that calendars read (RFC 5545)."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import time_machine

from cantonsite import clock
from cantonsite.models.audit import Actor
from cantonsite.services import events, records
from tests.people import past_edition
from tests.press import BRIEFING, add_event

FILE = "/en/press-centre/calendar.ics"
THEN = {"starts_at": datetime(2018, 11, 4, 7, tzinfo=UTC), "ends_at": datetime(2018, 11, 4, 8, tzinfo=UTC)}


def change(app, event_id: int, **fields) -> None:
    with app.app_context():
        event = events.get(event_id)
        same = {name: getattr(event, name) for name in (*BRIEFING, "edition_id")}
        events.change(event_id, seen=records.mark(event), **{**same, **fields}, actor=Actor.COMMAND)


def entries(client, path: str = FILE) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(client.get(path).data).walk("VEVENT"))


def test_the_page_shows_what_comes_first_and_what_was_by_edition(app, client):
    past_edition(app)
    add_event(app)
    add_event(
        app, titles={"en": "Later"}, starts_at=BRIEFING["ends_at"], ends_at=BRIEFING["ends_at"] + timedelta(hours=1)
    )
    add_event(app, edition=124, titles={"en": "Closing press conference"}, **THEN)
    page = client.get("/en/press-centre/calendar").text
    assert page.index("Opening briefing") < page.index("Later") < page.index("Past: 124th, autumn 2018")
    assert page.index("Past: 124th") < page.index("Closing press conference")
    assert "14 April 2098, 10:00–11:00</time> Guangzhou time (UTC+8)" in page
    assert "开幕新闻发布会" in client.get("/zh/press-centre/calendar").text


def test_an_event_is_past_when_it_has_ended(app, client):
    add_event(app)
    with time_machine.travel(BRIEFING["ends_at"] - timedelta(seconds=1), tick=False):
        assert "Past" not in client.get("/en/press-centre/calendar").text.split("<main")[1]
    with time_machine.travel(BRIEFING["ends_at"], tick=False):
        assert "No press event is announced at present" in client.get("/en/press-centre/calendar").text


def test_an_empty_calendar_is_a_page_and_a_file(client):
    assert "No press event is announced at present" in client.get("/en/press-centre/calendar").text
    assert entries(client) == []


def test_the_file_says_what_the_page_says(app, client):
    add_event(app)
    answer = client.get(FILE)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"\n" not in answer.data.replace(b"\r\n", b"")
    assert max(len(line) for line in answer.data.split(b"\r\n")) <= 75
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert calendar["VERSION"] == "2.0"
    assert "METHOD" not in calendar, "a calendar to read, and no message that asks for an organizer"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == "Opening briefing"
    assert event["SUMMARY"].params["LANGUAGE"] == "en"
    assert event["DESCRIPTION"] == "Bring your pass; questions, answers."
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event["DTSTART"].dt == BRIEFING["starts_at"]
    assert event["DTEND"].dt == BRIEFING["ends_at"]
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["URL"].startswith("http://localhost/en/press-centre/calendar#event-")
    assert entries(client, "/zh/press-centre/calendar.ics")[0]["SUMMARY"] == "开幕新闻发布会"


def test_an_entry_keeps_its_uid_whatever_changes(app, client):
    event_id = add_event(app)
    before = entries(client)[0]
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        change(app, event_id, places={"en": "Another room"})
        after = entries(client)[0]
    assert after["UID"] == before["UID"] == entries(client, "/zh/press-centre/calendar.ics")[0]["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert after["DTSTAMP"].dt == after["LAST-MODIFIED"].dt


def test_a_save_without_a_change_is_none(app, client):
    event_id = add_event(app)
    before = client.get(FILE).data
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        change(app, event_id)
    assert client.get(FILE).data == before


def test_a_cancelled_event_is_struck_and_says_so_everywhere(app, client):
    event_id = add_event(app)
    change(app, event_id, is_cancelled=True)
    page = client.get("/en/press-centre/calendar").text
    assert "<b>Cancelled</b>" in page
    assert "<s>Opening briefing</s>" in page
    event = entries(client)[0]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    change(app, event_id, is_cancelled=False)
    event = entries(client)[0]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 2)


def test_the_file_is_the_same_until_an_event_changes(app, client):
    event_id = add_event(app)
    first = client.get(FILE)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        again = client.get(FILE, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        change(app, event_id, titles={"en": "Moved"})
        assert client.get(FILE, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_one_event_has_a_file_of_its_own(app, client):
    add_event(app)
    other = add_event(app, titles={"en": "Tour"})
    (event,) = entries(client, f"/en/press-centre/calendar/{other}.ics")
    assert event["SUMMARY"] == "Tour"
    assert f'href="/en/press-centre/calendar/{other}.ics"' in client.get("/en/press-centre/calendar").text


@pytest.mark.parametrize("event_id", ["99", "0", "2147483647", "9" * 30, "x", "-1"])
def test_an_event_that_is_none_has_no_file(client, event_id):
    assert client.get(f"/en/press-centre/calendar/{event_id}.ics").status_code == 404


def test_words_cannot_break_out_of_an_entry(app, client):
    add_event(app, titles={"en": "A, B; C\\ D\r\nATTENDEE:mailto:x@y.example"}, abouts={"en": "One\nTwo " + "长" * 200})
    (event,) = entries(client)
    assert "ATTENDEE" not in event
    assert event["SUMMARY"] == "A, B; C\\ D\nATTENDEE:mailto:x@y.example"
    assert event["DESCRIPTION"].startswith("One\nTwo 长")
