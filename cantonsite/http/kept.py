"""ETags, 304 and gzip for public answers. Compressed bytes are kept by content, so a page is compressed once."""

import gzip
from functools import lru_cache
from hashlib import blake2b

from flask import Flask, Response, request

from .headers import is_public

COMPRESSIBLE = ("text/", "application/xml", "application/atom+xml", "application/json")
SMALLEST = 500


def init_app(app: Flask) -> None:
    """Private answers stay as they are: a secret beside a reader's own words must not be compressed (BREACH)."""
    app.after_request(_keep)


def _keep(response: Response) -> Response:
    if not (is_public() or request.endpoint == "static") or response.status_code != 200:
        return response
    if response.is_streamed and request.endpoint != "static":
        return response
    response.direct_passthrough = False
    body = response.get_data()
    response.close()  # a static file has been read, and is not left open until the answer has been sent
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    if _takes_gzip() and len(body) >= SMALLEST and response.mimetype.startswith(COMPRESSIBLE):
        response.set_data(_compressed(body))
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{response.get_etag()[0]}-gz")
    response.vary.add("Accept-Encoding")
    return response.make_conditional(request)


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


@lru_cache(maxsize=256)
def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
