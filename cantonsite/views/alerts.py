"""Alerts by mail: ask for them, confirm, change, leave.

Behind a mailed link GET and HEAD change nothing and set no cookie; the one POST that needs no choice is the mail
program's own (RFC 8058).
"""

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..forms.alerts import ChoicesForm, ConfirmForm, ManageForm, SignUpForm
from ..forms.robots import new_form_number
from ..http import errors, language, limits
from ..languages import LANGUAGES
from ..models import Subscriber
from ..models.news import Section
from ..services import rhythm, site, subscriptions
from .invitation import too_often
from .links import must_come_from_here

bp = Blueprint("alerts", __name__)
PAGES = f"{language.PREFIX}/alerts"
LEAVE = "/alerts/leave/<token>"  # without a language: when a mail is read again, the site may no longer speak it
LEAVE_OF_BEFORE = f"/<any({','.join(LANGUAGES)}):_lang>{LEAVE}"  # in mails that left before there was the other


@bp.route(PAGES, methods=["GET", "POST"])
def sign_up():
    """Ask for alerts; the answer is the same for every address."""
    form = SignUpForm()
    form.offer(site.spoken().values())
    if request.method != "POST":
        return _blank(form)
    if not form.validate_on_submit():
        return render_template("alerts/sign_up.html", form=form), 422
    if wait := limits.seconds_to_wait("alerts", form.email.data):
        form.form_errors = [too_often(wait)]
        return make_response(render_template("alerts/sign_up.html", form=form), 429, {"Retry-After": str(wait)})
    subscriptions.ask(form.email.data, subscriptions.Choices(**form.chosen))
    return redirect(url_for(".sent"), 303)


def _blank(form: SignUpForm) -> str:
    form.form_number.data, form.language.data = new_form_number(), g.language
    if (section := request.args.get("section")) in set(Section):
        form.sections.data = [section]
    return render_template("alerts/sign_up.html", form=form)


@bp.get(f"{PAGES}/sent")
def sent():
    """A mail is on its way, whatever it says."""
    return render_template("alerts/sent.html")


@bp.get(f"{PAGES}/confirm/<token>")
def confirm(token: str):
    """The question whether it was they."""
    subscriber = _opened(token)
    if subscriber.confirmed_at:
        return redirect(url_for(".manage", token=token), 303)
    return _page("confirm", subscriber, token, ConfirmForm(**_link(subscriber)))


@bp.post(f"{PAGES}/confirm/<token>")
def answer(token: str):
    """Yes, or no and the address is deleted."""
    must_come_from_here()
    subscriber = _opened(token)
    form = ConfirmForm(request.form, **_link(subscriber))
    if not form.validate():
        return _page("confirm", subscriber, token, form)
    if form.answer.data == "no":
        return _leave(subscriber)
    subscriptions.confirm(subscriber)
    return redirect(url_for(".manage", token=token), 303)


@bp.get(f"{PAGES}/manage/<token>")
def manage(token: str):
    """What a subscriber gets, and the way to change it or to leave."""
    subscriber = _opened(token)
    if not subscriber.confirmed_at:
        return redirect(url_for(".confirm", token=token), 303)
    return _page("manage", subscriber, token, ManageForm(**_link(subscriber)))


@bp.post(f"{PAGES}/manage/<token>")
def act(token: str):
    """On to the choices, leave, or nothing."""
    must_come_from_here()
    subscriber = _opened(token)
    form = ManageForm(request.form, **_link(subscriber))
    if not form.validate():
        return _page("manage", subscriber, token, form)
    if form.act.data == "leave":
        return _leave(subscriber)
    return redirect(url_for(".choices" if form.act.data == "change" else ".manage", token=token), 303)


@bp.route(f"{PAGES}/choices/<token>", methods=["GET", "POST"])
def choices(token: str):
    """Other sections, another rhythm, another language."""
    subscriber = _opened(token)
    sent_form = None
    if request.method == "POST":
        must_come_from_here()
        sent_form = request.form
    before = {
        "sections": [each.value for each in subscriber.followed],
        "wanted": subscriber.wanted.value,
        "rhythm": subscriber.rhythm.value,
        "language": subscriber.language,
    }
    form = ChoicesForm(sent_form, **_link(subscriber), data=before)
    form.offer(site.spoken().values())
    if sent_form is None or not form.validate():
        return _page("choices", subscriber, token, form)
    rhythm.change(subscriber, subscriptions.Choices(**form.chosen))
    return redirect(url_for(".manage", token=token, lang=form.language.data), 303)


@bp.get(LEAVE)
@bp.get(LEAVE_OF_BEFORE, endpoint="leave_of_before")
def leave(token: str, _lang: str = ""):
    """For whoever follows the address of the mail program's button: on to the page on which they leave."""
    language.speak(_lang if _lang in site.spoken() else language.preferred(request.accept_languages, site.spoken()))
    subscriber = _opened(token)
    return redirect(url_for(".manage", token=token, lang=site.spoken_or_default(subscriber.language)), 303)


@bp.post(LEAVE)
@bp.post(LEAVE_OF_BEFORE, endpoint="leave_of_before_at_once")
def leave_at_once(token: str, _lang: str = ""):
    """The mail program's own button (RFC 8058): no page, no cookie, no question. A second time says the same."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    try:
        subscriptions.leave(subscriptions.find(token))
    except subscriptions.UnknownSubscriber:
        abort(404)
    except subscriptions.NoLongerSubscribed:
        pass
    return Response("You get no more alerts.\n", mimetype="text/plain")


@bp.get(f"{PAGES}/left")
def left():
    """They have left, and nothing is kept of them."""
    return render_template("alerts/left.html")


def _leave(subscriber: Subscriber) -> Response:
    subscriptions.leave(subscriber)
    return redirect(url_for(".left"), 303)


def _opened(token: str) -> Subscriber:
    """The subscriber behind a link: 404 for a forged one, 410 for one whose holder has left."""
    try:
        return subscriptions.find(token)
    except subscriptions.UnknownSubscriber:
        abort(404)
    except subscriptions.NoLongerSubscribed:
        gone = errors.page(
            410,
            heading=_("There are no alerts behind this link"),
            advice=[_("Its holder has left, or never confirmed, and the address was deleted.")],
            link=(_("Ask for alerts"), url_for(".sign_up")),
        )
        abort(make_response(gone))


def _link(subscriber: Subscriber) -> dict[str, str | int]:
    """What binds a form to its link. There is no version: whoever saves last on a page of their own is right."""
    return {"link_id": f"alerts-{subscriber.id}-{subscriber.nonce}", "seen": 0}


def _page(name: str, subscriber: Subscriber, token: str, form):
    g.language_hrefs = {each: url_for(f".{name}", token=token, lang=each) for each in site.spoken()}
    return render_template(f"alerts/{name}.html", subscriber=subscriber, token=token, form=form), form.status_code
