"""Forms of the editor's desk: write an article, say where it belongs, let it out, correct it, withdraw it."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField, TimeField

from ..languages import LANGUAGES
from ..models import ArticleText, Correction, PreviewLink
from ..models.news import SECTION_LABELS, Section
from .base import Answered, AtMost, Chosen, Form, Versioned, choices

MOST_IN_BODY = 100_000
TOO_LONG = _l("It must be %(most)s characters or fewer; it has %(is)s")
FIELDS = ("title", "standfirst", "body", "source", "author", "sign_off")


def as_typed(value: Any) -> Any:
    """Text as it came, but for the line ends: indents and breaks mean something in Markdown."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def line_as_typed(value: Any) -> Any:
    """As typed, but with each accent in its letter: nobody sees the difference, so nobody need be told."""
    return unicodedata.normalize("NFC", as_typed(value)) if isinstance(value, str) else value


class TextsForm(Versioned, Form):
    """An article's texts, a set of fields for each language: `en-title`, `zh-body`. A draft may leave them empty."""

    codes: tuple[str, ...] = ()

    @classmethod
    def for_languages(cls, codes: Iterable[str]) -> type["TextsForm"]:
        """The form with fields for these languages."""
        return _with_fields(cls, tuple(codes))

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """What was written, by language and field."""
        return {code: {name: self[f"{code}-{name}"].data or "" for name in FIELDS} for code in self.codes}

    def fill(self, texts: dict[str, dict[str, str]]) -> None:
        """Show these texts in the fields."""
        for code in self.codes:
            for name, value in texts.get(code, {}).items():
                self[f"{code}-{name}"].data = value


@lru_cache
def _with_fields(base: type[TextsForm], codes: tuple[str, ...]) -> type[TextsForm]:
    fields = {f"{code}-{name}": made for code in codes for name, made in _text_fields(LANGUAGES[code].html).items()}
    return type("TextsForm", (base,), {**fields, "codes": codes})


def _text_fields(html_lang: str) -> dict[str, Any]:
    here = {"lang": html_lang, "dir": "auto"}
    line = {**here, "autocomplete": "off"}
    short = AtMost(ArticleText.NAME_LENGTH, TOO_LONG)
    raw = {"filters": [line_as_typed]}  # what is cleaned is told when it is saved: nothing may go before that
    return {
        "title": StringField(_l("Title"), [AtMost(ArticleText.TITLE_LENGTH, TOO_LONG)], render_kw=line, **raw),
        "standfirst": TextAreaField(
            _l("Standfirst"),
            [AtMost(ArticleText.STANDFIRST_LENGTH, TOO_LONG)],
            description=_l("One or two sentences that say what is new. Lists and feeds show them."),
            render_kw={**here, "rows": 3},
            **raw,
        ),
        "body": TextAreaField(
            _l("Text"),
            [AtMost(MOST_IN_BODY, TOO_LONG)],
            filters=[as_typed],
            render_kw={**here, "rows": 22},
        ),
        "source": StringField(_l("Source"), [short], render_kw=line, **raw),
        "author": StringField(_l("Author"), [short], render_kw=line, **raw),
        "sign_off": StringField(_l("Sign-off"), [short], render_kw=line, **raw),
    }


class PlaceForm(Versioned, Form):
    """Where an article belongs, and who answers questions about it."""

    section = RadioField(
        _l("Section"),
        choices=choices((each.value, SECTION_LABELS[each]) for each in Section),
        validators=[Chosen(_l("Select a section"))],
        validate_choice=False,
    )
    edition = SelectField(
        _l("Edition"), validators=[Chosen(_l("Select an edition from the list"))], validate_choice=False
    )
    contact = SelectField(
        _l("Press contact"), validators=[Chosen(_l("Select a contact from the list"))], validate_choice=False
    )

    def offer(self, editions: Iterable[tuple[str, str]], contacts: Iterable[tuple[str, str]]) -> "PlaceForm":
        """Fill the lists; "none" stands first in each."""
        self.edition.choices = choices([("none", _l("None")), *editions])
        self.contact.choices = choices([("none", _l("The press office")), *contacts])
        return self


