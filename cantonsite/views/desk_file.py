"""One application at the desk: its file, the decision, and what colleagues keep beside it."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from .. import clock
from ..database import Changed
from ..forms.casework import MarksForm, NoteForm, VerdictForm
from ..forms.review import DeskActForm, DeskReviewForm
from ..http.desk import init_blueprint, open_to
from ..http.queue import asked_for, colleagues
from ..models import Application
from ..models.invitation import Status, TransitionNotAllowed
from ..models.staff import Role
from ..services import blocks, casework, crews, invitation, queue, seen_before, timeline
from ..services import review as decisions
from .review import carry_out, is_done

bp = init_blueprint(Blueprint("desk_file", __name__, url_prefix="/desk/applications/<reference>"))


@bp.get("")
@open_to(Role.REVIEWER)
def show(reference: str):
    """One application, its history, its mails, and what can be done with it."""
    return page(reference)


@bp.post("/decide")
@open_to(Role.REVIEWER)
def decide(reference: str):
    """Ask, approve or decline."""
    found = _found(reference)
    form = DeskReviewForm()
    if not form.validate_on_submit():
        return page(reference, form=form, code=422)
    return _done(reference, lambda: carry_out(found, form, g.staff), form)


@bp.post("/act")
@open_to(Role.REVIEWER)
def act(reference: str):
    """Undo, reopen or revoke."""
    found = _found(reference)
    form = DeskActForm()
    if not form.validate_on_submit():
        return page(reference, acting=form, code=422)
    told = {"seen": form.seen, "actor": g.staff, "note": form.note.data or ""}
    verbs = {
        "undo": lambda: decisions.undo(found, seen=form.seen, actor=g.staff),
        "reopen": lambda: decisions.reopen(found, **told),
        "revoke": lambda: decisions.revoke(found, **told),
    }
    return _done(reference, verbs.get(form.act.data) or (lambda: abort(422)))


@bp.post("/note")
@open_to(Role.REVIEWER)
def note(reference: str):
    """Tell the colleagues something."""
    found = _found(reference)
    form = NoteForm()
    if not form.validate_on_submit():
        return page(reference, noting=form, code=422)
    casework.note(found, form.text.data, actor=g.staff)
    return _back(reference, "notes")


@bp.post("/marks")
@open_to(Role.REVIEWER)
def marks(reference: str):
    """Tags, and who looks at it."""
    found = _found(reference)
    form = MarksForm().with_colleagues(colleagues())
    if not form.validate_on_submit():
        return page(reference, marking=form, code=422)
    casework.tag(found, form.tag_list, actor=g.staff)
    try:
        casework.assign(found, form.colleague, actor=g.staff)
    except casework.NotOnRoster:
        flash(_("The colleague is no longer on the roster."))
    return _back(reference, "marks")


def page(reference: str, *, code: int = 200, judging: tuple[int, VerdictForm] | None = None, **forms):
    """The file of an application, with forms that are shown again because something was wrong in them."""
    found = _found(reference)
    decided = timeline.latest_decision(found)
    form = forms.get("form") or DeskReviewForm(formdata=None)
    acting = forms.get("acting") or DeskActForm(formdata=None)
    form.version.data = acting.version.data = str(found.version)
    return (
        render_template(
            "desk/application.html",
            application=found,
            edition=found.edition,
            events=list(reversed(found.events)),
            mails=queue.mails_about(found),
            decided=decided,
            may_undo=bool(decided and decided.shown_from > clock.now()),
            form=form,
            acting=acting,
            noting=forms.get("noting") or NoteForm(formdata=None),
            marking=forms.get("marking") or _marks_of(found),
            judging=judging,
            verdict_form=VerdictForm,
            query=asked_for().query,
            code=code,
            Status=Status,
            **_known_of(found),
        ),
        code,
    )


def _known_of(found: Application) -> dict:
    return {
        "documents": crews.documents(found),
        "crew": crews.of(found),
        "sightings": seen_before.of(found),
        "marked": blocks.matching(found),
        "notes": casework.notes_of(found),
    }


def _marks_of(found: Application) -> MarksForm:
    form = MarksForm(formdata=None, tags=", ".join(found.tags), assigned=str(found.assigned_to_id or ""))
    return form.with_colleagues(colleagues())


def _found(reference: str) -> Application:
    return invitation.whole(reference) or abort(404)


def _done(reference: str, verb: Callable[[], None], form: DeskReviewForm | None = None):
    try:
        verb()
    except (Changed, TransitionNotAllowed):
        if form is not None and is_done(_found(reference), form, g.staff):
            return _back(reference)
        return page(reference, form=form, code=409)  # what was written is kept
    except decisions.TooLate:
        flash(_("The mail has left: the decision can be reopened, no longer undone."))
        return page(reference, code=409)
    return _back(reference)


def _back(reference: str, anchor: str | None = None):
    return redirect(url_for(".show", reference=reference, _anchor=anchor, **asked_for().query), 303)
