"""Open the page behind a mailed link, and check what is sent to it."""

from flask import abort, request

from ..models import Link
from ..models.link import Purpose
from ..services import addresses, links


def opened(purpose: Purpose, token: str) -> Link:
    """The living link behind a token: 404 for a forged one, 410 for one that no longer opens."""
    try:
        return links.find(purpose, token)
    except links.UnknownLink:
        abort(404)
    except links.DeadLink:
        abort(410)


def must_come_from_here() -> None:
    """A browser says where a form was sent from; another site may not send one of ours."""
    origin = request.headers.get("Origin")
    if origin and origin not in (addresses.origin(), request.host_url.rstrip("/")):
        abort(403)
