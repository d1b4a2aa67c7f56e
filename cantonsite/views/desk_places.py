"""Places at the desk: how many there are for an edition, what is taken, and who waits."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from ..forms.places import PlacesForm
from ..http.desk import init_blueprint, open_to
from ..models.invitation import OutletKind
from ..models.staff import Role
from ..services import editions, places

bp = init_blueprint(Blueprint("desk_places", __name__, url_prefix="/desk/editions/<int:number>/places"))


@bp.route("", methods=["GET", "POST"])
@open_to(Role.REVIEWER)
def every(number: int):
    """All limits of an edition, and a form that sets one."""
    edition = editions.get(number) or abort(404)
    form = PlacesForm().offer(edition)
    if form.validate_on_submit():
        places.set_limit(edition, number=form.places.data, **form.conditions, actor=g.staff)
        flash(_("The number of places was set."))
        return redirect(url_for(".every", number=number), 303)
    kinds = {each.value: each.label for each in OutletKind}
    values = {"edition": edition, "form": form, "standings": places.of(edition), "kinds": kinds}
    return render_template("desk/places.html", **values), form.status_code


@bp.post("/<int:limit_id>/remove")
@open_to(Role.REVIEWER)
def remove(number: int, limit_id: int):
    """Let as many come as are approved."""
    edition = editions.get(number) or abort(404)
    places.remove(edition, limit_id, actor=g.staff)
    flash(_("The limit was removed."))
    return redirect(url_for(".every", number=number), 303)
