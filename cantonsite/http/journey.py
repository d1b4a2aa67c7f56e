"""The application that is being written in this browser: its draft, its pages, and what they amount to."""

import json
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any

from flask import request, session, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from ..forms.crew import MemberForm
from ..forms.invitation import PAGES, PageForm, WorkForm, pages_for
from ..forms.proof import ProofForm
from ..models import Application, ApplicationDraft, Edition
from ..models.applicant import KINDS, ApplicantKind, ProofKind
from ..models.document import DocumentKind
from ..models.edition import PRODUCT_GROUPS
from ..models.invitation import ApplicantRole, OutletKind
from ..services import drafts
from ..services.documents import keeping, sanitising
from ..services.edition_words import day_range, edition_name, listed

KEPT = "draft"
SENT = "sent"  # the number of the form that this browser sent last
FIRST, CREW, LAST = "you", "crew", "check"
MOST_BYTES = 45 * 1024 * 1024  # of a page with its files; each has its own limit, said beside its field


def draft_here() -> ApplicationDraft | None:
    """The draft that this browser writes. Its cookie is good for as long as the draft: counted from the last change."""
    draft = drafts.find(*(session.get(KEPT) or (None, None)))
    if draft and request.method == "POST":
        hold(draft)
    return draft


def hold(draft: ApplicationDraft) -> None:
    """From now on this browser writes this draft."""
    session[KEPT] = [draft.id, draft.nonce]


def let_go(form_number: str) -> None:
    """The draft was sent; pressed once more, the button leads to the same receipt."""
    session.pop(KEPT, None)
    session[SENT] = form_number


def typed_in(form: PageForm) -> dict[str, list[str]]:
    """What the fields of a page hold as they were sent."""
    return {name: request.form.getlist(name) for name in form.names}


def texts_in(given: MultiDict) -> list[tuple[Any, str]]:
    """What somebody typed into a page of the application, each beside the words of its field."""
    forms = [form(meta={"csrf": False}) for form in (*PAGES.values(), MemberForm)]
    labels = {field.name: field.label.text for form in forms for field in form if isinstance(field, StringField)}
    return [(labels[name], value) for name, value in given.items(multi=True) if name in labels and value.strip()]


def address_of(name: str) -> str:
    """Where a page of the application is."""
    fixed = {FIRST: "apply.first", CREW: "crew.show", LAST: "apply.check"}
    return url_for(fixed[name]) if name in fixed else url_for("apply.page", name=name)


