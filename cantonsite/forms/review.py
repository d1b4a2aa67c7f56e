"""The decision: ask, approve or decline. It has no default, and what belongs to a choice not taken must be empty."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from ..models import Application
from ..models.invitation import Missing
from ..models.reasons import Reason
from .base import AtMost, Chosen, Form, Versioned, choices, members
from .link import LinkForm

TOO_LONG = _l("The reason must be %(most)s characters or fewer; it has %(is)s")


class DecisionFields:
    """A robot that ticks everything, or the first or the last of everything, contradicts itself here."""

    credentials_checked = BooleanField(
        _l("I have looked at the proof, and it is in order"),
        description=_l("Tick this to approve. Leave it to ask or decline."),
    )
    decision = RadioField(
        _l("What do you decide?"),
        choices=choices(
            [("ask", _l("Ask for something missing")), ("approve", _l("Approve")), ("decline", _l("Decline"))]
        ),
        validators=[Chosen(_l("Select ask, approve or decline"))],
        validate_choice=False,
    )
    missing = SelectMultipleField(
        _l("What is missing?"),
        description=_l("Only if you ask. Tick all that applies."),
        choices=members(Missing),
        validate_choice=False,
    )
    reasons = SelectMultipleField(
        _l("Which rules stand against it?"),
        description=_l("Only if you decline. The applicant reads each in their language."),
        choices=members(Reason),
        validate_choice=False,
    )
    note = TextAreaField(
        _l("Words for the applicant"),
        description=_l("Needed to decline without a rule. The applicant reads them as you write them."),
        validators=[AtMost(Application.NOTE_LENGTH, TOO_LONG)],
        render_kw={"rows": 4, "dir": "auto"},
    )

    def validate_credentials_checked(self, field: BooleanField) -> None:
        if self.decision.data == "approve" and not field.data:
            raise ValidationError(_l("Tick that you have looked at the proof, or choose another decision"))
        if self.decision.data in ("ask", "decline") and field.data:
            raise ValidationError(_l("The proof is ticked as in order, but the decision is not to approve"))

    def validate_missing(self, field: SelectMultipleField) -> None:
        known = {each.value for each in Missing}
        if self.decision.data == "ask" and not (field.data and known.issuperset(field.data)):
            raise ValidationError(_l("Select what is missing"))
        if self.decision.data in ("approve", "decline") and field.data:
            raise ValidationError(_l("Something is ticked as missing, but the decision is not to ask"))

    def validate_reasons(self, field: SelectMultipleField) -> None:
        known = {each.value for each in Reason}
        if field.data and not known.issuperset(field.data):
            raise ValidationError(_l("Select rules from the list"))
        if self.decision.data in ("ask", "approve") and field.data:
            raise ValidationError(_l("A rule is ticked, but the decision is not to decline"))

    def validate_note(self, field: TextAreaField) -> None:
        if self.decision.data == "decline" and not field.data and not self.reasons.data:
            raise ValidationError(_l("Enter the reason for the refusal"))
        if self.decision.data == "ask" and Missing.OTHER.value in (self.missing.data or []) and not field.data:
            raise ValidationError(_l("Describe what else is missing"))

    @property
    def asked(self) -> list[Missing]:
        return [Missing(value) for value in self.missing.data]

    @property
    def broken(self) -> list[Reason]:
        return [Reason(value) for value in self.reasons.data]


class ReviewForm(DecisionFields, LinkForm):
    """The decision behind a reviewer's mailed link."""


class DeskReviewForm(DecisionFields, Versioned, Form):
    """The decision at the desk, where the session protects it."""


class TypedReference:
    """An act that is confirmed by typing the end of the reference: nothing that a robot does by chance."""

    reference = StringField(
        _l("End of the reference"), render_kw={"autocomplete": "off", "spellcheck": "false", "size": 12, "dir": "ltr"}
    )

    def expect(self, reference: str) -> None:
        """Say which reference must be typed."""
        self.expected = end_of(reference)

    def validate_reference(self, field: StringField) -> None:
        typed = "".join(sign for sign in (field.data or "").upper() if sign.isalnum())
        if not typed.endswith(self.expected):
            raise ValidationError(_l("Enter the last six characters of the reference: %(end)s", end=self.expected))


def end_of(reference: str) -> str:
    """The last six characters of a reference, without its dash."""
    return reference.replace("-", "")[-6:]


class UndoForm(TypedReference, LinkForm):
    """Take a decision back."""

    id_prefix = "undo-"


class DeskActForm(Versioned, Form):
    """Undo, reopen or revoke at the desk."""

    act = HiddenField()
    note = TextAreaField(
        _l("Words for the applicant"),
        validators=[AtMost(Application.NOTE_LENGTH, TOO_LONG)],
        render_kw={"rows": 3, "dir": "auto"},
    )

    def validate_note(self, field: TextAreaField) -> None:
        if self.act.data == "revoke" and not field.data:
            raise ValidationError(_l("Enter the reason for taking the invitation back"))
