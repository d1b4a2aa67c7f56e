"""Error pages: what happened in plain words, what to do next, how to reach the press office."""

import logging
import re
from urllib.parse import quote

from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import escape
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, SecurityError

from ..database import db

log = logging.getLogger(__name__)


def words(code: int) -> tuple[str, list[str]]:
    """Heading and advice for a status code."""
    again = _("Go back, and try it again.")
    known = {
        400: (_("The site could not read that request"), [again]),
        403: (
            _("This page is not open to you"),
            [_("If you work at the press office, ask an administrator for the role.")],
        ),
        404: (
            _("There is no page at this address"),
            [
                _("If you typed the address, look it over once more."),
                _("If you followed a link of ours, the mistake is ours, and we would like to hear of it."),
            ],
        ),
        405: (_("This address cannot be used in that way"), [_("Open it from the page that led you to it.")]),
        409: (_("Somebody was faster"), [_("It has changed since you opened it. Open it again to see how it stands.")]),
        410: (
            _("This link no longer works"),
            [_("It has expired, or it was replaced by a newer one. Ask for a new one.")],
        ),
        413: (_("That was too much at once"), [_("Send less, and send it again.")]),
        422: (_("The site could not use what was sent"), [again]),
        429: (_("Too many requests"), [_("Wait a while, and try it again. Nothing that you sent before is lost.")]),
        503: (_("The site is not available just now"), [_("We are working on it. Try it again in a few minutes.")]),
    }
    return known.get(
        code, (_("Something went wrong on our side"), [_("It has been noted. Try it again in a few minutes.")])
    )


def page(
    code: int, *, heading: str | None = None, advice: list[str] | None = None, link: tuple[str, str] | None = None
):
    """An error page as a view answers it; heading, advice and a link may be the view's own."""
    own_heading, own_advice = words(code)
    html = render_template(
        "errors/error.html",
        code=code,
        heading=heading or own_heading,
        advice=advice or own_advice,
        link=link,
        show_search=code == 404,
    )
    return html, code


class TokensMasked(logging.Filter):
    """Leaves the tokens of mailed links, and the numbers of receipts, out of what is logged."""

    TOKEN = re.compile(
        r"(/(?:review|status|editor|continue|returning|sign-in|received|preview|confirm|manage|choices|leave)/)[\w.-]{12,}"
    )

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.TOKEN.sub(r"\1…", record.getMessage()), ()
        return True


def init_app(app: Flask) -> None:
    """Answer every error with a page of the site."""
    app.logger.addFilter(TokensMasked())
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _untrusted_host)
    app.register_error_handler(InternalServerError, _broken)


def _http(error: HTTPException) -> Response:
    if error.response is not None:  # a view has said it in words of its own
        return error.response
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, NotFound) and (address := _without_slash()):
        return redirect(address, 308)
    response = make_response(page(error.code))
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _without_slash() -> str | None:
    """No address ends in a slash but the front pages: where there is a page without it, that is meant."""
    path = request.path.rstrip("/")
    if request.url_rule is not None or path in ("", request.path) or path.startswith("//"):
        return None
    query = f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
    return f"{quote(path)}{query}" if current_app.create_url_adapter(request).test(path) else None


def _untrusted_host(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    """A request for another host: no address can be built, so the page is plain."""
    text = "This server does not answer for that host."
    html = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>400</title><h1>{escape(text)}</h1></html>'
    return html, 400, {"Content-Type": "text/html; charset=utf-8"}


def _broken(error: InternalServerError) -> Response:
    """The page must appear even when the database or a template is what broke."""
    db.session.rollback()
    try:
        return make_response(page(500))
    except Exception:
        log.exception("the error page itself failed after: %s", error.original_exception)
        text = "Something went wrong on our side. Try it again in a few minutes."
        return Response(f'<!doctype html><html lang="en"><title>500</title><h1>{text}</h1></html>', 500)
