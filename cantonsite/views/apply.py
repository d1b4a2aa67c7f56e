"""The application, page by page: kept from the first page on, checked, and sent once."""

from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from ..forms.invitation import HEADINGS, CheckForm, FirstForm
from ..forms.pages import add_error
from ..forms.robots import new_form_number
from ..http import journey as here
from ..http import kept, language, limits
from ..http.journey import CREW, FIRST, LAST, Journey
from ..models import ApplicationDraft
from ..models.applicant import KINDS
from ..models.document import DocumentKind
from ..models.names import printed, whole_name
from ..services import deadlines, drafts, editions, invitation
from ..services.documents import keeping
from ..services.edition_words import listed
from .invitation import too_often
from .links import must_come_from_here

bp = Blueprint("apply", __name__, url_prefix=f"{language.PREFIX}/invitation/apply")
LATER = ("outlet", "work", "proof", "travel", "photo")
WITH_FILES = ("proof", "photo")
REMOVE = "remove-"


@bp.before_request
def allow_files() -> None:
    """Pages with documents may be larger than others."""
    if (request.view_args or {}).get("name") in WITH_FILES:
        request.max_content_length = here.MOST_BYTES


@bp.route("", methods=["GET", "POST"])
def first():
    """The first page. What is typed is kept from here on."""
    draft, taking = here.draft_here(), editions.open_editions()
    if draft is not None:
        return _page(FIRST, draft, taking)
    if request.method != "POST":
        return _blank(taking) if taking else redirect(url_for("invitation.start"), 302)
    form = FirstForm()
    if not taking:
        form.form_errors = [closed()]
    elif form.validate():
        return _begin(form, taking)
    return _first(form, taking, form.status_code)


def _blank(taking: list) -> str:
    """The first page with no answers yet: the same for everybody, but for what lets it be sent once, from here."""
    once = (generate_csrf(), new_form_number())

    def values() -> dict[str, Any]:
        form = FirstForm()
        form.form_number.data = once[1]
        return values_of(FIRST, form, taking=taking)

    shown = tuple((each.number, each.starts_on) for each in taking)
    return kept.page("invitation/page.html", shown, values, once)


def _first(form: FirstForm, taking: list, status: int, headers: dict[str, str] | None = None) -> Response:
    return make_response(
        render_template("invitation/page.html", **values_of(FIRST, form, taking=taking)), status, headers or {}
    )


def _begin(form: FirstForm, taking: list):
    number = form.form_number.number
    if invitation.was_sent(number):
        return _sent_before(number)
    if wait := limits.seconds_to_wait("draft", form.email.data):
        form.form_errors = [too_often(wait)]
        return _first(form, taking, 429, {"Retry-After": str(wait)})
    draft = drafts.begin(number, g.language, FIRST, here.typed_in(form), form.email.data)
    here.hold(draft)
    return on_from(draft)


@bp.route(f"/<any({','.join(LATER)}):name>", methods=["GET", "POST"])
def page(name: str):
    """A later page."""
    draft = here.draft_here()
    if draft is None:
        return lost()
    return _page(name, draft, editions.open_editions())


def lost():
    """This browser writes no application: it never began, or what it wrote was sent or deleted."""
    flash(_("Begin here. If you have begun on another device, open the link in our mail there."))
    return redirect(url_for("apply.first"), 303)


def _page(name: str, draft: ApplicationDraft, taking: list):
    way = Journey(draft, taking)
    if name not in way.pages:
        return redirect(address_of(way.open_page), 303)
    if request.method != "POST":
        return _shown(way, name, way.form(name))
    form = way.form(name, request.form)
    sound = form.validate()
    if form.csrf_token.errors:  # whose answers these are is not known: they are shown again, and not kept
        return _shown(way, name, form, 422)
    refused = here.take_files(way, form)
    way = Journey(drafts.get(draft.id) or draft, taking)
    sound = way.is_sound(form) if form.documents else sound
    for field, message in refused:
        add_error(field, message)
    sound = sound and not refused
    try:
        return _kept(way, name, form, sound)
    except drafts.UnknownDraft:
        return lost()


def _kept(way: Journey, name: str, form, sound: bool):
    """Keep what was typed, right or wrong, and do what the button says."""
    email = form.email.data if name == FIRST and sound else None
    drafts.keep(way.draft, name, here.typed_in(form), done=sound, email=email)
    go = request.form.get("go", "")
    if go.startswith(REMOVE) and go[len(REMOVE) :].isdigit():
        keeping.remove(way.draft, int(go[len(REMOVE) :][:15]))
        return redirect(f"{address_of(name)}#documents", 303)
    if DocumentKind.PHOTO in form.documents and "focus" in form and not form.focus.errors:
        keeping.focus(way.draft, int(form.focus.data))
    if go == "back":
        return redirect(address_of(way.before(name)), 303)
    if not sound:
        return _shown(way, name, form, 422)
    if go == "show":
        return redirect(f"{address_of(name)}#documents", 303)
    return on_from(drafts.get(way.draft.id))


def on_from(draft: ApplicationDraft):
    """To the first page that is open, which is the next one or the check."""
    way = Journey(draft, editions.open_editions())
    if request.form.get("go") == "later":
        if not limits.seconds_to_wait("draft-link", way.email):
            drafts.mail_link(draft, way.email, g.language)
        return redirect(url_for("apply.saved"), 303)
    return redirect(address_of(way.open_page), 303)


