"""Forms of the press centre at the desk: contacts, press events, facts of an edition."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.validators import StopValidation, ValidationError

from ..models import Application
from ..models.press import Contact, Fact, PressEvent
from .base import AtMost, Chosen, Form, choices
from .fields import Day, EmailField, WebAddressField
from .languages import SPOKEN, TextPerLanguage, name_of

EARLIEST, LATEST = date(1957, 1, 1), date(2199, 12, 31)  # before the first fair, or a slip of the finger
NO_EDITION = "none"


class RecordForm(Form):
    """A form about a record: `seen` says what the page showed of it."""

    seen = HiddenField()
    not_answers = ("seen",)

    @property
    def answers(self) -> dict[str, Any]:
        """Its values as a record keeps them: what was not sent at all is empty."""
        return {name: "" if value is None else value for name, value in super().answers.items()}


class OfEdition:
    """A record that may belong to an edition; the view hands over the editions."""

    edition_id = SelectField(
        _l("Edition"), validators=[Chosen(_l("Select an edition from the list"))], validate_choice=False
    )

    def offer(self, none: Any, editions: Iterable[tuple[int, str]]) -> Any:
        """Fill the list: `none` are the words for what belongs to no edition, then ids and names."""
        self.edition_id.choices = choices([(NO_EDITION, none), *((str(each), name) for each, name in editions)])
        if self.edition_id.data is None:
            self.edition_id.data = NO_EDITION
        return self

    @property
    def answers(self) -> dict[str, Any]:
        """Its values, with the edition as the id of one or None."""
        given = super().answers
        return {**given, "edition_id": None if given["edition_id"] == NO_EDITION else int(given["edition_id"])}


class OptionalEmail(EmailField):
    """An email address that may be left out."""

    def __init__(self, label: Any, **kwargs: Any):
        super().__init__(label, missing="", **kwargs)
        self.validators = self.validators[1:]
        self.flags.optional = True

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        super().post_validate(form, validation_stopped or not self.data)


class ContactForm(OfEdition, RecordForm):
    """Whom the press may ask."""

    names = TextPerLanguage(
        _l("Name"),
        most=Contact.TEXT_LENGTH,
        missing=_l("Enter the name in English"),
        description=_l("Of a desk or of a person, such as: News desk"),
    )
    subjects = TextPerLanguage(
        _l("Ask about"), most=Contact.TEXT_LENGTH, description=_l("Such as: News, facts and interviews")
    )
    phone = StringField(
        _l("Phone"),
        description=_l("A phone number, an email address, or both."),
        render_kw={"type": "tel", "dir": "ltr", "size": 24, "autocomplete": "off"},
    )
    email = OptionalEmail(_l("Email address"))
    hours = TextPerLanguage(
        _l("Hours"),
        most=Contact.TEXT_LENGTH,
        description=_l("With the zone, such as: Monday to Friday, 9:00 to 17:30, Guangzhou time (UTC+8)"),
    )
    spoken = SelectMultipleField(_l("Answers in"), choices=[], validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.spoken.choices = choices((code, name_of(code)) for code in SPOKEN)
        self.spoken.flags.optional = self.phone.flags.optional = True

    def validate_spoken(self, field: SelectMultipleField) -> None:
        if field.data:
            Chosen(_l("Select languages from the list"))(self, field)

    def validate_phone(self, field: StringField) -> None:
        if not field.data and not self.email.data:
            raise StopValidation(_l("Enter a phone number or an email address"))
        if field.data and not (sum(sign.isdigit() for sign in field.data) >= 5 and len(field.data) <= 40):
            raise StopValidation(_l("Enter a phone number such as +86 20 5550 0124"))


class Time(TimeField):
    """A time of day, as the browser's own field sends it or typed as 10:00."""

    def __init__(self, label: Any, missing: Any, **kwargs: Any):
        super().__init__(label, render_kw={"size": 8}, format=["%H:%M", "%H:%M:%S"], **kwargs)
        self.missing = missing

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([valuelist[0].strip()] if valuelist else [])
        except ValueError:
            self.data = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.data is None:
            raise StopValidation(self.missing)


