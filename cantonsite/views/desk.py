"""The desk: where each role begins, the queue of applications, and where somebody is signed in."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from .. import clock
from ..forms.desk import EmptyForm
from ..http.desk import init_blueprint, open_to
from ..http.queue import asked_for
from ..models import KnownBrowser
from ..models.invitation import Status
from ..models.staff import Role
from ..services import invitation, known_browsers, many, queue, sign_in

bp = init_blueprint(Blueprint("desk", __name__, url_prefix="/desk"))


@bp.get("")
@open_to(Role.REVIEWER, Role.EDITOR)
def home():
    """To the list that this role works with."""
    return redirect(url_for("desk_articles.every" if g.staff.role is Role.EDITOR else ".applications"), 303)


@bp.get("/applications")
@open_to(Role.REVIEWER)
def applications():
    """Applications by status and as the filter narrows them, those that have waited longest first."""
    form = asked_for()
    chosen = queue.Filter(**form.values)
    return render_template(
        "desk/applications.html",
        form=form,
        chosen=chosen,
        rows=queue.applications(chosen, request.args.get("after")),
        counts=queue.counts(chosen),
        most=many.MOST,
        now=clock.now(),
        Status=Status,
    )


@bp.get("/applications/next")
@open_to(Role.REVIEWER)
def next_application():
    """The file behind this one in the list, or the first; back to the list when there is none."""
    form = asked_for()
    chosen = queue.Filter(**form.values)
    here = invitation.whole(request.args.get("behind", ""))
    following = queue.next_of(chosen, here) if here else queue.first(chosen)
    if following is None:
        flash(_("There is nothing else in this list."))
        return redirect(url_for(".applications", **form.query), 303)
    return redirect(url_for("desk_file.show", reference=following.reference, **form.query), 303)


@bp.get("/sessions")
@open_to(Role.REVIEWER, Role.EDITOR)
def sessions():
    """Where this person is signed in."""
    living = sign_in.sessions_of(g.staff)
    known = {"known": known_browsers.of(g.staff), "days": KnownBrowser.REMEMBERED.days}
    return render_template("desk/sessions.html", sessions=living, this=g.desk_session.id, form=EmptyForm(), **known)


@bp.post("/sessions/known/<int:browser_id>/forget")
@open_to(Role.REVIEWER, Role.EDITOR)
def forget_browser(browser_id: int):
    """Ask for a code again in a browser that opens this person's links."""
    known_browsers.forget(browser_id, g.staff)
    return redirect(url_for(".sessions"), 303)


@bp.post("/sessions/<int:session_id>/end")
@open_to(Role.REVIEWER, Role.EDITOR)
def end_session(session_id: int):
    """Sign out somewhere else."""
    sign_in.revoke(session_id, g.staff)
    return redirect(url_for(".sessions"), 303)
