"""Open the page behind a mailed link, and check what is sent to it."""

from flask import abort, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ..http import errors
from ..models import Link
from ..models.link import Purpose
from ..services import addresses, links


def opened(purpose: Purpose, token: str) -> Link:
    """The living link behind a token: 404 for a forged one, 410 for one that no longer opens."""
    try:
        return links.find(purpose, token)
    except links.UnknownLink:
        raise NotFound(response=make_response(errors.page(404, advice=_looked_for()))) from None
    except links.DeadLink:
        abort(make_response(_no_longer(purpose)))


def _looked_for() -> list[str]:
    """What was deleted is not known any more, and so neither whether its link was ever ours."""
    typed = _("If you typed the address, look it over once more.")
    return [typed, _("What a mail of ours led to may have been deleted since, as our rules on data say.")]


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