def in_our_time(_form: Any, field: Day) -> None:
    """A year with a digit too few or too many is a slip."""
    if field.data and not EARLIEST <= field.data <= LATEST:
        raise StopValidation(_l("Enter a day between 1957 and 2199"))


class EventForm(OfEdition, RecordForm):
    """What the press is asked to. The days and times are meant at the fair."""

    titles = TextPerLanguage(_l("Title"), most=PressEvent.TITLE_LENGTH, missing=_l("Enter the title in English"))
    starts_day = Day(
        _l("First day"), _l("Enter the day on which it starts, such as 2027-04-15"), validators=[in_our_time]
    )
    starts_time = Time(_l("Starts at"), _l("Enter the time at which it starts, such as 10:00"))
    ends_day = Day(_l("Last day"), _l("Enter the day on which it ends, such as 2027-04-15"), validators=[in_our_time])
    ends_time = Time(_l("Ends at"), _l("Enter the time at which it ends, such as 11:30"))
    places = TextPerLanguage(
        _l("Place"),
        most=PressEvent.TITLE_LENGTH,
        description=_l("The room and the entrance, such as: Hall 4.1, Room 8"),
    )
    abouts = TextPerLanguage(
        _l("About it"),
        most=PressEvent.ABOUT_LENGTH,
        rows=4,
        description=_l("Who speaks, in which language, what to bring."),
    )
    is_cancelled = BooleanField(
        _l("It is cancelled"),
        description=_l("It stays in the calendar, marked as cancelled; subscribed calendars say so too."),
    )

    def in_zone(self, words: str) -> "EventForm":
        """Say in the labels which zone is meant."""
        self.starts_time.label.text = _l("Starts at, %(zone)s", zone=words)
        self.ends_time.label.text = _l("Ends at, %(zone)s", zone=words)
        return self

    def show(self, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> None:
        """Show these moments in the fields of a form that was not sent."""
        for name, moment in (("starts", starts_at.astimezone(zone)), ("ends", ends_at.astimezone(zone))):
            self[f"{name}_day"].data, self[f"{name}_time"].data = moment.date(), moment.time()

    def of_event(self, zone: ZoneInfo) -> dict[str, Any]:
        """The values of the event itself, with its two moments; whether it is cancelled is told apart."""
        given = self.answers
        starts = datetime.combine(given["starts_day"], given["starts_time"], zone)
        ends = datetime.combine(given["ends_day"], given["ends_time"], zone)
        same = {name: given[name] for name in ("titles", "places", "abouts", "edition_id")}
        return {**same, "starts_at": starts, "ends_at": ends}

    def validate_ends_time(self, field: Time) -> None:
        days, times = (self.starts_day.data, self.ends_day.data), (self.starts_time.data, field.data)
        if None not in (*days, *times) and (days[1], times[1]) <= (days[0], times[0]):
            raise ValidationError(_l("The end must be after the start"))


class FactForm(RecordForm):
    """A figure of an edition."""

    labels = TextPerLanguage(
        _l("What it counts"),
        most=Fact.LABEL_LENGTH,
        missing=_l("Enter in English what it counts"),
        description=_l("Such as: Overseas buyers"),
    )
    values = TextPerLanguage(
        _l("Figure"),
        most=Fact.LABEL_LENGTH,
        missing=_l("Enter the figure in English"),
        description=_l("With its unit, such as: USD 29.86 billion"),
    )
    as_of = Day(_l("As of"), _l("Enter the day that the figure is of, such as 2018-11-04"), validators=[in_our_time])
    sources = TextPerLanguage(
        _l("Source"),
        most=Fact.SOURCE_LENGTH,
        missing=_l("Enter the source in English"),
        description=_l("Who published the figure, such as: Canton Fair"),
    )
    source_url = WebAddressField(
        _l("Web address of the source"),
        validators=[
            AtMost(Application.LINK_LENGTH, _l("The web address must be %(most)s characters or fewer; it has %(is)s"))
        ],
        render_kw={"dir": "ltr", "inputmode": "url"},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.source_url.flags.optional = True
