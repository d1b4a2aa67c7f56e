"""Alerts at the desk: the sends and their progress, who follows what in numbers, and one subscriber who asked."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..forms.alerts import FindSubscriberForm
from ..forms.desk import EmptyForm
from ..http.desk import init_blueprint, open_to
from ..models.outbox import MailState
from ..models.staff import Role
from ..services import bulletins, subscriptions

bp = init_blueprint(Blueprint("desk_alerts", __name__, url_prefix="/desk/alerts"))


@bp.get("")
@open_to(Role.EDITOR)
def every():
    """The sends, newest first, and the subscribers in numbers."""
    return render_template(
        "desk/alerts.html",
        sends=bulletins.sends(request.args.get("after")),
        tally=subscriptions.tally(),
        form=FindSubscriberForm(formdata=None),
        MailState=MailState,
    )


@bp.post("/<int:bulletin_id>/stop")
@open_to(Role.EDITOR)
def stop(bulletin_id: int):
    """Send no more of one bulletin."""
    if bulletins.stop(bulletin_id, actor=g.staff):
        flash(_("The send was stopped. A mail that was leaving at this moment may still arrive."))
    else:
        flash(_("There was nothing left to stop."))
    return redirect(url_for(".every"), 303)


@bp.post("/find")
@open_to(Role.EDITOR)
def find():
    """One subscriber by the whole address."""
    form = FindSubscriberForm()
    if not form.validate_on_submit():
        page = {"sends": bulletins.sends(), "tally": subscriptions.tally(), "MailState": MailState}
        return render_template("desk/alerts.html", form=form, **page), 422
    found = subscriptions.by_address(form.email.data)
    return render_template("desk/subscriber.html", email=form.email.data, subscriber=found, form=EmptyForm())


@bp.post("/subscribers/<int:subscriber_id>/delete")
@open_to(Role.EDITOR)
def delete(subscriber_id: int):
    """Delete a subscriber who asked for it."""
    subscriber = subscriptions.get(subscriber_id) or abort(404)
    subscriptions.delete_on_request(subscriber, actor=g.staff)
    flash(_("The address was deleted. Nothing more is sent to it."))
    return redirect(url_for(".every"), 303)
