"""An application that is left for later: its link is mailed, it is opened again, or it is here no more."""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext

from ..http import errors, language, limits
from ..http import journey as here
from ..http.journey import FIRST, Journey, address_of
from ..models import ApplicationDraft
from ..services import drafts, editions, invitation
from .invitation import too_often
from .links import must_come_from_here

bp = Blueprint("draft", __name__, url_prefix=f"{language.PREFIX}/invitation/apply")
GONE = 410


def later(way: Journey, form: Any, show: Callable[[], Any]):
    """Mail the link to whoever writes; `show` gives the page once more, with what stands against it."""
    if not way.email:
        flash(_("Enter your email address: the link at which you go on is mailed to it."))
        return redirect(address_of(FIRST), 303)
    if wait := limits.seconds_to_wait("draft-link", way.email):
        form.form_errors = [too_often(wait)]
        answer = make_response(show())
        answer.headers["Retry-After"] = str(wait)
        return answer
    drafts.mail_link(way.draft, way.email, g.language)
    return redirect(url_for("draft.saved"), 303)


def take_over(draft: ApplicationDraft) -> None:
    """From now on this browser writes this draft. Of another one that it was writing the link is mailed."""
    before = here.draft_here()
    if before and before.id != draft.id and (email := Journey(before, ()).email):
        if not limits.seconds_to_wait("draft-link", email):
            drafts.mail_link(before, email, g.language)
        flash(_("What you were writing here before is kept: the link to it is in your mail."))
    here.hold(draft)


def lost():
    """This browser writes no application: it was sent, or deleted, or was never begun here.

    What somebody typed into a page of it is given back to be copied.
    """
    number = session.get(here.SENT, "")
    if here.KEPT not in session and invitation.was_sent(number):
        return sent_before(number)
    if request.method == "POST" and (typed := here.texts_in(request.form)):
        return render_template("invitation/lost.html", typed=typed, life=ApplicationDraft.LIFE.days), GONE
    flash(_("Begin here. If you have begun on another device, open the link in our mail there."))
    return redirect(address_of(FIRST), 303)


def sent_before(number: str):
    """The same form a second time: the first answers stand."""
    flash(_("You had sent this form before. The answers that you sent first are kept; to change them, write to us."))
    return redirect(url_for("invitation.received", form_number=number), 303)


@bp.get("/saved")
def saved():
    """What was typed is kept, and the link to it is in the mail."""
    draft = here.draft_here()
    return lost() if draft is None else render_template("invitation/saved.html", draft=draft, way=Journey(draft, []))


@bp.get("/continue/<token>")
def go_on(token: str):
    """Behind the mailed link: a button, for a program that opens links must not become the one who writes."""
    return render_template("invitation/continue.html", draft=_opened(token), token=token)


@bp.post("/continue/<token>")
def gone_on(token: str) -> Response:
    """From now on this browser writes the draft."""
    must_come_from_here()
    take_over(_opened(token))
    return redirect(address_of(Journey(_opened(token), editions.open_editions()).open_page), 303)


def _opened(token: str) -> ApplicationDraft:
    try:
        return drafts.opened(token)
    except drafts.UnknownDraft:
        abort(make_response(_nothing_there()))


def _nothing_there():
    """Behind a link of ours that worked once, or a forged one: which of them, nobody knows any more."""
    days = ApplicationDraft.LIFE.days
    advice = ngettext(
        "It was sent, or it was not changed for %(num)s day and deleted.",
        "It was sent, or it was not changed for %(num)s days and deleted.",
        days,
    )
    link = (_("Get a new link to your application"), url_for("invitation.find"))
    return errors.page(404, heading=_("Your application is not here any more"), advice=[advice], link=link)
