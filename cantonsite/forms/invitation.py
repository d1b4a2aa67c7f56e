"""The application, in parts that can become pages: person, outlet, work at the fair, proof, declaration."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TelField, TextAreaField
from wtforms.validators import Optional, ValidationError

from ..models import Application, Edition
from ..models.invitation import ApplicantRole, OutletKind, ProofKind
from . import countries
from .base import Answered, AtMost, Chosen, Form, Ticked, choices, members
from .fields import EmailField, LinksField, LongSelect, WebAddressField
from .robots import FormNumberField, Traps, new_form_number

CHOOSE = ("", _l("Choose one"))
PHASES = (1, 2, 3)


def _name(label: Any, description: Any, missing: Any, autocomplete: str) -> StringField:
    too_long = _l("The name must be %(most)s characters or fewer; it has %(is)s")
    return StringField(
        label,
        description=description,
        validators=[Answered(missing), AtMost(Application.NAME_LENGTH, too_long)],
        render_kw={"autocomplete": autocomplete, "spellcheck": "false", "dir": "auto"},
    )


class PersonPart:
    """Who applies, and how to reach them."""

    given_name = _name(
        _l("Given name"), _l("As in your passport. Any script is fine."), _l("Enter your given name"), "given-name"
    )
    family_name = _name(
        _l("Family name"),
        _l("As in your passport. If it shows only one name, enter that name here and a dash above."),
        _l("Enter your family name"),
        "family-name",
    )
    email = EmailField(
        _l("Email address"), description=_l("We send our answer to it."), missing=_l("Enter your email address")
    )
    phone = TelField(
        _l("Phone"),
        description=_l("Any form, with the country code. We call only if a mail does not reach you."),
        validators=[
            Optional(),
            AtMost(
                Application.PHONE_LENGTH, _l("The phone number must be %(most)s characters or fewer; it has %(is)s")
            ),
        ],
        render_kw={"autocomplete": "tel", "dir": "ltr", "size": 24},
    )
    nationality = SelectField(
        _l("Nationality or region"),
        description=_l("As in the document with which you travel."),
        validators=[Chosen(_l("Select your nationality or region"))],
        validate_choice=False,
        widget=LongSelect(),
        render_kw={"autocomplete": "country"},
    )

    def validate_phone(self, field: TelField) -> None:
        digits = sum(sign.isdigit() for sign in field.data or "")
        if field.data and not 5 <= digits <= 20:
            raise ValidationError(_l("Enter a phone number with its digits, such as +44 20 7946 0000"))


class OutletPart:
    """Whom the applicant works for, and as what."""

    role = RadioField(
        _l("What do you do?"),
        choices=members(ApplicantRole),
        validators=[Chosen(_l("Select what you do"))],
        validate_choice=False,
    )
    outlet_name = StringField(
        _l("Name of your outlet"),
        description=_l("As on the masthead or on air. If you are freelance: the outlet that you report for most."),
        validators=[
            Answered(_l("Enter the name of your outlet")),
            AtMost(Application.OUTLET_LENGTH, _l("The name must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"autocomplete": "organization", "dir": "auto"},
    )
    outlet_kind = RadioField(
        _l("What kind of outlet is it?"),
        choices=members(OutletKind),
        validators=[Chosen(_l("Select what kind of outlet it is"))],
        validate_choice=False,
    )
    outlet_country = SelectField(
        _l("Country or region of your outlet"),
        validators=[Chosen(_l("Select the country or region of your outlet"))],
        validate_choice=False,
        widget=LongSelect(),
    )
    outlet_website = WebAddressField(
        _l("Website of your outlet"),
        validators=[
            Optional(),
            AtMost(
                Application.WEBSITE_LENGTH, _l("The web address must be %(most)s characters or fewer; it has %(is)s")
            ),
        ],
        render_kw={"autocomplete": "url", "inputmode": "url", "spellcheck": "false", "dir": "ltr"},
    )


class WorkPart:
    """Which edition and phases, and what about."""

    edition = RadioField(
        _l("Which edition?"),
        validators=[Chosen(_l("Select an edition that takes applications"))],
        validate_choice=False,
    )
    phases = SelectMultipleField(
        _l("Which phases?"),
        description=_l("Select all in which you come."),
        validators=[Chosen(_l("Select at least one phase"))],
        validate_choice=False,
    )
    topics = TextAreaField(
        _l("What do you want to report on?"),
        description=_l("A line or two. It helps us to find people for you to talk to."),
        validators=[
            Optional(),
            AtMost(Application.TOPICS_LENGTH, _l("The topics must be %(most)s characters or fewer; they have %(is)s")),
        ],
        render_kw={"rows": 3, "dir": "auto"},
    )


class ProofPart:
    """How the applicant shows to be a journalist."""

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
        missing=_l("Enter at least one link to your proof"),
        render_kw={"rows": 4, "spellcheck": "false", "dir": "ltr"},
    )


class ClosingPart:
    """The letter for a visa, and the declaration."""

    needs_letter = BooleanField(
        _l("I need an invitation letter for a visa"),
        description=_l("We ask for passport data only after a yes, never before."),
    )
    declaration = BooleanField(
        _l("What I have written is true, and I come to report for the public"),
        validators=[Ticked(_l("Tick that what you have written is true"))],
    )


class ApplicationForm(PersonPart, OutletPart, WorkPart, ProofPart, ClosingPart, Traps, Form):
    """The whole application on one page. `parts` are its headings with their fields, in order."""

    form_number = FormNumberField()
    not_answers = ("form_number", "declaration", "leave_empty", "leave_unticked")

    parts = (
        (_l("About you"), ("given_name", "family_name", "email", "phone", "nationality")),
        (_l("Your outlet and your work"), ("role", "outlet_name", "outlet_kind", "outlet_country", "outlet_website")),
        (_l("Your visit"), ("edition", "phases", "topics")),
        (_l("Your proof"), ("proof_kind", "proof_links")),
        (_l("Letter and declaration"), ("needs_letter", "declaration")),
    )

    @classmethod
    def for_editions(cls, editions: Iterable[Edition], words: Any) -> "ApplicationForm":
        """The form for these editions. `words` turns an edition, or a phase of one, into its label."""
        form = cls()
        editions = list(editions)
        for field in (form.nationality, form.outlet_country):
            field.choices = choices([CHOOSE, *countries.names()])
        form.edition.choices = choices((str(edition.number), words(edition)) for edition in editions)
        only = editions[0] if len(editions) == 1 else None
        if only and not form.is_submitted():
            form.edition.data = str(only.number)
        held = [phase.number for phase in only.phases] if only else PHASES
        form.phases.choices = choices((str(number), words(only, number)) for number in held)
        if not form.is_submitted():
            form.form_number.data = new_form_number()
        return form

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, as the verb takes it."""
        given = super().answers
        return given | {
            "phone": given["phone"] or "",
            "topics": given["topics"] or "",
            "outlet_website": given["outlet_website"] or "",
            "role": ApplicantRole(given["role"]),
            "outlet_kind": OutletKind(given["outlet_kind"]),
            "proof_kind": ProofKind(given["proof_kind"]),
            "edition": int(given["edition"]),
            "phases": sorted({int(phase) for phase in given["phases"]}),
            "proof_links": self.proof_links.links,
        }
