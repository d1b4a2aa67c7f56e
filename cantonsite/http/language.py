"""The language of a request: the address says it on public pages, the roster or the link behind the others."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.routing import AnyConverter

from ..extensions import babel
from ..languages import DEFAULT, LANGUAGES, Language
from ..services import site

PREFIX = "/<language:lang>"


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One entry of the language switch."""

    code: str
    html_lang: str
    name: str
    href: str
    current: bool


def init_app(app: Flask) -> None:
    """Take the language out of addresses, put it into the ones that are built, and tell Babel.

    Before any blueprint is registered: a language that the site does not speak is an unknown address.
    """
    app.url_map.converters["language"] = lambda url_map: AnyConverter(url_map, *app.config["SPOKEN"])
    babel.init_app(app, locale_selector=lambda: current().locale, timezone_selector=lambda: app.config["TIMEZONE"])
    app.url_value_preprocessor(_take)
    app.url_defaults(_give)


def current() -> Language:
    """The language of this request; the default outside one."""
    return LANGUAGES[g.get("language", DEFAULT)] if g else LANGUAGES[DEFAULT]


def speak(code: str) -> None:
    """Answer in this language: what a mailed link or a signed-in person decides."""
    if code in LANGUAGES and code != g.get("language"):
        g.language = code
        g.pop("_flask_babel", None)


def preferred(accepted: LanguageAccept, among: dict[str, Language]) -> str:
    """The language that the browser's header prefers among these."""
    tags = {tag.lower(): code for code, each in among.items() for tag in (code, each.html)}
    for wanted, quality in accepted:
        if quality > 0 and (code := tags.get(wanted.lower()) or tags.get(wanted.lower().split("-")[0])):
            return code
    return DEFAULT


def links() -> list[LanguageLink]:
    """The language switch: this same page in each language, unless the page has said otherwise (g.language_hrefs)."""
    elsewhere = g.get("language_hrefs", {})
    return [
        LanguageLink(
            each.code, each.html, each.name, elsewhere.get(each.code) or _here_in(each.code), each is current()
        )
        for each in site.spoken().values()
    ]


def shows(code: str) -> str:
    """The language of the page on which a text in `code` is read from here: this one, if it shows such texts."""
    here = current()
    return here.code if code in (here.code, here.falls_back) else site.spoken_or_default(code)


def marked(code: str) -> Markup:
    """The attributes of an element whose words are in the language `code`: none if the page is in it too."""
    here, theirs = current(), LANGUAGES.get(code)
    if code == here.code:
        return Markup()
    if theirs is None or theirs.direction == here.direction:
        return Markup(' lang="%s"') % (theirs.html if theirs else code)
    return Markup(' lang="%s" dir="%s"') % (theirs.html, theirs.direction)


def name_of(code: str) -> str:
    """A language's name in the present one: "Chinese", 中文."""
    return Locale.parse(LANGUAGES[code].locale).get_language_name(get_locale())


def _here_in(code: str) -> str:
    args = request.view_args or {}
    if request.endpoint and request.url_rule and "lang" in request.url_rule.arguments and request.method != "POST":
        # The query is joined as text: url_for() would take names such as _scheme or endpoint for its own.
        query = urlencode(list(request.args.items(multi=True)))
        return url_for(request.endpoint, **{**args, "lang": code}) + (f"?{query}" if query else "")
    return url_for("news.front", lang=code)


def _take(endpoint: str | None, values: dict[str, Any] | None) -> None:  # noqa: ARG001
    if values and "lang" in values:
        g.language = values.pop("lang")
    elif (first := request.path.split("/", 2)[1]) in site.spoken():
        g.language = first


def _give(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = site.spoken_or_default(g.get("language", DEFAULT))
