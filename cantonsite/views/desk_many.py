"""One decision on many applications: choose in the list, look at them once more, decide, read what was skipped."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..forms.many import ManyForm
from ..http.desk import init_blueprint, open_to
from ..http.queue import asked_for
from ..models import Application
from ..models.staff import Role
from ..services import invitation, many, queue
from .review import carry_out, is_done

bp = init_blueprint(Blueprint("desk_many", __name__, url_prefix="/desk/applications/many"))


@bp.post("")
@open_to(Role.REVIEWER)
def choose():
    """Those that were ticked, or the whole list: shown once more, with one form for the decision. Changes nothing."""
    narrowing = asked_for(request.form)
    if request.form.get("scope") == "all":
        found = queue.every(queue.Filter(**narrowing.values), many.MOST)
    else:
        found = queue.by_number(ManyForm.numbers(request.form.getlist("chosen"))[: many.MOST])
    if not found:
        flash(_("Tick the applications to decide on, or choose the whole list."))
        return redirect(url_for("desk.applications", **narrowing.query), 303)
    return _page(ManyForm.about(found), found)


@bp.post("/decide")
@open_to(Role.REVIEWER)
def decide():
    """Carry it out on each that can be decided."""
    form = ManyForm()
    chosen = form.chosen_versions
    if not chosen or len(chosen) > many.MOST:
        abort(422)
    if not form.validate_on_submit():
        return _page(form, queue.by_number(list(chosen)), 422)
    how = {"decision": form.decision.data, "actor": g.staff, "repeated": _repeated(form)}
    number = many.decide(chosen, _verb(form), **how)
    return redirect(url_for(".done", number=number), 303)


@bp.get("/<int:number>")
@open_to(Role.REVIEWER)
def done(number: int):
    """What was decided, and what was skipped and why."""
    record = many.record(number, g.staff) or abort(404)
    skipped = record.details["skipped"]
    return render_template(
        "desk/many_done.html",
        record=record,
        skipped=skipped,
        known=many.shown([each for each, _why in skipped]),
    )


def _verb(form: ManyForm):
    def verb(application: Application, seen: int) -> None:
        form.version.data = str(seen)
        carry_out(application, form, g.staff)

    return verb


def _repeated(form: ManyForm):
    def repeated(reference: str, seen: int) -> bool:
        form.version.data = str(seen)
        found = invitation.whole(reference)
        return found is not None and is_done(found, form, g.staff)

    return repeated


def _page(form: ManyForm, found: list[Application], code: int = 200):
    return render_template("desk/many.html", form=form, found=found), code
