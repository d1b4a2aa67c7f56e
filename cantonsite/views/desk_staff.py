"""The roster at the desk."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from ..forms.desk import EmptyForm, NewStaffForm, StaffForm
from ..http.desk import init_blueprint, open_to
from ..models.staff import Role
from ..services import staff

bp = init_blueprint(Blueprint("desk_staff", __name__, url_prefix="/desk/staff"))


@bp.get("")
@open_to()
def roster():
    """All who work at the desk."""
    return render_template("desk/roster.html", roster=staff.roster(), reviewers=len(staff.reviewers()))


@bp.route("/new", methods=["GET", "POST"])
@open_to()
def add():
    """Put somebody on the roster."""
    form = NewStaffForm()
    if form.validate_on_submit():
        try:
            answers = form.answers
            staff.add(
                answers["email"],
                name=answers["name"],
                role=Role(answers["role"]),
                language=answers["language"],
                actor=g.staff,
            )
        except staff.AlreadyOnRoster:
            form.email.errors = [_("Somebody with this address is on the roster already")]
        else:
            flash(_("%(name)s is on the roster.", name=form.name.data))
            return redirect(url_for(".roster"), 303)
    return render_template("desk/staff_member.html", form=form, member=None), 422 if form.errors else 200


@bp.route("/<int:member_id>", methods=["GET", "POST"])
@open_to()
def change(member_id: int):
    """Change name, role or language."""
    member = staff.get(member_id) or abort(404)
    form = StaffForm(obj=member)
    if form.validate_on_submit():
        try:
            answers = form.answers
            staff.change(
                member, name=answers["name"], role=Role(answers["role"]), language=answers["language"], actor=g.staff
            )
        except staff.LastAdministrator:
            form.role.errors = [_("The roster needs an administrator: name another one first")]
        else:
            flash(_("The roster was changed."))
            return redirect(url_for(".roster"), 303)
    page = render_template("desk/staff_member.html", form=form, member=member, striking=EmptyForm(formdata=None))
    return page, 422 if form.errors else 200


@bp.post("/<int:member_id>/strike-off")
@open_to()
def strike_off(member_id: int):
    """Take somebody off: their links and sessions are dead at once."""
    member = staff.get(member_id) or abort(404)
    try:
        staff.strike_off(member, actor=g.staff)
    except staff.LastAdministrator:
        flash(_("The roster needs an administrator: name another one first."))
    else:
        flash(_("%(name)s is no longer on the roster.", name=member.name))
    return redirect(url_for(".roster"), 303)
