"""Fields that read more than text: an email address, web addresses, one to a line."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms import EmailField as WTEmailField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import Select, html_params

from ..models import Application
from .base import Answered, AtMost, clean


class Typed:
    """A field that normalises its answer. When the form comes back it shows what was typed, not what became of it."""

    typed: str | None = None

    def normalise(self, value: str) -> None:
        self.typed, self.data = self.data, value

    def _value(self) -> str:
        return super()._value() if self.typed is None else self.typed


class Day(DateField):
    """A day, as the browser's own date field sends it or typed as 2027-04-15."""

    def __init__(self, label: Any, missing: Any, **kwargs: Any):
        super().__init__(label, render_kw={"size": 12}, **kwargs)
        self.missing = missing

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([valuelist[0].strip()] if valuelist else [])
        except ValueError:
            self.data = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.data is None:
            raise StopValidation(self.missing)


class ComingDay(Day):
    """A day of a journey to the fair: a year such as 27 or 20027 is a slip of the keys, and no answer."""

    YEARS = range(2000, 2200)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data and self.data.year not in self.YEARS:
            self.data = None


class TooLong(ValueError):
    """A web address of more characters than a link may have."""


class EmailField(Typed, WTEmailField):
    """An email address, normalised. Its form is judged here; that it works is shown by the mail to it."""

    def __init__(self, label: Any, *, missing: Any, **kwargs: Any):
        attributes = {"autocomplete": "email", "spellcheck": "false", "dir": "ltr", "size": 36}
        too_long = AtMost(
            Application.EMAIL_LENGTH, _l("The email address must be %(most)s characters or fewer; it has %(is)s")
        )
        super().__init__(label, [Answered(missing), too_long], render_kw=attributes, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002
        if validation_stopped:
            return
        try:
            # The local part must be ASCII: mail servers that take others are rare, and smtplib cannot name them.
            found = validate_email(self.data, check_deliverability=False, allow_smtputf8=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(_l("Enter an email address such as name@example.org")) from error
        self.normalise(found.ascii_email or found.normalized)


class OptionalEmailField(EmailField):
    """An email address that may be left out."""

    def __init__(self, label: Any, **kwargs: Any):
        super().__init__(label, missing="", **kwargs)
        self.validators = self.validators[1:]
        self.render_kw = {**self.render_kw, "autocomplete": "off"}

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data:
            super().post_validate(form, validation_stopped)


class LongSelect(Select):
    """Draws a list of many choices: its options are kept by their words and by the one that is selected."""

    def __call__(self, field: SelectField, **kwargs: Any) -> Markup:
        kwargs.setdefault("id", field.id)
        options = tuple((str(each.value), str(each.label)) for each in field.choices)
        chosen = field.data if field.data in dict(options) else None
        attributes = Markup(html_params(name=field.name, **kwargs))  # noqa: S704  escaped by WTForms
        return Markup("<select %s>%s</select>") % (attributes, _drawn(options, chosen))


@lru_cache(maxsize=64)
def _drawn(options: tuple[tuple[str, str], ...], chosen: str | None) -> Markup:
    option, selected = Markup('<option%s value="%s">%s</option>'), Markup(" selected")
    return Markup("").join(option % (selected if value == chosen else "", value, label) for value, label in options)


class WebAddressField(Typed, StringField):
    """One web address; `https://` is added when it has no scheme."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002
        if validation_stopped or not self.data:
            return
        try:
            self.normalise(web_address(self.data))
        except ValueError as error:
            raise ValidationError(_l("Enter a web address such as https://www.example.org")) from error


class LinksField(TextAreaField):
    """Web addresses, one to a line. `data` stays the text that was typed; `links` are the addresses."""

    links: list[str] = []

    def __init__(self, label: Any, *, missing: Any = None, optional: bool = False, **kwargs: Any):
        super().__init__(label, [] if optional else [Answered(missing)], **kwargs)
        if optional:
            self.flags.optional = True

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002
        lines = [] if validation_stopped else (clean(self.data) or "").split()
        if len(lines) > Application.MOST_LINKS:
            words = {"most": Application.MOST_LINKS, "is": len(lines)}
            raise ValidationError(_l("Enter %(most)s links or fewer; there are %(is)s", **words))
        found = []
        for number, line in enumerate(lines, 1):
            try:
                found.append(web_address(line))
            except TooLong as error:
                words = {"number": number, "most": Application.LINK_LENGTH, "is": len(line)}
                raise ValidationError(
                    _l("Link %(number)s must be %(most)s characters or fewer; it has %(is)s", **words)
                ) from error
            except ValueError as error:
                raise ValidationError(
                    _l("Link %(number)s must be a web address such as https://www.example.org/article", number=number)
                ) from error
        self.links = list(dict.fromkeys(found))


def web_address(text: str) -> str:
    """A web address with its scheme. Raises ValueError for anything that is not http or https with a host, and its
    subclass TooLong.

    A path is added where a query or a fragment follows the host at once: what is shown as the host must be the host.
    """
    if len(text) > Application.LINK_LENGTH:
        raise TooLong(text)
    text = text if "://" in text else f"https://{text}"
    parts = urlsplit(text)
    host = parts.hostname or ""
    known_scheme = parts.scheme in ("http", "https")
    plain = not any(sign.isspace() or sign in "<>\"'`{}|\\" for sign in text)
    if not (known_scheme and plain and "." in host.strip(".") and "@" not in parts.netloc):
        raise ValueError(text)
    if any(len(label) > 63 or not label for label in host.strip(".").split(".")):
        raise ValueError(text)
    parts.port  # noqa: B018  raises ValueError for a port that cannot be
    return urlunsplit(parts._replace(path="/")) if not parts.path and (parts.query or parts.fragment) else text
