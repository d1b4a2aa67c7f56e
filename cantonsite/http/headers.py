"""Security and caching headers, on every answer."""

from flask import Flask, Response, current_app, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A page of the demonstration's mailbox shows the HTML of a mail, which has its styles inside.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
PUBLIC_BLUEPRINTS = {
    "news",
    "corrections",
    "media",
    "archive",
    "editions",
    "press",
    "search",
    "feeds",
    "pages",
    "old_site",
}
PUBLIC_PAGES = {"invitation.start"}  # of blueprints that are private otherwise
USED_ELSEWHERE = {"static", "media.file"}
YEAR = 365 * 24 * 3600
FOR_EVER, ASKED_AGAIN = f"public, max-age={YEAR}, immutable", "public, no-cache"


def init_app(app: Flask) -> None:
    """Give every answer its headers. `strict-origin`: `no-referrer` would break the check of forms over https."""
    app.after_request(_secure)
    app.after_request(_cache)


def _secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "strict-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if request.endpoint in USED_ELSEWHERE else "same-origin"
    if current_app.config["BASE_URL"].startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    return response


def _cache(response: Response) -> Response:
    """Public pages may be kept and are asked for again each time: a withdrawal shows at once. All else is private."""
    headers = response.headers
    if request.endpoint == "static":
        known = "v" in request.args and response.status_code in (200, 304)
        headers["Cache-Control"] = FOR_EVER if known else ASKED_AGAIN
    elif request.endpoint == "media.file" and response.status_code in (200, 304):
        headers.setdefault("Cache-Control", ASKED_AGAIN)  # it is the same whatever cookie is sent
    elif is_public():
        headers.setdefault("Cache-Control", "private, no-cache" if request.cookies.get("text_size") else ASKED_AGAIN)
        headers["Vary"] = ", ".join(dict.fromkeys([*response.vary, "Accept-Encoding", "Cookie"]))
    else:
        headers["Cache-Control"] = "no-store"
        headers["X-Robots-Tag"] = "noindex"
    return response


def is_public() -> bool:
    """Whether the present request is for a page that everybody may read and nobody is known on."""
    return request.method in ("GET", "HEAD") and (
        request.blueprint in PUBLIC_BLUEPRINTS or request.endpoint in PUBLIC_PAGES
    )
