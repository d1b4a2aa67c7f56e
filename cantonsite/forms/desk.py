"""Forms of the desk: sign in, editions, the roster."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import StopValidation, ValidationError

from ..languages import AT_THE_DESK
from ..models import StaffMember
from ..models.staff import Role
from .base import Answered, AtMost, Chosen, Form, choices, members
from .fields import Day, EmailField


class SignInForm(Form):
    """Ask for a sign-in link."""

    email = EmailField(_l("Your email address at the press office"), missing=_l("Enter your email address"))


class CodeForm(Form):
    """The code that the link shows in another browser."""

    code = StringField(
        _l("Code"),
        description=_l("Six letters and digits, shown where you opened the link."),
        validators=[Answered(_l("Enter the code"))],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "size": 10, "dir": "ltr"},
    )


class EmptyForm(Form):
    """A button that acts: nothing but the protection against forgery."""


class EditionForm(Form):
    """The days of an edition."""

    number = IntegerField(_l("Number of the edition"), render_kw={"inputmode": "numeric", "size": 6})
    starts_on = Day(_l("First day"), _l("Enter the first day of the fair, such as 2027-04-15"))
    ends_on = Day(_l("Last day"), _l("Enter the last day of the fair, such as 2027-05-05"))
    applications_open_on = Day(_l("Applications open on"), _l("Enter the day on which applications open"))
    applications_close_on = Day(_l("Last day of applications"), _l("Enter the last day of applications"))

    def validate_number(self, field: IntegerField) -> None:
        if field.data is None or not 1 <= field.data <= 9999:
            field.errors = []
            raise StopValidation(_l("Enter the number of the edition, such as 141"))

    def validate_ends_on(self, field: Day) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(_l("The last day must be after the first day"))

    def validate_applications_close_on(self, field: Day) -> None:
        if self.applications_open_on.data and field.data and field.data < self.applications_open_on.data:
            raise ValidationError(_l("The last day of applications must be after the day on which they open"))
        if self.ends_on.data and field.data and field.data > self.ends_on.data:
            raise ValidationError(_l("Applications must close before the fair ends"))


class NewStaffForm(Form):
    """Somebody new on the roster."""

    name = StringField(
        _l("Name"),
        validators=[
            Answered(_l("Enter the name")),
            AtMost(StaffMember.NAME_LENGTH, _l("The name must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    email = EmailField(_l("Email address"), missing=_l("Enter the email address"))
    role = RadioField(
        _l("Role"),
        choices=members(Role),
        validators=[Chosen(_l("Select a role"))],
        validate_choice=False,
    )
    language = RadioField(
        _l("Language of mails and desk"),
        choices=choices((each.code, each.name) for each in AT_THE_DESK.values()),
        validators=[Chosen(_l("Select a language"))],
        validate_choice=False,
    )


class StaffForm(NewStaffForm):
    """One line of the roster. The address stays: links and history hang on it."""

    email = None
