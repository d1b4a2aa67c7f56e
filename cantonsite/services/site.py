"""What the site says of itself: its names, its contact, and whether it is a demonstration."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _


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
