"""The page of the application on which somebody names those of a crew, one after the other."""

import json
from hashlib import blake2b
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _

from ..forms.crew import MemberForm
from ..forms.pages import add_error
from ..http import journey as here
from ..http import language
from ..http.journey import CREW, LAST, Journey, address_of
from ..models import ApplicationDraft
from ..models.invitation import ApplicantRole
from ..models.names import whole_name
from ..services import drafts, editions
from ..services.folding import name_key
from .apply import values_of
from .draft import later, lost

bp = Blueprint("crew", __name__, url_prefix=f"{language.PREFIX}/invitation/apply/crew")
REMOVE = "remove-"


@bp.get("")
def show():
    """Those who are in the crew, and a form for one more, or for the one that is to be changed."""
    way = _way()
    if way is None or CREW not in way.pages:
        return lost() if way is None else redirect(address_of(way.open_page), 303)
    at = _number(request.args.get("member"), way)
    typed = way.draft.crew[at] if at is not None else way.draft.typed.get(CREW)
    return _page(way, way.member(typed), at)


@bp.post("")
def act():
    """Take a member in, change one, take one out; then stay, or go where the button says."""
    way = _way()
    if way is None or CREW not in way.pages:
        return lost() if way is None else redirect(address_of(way.open_page), 303)
    form, at = way.member(request.form), _marked(request.form.get("member"), way)
    sound = form.validate()
    if form.csrf_token.errors:
        return _page(way, form, at, 422)
    go = request.form.get("go", "")
    try:
        if go.startswith(REMOVE):
            return _remove(way, go)
        if form.is_blank and go != "add":
            return _leave(way, form, go)
        return _take_in(way, form, at, go, sound)
    except drafts.UnknownDraft:
        return lost()


def _take_in(way: Journey, form: MemberForm, at: int | None, go: str, sound: bool):
    typed = here.typed_in(form)
    if sound and _is_known(way, form, at):
        add_error(form.given_name, _("This person is in your crew already"))
        sound = False
    if not sound:  # what is half written is kept, and waits here
        drafts.keep(way.draft, CREW, typed, done=False)
        if go == "later":
            return later(_fresh(way), form, lambda: _page(way, form, at, 429))
        return redirect(address_of(way.before(CREW)), 303) if go == "back" else _page(way, form, at, 422)
    try:
        drafts.put_member(way.draft, CREW, typed, None if at is None else way.draft.crew[at])
    except drafts.CrewFull:
        most = ApplicationDraft.MOST_MEMBERS
        add_error(form.given_name, _("A crew has %(most)s members at most. For more of them, write to us", most=most))
        return _page(way, form, at, 422)
    if go == "add":
        open_page = _fresh(way).open_page if at is not None else CREW
        return redirect(address_of(LAST) if open_page == LAST else f"{address_of(CREW)}#crew", 303)
    return _leave(_fresh(way), form, go)


def _leave(way: Journey, form: MemberForm, go: str):
    if go == "back":
        return redirect(address_of(way.before(CREW)), 303)
    if not way.crew and go != "later":
        form.form_errors = [_("Add a member of your crew, or go back and say that you apply for yourself alone")]
        return _page(way, form, None, 422)
    drafts.keep(way.draft, CREW, {}, done=bool(way.crew))
    now = _fresh(way)
    return (
        later(now, form, lambda: _page(now, form, None, 429))
        if go == "later"
        else redirect(address_of(now.open_page), 303)
    )


def _remove(way: Journey, go: str):
    at = _marked(go[len(REMOVE) :], way)
    if at is not None:
        drafts.remove_member(way.draft, way.draft.crew[at])
    return redirect(f"{address_of(CREW)}#crew", 303)


def _is_known(way: Journey, form: MemberForm, at: int | None) -> bool:
    """Whether the applicant, or another of the crew, has this name. The same form sent twice is no mistake."""
    you = way.form(here.FIRST, meta={"csrf": False})
    others = [you, *(each for number, each in enumerate(way.crew) if number != at)]
    mine, typed = _key(form), here.typed_in(form)
    return any(_key(each) == mine for each in others) and (at is not None or typed not in way.draft.crew)


def _key(form: Any) -> str:
    return name_key(form.given_name.data or "", form.family_name.data or "")


def _way() -> Journey | None:
    draft = here.draft_here()
    return None if draft is None else Journey(draft, editions.open_editions())


def _fresh(way: Journey) -> Journey:
    return Journey(drafts.anew(way.draft), way.taking)


def _number(given: str | None, way: Journey) -> int | None:
    """Which of the members an address means, counted from 1."""
    at = int(given[:3]) - 1 if given and given.isascii() and given.isdigit() else -1
    return at if 0 <= at < len(way.draft.crew) else None


def _marked(mark: str | None, way: Journey) -> int | None:
    """Which of the members a page meant that showed them as they are; None if there is none such any more."""
    return next((at for at, each in enumerate(way.draft.crew) if _mark(each) == mark), None)


def _mark(member: Any) -> str:
    """Members have no number of their own: pressed twice, a button would take out the next one too."""
    return blake2b(json.dumps(member, sort_keys=True).encode(), digest_size=8).hexdigest()


def _page(way: Journey, form: MemberForm, at: int | None, code: int = 200):
    names = [whole_name(each.given_name.data or "", each.family_name.data or "") for each in way.crew]
    crew = list(zip(names, way.crew, [_mark(each) for each in way.draft.crew], strict=True))
    values = values_of(CREW, form, way)
    roles = {each.value: each.label for each in ApplicantRole}
    return render_template("invitation/crew.html", **values, crew=crew, roles=roles, at=at), code