@bp.route("/check", methods=["GET", "POST"])
def check():
    """Everything once more, with a way to change each, and the button that sends."""
    draft = here.draft_here()
    if draft is None:
        number = request.form.get("number") or session.get(here.SENT, "")
        return _sent_before(number) if request.method == "POST" and invitation.was_sent(number) else lost()
    way = Journey(draft, editions.open_editions())
    if way.open_page != LAST:
        return redirect(address_of(way.open_page), 303)
    form = CheckForm()
    if request.method == "POST" and request.form.get("go") == "back":
        return redirect(address_of(way.before(LAST)), 303)
    if request.method == "POST" and not way.taking:
        form.form_errors = [closed()]
    elif form.validate_on_submit():
        return _send(way, form)
    return _checked(way, form, 422 if form.errors or getattr(form, "form_errors", None) else 200)


def _send(way: Journey, form: CheckForm):
    number, draft_id = way.draft.form_number, way.draft.id  # the draft itself ends
    if wait := limits.seconds_to_wait("apply", way.email):
        form.form_errors = [too_often(wait)]
        return _checked(way, form, 429, {"Retry-After": str(wait)})
    try:
        receipt = invitation.submit(
            form_number=number,
            language=g.language,
            draft_id=draft_id,
            press_list=form.press_list.data,
            crew=way.crew_answers,
            **way.answers,
        )
    except invitation.ApplicationsClosed:
        form.form_errors = [closed()]
        return _checked(way, form, 422)
    here.let_go(number)
    if receipt.form_number is None:
        return redirect(url_for("invitation.received_again"), 303)
    return redirect(url_for("invitation.received", form_number=receipt.form_number), 303)


def _sent_before(number: str):
    """The same form a second time: the first answers stand."""
    flash(_("You had sent this form before. The answers that you sent first are kept; to change them, write to us."))
    return redirect(url_for("invitation.received", form_number=number), 303)


@bp.get("/saved")
def saved():
    """What was typed is kept, and the link to it is in the mail."""
    draft = here.draft_here()
    return lost() if draft is None else render_template("invitation/saved.html", draft=draft, way=Journey(draft, []))


@bp.get("/photo/<int:document_id>.jpg")
def photo(document_id: int):
    """The photo as the pass will show it, for whoever is writing the application."""
    draft = here.draft_here()
    found = [each for each in draft.documents if each.id == document_id] if draft else []
    if not found or found[0].kind is not DocumentKind.PHOTO:
        abort(404)
    return Response(keeping.photo_for_pass(found[0]), mimetype="image/jpeg")


@bp.get("/continue/<token>")
def go_on(token: str):
    """Behind the mailed link: a button, for a program that opens links must not become the one who writes."""
    return render_template("invitation/continue.html", draft=_opened(token), token=token)


@bp.post("/continue/<token>")
def gone_on(token: str):
    """From now on this browser writes the draft."""
    must_come_from_here()
    draft = _opened(token)
    here.hold(draft)
    return redirect(address_of(Journey(draft, editions.open_editions()).open_page), 303)


def _opened(token: str) -> ApplicationDraft:
    try:
        return drafts.opened(token)
    except drafts.UnknownDraft:
        abort(404)


def _shown(way: Journey, name: str, form, status: int = 200) -> Response:
    return make_response(render_template("invitation/page.html", **values_of(name, form, way)), status)


def values_of(name: str, form, way: Journey | None = None, taking: Sequence = ()) -> dict[str, Any]:
    pages = (*way.pages, LAST) if way else tuple(name for name in HEADINGS if name != CREW)
    return {
        "form": form,
        "name": name,
        "way": way,
        "taking": way.taking if way else taking,
        "heading": HEADINGS[name],
        "headings": {each: HEADINGS[each] for each in pages},
        "step": pages.index(name) + 1,
        "last_step": len(pages) if way else None,
        "address_of": address_of,
        "Kind": DocumentKind,
        "life": ApplicationDraft.LIFE.days,
    }


def _checked(way: Journey, form: CheckForm, status: int, headers: dict[str, str] | None = None) -> Response:
    answers = way.answers
    edition = next((each for each in way.taking if each.number == answers["edition"]), None)
    deadline = deadlines.of(answers["applicant_kind"], answers["arrives_on"], needs_letter=answers["needs_letter"])
    values = {"answers": answers, "edition": edition, "deadline": deadline, "today": editions.today()}
    values["printed"] = printed(answers["given_name"], answers["family_name"])
    values["members"] = [_member(number, each) for number, each in enumerate(way.crew_answers, 1)]
    page = render_template("invitation/check.html", **values_of(LAST, form, way), **values)
    return make_response(page, status, headers or {})


def _member(number: int, answers: dict[str, Any]) -> tuple[str, str, str]:
    name = whole_name(answers["given_name"], answers["family_name"])
    letter = [_("Letter for a visa")] if answers["needs_letter"] else []
    words = listed([name, answers["role"].label, KINDS[answers["applicant_kind"]].about, *letter])
    return _("Member %(number)s", number=number), words, url_for("crew.show", member=number)


def address_of(name: str) -> str:
    fixed = {FIRST: "apply.first", CREW: "crew.show", LAST: "apply.check"}
    return url_for(fixed[name]) if name in fixed else url_for("apply.page", name=name)


def closed() -> str:
    return _("This edition no longer takes applications. Write to us if you still want to come")
