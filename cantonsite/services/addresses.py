"""Absolute addresses of the site's own pages, built from BASE_URL and never from a request.

A forged Host header would otherwise end up in somebody's mail.
"""

from urllib.parse import urlsplit

from flask import current_app


def host() -> str:
    """The site's own host, without a port: what Message-IDs end with."""
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def origin() -> str:
    """Scheme, host and port as a browser names them in its Origin header."""
    base = urlsplit(current_app.config["BASE_URL"])
    return f"{base.scheme}://{base.netloc}"


def absolute(endpoint: str, **values: object) -> str:
    """The full address of a page. Raises werkzeug's BuildError for an endpoint that does not exist."""
    base = urlsplit(current_app.config["BASE_URL"])
    adapter = current_app.url_map.bind(base.netloc or "localhost", url_scheme=base.scheme or "http")
    return adapter.build(endpoint, values, force_external=True)
