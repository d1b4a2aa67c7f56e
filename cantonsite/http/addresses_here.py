"""Whether an address that stands in a text leads anywhere on this site, as its readers would find it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from ..models.news import STRANGER, Viewer
from ..services import addresses, archive, articles, editions, events, media, news, sitemaps

NOT_FOR_READERS = ("/desk", "/review", "/mailbox", "/preview", "/text-size")
CHOSEN = {"lang", "_lang", "section"}  # values that the route itself chooses from a list
HIGHEST = 2**31 - 1  # of a number in the database


@dataclass(frozen=True, slots=True)
class Own:
    """The article that is written: its number, and a viewer who sees of it what everybody will when it is out."""

    number: int | None = None
    viewer: Viewer = STRANGER


def resolves(address: str, own: Own = Own()) -> bool:
    """Whether a link to this address works. Addresses elsewhere are believed.

    On this site there must be a page, and what it names must be there for everybody, or be the own article's.
    """
    try:
        parts = urlsplit(address)
        elsewhere = bool(parts.netloc) and f"{parts.scheme or 'https'}://{parts.netloc}" != addresses.origin()
    except ValueError:
        return False
    if parts.scheme not in ("", "http", "https"):
        return parts.scheme in ("mailto", "tel") and bool(parts.path)
    if elsewhere:
        return "." in parts.netloc
    path = unquote(parts.path) or ("/" if parts.netloc else "")
    return path.startswith("/") and not path.startswith(NOT_FOR_READERS) and _is_page(path, own)


def _is_page(path: str, own: Own) -> bool:
    try:
        rule, values = current_app.url_map.bind("localhost").match(path, method="GET", return_rule=True)
    except RequestRedirect as redirect:
        return _is_page(unquote(urlsplit(redirect.new_url).path), own)
    except HTTPException:
        shorter = path.rstrip("/")  # the site leads on from an address that ends in a slash too many
        return shorter not in ("", path) and _is_page(shorter, own)
    if not rule.arguments - CHOSEN:
        return True
    look_up = ROWS.get(rule.endpoint)  # none: a page behind a link of one's own, which no text may give away
    too_high = any(isinstance(value, int) and value > HIGHEST for value in values.values())
    return look_up is not None and not too_high and look_up(own, **values)


def _article(own: Own, number: int, lang: str, **_slug: str) -> bool:
    return number == own.number or _found(articles.read, number, lang)


def _article_kit(own: Own, number: int, lang: str) -> bool:
    """A kit holds every language, so it is there in each."""
    try:
        return number == own.number or bool(articles.read(number, lang))
    except articles.NotInThisLanguage:
        return True
    except news.NoArticle:
        return False


def _edition(_own: Own, number: int, **_lang: str) -> bool:
    return editions.get(number) is not None


def _month(_own: Own, year: int, month: int, lang: str) -> bool:
    return month in dict(archive.months(lang, year))


def _file(own: Own, name: str) -> bool:
    key, _dot, extension = name.partition(".")
    return media.find(key, extension, viewer=own.viewer) is not None


def _static(_own: Own, filename: str) -> bool:
    folder = Path(current_app.static_folder or "").resolve()
    file = (folder / filename).resolve()
    return file.is_relative_to(folder) and file.is_file()


def _found(read: Callable[..., object], *asked: object) -> bool:
    try:
        read(*asked)
    except news.NoArticle:
        return False
    return True


# What looks up the row that an address names, by its route. All that carry a value and are everybody's stand here.
ROWS: dict[str, Callable[..., bool]] = {
    "apply.page": lambda _own, **_one_of_a_list: True,
    "archive.month": _month,
    "archive.year": lambda _own, year, lang: bool(archive.months(lang, year)),
    "editions.one": _edition,
    "feeds.edition": _edition,
    "feeds.sitemap_part": lambda _own, page: 0 < page <= sitemaps.MOST_PARTS and bool(sitemaps.articles(page)),
    "media.article_kit": _article_kit,
    "media.edition_kit": _edition,
    "media.file": _file,
    "media.picture": lambda _own, picture_id, lang: media.in_library(picture_id, lang) is not None,
    "news.article": _article,
    "news.article_text": _article,
    "news.changes": _article,
    "old_site.article": lambda _own, _rest: _found(news.at_old_path, f"/html/{_rest}"),
    "press.event_file": lambda _own, event_id, lang: events.one(event_id, lang) is not None,
    "static": _static,
}
