"""The page of the proof: links, a file, or the editor's word. Which are enough depends on the kind of applicant."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import Optional

from ..models import Application
from ..models.applicant import KINDS, ApplicantKind, ProofKind
from ..models.document import DocumentKind
from .base import AtMost, Chosen, choices, members
from .fields import LinksField, OptionalEmailField
from .pages import PageForm, add_error, file_field

PROOF_DOCUMENTS = {
    ProofKind.BYLINES: DocumentKind.BYLINES,
    ProofKind.MASTHEAD: DocumentKind.MASTHEAD,
    ProofKind.PRESS_CARD: DocumentKind.PRESS_CARD,
    ProofKind.ASSIGNMENT: DocumentKind.ASSIGNMENT_LETTER,
}


class ProofForm(PageForm):
    """How the applicant shows to be a journalist."""

    documents = (DocumentKind.BYLINES, DocumentKind.MASTHEAD, DocumentKind.PRESS_CARD, DocumentKind.ASSIGNMENT_LETTER)

    uploads = {kind.value: document.value for kind, document in PROOF_DOCUMENTS.items()}

    proof_kind = RadioField(
        _l("How can you show that you are a journalist?"),
        description=_l("One is enough."),
        choices=members(ProofKind),
        validators=[Chosen(_l("Select how you can show that you are a journalist"))],
        validate_choice=False,
    )
    proof_links = LinksField(
        _l("Links to your proof"),
        description=_l("One address on each line, ten at most. A reviewer opens them."),
        optional=True,
        render_kw={"rows": 3, "spellcheck": "false", "dir": "ltr"},
    )
    bylines = file_field(DocumentKind.BYLINES)
    masthead = file_field(DocumentKind.MASTHEAD)
    press_card = file_field(DocumentKind.PRESS_CARD)
    assignment_letter = file_field(DocumentKind.ASSIGNMENT_LETTER)
    editor_name = StringField(
        _l("Name of your editor"),
        validators=[
            Optional(),
            AtMost(Application.NAME_LENGTH, _l("The name must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false", "dir": "auto"},
    )
    editor_email = OptionalEmailField(
        _l("Email address of your editor at the outlet"),
        description=_l("We ask them once whether you report for them. An address of the outlet’s own says most."),
    )

    def offer(self, kind: ApplicantKind) -> None:
        """Only the proofs that this kind of applicant may show."""
        super().offer(kind)
        self.proof_kind.choices = choices((each.value, each.label) for each in KINDS[kind].proofs)

    def check(self, given: Collection[DocumentKind], own_email: str) -> bool:
        """Whether the chosen proof is there: a link, a document of those that were given, or the editor's address."""
        if self.proof_kind.errors or self.proof_links.errors or not self.proof_kind.data:
            return not self.errors
        kind = ProofKind(self.proof_kind.data)
        if kind is ProofKind.EDITOR:
            self._check_editor(own_email)
        elif kind is ProofKind.LINKS and not self.proof_links.links:
            add_error(self.proof_links, _l("Enter at least one link to your proof"))
        elif kind is not ProofKind.LINKS and not self.proof_links.links and PROOF_DOCUMENTS[kind] not in given:
            field = self[PROOF_DOCUMENTS[kind].value]
            if not field.errors:
                add_error(field, _l("Choose a file, or enter a link to your proof"))
        return not self.errors

    def _check_editor(self, own_email: str) -> None:
        if not self.editor_name.data:
            add_error(self.editor_name, _l("Enter the name of your editor"))
        if not self.editor_email.data:
            add_error(self.editor_email, _l("Enter the email address of your editor"))
        elif not self.editor_email.errors and self.editor_email.data.casefold() == own_email.casefold():
            add_error(self.editor_email, _l("Enter your editor’s address, not your own"))
