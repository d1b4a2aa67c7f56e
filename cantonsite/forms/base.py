"""What all forms share: accessible markup, cleaned text, and answers by name."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from wtforms import BooleanField, Field, HiddenField, SelectChoice, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from ..models.labelled import Labelled

# Controls, bidirectional marks, overrides and isolates, zero-width signs, soft hyphens and the byte order mark: they
# can make text look like other text. Joiners (U+200C, U+200D) stay: Persian and Indic words need them.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def clean(value: Any) -> Any:
    """Text without invisible signs, in NFC, trimmed, with single spaces within its lines."""
    if not isinstance(value, str):
        return value
    lines = unicodedata.normalize("NFC", INVISIBLE.sub("", value.replace("\r\n", "\n"))).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def on_one_line(value: Any) -> Any:
    """Cleaned text in which line breaks have become spaces: what a one-line field may hold."""
    return " ".join(clean(value).split()) if isinstance(value, str) else value


class CleanMeta:
    """Cleans what text fields hold. How hints and errors join their inputs stands in templates/_form.html."""

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
        if issubclass(unbound_field.field_class, TextAreaField):
            unbound_field.kwargs.setdefault("filters", [clean])
        elif issubclass(unbound_field.field_class, StringField):
            unbound_field.kwargs.setdefault("filters", [on_one_line])
        return unbound_field.bind(form=form, **options)


class SessionCSRF(_FlaskFormCSRF):
    """Flask-WTF's check, with an error that tells a human what to do."""

    def validate_csrf_token(self, form: Any, field: Field) -> None:
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as error:
            raise ValidationError(
                _l("We could not be sure that this form came from this site. Your answers are kept: send it again")
            ) from error


class Form(FlaskForm):
    """A form of this site. `answers` are its values by name, without what only the form itself needs."""

    class Meta(CleanMeta, FlaskForm.Meta):
        csrf_class = SessionCSRF

    not_answers: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name not in ("csrf_token", *self.not_answers)}

    @property
    def status_code(self) -> int:
        """200 for a form that is shown, 422 for one that has errors."""
        return 422 if self.errors else 200


class Versioned:
    """A form about a row: `version` is the version that the page showed."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the page showed; -1, which no row has, when it was mangled."""
        given = self.version.data or ""
        return int(given[:9]) if given.isascii() and given.isdigit() else -1


class Answered:
    """Something must be entered; the message says what. No `required` attribute: the server's words are the truth."""

    field_flags: dict[str, Any] = {}

    def __init__(self, message: Any):
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if not any(sign.isprintable() and not sign.isspace() for sign in field.data or ""):  # joiners alone say nothing
            field.errors = []
            raise StopValidation(self.message)


class AtMost:
    """At most so many characters; the message says how many there are."""

    def __init__(self, length: int, message: Any):
        self.length, self.message = length, message

    def __call__(self, _form: Any, field: Field) -> None:
        if len(field.data or "") > self.length:
            raise StopValidation(str(self.message) % {"most": self.length, "is": len(field.data)})


class Ticked:
    """A box that must be ticked."""

    field_flags: dict[str, Any] = {}

    def __init__(self, message: Any):
        self.message = message

    def __call__(self, _form: Any, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation(self.message)


class Chosen:
    """One of the choices, or several, must be chosen, and nothing else; the message says what."""

    field_flags: dict[str, Any] = {}

    def __init__(self, message: Any):
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        known = {str(choice.value) for choice in field.choices}
        given = field.data if isinstance(field.data, list) else [field.data]
        if not given or not all(str(each) in known for each in given) or "" in given:
            field.errors = []
            raise StopValidation(self.message)


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Values with their labels, as WTForms takes them."""
    return [SelectChoice(value, label) for value, label in pairs]


def members(kind: type[Labelled]) -> list[SelectChoice]:
    """The members of an enumeration that has words for people."""
    return choices((each.value, each.label) for each in kind)
