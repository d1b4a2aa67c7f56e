"""The applicant's own page: where the application stands, what was asked, answer, withdraw."""

from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.datastructures import CombinedMultiDict

from .. import clock
from ..database import Changed
from ..forms.pages import add_error
from ..forms.review import end_of
from ..forms.status import AnswerForm, WithdrawForm, present
from ..http import language, steps
from ..http.journey import MOST_BYTES, words_of
from ..models import Application, AuditEvent, Document, Link
from ..models.document import DocumentKind
from ..models.invitation import Status, TransitionNotAllowed
from ..models.link import Purpose
from ..models.reasons import Reason
from ..services import asking, crews, editions, invitation, places, site, timeline
from ..services.documents import keeping, sanitising
from .links import must_come_from_here, opened

bp = Blueprint("status", __name__, url_prefix=f"{language.PREFIX}/invitation/status")
MAY_WITHDRAW = (Status.SUBMITTED, Status.INFORMATION_NEEDED, Status.WAITING_LIST, Status.APPROVED)


@bp.before_request
def allow_files() -> None:
    """An answer may hold documents."""
    if request.endpoint == "status.answer":
        request.max_content_length = MOST_BYTES


@bp.get("/<token>")
def show(token: str):
    """Where the application stands. Opening it changes nothing."""
    return _page(opened(Purpose.STATUS, token), token)


@bp.post("/<token>/answer")
def answer(token: str):
    """Answer what was asked."""
    must_come_from_here()
    link = opened(Purpose.STATUS, token)
    asked = _asked(link)
    form = _answer_form(link, asked, CombinedMultiDict((request.files, request.form)))
    form.validate()
    if form.is_overtaken or asked is None:
        return _page(link, token, answering=form, code=409)
    if form.may_keep_files and form.kinds:
        _take_files(link.application, asked, form)
        link = opened(Purpose.STATUS, token)  # what was read before has expired with the writing
        if request.form.get("go") == "show":
            return _cut(link, asked, token, form)
    if not form.check(bool(asking.documents_since(link.application, asked))):
        return _page(link, token, answering=form, code=422)
    answers = {"text": form.text.data or "", "proof_links": form.links, "changes": form.changes, "cut": form.cut}
    try:
        asking.answer(link.application, seen=form.seen, **answers)
    except (Changed, TransitionNotAllowed):
        return _overtaken(token, answering=form)
    return redirect(url_for(".show", token=token), 303)


@bp.get("/<token>/photo/<int:document_id>.jpg")
def photo(token: str, document_id: int):
    """A photo that was given in answer, as the pass will show it, until the answer is sent."""
    link = opened(Purpose.STATUS, token)
    found = [each for each in _photos(link.application, _asked(link)) if each.id == document_id]
    if not found:
        abort(404)
    return Response(keeping.photo_for_pass(found[0]), mimetype="image/jpeg")


@bp.post("/<token>/withdraw")
def withdraw(token: str):
    """Take the application back, confirmed by typing the end of its reference."""
    must_come_from_here()
    link = opened(Purpose.STATUS, token)
    form = WithdrawForm(request.form, link_id=link.id, seen=link.application.version)
    form.expect(link.application.reference)
    if not form.validate():
        possible = _shown_status(link) in MAY_WITHDRAW
        return _page(link, token, withdrawing=form, code=409 if form.is_overtaken or not possible else 422)
    try:
        invitation.withdraw(link.application, seen=form.seen, reason=form.reason.data or "")
    except (Changed, TransitionNotAllowed):
        return _overtaken(token, withdrawing=form)
    return redirect(url_for(".show", token=token), 303)


def _photos(application: Application, asked: AuditEvent | None) -> list[Document]:
    """The photo that was given in answer, if there is one."""
    since = asking.documents_since(application, asked) if asked else []
    return [each for each in since if each.kind is DocumentKind.PHOTO]


