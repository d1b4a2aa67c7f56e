"""The present moment: one function, so that tests can move it and SQL gets it as a parameter."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment in UTC, always with its zone."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone of this name. Raises ZoneInfoNotFoundError."""
    return ZoneInfo(name)


def today(zone_name: str) -> date:
    """The calendar day that it is now in the named time zone."""
    return now().astimezone(zone(zone_name)).date()