class Journey:
    """A draft and the editions that take applications: which pages there are, and what was answered on them.

    It tells of the draft as it was: whoever changes the draft makes another.
    """

    def __init__(self, draft: ApplicationDraft, taking: Sequence[Edition]):
        self.draft, self.taking = draft, taking
        self.kind = _kind(draft)
        self.form_pages = pages_for(self.kind)
        self.crew = [self.member(typed, meta={"csrf": False}) for typed in draft.crew] if self._with_crew else []
        after = self.form_pages.index("work") + 1
        self.pages = (*self.form_pages[:after], CREW, *self.form_pages[after:]) if self._with_crew else self.form_pages

    @property
    def _with_crew(self) -> bool:
        return bool(self.draft.typed.get("work", {}).get("with_crew"))

    def member(self, formdata: Any = None, **kwargs: Any) -> MemberForm:
        """The form of a member of the crew, asking what their kind is asked; without answers, that of the applicant."""
        data = MultiDict(formdata) if formdata else None
        form = MemberForm(data, **kwargs)
        if not form.applicant_kind.data:
            form.applicant_kind.data = self.kind.value
        chosen = form.applicant_kind.data
        form.offer(ApplicantKind(chosen) if chosen in set(ApplicantKind) else self.kind)
        return form

    def form(self, name: str, formdata: Any = None, **kwargs: Any) -> PageForm:
        """The form of a page: with what was sent, or else with what was typed before."""
        before = self.draft.typed.get(name)
        if formdata is None and before is not None:
            formdata = MultiDict(before)
        form = PAGES[name](formdata, **kwargs)
        form.offer(self.kind)
        if isinstance(form, WorkForm):
            form.for_editions(self.taking, words_of)
        return form

    def is_sound(self, form: PageForm) -> bool:
        """Whether a page's answers can be taken."""
        sound = form.validate()
        if isinstance(form, ProofForm) and "csrf_token" not in form.errors:
            sound = form.check({each.kind for each in self.draft.documents}, self.email)
        return sound

    @property
    def email(self) -> str:
        """The address of whoever writes, as it is kept; "" as long as there is none that mail could go to."""
        form = self.form(FIRST, meta={"csrf": False})
        return form.email.data if form.email.validate(form) else ""

    @cached_property
    def open_page(self) -> str:
        """The first page whose answers are not there or cannot be taken any more; the last one if there is none."""
        return next((name for name in self.pages if not self._is_done(name)), LAST)

    def _is_done(self, name: str) -> bool:
        if name == CREW:
            return CREW in self.draft.done and bool(self.crew) and all(form.validate() for form in self.crew)
        return name in self.draft.done and self.is_sound(self.form(name, meta={"csrf": False}))

    def before(self, name: str) -> str:
        """The page before this one."""
        at = len(self.pages) if name == LAST else self.pages.index(name)
        return self.pages[max(0, at - 1)]

    def given(self, kind: DocumentKind) -> list[Any]:
        """The documents of one kind."""
        return [each for each in self.draft.documents if each.kind is kind]

    @property
    def mark(self) -> str:
        """What the check page shows, as a short text: another one as soon as an answer or a file is another."""
        files = [(each.id, each.focus) for each in self.draft.documents]
        shown = json.dumps([self.draft.typed, self.draft.crew, files], sort_keys=True)
        return blake2b(shown.encode(), digest_size=12).hexdigest()

    @cached_property
    def forms(self) -> dict[str, PageForm]:
        """Every page with its answers, validated."""
        forms = {name: self.form(name, meta={"csrf": False}) for name in self.form_pages}
        for form in forms.values():
            self.is_sound(form)
        return forms

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What was answered, as the verb takes it. Every page must be done."""
        forms = self.forms
        found = {name: value for form in forms.values() for name, value in form.answers.items()}
        rules, proof = KINDS[self.kind], ProofKind(found["proof_kind"])
        by_editor, letter = proof is ProofKind.EDITOR, bool(found.get("needs_letter"))
        texts = ("native_name", "phone", "outlet_website", "topics", "interviews")
        return {
            **{name: found[name] or "" for name in texts},
            **{name: found[name] for name in ("given_name", "family_name", "email", "outlet_name", "live_broadcast")},
            **{name: found.get(name) for name in ("arrives_on", "departs_on")},
            "applicant_kind": self.kind,
            "nationality": found.get("nationality") or rules.regions[0],
            "role": ApplicantRole(found["role"]),
            "outlet_kind": OutletKind(found["outlet_kind"]),
            "outlet_country": found.get("outlet_country") or rules.regions[0],
            "edition": int(found["edition"]),
            "phases": sorted({int(phase) for phase in found["phases"]}),
            "proof_kind": proof,
            "proof_links": forms["proof"].proof_links.links,
            "editor_name": found["editor_name"] or "" if by_editor else "",
            "editor_email": found["editor_email"] or "" if by_editor else "",
            "needs_letter": letter,
            "letter_city": found.get("letter_city") or "" if letter else "",
        }

    @property
    def crew_answers(self) -> list[dict[str, Any]]:
        """What was answered of each member, as the verb takes it."""
        return [_member_answers(form) for form in self.crew]


def _member_answers(form: MemberForm) -> dict[str, Any]:
    found, kind = form.answers, ApplicantKind(form.applicant_kind.data)
    letter = bool(found.get("needs_letter"))
    return {
        **{name: found[name] or "" for name in ("given_name", "family_name", "native_name")},
        "applicant_kind": kind,
        "role": ApplicantRole(found["role"]),
        "nationality": found.get("nationality") or KINDS[kind].regions[0],
        "needs_letter": letter,
        "letter_city": found.get("letter_city") or "" if letter else "",
    }


def typed_of_member(application: Application) -> dict[str, list[str]]:
    """A member of a crew as the form would hold them, but for the letter, which is asked anew."""
    names = ("given_name", "family_name", "native_name", "role", "applicant_kind", "nationality")
    return {name: [str(getattr(application, name))] for name in names}


def typed_of(application: Application, *, with_crew: bool = False) -> dict[str, dict[str, list[str]]]:
    """An application's answers as its pages would hold them, but for what is asked anew: edition, days and proof."""
    once = {"edition", "phases", "arrives_on", "departs_on", "live_broadcast", "needs_letter", "letter_city"}
    typed: dict[str, dict[str, list[str]]] = {}
    for page in ("you", "outlet", "travel"):
        names = [name for name in PAGES[page]().names if name not in once]
        typed[page] = {name: [str(getattr(application, name))] for name in names}
    crew = {"with_crew": ["y"]} if with_crew else {}
    typed["work"] = {"topics": [application.topics], "interviews": [application.interviews], **crew}
    return typed


def take_files(journey: Journey, form: PageForm) -> list[tuple[Any, str]]:
    """Keep the files of a page, each at once, whatever else is wrong. Gives field and message of those refused."""
    refused = []
    for kind in form.documents:
        for file in request.files.getlist(kind.value):
            if not file.filename:
                continue
            try:
                keeping.take_in(journey.draft, kind, file.read(), file.filename)
            except (sanitising.Refused, keeping.TooMany) as error:
                refused.append((form[kind.value], error.args[0]))
    return refused


def _kind(draft: ApplicationDraft) -> ApplicantKind:
    typed = (draft.typed.get(FIRST, {}).get("applicant_kind") or [""])[0]
    return ApplicantKind(typed) if typed in set(ApplicantKind) else ApplicantKind.SHORT_TERM


def words_of(edition: Edition | None, phase: int | None = None) -> str:
    """The label of an edition, or of one of its phases."""
    if phase is None:
        return listed([edition_name(edition), day_range(edition.starts_on, edition.ends_on)])
    days = next((day_range(p.starts_on, p.ends_on) for p in edition.phases if p.number == phase), "") if edition else ""
    name = _("Phase %(number)s", number=phase)
    return _("%(phase)s: %(products)s", phase=listed([name, days]), products=PRODUCT_GROUPS[phase])
