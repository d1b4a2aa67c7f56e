"""The demonstration's mailbox: what the site has mailed, to be read in the browser."""

import re

from flask import Blueprint, Response, abort, current_app, render_template

from ..http.headers import MAIL_POLICY
from ..services import mailbox

bp = Blueprint("mailbox", __name__, url_prefix="/mailbox")


@bp.before_request
def only_in_a_demonstration():
    """A real site has no such page."""
    if current_app.config["ENVIRONMENT"] == "production":
        abort(404)


@bp.get("")
def inbox():
    """All mails, newest first."""
    return render_template("mailbox/inbox.html", mails=mailbox.newest_first())


@bp.get("/<key>")
def show(key: str):
    """One mail: its text part, with links that work."""
    mail = mailbox.get(key) or abort(404)
    lines = [_linked(line) for line in mail.text.splitlines()]
    return render_template("mailbox/mail.html", mail=mail, lines=lines)


@bp.get("/<key>/html")
def html(key: str):
    """The HTML part as its recipient sees it, shut into a sandbox."""
    mail = mailbox.get(key) or abort(404)
    answer = Response(mail.html.replace("<head>", '<head><base target="_top">', 1), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def _linked(line: str) -> tuple[str, str]:
    """A line and, where it is an address that stands alone, the address."""
    return line, line.strip() if re.fullmatch(r"\s*https?://\S+\s*", line) else ""
