"""Whether an address that stands in a text leads anywhere on this site, as its readers would find it."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from ..services import addresses, articles, editions, news

NOT_FOR_READERS = ("/desk", "/review", "/mailbox", "/preview", "/text-size")


def resolves(address: str, own: int | None = None) -> bool:
    """Whether a link to this address works. Addresses elsewhere are believed; `own` is the article that is written.

    On this site there must be a page, and the article that it names must be out, or be the own one.
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


def _is_page(path: str, own: int | None) -> bool:
    try:
        rule, values = current_app.url_map.bind("localhost").match(path, method="GET", return_rule=True)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    if "/news/<int" in rule.rule:
        return values["number"] == own or _found(articles.read, values["number"], values["lang"])
    if rule.endpoint.startswith("editions.") and "number" in values:
        return editions.get(values["number"]) is not None
    if rule.endpoint == "old_site.article":
        return _found(news.at_old_path, path)
    return rule.endpoint != "static" or _is_file(values["filename"])


def _is_file(name: str) -> bool:
    folder = Path(current_app.static_folder or "").resolve()
    file = (folder / name).resolve()
    return file.is_relative_to(folder) and file.is_file()


def _found(read, *asked: object) -> bool:
    try:
        read(*asked)
    except news.NoArticle:
        return False
    return True
