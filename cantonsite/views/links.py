"""Open the page behind a mailed link, and check what is sent to it."""

from flask import abort, make_response, request, url_for
from flask_babel import gettext as _

from ..http import errors
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
        abort(make_response(_no_longer(purpose)))


def _no_longer(purpose: Purpose):
    """An applicant can ask for a new link; a reviewer's is replaced by the desk."""
    if purpose is Purpose.STATUS:
        return errors.page(410, link=(_("Get a new link to your application"), url_for("invitation.find")))
    return errors.page(410)


def must_come_from_here() -> None:
    """A browser says where a form was sent from; another site may not send one of ours."""
    origin = request.headers.get("Origin")
    if origin and origin not in (addresses.origin(), request.host_url.rstrip("/")):
        abort(403)
