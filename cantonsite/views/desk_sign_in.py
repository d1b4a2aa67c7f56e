"""Sign in at the desk by a mailed link, and sign out."""

import secrets

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from ..extensions import csrf
from ..forms.desk import CodeForm, EmptyForm, SignInForm
from ..http import language, limits
from ..http.desk import TOKEN, open_to, signed_in
from ..languages import AT_THE_DESK
from ..models.staff import Role
from ..services import sign_in
from .invitation import too_often

bp = Blueprint("desk_sign_in", __name__, url_prefix="/desk")
BROWSER = "sign_in"


@bp.before_request
def speak_as_the_browser_prefers() -> None:
    """Nobody is known here yet; whoever is signed in is spoken to in their own language."""
    language.speak(language.preferred(request.accept_languages, AT_THE_DESK))


@bp.route("/sign-in", methods=["GET", "POST"])
def ask():
    """Ask for a link. The answer is the same for every address."""
    if signed_in():
        return redirect(url_for("desk.home"), 303)
    form = SignInForm()
    status, headers = form.status_code, {}
    if form.validate_on_submit():
        if not (wait := limits.seconds_to_wait("sign-in", form.email.data)):
            session[BROWSER] = session.get(BROWSER) or secrets.token_urlsafe(24)
            sign_in.ask(form.email.data, session[BROWSER])
            return redirect(url_for(".sent"), 303)
        form.form_errors = [too_often(wait)]
        status, headers = 429, {"Retry-After": str(wait)}
    elif form.is_submitted():
        status = 422
    return make_response(render_template("desk/sign_in.html", form=form), status, headers)


@bp.route("/sign-in/sent", methods=["GET", "POST"])
def sent():
    """Where the code can be typed that the link shows in another browser."""
    form, status = CodeForm(), 200
    if form.validate_on_submit():
        try:
            return _complete(sign_in.by_code(session.get(BROWSER), form.code.data))
        except sign_in.UnknownSignIn:
            form.code.errors = [_("That is not the code. Look at it once more")]
        except sign_in.SpentSignIn:
            form.code.errors = [_("This code no longer works. Ask for a new link")]
        status = 422
    elif form.is_submitted():
        status = 422
    return make_response(render_template("desk/sent.html", form=form, minutes=sign_in.LIFE_MINUTES), status)


@bp.route("/sign-in/<token>", methods=["GET", "POST"])
def confirm(token: str):
    """In the browser that asked: one button. In any other: a code to type there, and no button."""
    try:
        asked = sign_in.find(token)
    except sign_in.UnknownSignIn:
        abort(404)
    except sign_in.SpentSignIn:
        abort(410)
    if not sign_in.asked_by(asked, session.get(BROWSER)):
        return render_template("desk/code.html", code=sign_in.code(asked))
    if request.method == "POST":
        csrf.protect()
        try:
            return _complete(asked)
        except sign_in.SpentSignIn:
            abort(410)
    return render_template("desk/confirm.html", form=EmptyForm(), token=token)


@bp.post("/sign-out")
@open_to(Role.REVIEWER, Role.EDITOR)
def sign_out():
    """End this session here and on the server."""
    sign_in.revoke(g.desk_session.id, g.staff)
    session.clear()
    return redirect(url_for(".ask"), 303)


def _complete(asked):
    token = sign_in.complete(asked, request.user_agent.string)
    session.clear()
    session[TOKEN] = token
    return redirect(url_for("desk.home"), 303)
