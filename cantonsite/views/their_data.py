"""Behind the applicant's own link: what is held about them, to see, correct, take along and have erased."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from ..database import Changed
from ..forms.review import end_of
from ..forms.their_data import CorrectForm, DownloadForm, EraseForm, PressListForm
from ..http import language
from ..http import their_data as words
from ..models import Link
from ..models.link import Purpose
from ..services import retention, site, their_data
from .links import must_come_from_here, opened

bp = Blueprint("their_data", __name__, url_prefix=f"{language.PREFIX}/invitation")
HERE = "/status/<token>/data"


@bp.get(HERE)
def show(token: str):
    """Everything that is held. Opening it changes nothing."""
    return _page(opened(Purpose.STATUS, token), token)


@bp.post(f"{HERE}/correct")
def correct(token: str):
    """Correct answers while a decision is awaited."""
    must_come_from_here()
    link = opened(Purpose.STATUS, token)
    form = CorrectForm(request.form, link_id=link.id, seen=link.application.version)
    form.offer(link.application.applicant_kind)
    if not form.validate():
        return _page(link, token, correcting=form, code=409 if form.is_overtaken else 422)
    try:
        their_data.correct(link.application, seen=form.seen, **form.answers)
    except Changed:
        return _page(opened(Purpose.STATUS, token), token, correcting=form, code=409)
    return redirect(url_for(".show", token=token), 303)


@bp.post(f"{HERE}/press-list")
def press_list(token: str):
    """Join or leave the press list."""
    must_come_from_here()
    link = opened(Purpose.STATUS, token)
    form = PressListForm(request.form, link_id=link.id, seen=link.application.version)
    if not form.validate():
        return _page(link, token, listing=form, code=422)
    their_data.set_press_list(link.application, wanted=form.press_list.data)
    return redirect(url_for(".show", token=token), 303)


@bp.post(f"{HERE}/download")
def download(token: str):
    """All of it as a zip."""
    must_come_from_here()
    link = opened(Purpose.STATUS, token)
    form = DownloadForm(request.form, link_id=link.id, seen=link.application.version)
    if not form.validate():
        return _page(link, token, taking=form, code=422)
    return words.as_zip(their_data.held(link.application))


@bp.post(f"{HERE}/erase")
def erase(token: str):
    """Erase all of it, confirmed by typing the end of the reference."""
    must_come_from_here()
    try:
        link = opened(Purpose.STATUS, token)
    except NotFound:  # the button was pressed twice: there is nothing any more, as was wished
        return redirect(url_for(".erased"), 303)
    form = EraseForm(request.form, link_id=link.id, seen=link.application.version)
    form.expect(link.application.reference)
    if not form.validate():
        return _page(link, token, erasing=form, code=409 if form.is_overtaken else 422)
    try:
        their_data.erase(link.application, seen=form.seen)
    except Changed:
        return _page(opened(Purpose.STATUS, token), token, erasing=form, code=409)
    return redirect(url_for(".erased"), 303)


@bp.get("/erased")
def erased():
    """Nothing is held any more. The page knows nobody, and says the same to all."""
    return render_template("invitation/data_erased.html")


def _page(link: Link, token: str, *, correcting=None, listing=None, taking=None, erasing=None, code: int = 200):
    held = their_data.held(link.application)
    application = held.application
    fresh = {"link_id": link.id, "seen": application.version}
    if code == 409:  # what was written goes into a form for what there is now
        correcting, erasing = (form and form.anew(**fresh) for form in (correcting, erasing))
    may_correct = held.status in their_data.MAY_CORRECT
    if may_correct:
        present = {name: getattr(application, name) for name in their_data.CORRECTABLE}
        correcting = correcting or CorrectForm(**fresh, data=present)
        correcting.offer(application.applicant_kind)
    forms = {
        "correcting": correcting,
        "listing": listing or PressListForm(**fresh, data={"press_list": application.press_list}),
        "taking": taking or DownloadForm(**fresh),
        "erasing": erasing or EraseForm(**fresh),
    }
    g.language_hrefs = {each: url_for(".show", token=token, lang=each) for each in site.spoken()}
    values = {
        "held": held,
        "application": application,
        "history": words.history(held),
        "openings": words.opened(held),
        "mails": [(words.mail_words(mail), mail.ended_at) for mail in held.mails],
        "rules": retention.of(held.status),
        "reference_end": end_of(application.reference),
        "token": token,
        "code": code,
        "may_correct": may_correct,
    }
    return render_template("invitation/data.html", **values, **forms), code
