"""Editions at the desk."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from ..forms.desk import EditionForm
from ..http.desk import init_blueprint, open_to
from ..models.edition import ApplicationsState
from ..models.staff import Role
from ..services import editions

bp = init_blueprint(Blueprint("desk_editions", __name__, url_prefix="/desk/editions"))


@bp.get("")
@open_to(Role.EDITOR)
def every():
    """All editions, newest first."""
    today = editions.today()
    return render_template("desk/editions.html", editions=editions.every(), today=today, State=ApplicationsState)


@bp.route("/new", methods=["GET", "POST"])
@open_to(Role.EDITOR)
def add():
    """Add an edition."""
    form = EditionForm()
    if form.validate_on_submit():
        try:
            editions.add(**form.answers, actor=g.staff)
        except editions.EditionExists:
            form.number.errors = [_("There is an edition with this number already")]
        else:
            flash(_("The edition was added."))
            return redirect(url_for(".every"), 303)
    return render_template("desk/edition.html", form=form, edition=None), 422 if form.errors else 200


@bp.route("/<int:number>", methods=["GET", "POST"])
@open_to(Role.EDITOR)
def change(number: int):
    """Change its days."""
    edition = editions.get(number) or abort(404)
    form = EditionForm(obj=edition)
    form.number.data = number
    if form.validate_on_submit():
        days = {name: value for name, value in form.answers.items() if name != "number"}
        editions.change(edition, **days, actor=g.staff)
        flash(_("The edition was changed."))
        return redirect(url_for(".every"), 303)
    return render_template("desk/edition.html", form=form, edition=edition), 422 if form.errors else 200
