"""The press contacts at the desk."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..database import Changed
from ..forms.press import ContactForm
from ..http.desk import init_blueprint, open_to
from ..models.staff import Role
from ..services import contacts, editions, records
from ..services.edition_words import edition_name

bp = init_blueprint(Blueprint("desk_contacts", __name__, url_prefix="/desk/contacts"))


@bp.get("")
@open_to(Role.EDITOR)
def every():
    """All contacts, in the order in which readers see them."""
    return render_template("desk/contacts.html", contacts=contacts.every(), code=g.staff.language)


@bp.route("/new", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def add():
    """Add a contact."""
    form = _with_editions(ContactForm())
    if form.validate_on_submit():
        contacts.add(**form.answers, actor=g.staff)
        flash(_("The contact was added."))
        return redirect(url_for(".every"), 303)
    return render_template("desk/contact.html", form=form, contact=None, now=None), form.status_code


@bp.route("/<int:contact_id>", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def change(contact_id: int):
    """Change a contact. Who is second sees what the first wrote, and keeps their own."""
    contact = contacts.get(contact_id) or abort(404)
    form = _with_editions(ContactForm(obj=contact))
    now, code = None, None
    if form.validate_on_submit():
        try:
            contacts.change(contact_id, seen=form.seen.data or "", **form.answers, actor=g.staff)
        except Changed:
            now, code = contacts.get(contact_id) or abort(404), 409
        else:
            flash(_("The contact was changed."))
            return redirect(url_for(".every"), 303)
    if now or not form.is_submitted():
        form.seen.data = records.mark(now or contact)
    html = render_template("desk/contact.html", form=form, contact=contact, now=now, spoken=g.staff.language)
    return html, code or form.status_code


@bp.post("/<int:contact_id>/move")
@open_to(Role.EDITOR)
def move(contact_id: int):
    """One place up or down."""
    contacts.get(contact_id) or abort(404)
    contacts.move(contact_id, up=request.form.get("to") == "up", actor=g.staff)
    return redirect(url_for(".every"), 303)


@bp.post("/<int:contact_id>/remove")
@open_to(Role.EDITOR)
def remove(contact_id: int):
    """Take a contact away."""
    contacts.get(contact_id) or abort(404)
    contacts.remove(contact_id, actor=g.staff)
    flash(_("The contact was removed."))
    return redirect(url_for(".every"), 303)


def _with_editions(form: ContactForm) -> ContactForm:
    return form.offer(_("None: a contact of today"), [(each.id, edition_name(each)) for each in editions.every()])
