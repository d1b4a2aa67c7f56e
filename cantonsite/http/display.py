"""What every template may use: names, dates in the reader's form, versioned addresses of static files."""

import re
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, current_app, request, url_for
from flask_babel import LazyString, get_locale
from markupsafe import Markup

from .. import clock
from ..forms import countries
from ..forms.languages import name_of as spoken_language
from ..languages import LANGUAGES, of_locale, own_first, said
from ..models.news import Section
from ..services import edition_words, editor, scripts, site
from ..services.markdown import to_html
from . import figures, language, text_size


def init_app(app: Flask) -> None:
    """Make filters and globals known to all templates; the ones about a request only to pages."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.finalize = _plain
    app.jinja_env.filters.update(_filters())
    app.jinja_env.globals.update(
        day_range=edition_words.day_range,
        asset=asset,
        sections=list(Section),
        section_address=section_address,
        picture_address=figures.absolute,
        marked=language.marked,
        shows=language.shows,
    )
    app.context_processor(_page)


def _filters() -> dict[str, Any]:
    """Filters by name, as templates call them."""
    return dict(
        day=day,
        moment=moment,
        iso=iso,
        country=countries.name_of,
        host=host,
        ordinal=edition_words.ordinal,
        edition_name=edition_words.edition_name,
        fair_name=edition_words.fair_name,
        listed=edition_words.listed,
        sentences=edition_words.sentences,
        phases=edition_words.phase_words,
        isolated=isolated,
        ltr=ltr,
        ltr_text=ltr_text,
        file_size=file_size,
        of_outlet=lambda application: editor.is_of_outlet(application.editor_email, application.outlet_website),
        decimal=lambda number: format_decimal(number, locale=get_locale()),
        markdown=to_html,
        foreign=scripts.marked,
        html_lang=lambda code: LANGUAGES[code].html if code in LANGUAGES else code,
        open_graph=lambda code: LANGUAGES[code].open_graph,
        language_name=language.name_of,
        spoken_language=spoken_language,
        month_name=edition_words.month_name,
        time_range=time_range,
        said=lambda words: said(words, language.current().code),
        own_first=lambda words: own_first(words, language.current().code),
    )


def _page() -> dict[str, Any]:
    if not request:
        return {}
    spoken = language.current()
    return {
        "language": spoken.code,
        "html_lang": spoken.html,
        "text_direction": spoken.direction,
        "beside": LANGUAGES[spoken.beside],
        "language_links": language.links(),
        "text_size": text_size.current(),
        "here": text_size.here(),
        "site": site.facts(),
        "zone_name": site.zone_words(),
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
    between = of_locale(locale).before_time
    return format_date(local, "long", locale) + between + format_time(local, "HH:mm", locale=locale)


def time_range(starts: datetime, ends: datetime) -> str:
    """15 April 2027, 10:00–11:30; with both days where they differ."""
    first, last, locale = _at_the_fair(starts), _at_the_fair(ends), get_locale()
    if first.date() != last.date():
        return f"{moment(starts)} – {moment(ends)}"
    return f"{moment(starts)}–{format_time(last, 'HH:mm', locale=locale)}"


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


def file_size(size: int) -> str:
    """3.2 MB, 640 kB: as makers of disks count, and at least 1 kB."""
    if size >= 1_000_000:
        return f"{format_decimal(size / 1_000_000, '0.0', get_locale())} MB"
    return f"{format_decimal(max(1, round(size / 1000)), '0', get_locale())} kB"


def isolated(text: str) -> Markup:
    """Words of somebody, in whatever direction they run, kept from turning their neighbours round."""
    return Markup("<bdi>%s</bdi>") % text


def ltr(text: str) -> Markup:
    """A phone number, which runs from left to right in every language."""
    return Markup('<bdi dir="ltr">%s</bdi>') % text


def ltr_text(text: str) -> str:
    """The same in plain text: between two signs that nobody sees, where the words around it run the other way."""
    return f"\u2066{text}\u2069" if text and of_locale(get_locale()).direction == "rtl" else text


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