def _cut(link: Link, asked: AuditEvent, token: str, form: AnswerForm):
    """The page once more, with the photo that was given in answer as the pass will show it; nothing is answered yet."""
    if form.cut and _photos(link.application, asked):
        keeping.focus(link.application, form.cut)
        link = opened(Purpose.STATUS, token)
    return _page(link, token, answering=form, code=422 if form.errors else 200)


def _asked(link: Link) -> AuditEvent | None:
    """The question that waits for an answer, as far as the applicant has been told of it."""
    lines = timeline.shown(link.application, clock.now())
    return lines[-1] if lines and lines[-1].kind == "asked" else None


def _answer_form(link: Link, asked: AuditEvent | None, given: Any = None) -> AnswerForm:
    application = link.application
    focus = [str(each.focus) for each in keeping.of(application, DocumentKind.PHOTO)]
    answers = {**present(application), **({"focus": focus[0]} if focus else {})}
    form = AnswerForm(given, link_id=link.id, seen=application.version, data=answers)
    return _open(form, link, asked)


def _open(form: AnswerForm, link: Link, asked: AuditEvent | None) -> AnswerForm:
    """The form with no more than what was asked for."""
    edition = editions.get(link.application.edition.number)
    phases = [(str(each.number), words_of(edition, each.number)) for each in edition.phases]
    return form.open_only(link.application, asking.asked_of(asked), asking.open_kinds(asked), phases)


def _take_files(application: Application, asked: AuditEvent, form: AnswerForm) -> None:
    """Keep the files that came, each at once, whatever else is wrong."""
    for kind in form.kinds:
        for file in request.files.getlist(kind.value):
            if not file.filename:
                continue
            try:
                asking.take_in(application, asked, kind, file.read(), file.filename)
            except keeping.NoOwner:  # erased meanwhile: nothing is behind the link any more
                return
            except (sanitising.Refused, keeping.TooMany) as error:
                add_error(form[kind.value], error.args[0])


def _overtaken(token: str, **forms):
    """The page as it is now; what was written is shown again, so that nothing is lost."""
    return _page(opened(Purpose.STATUS, token), token, code=409, **forms)


def _shown_status(link: Link) -> Status:
    return timeline.shown_status(link.application, clock.now())


def _page(link: Link, token: str, *, answering=None, withdrawing=None, code: int = 200):
    application, now = link.application, clock.now()
    status = timeline.shown_status(application, now)
    lines = timeline.shown(application, now)
    asked = lines[-1] if lines and status is Status.INFORMATION_NEEDED else None
    fresh = {"link_id": link.id, "seen": application.version}
    if code == 409:  # what was written goes into a form for what there is now
        answering, withdrawing = (form and form.anew(**fresh) for form in (answering, withdrawing))
        answering = answering and _open(answering, link, asked)
    g.language_hrefs = {each: url_for(".show", token=token, lang=each) for each in site.spoken()}
    return (
        render_template(
            "invitation/status.html",
            application=application,
            edition=application.edition,
            status=status,
            steps=steps.for_applicant(application, lines, status),
            asked=asked,
            line=lines[-1] if lines else None,
            missing=[item.label for item in asking.asked_of(asked)],
            given=asking.documents_since(application, asked) if asked else [],
            photos=_photos(application, asked),
            answering=answering or (_answer_form(link, asked) if asked else None),
            withdrawing=(withdrawing or WithdrawForm(**fresh)) if status in MAY_WITHDRAW else None,
            reference_end=end_of(application.reference),
            place=places.place_in_line(application) if status is Status.WAITING_LIST else None,
            crew=_crew(application),
            token=token,
            code=code,
            Status=Status,
            Reason=Reason,
            DocumentKind=DocumentKind,
        ),
        code,
    )


def _crew(application: Application) -> list[dict[str, Any]]:
    """The others of the crew: each with what may be known of it by now, and the way to its own page."""
    others = [each for each in crews.of(application) if each.id != application.id]
    tokens = crews.status_tokens(others)
    now = clock.now()
    return [
        {"application": each, "status": timeline.shown_status(each, now), "token": tokens.get(each.id)}
        for each in others
    ]
