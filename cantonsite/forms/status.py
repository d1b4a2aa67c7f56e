"""What applicants do on their own page: answer what was asked, withdraw, ask for a new link."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Optional

from ..models import Application
from ..models.applicant import KINDS, ProofKind
from ..models.asking import fields_of
from ..models.document import DocumentKind
from ..models.invitation import Missing
from .base import AtMost, Form, choices
from .fields import EmailField, LinksField
from .invitation import OutletForm, PhotoForm, WorkForm, YouForm
from .link import LinkForm
from .pages import add_error, file_field
from .proof import ProofForm
from .review import TypedReference
from .robots import Traps


class AnswerForm(LinkForm):
    """The answer to what a reviewer asked for: its fields with their present answers, files, and a word."""

    FIELDS = ("given_name", "family_name", "native_name", "phone", "outlet_name", "outlet_website", "topics", "phases")
    FIELDS += ("arrives_on", "departs_on", "proof_kind", "editor_name", "editor_email", "proof_links")
    CHOSEN = ("phases", "proof_kind")  # a robot can choose; it cannot type without filling in what must stay empty

    given_name = YouForm.given_name
    family_name = YouForm.family_name
    native_name = YouForm.native_name
    phone = YouForm.phone
    outlet_name = OutletForm.outlet_name
    outlet_website = OutletForm.outlet_website
    topics = WorkForm.topics
    phases = WorkForm.phases
    arrives_on = WorkForm.arrives_on
    departs_on = WorkForm.departs_on
    proof_kind = ProofForm.proof_kind
    editor_name = ProofForm.editor_name
    editor_email = ProofForm.editor_email
    proof_links = LinksField(
        _l("Links"),
        description=_l("One address on each line. They are added to those that we have."),
        optional=True,
        render_kw={"rows": 3, "dir": "ltr"},
    )
    press_card = file_field(DocumentKind.PRESS_CARD)
    assignment_letter = file_field(DocumentKind.ASSIGNMENT_LETTER)
    bylines = file_field(DocumentKind.BYLINES)
    masthead = file_field(DocumentKind.MASTHEAD)
    photo = PhotoForm.photo
    focus = PhotoForm.focus
    text = TextAreaField(
        _l("Your answer"),
        validators=[
            AtMost(Application.NOTE_LENGTH, _l("Your answer must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"rows": 4, "dir": "auto"},
    )

    validate_family_name = YouForm.validate_family_name
    validate_phone = YouForm.validate_phone
    validate_departs_on = WorkForm.validate_departs_on

    def open_only(
        self,
        application: Application,
        asked: Sequence[Missing],
        kinds: Sequence[DocumentKind],
        phases: Sequence[tuple[str, str]],
    ) -> Self:
        """Leave only what was asked for, and these kinds of document. `phases` are the edition's with their words."""
        self.application, self.asked, self.kinds = application, asked, kinds
        names = fields_of(asked)
        for name in (*self.FIELDS, *DocumentKind):
            if name not in names and name not in self.kinds:
                del self[name]
        if DocumentKind.PHOTO not in self.kinds:
            del self.focus
        if "phases" in self:
            self.phases.choices = choices(phases)
        if "proof_kind" in self:
            self.proof_kind.choices = choices((each.value, each.label) for each in self._proofs())
        if names or self.kinds:
            self.text.description = _l("A word about it. Needed only if you change nothing above.")
        return self

    def _proofs(self) -> list[ProofKind]:
        mine = KINDS[self.application.applicant_kind].proofs
        return [each for each in ProofKind if each in mine or each is self.application.proof_kind]

    def anew(self, *, link_id: int | str, seen: int) -> Self:
        given = {name: value for name, value in self.data.items() if value not in (None, [])}
        return type(self)(link_id=link_id, seen=seen, data={**present(self.application), **given})

    @property
    def names(self) -> list[str]:
        """The open fields, in order, without the files and the answer in words."""
        return [name for name in self.FIELDS if name in self]

    @property
    def links(self) -> list[str]:
        return self.proof_links.links if "proof_links" in self else []

    @property
    def changes(self) -> dict[str, Any]:
        """The open answers as they are kept."""
        found = {name: self[name].data for name in self.names if name != "proof_links"}
        if "phases" in found:
            found["phases"] = sorted({int(each) for each in found["phases"]})
        if "proof_kind" in found:
            found["proof_kind"] = ProofKind(found["proof_kind"])
        return found

    @property
    def cut(self) -> int | None:
        """Where in the photo the face is, on a grid of three by three, if a photo is open."""
        return int(self.focus.data) if "focus" in self and not self.focus.errors else None

    @property
    def may_keep_files(self) -> bool:
        """Whether it came from the page that stands, and not from a robot."""
        return not (self.csrf_token.errors or self.leave_empty.errors or self.leave_unticked.errors)

    def check(self, has_documents: bool) -> bool:
        """Whether it says something: a typed answer that differs, a file, a link, or words. Ticks alone do not."""
        if "editor_email" in self and (Missing.EDITOR in self.asked or self._by_editor()):
            self._check_editor()
        was = present(self.application)
        typed = [name for name in self.names if name not in (*self.CHOSEN, "proof_links")]
        said = has_documents or self.links or any((self[name].data or "") != (was[name] or "") for name in typed)
        in_words = Missing.OTHER in self.asked or not said
        if in_words and not any(sign.isprintable() and not sign.isspace() for sign in self.text.data or ""):
            add_error(self.text, _l("Enter your answer"))
        return not self.errors

    def _by_editor(self) -> bool:
        return "proof_kind" in self and self.proof_kind.data == ProofKind.EDITOR.value

    def _check_editor(self) -> None:
        if not self.editor_name.data:
            add_error(self.editor_name, _l("Enter the name of your editor"))
        if not self.editor_email.data:
            add_error(self.editor_email, _l("Enter the email address of your editor"))
        elif self.editor_email.data.casefold() == self.application.email_key and not self.editor_email.errors:
            add_error(self.editor_email, _l("Enter your editor’s address, not your own"))


def present(application: Application) -> dict[str, Any]:
    """The present answers, as the fields hold them. Links are not among them: new ones are added."""
    found = {name: getattr(application, name) for name in AnswerForm.FIELDS if name != "proof_links"}
    return {**found, "phases": [str(each) for each in application.phases], "proof_kind": application.proof_kind.value}


class WithdrawForm(TypedReference, LinkForm):
    """Take the application back."""

    id_prefix = "withdraw-"

    reason = TextAreaField(
        _l("Why do you withdraw?"),
        validators=[Optional(), AtMost(500, _l("The reason must be %(most)s characters or fewer; it has %(is)s"))],
        render_kw={"rows": 2, "dir": "auto"},
    )


class FindForm(Traps, Form):
    """Ask for a new link to the status page."""

    email = EmailField(
        _l("Email address that you applied with"), missing=_l("Enter the email address that you applied with")
    )
