"""Begin from the last application, and reckon by when to apply."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms import Form as PlainForm

from ..models.applicant import KINDS
from .base import Chosen, CleanMeta, Form, choices
from .fields import ComingDay, EmailField
from .robots import Traps


class ReturningForm(Traps, Form):
    """To which address the link goes."""

    email = EmailField(
        _l("Email address"),
        description=_l("The one with which you applied last time."),
        missing=_l("Enter your email address"),
    )


class DeadlineForm(PlainForm):
    """By when to apply: who, arriving when. Sent by GET."""

    class Meta(CleanMeta, PlainForm.Meta):
        pass

    kind = RadioField(
        _l("Which of these are you?"),
        choices=choices((kind.value, rules.label) for kind, rules in KINDS.items()),
        validators=[Chosen(_l("Select which of these you are"))],
        validate_choice=False,
    )
    arrives = ComingDay(_l("Day of arrival"), _l("Enter the day on which you arrive, such as 2027-04-14"))
    letter = BooleanField(_l("I need a visa"))

    @classmethod
    def asked(cls, given: Any) -> "DeadlineForm | None":
        """The form as it was sent; None when nothing was asked."""
        return cls(given) if {"kind", "arrives"} & set(given) else None
