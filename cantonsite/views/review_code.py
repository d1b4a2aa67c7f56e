"""A reviewer's link in a browser that it does not know: ask for a code, type it, be remembered for thirty days.

GET and HEAD set no cookie and mail nothing: programs open links.
"""

import secrets

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..forms.review_code import AskCodeForm, ReviewCodeForm
from ..http import language
from ..models import KnownBrowser, Link
from ..models.link import Purpose
from ..services import known_browsers
from .links import must_come_from_here, opened

bp = Blueprint("review_code", __name__, url_prefix="/review/<token>/code")
PATH = "/review"


@bp.get("")
def enter(token: str):
    """Where the code is typed, in the browser that asked for it."""
    link = _opened(token)
    return redirect(url_for("review.show", token=token), 303) if is_known(link) else _page(link, token, asked=True)


@bp.post("/ask")
def ask(token: str):
    """Mail a code to whose link it is."""
    must_come_from_here()
    link = _opened(token)
    form = AskCodeForm(request.form, **_of(link))
    if not form.validate():
        return _page(link, token, asking=form, code=422)
    cookie = request.cookies.get(_name(link)) or secrets.token_urlsafe(24)
    name = _name(link)
    try:
        known_browsers.ask(link.staff, cookie, request.user_agent.string)
    except known_browsers.TooManyCodes:
        return _page(_opened(token), token, asked=True, too_many=True, code=429)
    answer = redirect(url_for(".enter", token=token), 303)
    kept = {"max_age": KnownBrowser.REMEMBERED, "path": PATH, "httponly": True, "samesite": "Lax"}
    answer.set_cookie(name, cookie, secure=request.is_secure, **kept)
    return answer


@bp.post("")
def confirm(token: str):
    """The code: if it is right, this browser is known from now on."""
    must_come_from_here()
    link = _opened(token)
    form = ReviewCodeForm(request.form, **_of(link))
    if not form.validate():
        return _page(link, token, form=form, asked=True, code=422)
    try:
        known_browsers.confirm(link.staff, request.cookies.get(_name(link)), form.code.data)
    except known_browsers.WrongCode:
        form.code.errors = [_("That is not the code. Look at it once more")]
    except known_browsers.SpentCode:
        form.code.errors = [_("This code no longer works. Ask for a new one")]
    else:
        return redirect(url_for("review.show", token=token), 303)
    return _page(_opened(token), token, form=form, asked=True, code=422)


def is_known(link: Link) -> bool:
    """Whether this browser may open the link: always, unless the site asks for codes."""
    if not current_app.config["REVIEW_LINK_NEEDS_CODE"]:
        return True
    return known_browsers.knows(link.staff, request.cookies.get(_name(link)))


def stranger(link: Link, token: str):
    """The page instead of an application. What somebody sent all the same is shown again, so that nothing is lost."""
    return _page(link, token, code=403 if request.method == "POST" else 200, written=request.form.get("note", ""))


def _name(link: Link) -> str:
    """Reviewers who share a browser have a cookie each."""
    return f"reviewer_{link.staff_id}"


def _of(link: Link) -> dict[str, int | str]:
    return {"link_id": f"code-{link.id}", "seen": 0}


def _opened(token: str) -> Link:
    link = opened(Purpose.REVIEW, token)
    language.speak(link.staff.language)
    return link


def _page(link: Link, token: str, *, form=None, asking=None, asked: bool = False, code: int = 200, **more):
    page = render_template(
        "review/code.html",
        application=link.application,
        staff=link.staff,
        form=form or ReviewCodeForm(**_of(link)),
        asking=asking or AskCodeForm(**_of(link)),
        asked=asked,
        minutes=known_browsers.LIFE_MINUTES,
        days=KnownBrowser.REMEMBERED.days,
        token=token,
        **{"written": "", "too_many": False, **more},
    )
    return make_response(page, code, {"Retry-After": "3600"} if code == 429 else {})
