"""The application, page by page: kept from the first page on, checked, and sent once."""

from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge

from ..forms.invitation import HEADINGS, CheckForm, FirstForm
from ..forms.pages import add_error
from ..forms.robots import new_form_number
from ..http import errors, kept, language, limits
from ..http import journey as here
from ..http.journey import CREW, FIRST, LAST, Journey, address_of
from ..models import ApplicationDraft
from ..models.applicant import KINDS
from ..models.document import DocumentKind
from ..models.names import printed, whole_name
from ..services import deadlines, drafts, editions, invitation
from ..services.documents import keeping
from ..services.edition_words import listed
from .draft import later, lost, sent_before
from .invitation import too_often

bp = Blueprint("apply", __name__, url_prefix=f"{language.PREFIX}/invitation/apply")
LATER = ("outlet", "work", "proof", "travel", "photo")
WITH_FILES = ("proof", "photo")
REMOVE = "remove-"


@bp.before_request
def allow_files() -> None:
    """Pages with documents may be larger than others."""
    if (request.view_args or {}).get("name") in WITH_FILES:
        request.max_content_length = here.MOST_BYTES


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge):
    """Files that are too large together: their page once more, with words. It could not be read, so nothing is kept."""
    name, draft = (request.view_args or {}).get("name"), here.draft_here()
    if name not in WITH_FILES or draft is None:
        return errors.page(413)
    way = Journey(draft, editions.open_editions())
    form = way.form(name)
    form.form_errors = [
        _("That was too much at once. Each file must be 10 MB or smaller: choose them anew, one after the other")
    ]
    return _shown(way, name, form, 413)


@bp.route("", methods=["GET", "POST"])
def first():
    """The first page. What is typed is kept from here on."""
    draft, taking = here.draft_here(), editions.open_editions()
    if draft is not None:
        return _page(FIRST, draft, taking)
    if request.method != "POST":
        return _unbegun(taking) if taking else redirect(url_for("invitation.start"), 302)
    form = FirstForm()
    if not taking:
        form.form_errors = [closed()]
    elif form.validate():
        return _begin(form, taking)
    return _first(form, taking, form.status_code)


def _unbegun(taking: list):
    """The first page with no answers yet: the same for everybody who is told nothing on it, but for what lets it be
    sent once, from here.
    """
    once = (generate_csrf(), new_form_number())

    def values() -> dict[str, Any]:
        form = FirstForm()
        form.form_number.data = once[1]
        return values_of(FIRST, form, taking=taking)

    if get_flashed_messages():
        return render_template("invitation/page.html", **values())
    shown = tuple((each.number, each.starts_on) for each in taking)
    return kept.page("invitation/page.html", shown, values, once)


def _first(form: FirstForm, taking: list, status: int, headers: dict[str, str] | None = None) -> Response:
    return make_response(
        render_template("invitation/page.html", **values_of(FIRST, form, taking=taking)), status, headers or {}
    )


def _begin(form: FirstForm, taking: list):
    number = form.form_number.number
    if invitation.was_sent(number):
        return sent_before(number)
    if wait := limits.seconds_to_wait("draft", form.email.data):
        form.form_errors = [too_often(wait)]
        return _first(form, taking, 429, {"Retry-After": str(wait)})
    draft = drafts.begin(number, g.language, FIRST, here.typed_in(form), form.email.data)
    here.hold(draft)
    way = Journey(drafts.anew(draft), taking)
    if request.form.get("go") == "later":
        return later(way, form, lambda: _shown(way, FIRST, form, 429))
    return redirect(address_of(way.open_page), 303)


@bp.route(f"/<any({','.join(LATER)}):name>", methods=["GET", "POST"])
def page(name: str):
    """A later page."""
    draft = here.draft_here()
    if draft is None:
        return lost()
    return _page(name, draft, editions.open_editions())


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
    try:
        refused = here.take_files(way, form)
        way = Journey(drafts.anew(draft), taking)
        sound = way.is_sound(form) if form.documents else sound
        for field, message in refused:
            add_error(field, message)
        return _kept(way, name, form, sound=sound and not refused, whole=not refused)
    except (drafts.UnknownDraft, keeping.NoOwner):
        return lost()


