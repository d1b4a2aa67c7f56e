"""Tell robots from people without a puzzle: fields that people leave alone, and a form that takes time to fill in."""

import secrets
from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, TimestampSigner
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import ValidationError

from .. import clock

MINIMUM_SECONDS = 3


class Traps:
    """Two fields that are shown to nobody. Whoever fills them in fills in everything."""

    leave_empty = StringField(_l("Leave this field empty"), render_kw={"tabindex": "-1", "autocomplete": "off"})
    leave_unticked = BooleanField(_l("Leave this box unticked"), render_kw={"tabindex": "-1", "autocomplete": "off"})

    def validate_leave_empty(self, field: StringField) -> None:
        if field.data:
            raise ValidationError(_l("Leave this field empty: it is there to catch robots"))

    def validate_leave_unticked(self, field: BooleanField) -> None:
        if field.data:
            raise ValidationError(_l("Leave this box unticked: it is there to catch robots"))


class FormNumberField(HiddenField):
    """A one-time number, signed with the moment at which the form was opened.

    The same number sent again gives the same receipt, and one that comes back within MINIMUM_SECONDS was not filled
    in by a person. `data` is what the page holds; `number` is the number itself.
    """

    number: str | None = None
    opened: datetime | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.number, self.opened = self._read(self.data or "")

    def _read(self, given: str) -> tuple[str | None, datetime | None]:
        try:
            number, opened = _signer().unsign(given[:200], return_timestamp=True)
            return number.decode(), opened
        except BadSignature:
            return None, None

    def pre_validate(self, form: object) -> None:  # noqa: ARG002
        if self.number is None:
            self.data = new_form_number()
            raise ValidationError(_l("This form was not opened on this site. Your answers are kept: send it again"))
        if (clock.now() - self.opened).total_seconds() < MINIMUM_SECONDS:
            raise ValidationError(
                _l("That was faster than people type. Your answers are kept: wait three seconds and send it again")
            )


def new_form_number() -> str:
    """A fresh number for a form that is opened now."""
    return _signer().sign(secrets.token_urlsafe(16)).decode()


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="cantonsite.form-number")