class LenientDay(DateField):
    """A day; what is none counts as not entered, so that a save does not fail for it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class LenientTime(TimeField):
    """A time of day; what is none counts as not entered."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class ReleaseForm(Versioned, Form):
    """When an article goes out. The day and the time are meant at the fair."""

    day = LenientDay(_l("Day"), render_kw={"size": 12})
    time = LenientTime(_l("Time"), render_kw={"size": 8})
    embargoed = BooleanField(
        _l("Under embargo"),
        description=_l("Previews say until when nobody may publish it. Everybody else sees nothing of it."),
    )

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """The moment that was chosen; None, with errors at the fields, if none was."""
        if self.day.data is None:
            self.day.errors = [_l("Enter the day, such as 2027-04-15")]
        if self.time.data is None:
            self.time.errors = [_l("Enter the time, such as 10:00")]
        return self.entered(zone)

    def entered(self, zone: ZoneInfo) -> datetime | None:
        """The moment that stands in the fields, if one does."""
        return datetime.combine(self.day.data, self.time.data, zone) if self.day.data and self.time.data else None

    def propose(self, moment: datetime) -> None:
        """Show this moment in the fields."""
        self.day.data, self.time.data = moment.date(), time(moment.hour, moment.minute)


class WriteForm(ReleaseForm, TextsForm):
    """The page of writing: the texts, and when they go out. The buttons say what to do with them."""

    named = HiddenField()  # the moment that stands in the words of the button

    def name_moment(self, zone: ZoneInfo, now: datetime) -> datetime | None:
        """The moment that the button is to name: the one in the fields, if it is still to come."""
        at = self.entered(zone)
        at = at if at and at > now else None
        self.named.data = at.isoformat() if at else ""
        return at


class NewArticleForm(PlaceForm):
    """The first page of an article: where it belongs, and what it is called for now."""

    title = StringField(
        _l("Title"),
        [Answered(_l("Enter a title; it can be changed later")), AtMost(ArticleText.TITLE_LENGTH, TOO_LONG)],
        filters=[line_as_typed],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    language = RadioField(_l("Language of this title"), [Chosen(_l("Select the language"))], validate_choice=False)
    once = HiddenField()  # the form that this is; pressed once more, the button leads to the same draft


class CorrectionForm(Versioned, Form):
    """What was wrong, in one sentence, and in which language."""

    language = RadioField(_l("Language of the text that was wrong"), validate_choice=False)
    sentence = TextAreaField(
        _l("What was wrong, in one sentence"),
        [
            Answered(_l("Enter what was wrong")),
            AtMost(Correction.SENTENCE_LENGTH, TOO_LONG),
        ],
        description=_l(
            "Such as: “An earlier version gave 198,000 visitors; there were 189,812.” Readers see this sentence."
        ),
        render_kw={"rows": 3, "dir": "auto"},
    )

    def validate_language(self, field: RadioField) -> None:
        Chosen(_l("Select the language"))(self, field)


class WithdrawalForm(Versioned, Form):
    """Why an article is taken away, in each of its languages."""

    codes: tuple[str, ...] = ()

    @classmethod
    def for_languages(cls, codes: Iterable[str]) -> type["WithdrawalForm"]:
        """The form with a reason for each of these languages."""
        return _with_reasons(cls, tuple(codes))

    @property
    def reasons(self) -> dict[str, str]:
        """The reasons, by language."""
        return {code: self[f"reason-{code}"].data for code in self.codes}


@lru_cache
def _with_reasons(base: type[WithdrawalForm], codes: tuple[str, ...]) -> type[WithdrawalForm]:
    checks = [Answered(_l("Enter the reason")), AtMost(Correction.SENTENCE_LENGTH, TOO_LONG)]
    made = {
        f"reason-{code}": TextAreaField(
            _l("Reason, in %(language)s", language=LANGUAGES[code].name),
            checks,
            render_kw={"rows": 3, "lang": LANGUAGES[code].html, "dir": "auto"},
        )
        for code in codes
    }
    return type("WithdrawalForm", (base,), {**made, "codes": codes})


class PreviewForm(Form):
    """For whom a preview link is."""

    label = StringField(
        _l("For whom"),
        [Answered(_l("Enter for whom the link is")), AtMost(PreviewLink.LABEL_LENGTH, TOO_LONG)],
        description=_l("A name or an outlet, so that you know later which link to revoke."),
        render_kw={"dir": "auto", "autocomplete": "off", "size": 36},
    )


class VersionForm(Versioned, Form):
    """A button that acts on the version of the article that the page showed."""
