"""Press events as an iCalendar file (RFC 5545): the same events at the same moments as the page, for calendars."""

from datetime import date
from functools import lru_cache
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from flask import Response, current_app, g
from flask_babel import gettext as _

from .. import clock
from ..languages import LANGUAGES, Said
from ..services import addresses
from ..services.events import ShownEvent

# An entry's UID must never change, not even with the host: calendars know it by nothing else.
NAMESPACE = UUID("0f0c6a4e-6f0f-5c53-9d0b-1c7f3a2d9e58")


def answer(events: tuple[ShownEvent, ...], name: str) -> Response:
    """These events as a file of this name. The same bytes as long as no event has changed."""
    zone = clock.zone(current_app.config["TIMEZONE"])
    title = _("Press events of the Canton Fair")
    address = addresses.absolute("press.calendar", lang=g.language)
    written = _written(events, title, LANGUAGES[g.language].html, address, zone)
    response = Response(written, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@lru_cache(maxsize=64)
def _written(events: tuple[ShownEvent, ...], title: str, language: str, address: str, zone: ZoneInfo) -> bytes:
    from icalendar import Calendar, Timezone

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//cantonsite//press events//{language.upper()}")
    # No METHOD: it would make this a message of iTIP, in which each event names an organizer (RFC 5546, 3.2.1)
    calendar.add("name", title, {"LANGUAGE": language})  # RFC 7986, 5.1
    calendar.add("x-wr-calname", title)  # what most calendars read instead
    calendar.add("x-wr-timezone", zone.key)
    if events:
        years = [moment.astimezone(zone).year for event in events for moment in (event.starts_at, event.ends_at)]
        days = {"first_date": date(min(years), 1, 1), "last_date": date(max(years) + 1, 1, 1)}
        observed = Timezone.from_tzinfo(zone, zone.key, **days)
        observed.pop("comment", None)
        calendar.add_component(observed)
    for event in events:
        calendar.add_component(_entry(event, address, zone))
    return calendar.to_ical()


def _entry(event: ShownEvent, address: str, zone: ZoneInfo):
    from icalendar import Event

    entry = Event()
    entry.add("uid", str(uuid5(NAMESPACE, f"press-event/{event.id}")))
    # The moment at which this wording was made: with the present one every answer would differ from the last
    entry.add("dtstamp", event.changed_at.replace(microsecond=0))
    entry.add("last-modified", event.changed_at.replace(microsecond=0))
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    for name, said in (("summary", event.title), ("location", event.place), ("description", event.about)):
        if said.text:
            entry.add(name, said.text, {"LANGUAGE": _html(said)})
    entry.add("url", f"{address}#event-{event.id}")
    return entry


def _html(said: Said) -> str:
    return LANGUAGES[said.language].html if said.language in LANGUAGES else said.language
