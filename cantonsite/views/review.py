"""The page behind a reviewer's mailed link: the application, and the decision.

GET and HEAD change nothing and set no cookie; no button alone decides anything.
"""

from flask import Blueprint, redirect, render_template, request, url_for

from .. import clock
from ..database import Changed
from ..forms.review import DecisionFields, ReviewForm, UndoForm, end_of
from ..http import language, steps
from ..models import Application, Link, StaffMember
from ..models.invitation import Status, TransitionNotAllowed
from ..models.link import Purpose
from ..services import blocks, crews, seen_before, timeline
from ..services import review as decisions
from .links import must_come_from_here, opened
from .review_code import is_known, stranger

bp = Blueprint("review", __name__, url_prefix="/review")


@bp.get("/<token>")
def show(token: str):
    """The application and the form for the decision, or what was decided."""
    link = _opened(token)
    return _page(link, token) if is_known(link) else stranger(link, token)


@bp.post("/<token>")
def decide(token: str):
    """Decide what the page showed. Whoever comes second reads who decided what, and when."""
    must_come_from_here()
    link = _opened(token)
    if not is_known(link):
        return stranger(link, token)
    form = ReviewForm(request.form, link_id=link.id, seen=link.application.version)
    if not form.validate():
        overtaken = form.is_overtaken or not link.application.awaits_decision
        return _page(link, token, form=form, code=409 if overtaken else 422)
    try:
        carry_out(link.application, form, link.staff)
    except (Changed, TransitionNotAllowed):
        link = _opened(token)
        if not is_done(link.application, form, link.staff):
            return _page(link, token, form=form, code=409)
    return redirect(url_for(".show", token=token), 303)


@bp.post("/<token>/undo")
def undo(token: str):
    """Take one's own decision back before its mail leaves."""
    must_come_from_here()
    link = _opened(token)
    if not is_known(link):
        return stranger(link, token)
    if not (link.application.awaits_decision or _may_undo(link)):
        return _page(link, token, code=409, too_late=True)
    form = UndoForm(request.form, link_id=link.id, seen=link.application.version)
    form.expect(link.application.reference)
    if not form.validate() and _may_undo(link):
        return _page(link, token, undoing=form, code=422)
    try:
        if not link.application.awaits_decision:  # a second press finds it undone
            decisions.undo(link.application, seen=form.seen, actor=link.staff)
    except (Changed, TransitionNotAllowed, decisions.TooLate):
        return _page(_opened(token), token, code=409, too_late=True)
    return redirect(url_for(".show", token=token), 303)


def carry_out(application, form, actor) -> None:
    """The verb that was chosen. Raises Changed, TransitionNotAllowed."""
    note = form.note.data or ""
    if form.decision.data == "approve":
        decisions.approve(application, seen=form.seen, actor=actor, note=note)
    elif form.decision.data == "decline":
        decisions.decline(application, seen=form.seen, actor=actor, note=note, reasons=form.broken)
    else:
        decisions.ask(application, seen=form.seen, actor=actor, missing=form.asked, note=note)


def is_done(application: Application, form: DecisionFields, staff: StaffMember) -> bool:
    """Whether the decision that stands is this very one: a double click is not somebody who was faster."""
    stands = timeline.latest_decision(application)
    if stands is None or stands.staff_id != staff.id or application.version != form.seen + 1:
        return False
    kinds = {"ask": ("asked",), "approve": ("approved", "listed"), "decline": ("declined",)}[form.decision.data]
    told = (True, form.note.data or "", form.missing.data or [], form.reasons.data or [])
    return told == (
        stands.kind in kinds,
        stands.note,
        stands.details.get("missing", []),
        stands.details.get("reasons", []),
    )


def _may_undo(link: Link) -> bool:
    """Only whoever decided, and only until the mail may leave."""
    decided = timeline.latest_decision(link.application)
    return bool(decided and decided.staff_id == link.staff_id and decided.shown_from > clock.now())


def _opened(token: str) -> Link:
    link = opened(Purpose.REVIEW, token)
    language.speak(link.staff.language)
    return link


def _page(link: Link, token: str, *, form=None, undoing=None, code: int = 200, too_late: bool = False):
    application = link.application
    fresh = {"link_id": link.id, "seen": application.version}
    if code == 409 and form:
        form = form.anew(**fresh)  # decide anew on what is there now
    return (
        render_template(
            "review/show.html" if application.awaits_decision else "review/decided.html",
            application=application,
            edition=application.edition,
            documents=crews.documents(application),
            crew=crews.of(application),
            sightings=seen_before.of(application),
            marked=blocks.matching(application),
            decided=timeline.latest_decision(application),
            steps=steps.for_staff(application, link.staff),
            staff=link.staff,
            form=form or ReviewForm(**fresh),
            undoing=(undoing or UndoForm(**fresh)) if _may_undo(link) else None,
            too_late=too_late,
            reference_end=end_of(application.reference),
            grace=decisions.grace(),
            token=token,
            code=code,
            Status=Status,
        ),
        code,
    )