def _kept(way: Journey, name: str, form, *, sound: bool, whole: bool):
    """Keep what was typed, right or wrong, and do what the button says. Half a page may wait, a refused file not."""
    email = form.email.data if name == FIRST and not form.email.errors else None
    drafts.keep(way.draft, name, here.typed_in(form), done=sound, email=email)
    if DocumentKind.PHOTO in form.documents and "focus" in form and not form.focus.errors:
        keeping.focus(way.draft, int(form.focus.data))
    way, go = Journey(drafts.anew(way.draft), way.taking), request.form.get("go", "")
    if go.startswith(REMOVE):
        return _removed(way, name, go[len(REMOVE) :])
    if go == "back":
        return redirect(address_of(way.before(name)), 303)
    if go == "later" and whole:
        return later(way, form, lambda: _shown(way, name, form, 429))
    if not sound:
        return _shown(way, name, form, 422)
    return redirect(f"{address_of(name)}#cut" if go == "show" else address_of(way.open_page), 303)


def _removed(way: Journey, name: str, which: str):
    for number in [each.id for each in way.draft.documents if str(each.id) == which]:
        keeping.remove(way.draft, number)
    return redirect(f"{address_of(name)}#documents", 303)


@bp.route("/check", methods=["GET", "POST"])
def check():
    """Everything once more, with a way to change each, and the button that sends."""
    draft = here.draft_here()
    if draft is None:
        number = request.form.get("number") or session.get(here.SENT, "")
        return sent_before(number) if request.method == "POST" and invitation.was_sent(number) else lost()
    way = Journey(draft, editions.open_editions())
    if way.open_page != LAST:
        return redirect(address_of(way.open_page), 303)
    form = CheckForm()
    if request.method == "POST" and request.form.get("go") == "back":
        return redirect(address_of(way.before(LAST)), 303)
    if request.method == "POST" and not way.taking:
        form.form_errors = [closed()]
    elif form.validate_on_submit():
        if form.shown.data in ("", None, way.mark):
            return _send(way, form)
        form.form_errors = [
            _("Your answers have changed since this page was opened. Look at them once more, then send them")
        ]
        form.declaration.data = False
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


@bp.get("/photo/<int:document_id>.jpg")
def photo(document_id: int):
    """The photo as the pass will show it, for whoever is writing the application."""
    draft = here.draft_here()
    found = [each for each in draft.documents if each.id == document_id] if draft else []
    if not found or found[0].kind is not DocumentKind.PHOTO:
        abort(404)
    return Response(keeping.photo_for_pass(found[0]), mimetype="image/jpeg")


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
        "closed": closed() if way and not way.taking else "",
    }


def _checked(way: Journey, form: CheckForm, status: int, headers: dict[str, str] | None = None) -> Response:
    answers = way.answers
    edition = next((each for each in way.taking if each.number == answers["edition"]), None)
    values = {"answers": answers, "edition": edition, "deadline": _deadline(way), "today": editions.today()}
    values["printed"] = printed(answers["given_name"], answers["family_name"])
    values["members"] = [_member(number, each) for number, each in enumerate(way.crew_answers, 1)]
    page = render_template("invitation/check.html", **values_of(LAST, form, way), **values)
    return make_response(page, status, headers or {})


def _deadline(way: Journey) -> deadlines.Deadline | None:
    """The earliest by which one of those who need a letter or a permit should have applied; all arrive together."""
    arrives_on = way.answers["arrives_on"]
    each_of = [
        deadlines.of(each["applicant_kind"], arrives_on, needs_letter=each["needs_letter"])
        for each in (way.answers, *way.crew_answers)
    ]
    papers = [each for each in each_of if each and (each.letter_days or each.permit_days)]
    return min(papers, key=lambda each: each.apply_by, default=None)


def _member(number: int, answers: dict[str, Any]) -> tuple[str, str, str]:
    name = whole_name(answers["given_name"], answers["family_name"])
    letter = [_("Letter for a visa")] if answers["needs_letter"] else []
    words = listed([name, answers["role"].label, KINDS[answers["applicant_kind"]].about, *letter])
    return _("Member %(number)s", number=number), words, url_for("crew.show", member=number)


def closed() -> str:
    return _("This edition no longer takes applications. Write to us if you still want to come")
