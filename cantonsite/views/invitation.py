"""Invitation of Journalist: the start page, the form, the receipt, a new link to the status page."""

from typing import Any

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import generate_csrf

from ..forms.invitation import ApplicationForm
from ..forms.robots import new_form_number
from ..forms.status import FindForm
from ..http import kept, language, limits
from ..models.edition import PRODUCT_GROUPS, ApplicationsState
from ..services import editions, invitation
from ..services.edition_words import day_range, edition_name, listed

bp = Blueprint("invitation", __name__, url_prefix=f"{language.PREFIX}/invitation")


@bp.get("")
def start():
    """Who may apply, what counts as proof, and by when."""
    today = editions.today()
    current = [each for each in reversed(editions.every()) if each.ends_on >= today]
    states = {each.number: each.applications_on(today) for each in current}
    return render_template(
        "invitation/start.html",
        editions=current,
        states=states,
        is_open=ApplicationsState.OPEN in states.values(),
        opening=next((each for each in current if states[each.number] is ApplicationsState.NOT_YET), None),
        within=invitation.ANSWER_WITHIN_WORKING_DAYS,
        State=ApplicationsState,
    )


@bp.route("/apply", methods=["GET", "POST"])
def apply():
    """The form. On sending, one application is stored and its receipt shown."""
    taking = editions.open_editions()
    if request.method != "POST":
        return _blank(taking) if taking else redirect(url_for(".start"), 302)
    form = ApplicationForm.for_editions(taking, _words)
    if not taking:
        form.form_errors = [_closed()]
    elif form.validate_on_submit():
        return _send(form, taking)
    return _form(form, taking, form.status_code)


def _blank(taking: list) -> str:
    """The form with no answers yet: the same for everybody, but for what lets it be sent once and from here only."""
    once = (generate_csrf(), new_form_number())

    def values() -> dict[str, Any]:
        form = ApplicationForm.for_editions(taking, _words)
        form.form_number.data = once[1]
        return {"form": form, "editions": taking}

    return kept.page("invitation/apply.html", tuple(map(_days, taking)), values, once)


def _days(edition) -> tuple:
    phases = tuple((phase.number, phase.starts_on, phase.ends_on) for phase in edition.phases)
    return edition.number, edition.starts_on, edition.ends_on, phases


def _send(form: ApplicationForm, taking: list):
    number = form.form_number.number
    if not invitation.was_sent(number) and (wait := limits.seconds_to_wait("apply", form.email.data)):
        form.form_errors = [too_often(wait)]
        return _form(form, taking, 429, {"Retry-After": str(wait)})
    try:
        receipt = invitation.submit(form_number=number, language=g.language, **form.answers)
    except invitation.ApplicationsClosed:
        form.form_errors = [_closed()]
        return _form(form, taking, 422)
    if receipt.form_number is None:
        return redirect(url_for(".received_again"), 303)
    if receipt.changed:
        flash(
            _("You had sent this form before. The answers that you sent first are kept; to change them, write to us.")
        )
    return redirect(url_for(".received", form_number=receipt.form_number), 303)


def _form(form: ApplicationForm, taking: list, status: int, headers: dict[str, str] | None = None):
    return make_response(render_template("invitation/apply.html", form=form, editions=taking), status, headers or {})


def _closed() -> str:
    return _("This edition no longer takes applications. Write to us if you still want to come")


@bp.get("/received/<form_number>")
def received(form_number: str):
    """The receipt. It stands at an address of its own, which only this browser knows."""
    try:
        application = invitation.receipt(form_number)
    except invitation.UnknownReceipt:
        abort(404)
    return render_template("invitation/received.html", application=application)


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


def _words(edition, phase: int | None = None) -> str:
    """The label of an edition, or of one of its phases."""
    if phase is None:
        return listed([edition_name(edition), day_range(edition.starts_on, edition.ends_on)])
    days = next((day_range(p.starts_on, p.ends_on) for p in edition.phases if p.number == phase), "") if edition else ""
    name = _("Phase %(number)s", number=phase)
    return _("%(phase)s: %(products)s", phase=listed([name, days]), products=PRODUCT_GROUPS[phase])
