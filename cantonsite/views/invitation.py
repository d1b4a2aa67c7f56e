"""Invitation of Journalist: the start page, the form, the receipt, a new link to the status page."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import ngettext

from ..forms.returning import DeadlineForm
from ..forms.status import FindForm
from ..http import language, limits
from ..models.applicant import KINDS, PROOFS, RULES_VERSION, ApplicantKind
from ..models.edition import ApplicationsState
from ..models.reasons import RULES
from ..services import crews, deadlines, editions, invitation, promise

bp = Blueprint("invitation", __name__, url_prefix=f"{language.PREFIX}/invitation")


@bp.get("")
def start():
    """Who may apply, what counts as proof, and by when."""
    today = editions.today()
    current = [each for each in reversed(editions.every()) if each.ends_on >= today]
    reckoning = DeadlineForm.asked(request.args)
    states = {each.number: each.applications_on(today) for each in current}
    return render_template(
        "invitation/start.html",
        editions=current,
        states=states,
        is_open=ApplicationsState.OPEN in states.values(),
        opening=next((each for each in current if states[each.number] is ApplicationsState.NOT_YET), None),
        pace=promise.pace(),
        kinds=KINDS,
        proofs=PROOFS,
        rules=RULES,
        rules_version=RULES_VERSION,
        reckoning=reckoning,
        deadline=_deadline(reckoning),
        blank=DeadlineForm(),
        State=ApplicationsState,
    )


def _deadline(form: DeadlineForm | None) -> deadlines.Deadline | None:
    if form is None or not form.validate():
        return None
    return deadlines.of(ApplicantKind(form.kind.data), form.arrives.data, needs_letter=form.letter.data)


@bp.get("/received/<form_number>")
def received(form_number: str):
    """The receipt. It stands at an address of its own, which only this browser knows."""
    try:
        application = invitation.receipt(form_number)
    except invitation.UnknownReceipt:
        abort(404)
    crew = crews.members(application)
    return render_template("invitation/received.html", application=application, crew=crew)


@bp.get("/received")
def received_again():
    """The receipt without a reference: it says nothing about who has applied."""
    return render_template("invitation/received.html", application=None)


@bp.route("/status", methods=["GET", "POST"])
def find():
    """Ask for a new link to the status page; the answer is the same for every address."""
    form = FindForm()
    status, headers = form.status_code, {}
    if form.validate_on_submit():
        if not (wait := limits.seconds_to_wait("status-link", form.email.data)):
            invitation.send_status_link(form.email.data, g.language)
            return redirect(url_for(".link_sent"), 303)
        form.form_errors = [too_often(wait)]
        status, headers = 429, {"Retry-After": str(wait)}
    elif form.is_submitted():
        status = 422
    return make_response(render_template("invitation/find.html", form=form), status, headers)


@bp.get("/status/sent")
def link_sent():
    """What was asked for is on its way, if the address is on file."""
    return render_template("invitation/link_sent.html")


def too_often(seconds: int) -> str:
    """Why it must wait, and what a human can do meanwhile."""
    return ngettext(
        "Too many were sent from your network or with this address. "
        "Your answers are kept: wait %(num)s minute and send it again, or write to us",
        "Too many were sent from your network or with this address. "
        "Your answers are kept: wait %(num)s minutes and send it again, or write to us",
        -(-seconds // 60),
    )
