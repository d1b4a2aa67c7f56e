"""The facts and figures of an edition at the desk."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..database import Changed
from ..forms.press import FactForm
from ..http.desk import init_blueprint, open_to
from ..models.staff import Role
from ..services import editions, facts, records

bp = init_blueprint(Blueprint("desk_facts", __name__, url_prefix="/desk/editions/<int:number>/facts"))


@bp.get("")
@open_to(Role.EDITOR)
def every(number: int):
    """The facts of an edition, in their order."""
    edition = editions.get(number) or abort(404)
    rows = facts.of_edition(edition)
    return render_template("desk/facts.html", edition=edition, facts=rows, code=g.staff.language)


@bp.route("/new", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def add(number: int):
    """Add a fact."""
    edition = editions.get(number) or abort(404)
    form = FactForm()
    if form.validate_on_submit():
        facts.add(edition, **form.answers, actor=g.staff)
        flash(_("The fact was added."))
        return redirect(url_for(".every", number=number), 303)
    return render_template("desk/fact.html", edition=edition, form=form, fact=None, now=None), form.status_code


@bp.route("/<int:fact_id>", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def change(number: int, fact_id: int):
    """Change a fact. Who is second sees what the first wrote, and keeps their own."""
    edition = editions.get(number) or abort(404)
    fact = facts.get(edition, fact_id) or abort(404)
    form = FactForm(obj=fact)
    now, code = None, None
    if form.validate_on_submit():
        try:
            facts.change(fact_id, seen=form.seen.data or "", **form.answers, actor=g.staff)
        except Changed:
            edition = editions.get(number) or abort(404)
            now, code = facts.get(edition, fact_id) or abort(404), 409
        else:
            flash(_("The fact was changed."))
            return redirect(url_for(".every", number=number), 303)
    if now or not form.is_submitted():
        form.seen.data = records.mark(now or fact)
    html = render_template("desk/fact.html", edition=edition, form=form, fact=fact, now=now, spoken=g.staff.language)
    return html, code or form.status_code


@bp.post("/<int:fact_id>/move")
@open_to(Role.EDITOR)
def move(number: int, fact_id: int):
    """One place up or down."""
    _one(number, fact_id)
    facts.move(fact_id, up=request.form.get("to") == "up", actor=g.staff)
    return redirect(url_for(".every", number=number), 303)


@bp.post("/<int:fact_id>/remove")
@open_to(Role.EDITOR)
def remove(number: int, fact_id: int):
    """Take a fact away."""
    _one(number, fact_id)
    facts.remove(fact_id, actor=g.staff)
    flash(_("The fact was removed."))
    return redirect(url_for(".every", number=number), 303)


def _one(number: int, fact_id: int):
    edition = editions.get(number) or abort(404)
    return facts.get(edition, fact_id) or abort(404)
