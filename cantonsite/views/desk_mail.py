"""The outbox at the desk: what waits, was repeated, or failed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..forms.desk import EmptyForm
from ..http.desk import init_blueprint, open_to
from ..models.outbox import MailState
from ..models.staff import Role
from ..services import outbox, queue

bp = init_blueprint(Blueprint("desk_mail", __name__, url_prefix="/desk/mail"))


@bp.get("")
@open_to(Role.REVIEWER)
def every():
    """The outbox, newest first."""
    chosen = request.args.get("state", "")
    state = MailState(chosen) if chosen in set(MailState) else None
    return render_template(
        "desk/mail.html",
        state=state,
        rows=queue.mails(state, request.args.get("after")),
        counts=queue.mail_counts(),
        form=EmptyForm(formdata=None),
        MailState=MailState,
    )


@bp.post("/<int:mail_id>/send-again")
@open_to()
def send_again(mail_id: int):
    """Let a mail that failed wait once more."""
    if outbox.send_again(mail_id):
        flash(_("The mail waits to be sent again."))
    else:
        flash(_("Only a mail that failed can be sent again."))
    return redirect(url_for(".every"), 303)
