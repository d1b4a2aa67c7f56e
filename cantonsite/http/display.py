"""What every template may use: names, dates in the reader's form, versioned addresses of static files."""

import re
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from flask import Flask, current_app, request, url_for
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from .. import clock
from ..forms import countries
from ..languages import LANGUAGES
from ..models.news import Section
from ..services import edition_words, site
from ..services.markdown import to_html
from . import language, text_size


def init_app(app: Flask) -> None:
    """Make filters and globals known to all templates; the ones about a request only to pages."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.finalize = _plain
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        iso=iso,
        country=countries.name_of,
        host=host,
        ordinal=edition_words.ordinal,
        edition_name=edition_words.edition_name,
        fair_name=edition_words.fair_name,
        listed=edition_words.listed,
        phases=edition_words.phase_words,
        isolated=isolated,
        markdown=to_html,
        html_lang=lambda code: LANGUAGES[code].html if code in LANGUAGES else code,
    )
    app.jinja_env.globals.update(
        day_range=edition_words.day_range, asset=asset, sections=list(Section), section_address=section_address
    )
    app.context_processor(_page)


def _page() -> dict[str, Any]:
    if not request:
        return {}
    spoken = language.current()
    return {
        "language": spoken.code,
        "html_lang": spoken.html,
        "text_direction": get_locale().text_direction,
        "language_links": language.links(),
        "text_size": text_size.current(),
        "here": text_size.here(),
        "site": site.facts(),
        "zone_name": _("Guangzhou time (UTC+8)"),
    }


def _plain(value: Any) -> Any:
    """A lazy string calls itself safe HTML, but holds plain words: an `&` in one would break a feed."""
    return str(value) if isinstance(value, LazyString) else value


def day(value: date | datetime) -> str:
    """4 November 2018, in the site's zone and the reader's form."""
    return format_date(_at_the_fair(value), "long", get_locale())


def moment(value: datetime) -> str:
    """4 November 2018, 16:30."""
    local, locale = _at_the_fair(value), get_locale()
    between = " " if locale.language == "zh" else ", "
    return format_date(local, "long", locale) + between + format_time(local, "HH:mm", locale=locale)


def iso(value: date | datetime) -> str:
    """ISO 8601 with the offset, for `datetime` attributes and structured data."""
    local = _at_the_fair(value)
    return local.isoformat(timespec="seconds") if isinstance(local, datetime) else local.isoformat()


def _at_the_fair(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime):
        return value.astimezone(clock.zone(current_app.config["TIMEZONE"]))
    return value


def host(address: str) -> str:
    """The host of a web address: what a reviewer must see before opening it."""
    authority = re.split(r"[/\\?#]", address.split("://", 1)[-1], maxsplit=1)[
        0
    ]  # browsers take a backslash for a slash
    return authority.rpartition("@")[2]


def isolated(text: str) -> Markup:
    """Words of somebody, in whatever direction they run, kept from turning their neighbours round."""
    return Markup("<bdi>%s</bdi>") % text


def asset(name: str) -> str:
    """The address of a static file with its version: it may be kept for ever, and changes when the file does."""
    return url_for("static", filename=name, v=_version(str(Path(current_app.static_folder, name)), current_app.debug))


@lru_cache
def _version(path: str, debug: bool) -> str:  # noqa: ARG001  not kept across the two modes
    return blake2b(Path(path).read_bytes(), digest_size=6).hexdigest()


def section_address(section: Section, code: str | None = None) -> str:
    """Where a section is listed, in this language or in another; the fourth one has a page of its own."""
    where = {"lang": code} if code else {}
    if section is Section.PRESS_CENTRE:
        return url_for("news.press_centre", **where)
    return url_for("news.section", section=section.value, **where)
