"""What the site says of itself: its names, its contact, and whether it is a demonstration."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from .. import clock
from ..languages import DEFAULT, Language


@dataclass(frozen=True, slots=True)
class Facts:
    """The office behind the pages, in the reader's language."""

    name: str
    office: str
    email: str
    phone: str
    is_demo: bool
    postal: tuple[str, ...]
    hours: str


def spoken() -> dict[str, Language]:
    """The languages of the public pages by their codes, in the order of the setting."""
    return current_app.config["SPOKEN"]


def spoken_or_default(code: str) -> str:
    """This code if public pages are there in it, else the default: for addresses that must exist."""
    return code if code in spoken() else DEFAULT


def zone_words() -> str:
    """The zone in which the site means its times: "Guangzhou time (UTC+8)"; without summer's or winter's offset."""
    zone = clock.zone(current_app.config["TIMEZONE"])
    if zone.key == "Asia/Shanghai":
        return _("Guangzhou time (UTC+8)")
    place = get_timezone_location(zone, locale=get_locale(), return_city=True)
    offset = _offset(zone)
    if not offset:
        return _("%(city)s time", city=place)
    return _("%(city)s time (%(offset)s)", city=place, offset=offset)


def _offset(zone: ZoneInfo) -> str:
    """ "UTC+5:30"; nothing where it differs between winter and summer."""
    year = clock.now().year
    january, july = (datetime(year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    if january != july:
        return ""
    minutes = round(january.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def facts() -> Facts:
    """The site's facts, from its settings and the catalogue of the present language."""
    config = current_app.config
    return Facts(
        name=_named(config["SITE_NAME"]),
        office=_named(config["PRESS_OFFICE_NAME"]),
        email=config["PRESS_OFFICE_EMAIL"],
        phone=config["PRESS_OFFICE_PHONE"],
        is_demo=config["ENVIRONMENT"] == "demo",
        postal=(_("382 Yuejiang Middle Road, Haizhu District"), _("Guangzhou 510335, China")),
        hours=_("Monday to Friday, 9:00 to 17:30 (UTC+8); daily during the fair"),
    )


def _named(name: str) -> str:
    """The default name is in the catalogues; a name that the instance chose stands as it is."""
    return _("Canton Fair Press Office") if name == "Canton Fair Press Office" else name
