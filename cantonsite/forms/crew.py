"""One more member of a crew: who they are, and what their kind is asked beyond what the whole crew shares."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from ..models import Application
from ..models.applicant import KINDS, ApplicantKind, Question
from ..models.invitation import ApplicantRole
from ..models.names import is_name
from . import countries
from .base import AtMost, Chosen, choices, members
from .fields import LongSelect
from .invitation import CHOOSE
from .names import name_field, native_name_field
from .pages import PageForm


class MemberForm(PageForm):
    """A member of the crew. The outlet, the days, the proof and the topics are those of whoever applies."""

    asked_of = {"nationality": Question.NATIONALITY, "needs_letter": Question.LETTER, "letter_city": Question.LETTER}

    given_name = name_field(
        _l("Given name"),
        _l("As in the document with which they travel. Any script is fine."),
        _l("Enter the given name"),
        "off",
    )
    family_name = name_field(
        _l("Family name"),
        _l("As in that document. If it shows only one name, enter that name here and a dash above."),
        _l("Enter the family name"),
        "off",
    )
    native_name = native_name_field(
        _l("The name in its own script"),
        _l("If the travel document shows it in Latin letters and they write it otherwise."),
    )
    role = RadioField(
        _l("What do they do?"),
        choices=members(ApplicantRole),
        validators=[Chosen(_l("Select what they do"))],
        validate_choice=False,
    )
    applicant_kind = RadioField(
        _l("Which of these are they?"),
        choices=choices((kind.value, rules.about) for kind, rules in KINDS.items()),
        validators=[Chosen(_l("Select which of these they are"))],
        validate_choice=False,
    )
    nationality = SelectField(
        _l("Nationality or region"),
        description=_l("As in the document with which they travel."),
        validators=[Chosen(_l("Select the nationality or region"))],
        validate_choice=False,
        widget=LongSelect(),
    )
    needs_letter = BooleanField(_l("They need an invitation letter for a visa"))
    letter_city = StringField(
        _l("City in which they apply for the visa"),
        description=_l("Only if they need a letter."),
        validators=[
            AtMost(Application.CITY_LENGTH, _l("The city must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )

    def offer(self, kind: ApplicantKind) -> None:
        super().offer(kind)
        if "nationality" in self:
            codes = KINDS[kind].regions
            named = [(code, countries.name_of(code)) for code in codes] if codes else countries.names()
            self.nationality.choices = choices([CHOOSE, *named])

    @property
    def is_blank(self) -> bool:
        """Whether nobody has been entered."""
        return not any(self[name].data for name in ("given_name", "family_name", "native_name"))

    def validate_family_name(self, field: StringField) -> None:
        if not is_name(self.given_name.data or "", field.data):
            raise ValidationError(_l("Enter the family name"))

    def validate_letter_city(self, field: StringField) -> None:
        if self.needs_letter.data and not field.data:
            raise ValidationError(_l("Enter the city in which they apply for the visa"))
