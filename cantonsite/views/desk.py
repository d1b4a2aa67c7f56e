"""The desk: the queue of applications, and one application with its whole history."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from .. import clock
from ..database import Changed
from ..forms.base import on_one_line
from ..forms.desk import EmptyForm
from ..forms.review import DeskActForm, DeskReviewForm
from ..http.desk import init_blueprint, open_to
from ..models.invitation import Status, TransitionNotAllowed
from ..models.staff import Role
from ..services import invitation, queue, sign_in, timeline
from ..services import review as decisions
from .review import carry_out

bp = init_blueprint(Blueprint("desk", __name__, url_prefix="/desk"))


@bp.get("")
@open_to(Role.REVIEWER, Role.EDITOR)
def home():
    """To the list that this role works with."""
    return redirect(url_for("desk_articles.every" if g.staff.role is Role.EDITOR else ".applications"), 303)


@bp.get("/applications")
@open_to(Role.REVIEWER)
def applications():
    """Applications by status, those that have waited longest first."""
    chosen = request.args.get("status", Status.SUBMITTED.value)
    status = Status(chosen) if chosen in set(Status) else None
    words = on_one_line(request.args.get("q", ""))[:100]
    return render_template(
        "desk/applications.html",
        status=status,
        words=words,
        rows=queue.applications(status, words, request.args.get("after")),
        counts=queue.counts(words),
        now=clock.now(),
        Status=Status,
    )


@bp.get("/applications/<reference>")
@open_to(Role.REVIEWER)
def application(reference: str):
    """One application, its history, its mails, and what can be done with it."""
    return _page(reference)


@bp.post("/applications/<reference>/decide")
@open_to(Role.REVIEWER)
def decide(reference: str):
    """Ask, approve or decline."""
    found = invitation.whole(reference) or abort(404)
    form = DeskReviewForm()
    if not form.validate_on_submit():
        return _page(reference, form=form, code=422)
    return _done(reference, lambda: carry_out(found, form, g.staff), form)


@bp.post("/applications/<reference>/act")
@open_to(Role.REVIEWER)
def act(reference: str):
    """Undo, reopen or revoke."""
    found = invitation.whole(reference) or abort(404)
    form = DeskActForm()
    if not form.validate_on_submit():
        return _page(reference, acting=form, code=422)
    told = {"seen": form.seen, "actor": g.staff, "note": form.note.data or ""}
    verbs = {
        "undo": lambda: decisions.undo(found, seen=form.seen, actor=g.staff),
        "reopen": lambda: decisions.reopen(found, **told),
        "revoke": lambda: decisions.revoke(found, **told),
    }
    return _done(reference, verbs.get(form.act.data) or (lambda: abort(422)))


@bp.get("/sessions")
@open_to(Role.REVIEWER, Role.EDITOR)
def sessions():
    """Where this person is signed in."""
    living = sign_in.sessions_of(g.staff)
    return render_template("desk/sessions.html", sessions=living, this=g.desk_session.id, form=EmptyForm())


@bp.post("/sessions/<int:session_id>/end")
@open_to(Role.REVIEWER, Role.EDITOR)
def end_session(session_id: int):
    """Sign out somewhere else."""
    sign_in.revoke(session_id, g.staff)
    return redirect(url_for(".sessions"), 303)


def _done(reference: str, verb, form=None):
    try:
        verb()
    except (Changed, TransitionNotAllowed):
        return _page(reference, form=form, code=409)  # what was written is kept
    except decisions.TooLate:
        flash(_("The mail has left: the decision can be reopened, no longer undone."))
        return _page(reference, code=409)
    return redirect(url_for(".application", reference=reference), 303)


def _page(reference: str, *, form=None, acting=None, code: int = 200):
    found = invitation.whole(reference) or abort(404)
    decided = timeline.latest_decision(found)
    form = form or DeskReviewForm(formdata=None)
    acting = acting or DeskActForm(formdata=None)
    form.version.data = acting.version.data = str(found.version)
    return (
        render_template(
            "desk/application.html",
            application=found,
            edition=found.edition,
            events=list(reversed(found.events)),
            earlier=invitation.earlier(found),
            mails=queue.mails_about(found),
            decided=decided,
            may_undo=bool(decided and decided.shown_from > clock.now()),
            form=form,
            acting=acting,
            code=code,
            Status=Status,
        ),
        code,
    )
