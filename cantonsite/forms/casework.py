"""What colleagues keep beside a file: a note, tags, who looks at it, what they found a document to be."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from ..models import ApplicationNote, Document
from ..models.document import Verdict
from .base import Answered, AtMost, Chosen, Form, choices, members

NOBODY = ("", _l("Nobody"))


class NoteForm(Form):
    """A note for colleagues."""

    text = TextAreaField(
        _l("Note for colleagues"),
        description=_l("The applicant never sees it."),
        validators=[
            Answered(_l("Enter a note")),
            AtMost(ApplicationNote.TEXT_LENGTH, _l("The note must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"rows": 3, "dir": "auto"},
    )


class MarksForm(Form):
    """Tags, and who looks at it."""

    tags = StringField(
        _l("Tags"),
        description=_l("Separated by commas, such as: tv, ask the embassy"),
        validators=[AtMost(400, _l("The tags must be %(most)s characters or fewer together; they have %(is)s"))],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    assigned = SelectField(_l("Given to"), description=_l("Everybody may still decide."), validate_choice=False)

    def with_colleagues(self, colleagues: Iterable[tuple[str, str]]) -> "MarksForm":
        """The form with those to whom it may be given."""
        self.assigned.choices = choices([NOBODY, *colleagues])
        return self

    @property
    def tag_list(self) -> list[str]:
        return (self.tags.data or "").replace("，", ",").replace("、", ",").replace("،", ",").split(",")

    @property
    def colleague(self) -> int | None:
        given = self.assigned.data or ""
        return int(given) if given.isascii() and given.isdigit() else None


class VerdictForm(Form):
    """What a document was found to be."""

    verdict = RadioField(
        _l("Is this document in order?"),
        choices=members(Verdict),
        validators=[Chosen(_l("Select whether the document is in order"))],
        validate_choice=False,
    )
    reason = StringField(
        _l("What is wrong with it"),
        description=_l("Needed if it is not in order. The applicant reads it when you ask for another."),
        validators=[
            AtMost(Document.REASON_LENGTH, _l("The reason must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )

    def validate_reason(self, field: StringField) -> None:
        if self.verdict.data == Verdict.REFUSED.value and not field.data:
            raise ValidationError(_l("Enter what is wrong with the document"))
