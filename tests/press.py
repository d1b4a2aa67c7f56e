"""What the press office keeps, in tests: contacts, press events, facts."""

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask

from cantonsite.models.audit import Actor
from cantonsite.services import contacts, editions, events, facts

BRIEFING: dict[str, Any] = {
    "titles": {"en": "Opening briefing", "zh": "开幕新闻发布会"},
    "places": {"en": "Room 8, Area B", "zh": "B区8号厅"},
    "abouts": {"en": "Bring your pass; questions, answers."},
    "starts_at": datetime(2098, 4, 14, 2, 0, tzinfo=UTC),
    "ends_at": datetime(2098, 4, 14, 3, 0, tzinfo=UTC),
}


def add_contact(app: Flask, *, edition: int | None = None, **fields: Any) -> int:
    """A news desk, or what the fields say; returns its id."""
    desk = {
        "names": {"en": "News desk", "zh": "新闻组"},
        "subjects": {"en": "News and interviews"},
        "hours": {"en": "9:00 to 17:30, Guangzhou time (UTC+8)"},
        "spoken": ["zh", "en", "fr"],
        "phone": "+86 20 5550 0199",
        "email": "news@fair.example",
    }
    with app.app_context():
        return contacts.add(**{**desk, **fields}, edition_id=_id(edition), actor=Actor.COMMAND).id


def add_event(app: Flask, *, edition: int | None = None, **fields: Any) -> int:
    """An opening briefing far ahead, or what the fields say; returns its id."""
    with app.app_context():
        return events.add(**{**BRIEFING, **fields}, edition_id=_id(edition), actor=Actor.COMMAND).id


def add_fact(app: Flask, edition: int, label: str, value: str, **fields: Any) -> int:
    """A figure of an edition; returns its id."""
    words = {"labels": {"en": label}, "values": {"en": value}, "sources": {"en": "Canton Fair"}}
    with app.app_context():
        more = {"as_of": date(2018, 11, 4), "source_url": "", **fields}
        return facts.add(editions.get(edition), **words, **more, actor=Actor.COMMAND).id


def _id(number: int | None) -> int | None:
    return editions.get(number).id if number else None
