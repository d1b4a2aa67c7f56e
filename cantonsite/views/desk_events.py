"""The press events at the desk."""

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from .. import clock
from ..database import Changed
from ..forms.press import EventForm
from ..http.desk import init_blueprint, open_to
from ..models.staff import Role
from ..services import editions, events, records, site
from ..services.edition_words import edition_name

bp = init_blueprint(Blueprint("desk_events", __name__, url_prefix="/desk/events"))


@bp.get("")
@open_to(Role.EDITOR)
def every():
    """All press events, the last one first."""
    return render_template("desk/events.html", events=events.every(), now=clock.now(), code=g.staff.language)


@bp.route("/new", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def add():
    """Add a press event."""
    form = _ready(EventForm())
    if form.validate_on_submit():
        events.add(**form.of_event(_zone()), actor=g.staff)
        flash(_("The press event was added. It is in the calendar now."))
        return redirect(url_for(".every"), 303)
    return render_template("desk/event.html", form=form, event=None, now=None), form.status_code


@bp.route("/<int:event_id>", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def change(event_id: int):
    """Change, cancel or hold a press event after all. Who is second sees what the first wrote, and keeps their own."""
    event = events.get(event_id) or abort(404)
    form = _ready(EventForm(obj=event, data={"is_cancelled": event.cancelled_at is not None}))
    now, code = None, None
    if form.validate_on_submit():
        try:
            events.change(
                event_id,
                seen=form.seen.data or "",
                is_cancelled=form.is_cancelled.data,
                **form.of_event(_zone()),
                actor=g.staff,
            )
        except Changed:
            now, code = events.get(event_id) or abort(404), 409
        else:
            flash(_("The press event was changed. Calendars that follow it learn of it by themselves."))
            return redirect(url_for(".every"), 303)
    if now or not form.is_submitted():
        form.seen.data = records.mark(now or event)
    if not form.is_submitted():
        form.show(event.starts_at, event.ends_at, _zone())
    html = render_template("desk/event.html", form=form, event=event, now=now, spoken=g.staff.language)
    return html, code or form.status_code


@bp.post("/<int:event_id>/remove")
@open_to(Role.EDITOR)
def remove(event_id: int):
    """Take a press event out of the calendar."""
    events.get(event_id) or abort(404)
    events.remove(event_id, actor=g.staff)
    flash(_("The press event was removed."))
    return redirect(url_for(".every"), 303)


def _ready(form: EventForm) -> EventForm:
    form.in_zone(site.zone_words())
    return form.offer(_("None"), [(each.id, edition_name(each)) for each in editions.every()])


def _zone() -> ZoneInfo:
    return clock.zone(current_app.config["TIMEZONE"])
