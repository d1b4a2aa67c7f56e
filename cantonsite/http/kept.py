"""ETags, 304 and gzip for public answers. Pages are kept by what they show, so each is rendered and compressed once."""

import gzip
from collections.abc import Callable, Hashable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from flask import Flask, Response, current_app, render_template, request

from . import language, text_size
from .headers import is_public

COMPRESSIBLE = ("text/", "application/xml", "application/atom+xml", "application/json")
SMALLEST = 500
MOST_PAGES = 256
LARGEST_KEPT = 500_000  # bytes; a part of a sitemap is larger, and asked for once a day


def init_app(app: Flask) -> None:
    """Private answers stay as they are: a secret beside a reader's own words must not be compressed (BREACH)."""
    app.after_request(_keep)


def page(template: str, shown: Hashable, values: Callable[[], dict[str, Any]], once: tuple[str, ...] = ()) -> str:
    """A page that is the same for everybody, rendered once for what it shows, so it is never stale.

    `shown` is all that `values` makes the template's values from, compared by content. The address, the language and
    the text size are compared besides; settings do not change while the site runs. `once` are the texts in it that
    are made anew for each answer, such as a form's number: the page is kept without them.
    """
    pages = current_app.extensions.setdefault("cantonsite.pages", {})
    key = (template, shown, language.current().code, text_size.current(), text_size.here())
    found = pages.get(key)
    if found is None or current_app.debug:
        found = render_template(template, **values())
        for place, text in enumerate(once):
            found = found.replace(text, f"\0{place}\0")  # no page holds a NUL
        if len(pages) >= MOST_PAGES:
            pages.clear()
        pages[key] = found
    for place, text in enumerate(once):
        found = found.replace(f"\0{place}\0", text)
    return found


def _keep(response: Response) -> Response:
    if not (is_public() or request.endpoint == "static") or response.status_code != 200:
        return response
    if request.endpoint != "static" and (response.is_streamed or response.get_etag()[0]):
        return response  # a file, which has an ETag of its own and would not become smaller
    response.direct_passthrough = False
    body = response.get_data()
    response.close()  # a static file has been read, and is not left open until the answer has been sent
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    if _takes_gzip() and len(body) >= SMALLEST and response.mimetype.startswith(COMPRESSIBLE):
        pack = _compressed if len(body) <= LARGEST_KEPT else _compressed.__wrapped__
        response.set_data(pack(body))
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{response.get_etag()[0]}-gz")
    response.vary.add("Accept-Encoding")
    return response.make_conditional(request)


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


@lru_cache(maxsize=256)
def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
