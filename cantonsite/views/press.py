"""The press centre's own pages: the calendar of press events, and the rules for embargoes and pictures."""

from itertools import groupby

from flask import Blueprint, abort, g, render_template

from ..http import calendar as file
from ..http import language
from ..models.media import Licence
from ..services import events

bp = Blueprint("press", __name__, url_prefix=f"{language.PREFIX}/press-centre")


@bp.get("/calendar")
def calendar():
    """Press events: those to come first, then those of each edition."""
    past = groupby(events.past(g.language), key=lambda event: event.edition)
    return render_template(
        "press/calendar.html",
        coming=events.coming(g.language),
        past=[(edition, list(its)) for edition, its in past],
    )


@bp.get("/calendar.ics")
def calendar_file():
    """All press events, for a calendar that subscribes."""
    return file.answer(events.calendar(g.language), "press-events.ics")


@bp.get("/calendar/<int:event_id>.ics")
def event_file(event_id: int):
    """One press event, for a calendar."""
    event = events.one(event_id, g.language) or abort(404)
    return file.answer((event,), f"press-event-{event_id}.ics")


@bp.get("/embargo-policy")
def embargo_policy():
    """What an embargo is here, and what it asks of those who know."""
    return render_template("press/embargo_policy.html")


@bp.get("/image-licence")
def image_licence():
    """On what terms pictures may be used."""
    return render_template("press/image_licence.html", Licence=Licence)
