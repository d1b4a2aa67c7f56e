"""The application, one subject a page: you, your outlet, work, proof, journey and photo; then check and send."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from ..models import Application, Edition
from ..models.applicant import KINDS, ApplicantKind, Question
from ..models.document import DocumentKind
from ..models.invitation import ApplicantRole, OutletKind
from ..models.names import is_name
from . import countries
from .base import Answered, AtMost, Chosen, Form, Ticked, choices, members
from .fields import ComingDay, EmailField, LongSelect, WebAddressField
from .names import name_field, native_name_field
from .pages import PageForm, file_field
from .picture import FOCUS
from .proof import ProofForm
from .robots import FormNumberField, Traps

CHOOSE = ("", _l("Choose one"))
PHASES = (1, 2, 3)


class YouForm(PageForm):
    """Who applies, and how to reach them."""

    applicant_kind = RadioField(
        _l("Which of these are you?"),
        description=_l("It decides what we ask, and how early you should apply."),
        choices=choices((kind.value, rules.label) for kind, rules in KINDS.items()),
        validators=[Chosen(_l("Select which of these you are"))],
        validate_choice=False,
    )

    given_name = name_field(
        _l("Given name"),
        _l("As in the document with which you travel. Any script is fine."),
        _l("Enter your given name"),
        "given-name",
    )
    family_name = name_field(
        _l("Family name"),
        _l("As in that document. If it shows only one name, enter that name here and a dash above."),
        _l("Enter your family name"),
        "family-name",
    )
    native_name = native_name_field(
        _l("Your name in its own script"),
        _l("If your travel document shows it in Latin letters and you write it otherwise."),
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

    def validate_family_name(self, field: StringField) -> None:
        if not is_name(self.given_name.data or "", field.data):
            raise ValidationError(_l("Enter your family name"))

    def validate_phone(self, field: TelField) -> None:
        digits = sum(sign.isdigit() for sign in field.data or "")
        if field.data and not 5 <= digits <= 20:
            raise ValidationError(_l("Enter a phone number with its digits, such as +44 20 7946 0000"))


class FirstForm(Traps, YouForm):
    """The first page as it is when nothing has been kept yet: with a number, and traps for robots."""

    form_number = FormNumberField()


class OutletForm(PageForm):
    """Whom the applicant works for, and as what."""

    asked_of = {"outlet_country": Question.OUTLET_COUNTRY}

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

    def offer(self, kind: ApplicantKind) -> None:
        super().offer(kind)
        if "outlet_country" in self:
            self.outlet_country.choices = choices([CHOOSE, *countries.names()])


class WorkForm(PageForm):
    """Which edition and phases, on which days, and what about."""

    asked_of = {"arrives_on": Question.DAYS, "departs_on": Question.DAYS}

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
    arrives_on = ComingDay(_l("Day of arrival"), _l("Enter the day on which you arrive, such as 2027-04-14"))
    departs_on = ComingDay(_l("Day of departure"), _l("Enter the day on which you leave, such as 2027-04-20"))
    topics = TextAreaField(
        _l("What do you want to report on?"),
        description=_l("A line or two. It helps us to find people for you to talk to."),
        validators=[
            Optional(),
            AtMost(Application.TOPICS_LENGTH, _l("The topics must be %(most)s characters or fewer; they have %(is)s")),
        ],
        render_kw={"rows": 3, "dir": "auto"},
    )
    interviews = TextAreaField(
        _l("Whom do you want to talk to?"),
        description=_l("Exhibitors, officials or products; we try to arrange it."),
        validators=[
            Optional(),
            AtMost(Application.INTERVIEWS_LENGTH, _l("This must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"rows": 2, "dir": "auto"},
    )
    live_broadcast = BooleanField(_l("I want to broadcast live from the halls"))
    with_crew = BooleanField(
        _l("I apply for my crew too"),
        description=_l("You enter the others on the next page. Each is decided alone, and all mail comes to you."),
    )

    def for_editions(self, editions: Iterable[Edition], words: Any) -> None:
        """Offer these editions and their phases. `words` turns an edition, or a phase of one, into its label."""
        editions = list(editions)
        self.edition.choices = choices((str(edition.number), words(edition)) for edition in editions)
        only = editions[0] if len(editions) == 1 else None
        if only and self.edition.raw_data is None:  # nothing was sent yet
            self.edition.data = str(only.number)
        held = [phase.number for phase in only.phases] if only else PHASES
        self.held = {str(edition.number): {str(phase.number) for phase in edition.phases} for edition in editions}
        self.phases.choices = choices((str(number), words(only, number)) for number in held)

    def validate_phases(self, field: SelectMultipleField) -> None:
        if not set(field.data) <= self.held.get(self.edition.data or "", set(field.data)):
            raise ValidationError(_l("Select phases that this edition has"))

    def validate_departs_on(self, field: ComingDay) -> None:
        if self.arrives_on.data and field.data and field.data < self.arrives_on.data:
            raise ValidationError(_l("The day of departure must not be before the day of arrival"))


class TravelForm(PageForm):
    """What those are asked who need a visa letter, or whose region must be known."""

    only_if = frozenset({Question.NATIONALITY, Question.LETTER})
    asked_of = {"nationality": Question.NATIONALITY, "needs_letter": Question.LETTER, "letter_city": Question.LETTER}

    nationality = SelectField(
        _l("Nationality or region"),
        description=_l("As in the document with which you travel."),
        validators=[Chosen(_l("Select your nationality or region"))],
        validate_choice=False,
        widget=LongSelect(),
        render_kw={"autocomplete": "country"},
    )
    needs_letter = BooleanField(
        _l("I need an invitation letter for a visa"),
        description=_l("We ask for passport data only after a yes, never before."),
    )
    letter_city = StringField(
        _l("City in which you apply for the visa"),
        description=_l("Only if you need a letter: it names the consulate there."),
        validators=[
            AtMost(Application.CITY_LENGTH, _l("The city must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )

    def offer(self, kind: ApplicantKind) -> None:
        super().offer(kind)
        codes = KINDS[kind].regions
        named = [(code, countries.name_of(code)) for code in codes] if codes else countries.names()
        if "nationality" in self:
            self.nationality.choices = choices([CHOOSE, *named])

    def validate_letter_city(self, field: StringField) -> None:
        if self.needs_letter.data and not field.data:
            raise ValidationError(_l("Enter the city in which you apply for the visa"))


class PhotoForm(PageForm):
    """The photo for the pass. It may come later."""

    documents = (DocumentKind.PHOTO,)

    photo = file_field(DocumentKind.PHOTO, _l("JPEG, PNG or WEBP, 10 MB or smaller, at least 300 by 400 pixels."))
    focus = RadioField(
        _l("Where in the photo is your face?"),
        choices=choices((str(number), words) for number, words in FOCUS),
        default="5",
        validators=[Chosen(_l("Select where your face is"))],
        validate_choice=False,
    )


class CheckForm(Traps, Form):
    """The last page: what the applicant declares and allows, and the button that sends."""

    number = HiddenField()  # the form that this is; pressed once more, the button leads to the same receipt
    shown = HiddenField()  # the mark of the answers that the page showed
    press_list = BooleanField(
        _l("Write to me about later editions too"),
        description=_l(
            "As long as we keep your application; you can stop it on your own page. It has no bearing on our answer."
        ),
    )
    declaration = BooleanField(
        _l("What I have written is true, I come to report for the public, and you may use it to decide"),
        validators=[Ticked(_l("Tick that what you have written is true"))],
    )


PAGES: dict[str, type[PageForm]] = {
    "you": YouForm,
    "outlet": OutletForm,
    "work": WorkForm,
    "proof": ProofForm,
    "travel": TravelForm,
    "photo": PhotoForm,
}
HEADINGS = {
    "you": _l("About you"),
    "outlet": _l("Your outlet and your work"),
    "work": _l("Your work at the fair"),
    "crew": _l("Your crew"),
    "proof": _l("Your proof"),
    "travel": _l("Your journey"),
    "photo": _l("Your photo"),
    "check": _l("Check your answers and send"),
}


def pages_for(kind: ApplicantKind) -> tuple[str, ...]:
    """The pages that this kind of applicant is asked to fill in, in order."""
    asks = KINDS[kind].asks
    return tuple(name for name, form in PAGES.items() if not form.only_if or form.only_if & asks)
