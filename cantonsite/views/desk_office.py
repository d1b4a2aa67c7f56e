"""How the office works: wordings of refusals, the block list, and when a reviewer is written to."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..forms.desk import EmptyForm
from ..forms.office import BlockForm, RhythmForm, WordingForm
from ..http.desk import init_blueprint, open_to
from ..models.reasons import RULES, Reason
from ..models.staff import MailRhythm, Role
from ..services import blocks, gathering, reasons, site

bp = init_blueprint(Blueprint("desk_office", __name__, url_prefix="/desk"))


@bp.get("/wordings")
@open_to()
def wordings():
    """What applicants are told of each rule, in each language."""
    told = {code: reasons.told_of_each(code) for code in site.spoken()}
    return render_template("desk/wordings.html", told=told, rules=RULES)


@bp.route("/wordings/<anchor>/<code>", methods=["GET", "POST"])
@open_to()
def wording(anchor: str, code: str):
    """Word a rule in one language; the mail is shown as it would read before anything is stored."""
    if anchor not in set(Reason) or code not in site.spoken():
        abort(404)
    reason = Reason(anchor)
    form = WordingForm(text=reasons.told([reason], code)[0])
    valid = form.validate_on_submit()
    if valid and request.form.get("step") == "save":
        reasons.word(reason, code, form.text.data or "", actor=g.staff)
        flash(_("The wording was stored. It is used from the next refusal on."))
        return redirect(url_for(".wordings"), 303)
    text = form.text.data or reasons.supplied(reason, code)
    return render_template(
        "desk/wording.html",
        form=form,
        reason=reason,
        code=code,
        supplied=reasons.supplied(reason, code),
        preview="" if form.errors else reasons.preview(text, reason, code),
    ), form.status_code


@bp.route("/blocks", methods=["GET", "POST"])
@open_to()
def block_list():
    """The block list, and one more entry for it."""
    form = BlockForm()
    if form.validate_on_submit():
        try:
            blocks.add(form.pattern.data, form.reason.data, actor=g.staff)
        except blocks.NotAPattern:
            form.pattern.errors = [_("Enter an address, such as name@outlet.example, or a domain")]
        except blocks.BlockedAlready:
            form.pattern.errors = [_("This is on the list already")]
        else:
            return redirect(url_for(".block_list"), 303)
    page = render_template("desk/blocks.html", form=form, rows=blocks.every(), removing=EmptyForm(formdata=None))
    return page, form.status_code


@bp.post("/blocks/<int:block_id>/remove")
@open_to()
def unblock(block_id: int):
    """Take an entry off the block list."""
    blocks.remove(block_id, actor=g.staff)
    return redirect(url_for(".block_list"), 303)


@bp.route("/my-mail", methods=["GET", "POST"])
@open_to(Role.REVIEWER)
def my_mail():
    """When this reviewer is written to."""
    form = RhythmForm(rhythm=g.staff.mail_rhythm.value)
    if form.validate_on_submit():
        gathering.choose(g.staff, MailRhythm(form.rhythm.data))
        flash(_("Stored. It holds from the next mail on."))
        return redirect(url_for(".my_mail"), 303)
    return render_template("desk/my_mail.html", form=form), form.status_code
