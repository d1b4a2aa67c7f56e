"""The applicant's own page: where the application stands, what was asked, answer, withdraw."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from .. import clock
from ..database import Changed
from ..forms.review import end_of
from ..forms.status import AnswerForm, WithdrawForm
from ..http import language, steps
from ..models import Link
from ..models.invitation import Missing, Status, TransitionNotAllowed
from ..models.link import Purpose
from ..services import invitation, site, timeline
from .links import must_come_from_here, opened

bp = Blueprint("status", __name__, url_prefix=f"{language.PREFIX}/invitation/status")
MAY_WITHDRAW = (Status.SUBMITTED, Status.INFORMATION_NEEDED, Status.APPROVED)


@bp.get("/<token>")
def show(token: str):
    """Where the application stands. Opening it changes nothing."""
    return _page(opened(Purpose.STATUS, token), token)


@bp.post("/<token>/answer")
def answer(token: str):
    """Answer what was asked."""
    must_come_from_here()
    link = opened(Purpose.STATUS, token)
    form = AnswerForm(request.form, link_id=link.id, seen=link.application.version)
    if not form.validate():
        awaited = _shown_status(link) is Status.INFORMATION_NEEDED
        return _page(link, token, answering=form, code=409 if form.is_overtaken or not awaited else 422)
    try:
        invitation.answer(link.application, seen=form.seen, text=form.text.data, proof_links=form.proof_links.links)
    except (Changed, TransitionNotAllowed):
        return _overtaken(token, answering=form)
    return redirect(url_for(".show", token=token), 303)


@bp.post("/<token>/withdraw")
def withdraw(token: str):
    """Take the application back, confirmed by typing the end of its reference."""
    must_come_from_here()
    link = opened(Purpose.STATUS, token)
    form = WithdrawForm(request.form, link_id=link.id, seen=link.application.version)
    form.expect(link.application.reference)
    if not form.validate():
        possible = _shown_status(link) in MAY_WITHDRAW
        return _page(link, token, withdrawing=form, code=409 if form.is_overtaken or not possible else 422)
    try:
        invitation.withdraw(link.application, seen=form.seen, reason=form.reason.data or "")
    except (Changed, TransitionNotAllowed):
        return _overtaken(token, withdrawing=form)
    return redirect(url_for(".show", token=token), 303)


def _overtaken(token: str, **forms):
    """The page as it is now; what was written is shown again, so that nothing is lost."""
    return _page(opened(Purpose.STATUS, token), token, code=409, **forms)


def _shown_status(link: Link) -> Status:
    return timeline.shown_status(link.application, clock.now())


def _page(link: Link, token: str, *, answering=None, withdrawing=None, code: int = 200):
    application, now = link.application, clock.now()
    status = timeline.shown_status(application, now)
    lines = timeline.shown(application, now)
    asked = lines[-1] if lines and status is Status.INFORMATION_NEEDED else None
    fresh = {"link_id": link.id, "seen": application.version}
    if code == 409:  # what was written goes into a form for what there is now
        answering, withdrawing = (form and form.anew(**fresh) for form in (answering, withdrawing))
    g.language_hrefs = {each: url_for(".show", token=token, lang=each) for each in site.spoken()}
    return (
        render_template(
            "invitation/status.html",
            application=application,
            edition=application.edition,
            status=status,
            steps=steps.for_applicant(application, lines, status),
            asked=asked,
            missing=[Missing(item).label for item in asked.details["missing"]] if asked else [],
            answering=answering or (AnswerForm(**fresh) if asked else None),
            withdrawing=(withdrawing or WithdrawForm(**fresh)) if status in MAY_WITHDRAW else None,
            reference_end=end_of(application.reference),
            token=token,
            code=code,
            Status=Status,
        ),
        code,
    )
