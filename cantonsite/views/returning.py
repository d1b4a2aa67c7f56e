"""Returning journalists: a link to the address of last time, behind which a new application begins from the old one."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from ..forms.returning import ReturningForm
from ..http import journey, language, limits
from ..models.link import Purpose
from ..services import crews, drafts, editions, invitation, site
from .draft import take_over
from .invitation import too_often
from .links import must_come_from_here, opened

bp = Blueprint("returning", __name__, url_prefix=f"{language.PREFIX}/invitation/returning")


@bp.route("", methods=["GET", "POST"])
def ask():
    """Ask for the link; the answer is the same for every address."""
    form = ReturningForm()
    status, headers = 200, {}
    if form.validate_on_submit():
        if not (wait := limits.seconds_to_wait("returning", form.email.data)):
            invitation.send_returning_link(form.email.data, g.language)
            return redirect(url_for("invitation.link_sent"), 303)
        form.form_errors = [too_often(wait)]
        status, headers = 429, {"Retry-After": str(wait)}
    elif form.is_submitted():
        status = 422
    return make_response(render_template("invitation/returning.html", form=form), status, headers)


@bp.get("/<token>")
def show(token: str):
    """What is there to begin from. Opening it changes nothing."""
    application = opened(Purpose.BEGIN_AGAIN, token).application
    g.language_hrefs = {each: url_for(".show", token=token, lang=each) for each in site.spoken()}
    values = {"taking": invitation.still_open_to(application), "is_open": bool(editions.open_editions())}
    return render_template("invitation/begin_again.html", application=application, token=token, **values)


@bp.post("/<token>")
def begin(token: str):
    """A new draft from the old answers, written in this browser from now on."""
    must_come_from_here()
    application = opened(Purpose.BEGIN_AGAIN, token).application
    taking = invitation.still_open_to(application)
    if not taking:
        abort(409, _("No edition takes applications now."))
    members = crews.members(application)
    typed = journey.typed_of(application, with_crew=bool(members))
    if len(taking) == 1:  # there is nothing to choose
        typed["work"]["edition"] = [str(taking[0].number)]
    crew = [journey.typed_of_member(each) for each in members]
    take_over(drafts.begin_again(application, g.language, typed, crew))
    return redirect(url_for("apply.first"), 303)
