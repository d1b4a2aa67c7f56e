"""Forms about alerts by mail: ask for them, confirm, change, leave."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField

from ..languages import Language
from ..models.alerts import Rhythm, Wanted
from ..models.news import Section
from .base import Chosen, Form, choices, members
from .fields import EmailField
from .link import LinkForm
from .robots import FormNumberField, Traps


class ChoiceFields:
    """What to be told, how often, and in which language."""

    sections = SelectMultipleField(
        _l("Which sections?"),
        choices=members(Section),
        default=[each.value for each in Section],
        validators=[Chosen(_l("Select at least one section"))],
        validate_choice=False,
    )
    wanted = RadioField(
        _l("What about?"),
        choices=members(Wanted),
        default=Wanted.BOTH.value,
        validators=[Chosen(_l("Select what we write about"))],
        validate_choice=False,
    )
    rhythm = RadioField(
        _l("How often?"),
        choices=members(Rhythm),
        default=Rhythm.AT_ONCE.value,
        validators=[Chosen(_l("Select how often we write"))],
        validate_choice=False,
    )
    language = RadioField(
        _l("In which language?"),
        validators=[Chosen(_l("Select a language"))],
        validate_choice=False,
    )

    def offer(self, languages: Iterable[Language]) -> None:
        """The languages to choose from."""
        self.language.choices = choices((each.code, each.name) for each in languages)

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, as members of what there is to choose."""
        return {
            "language": self.language.data,
            "sections": tuple(Section(each) for each in self.sections.data),
            "wanted": Wanted(self.wanted.data),
            "rhythm": Rhythm(self.rhythm.data),
        }


class SignUpForm(ChoiceFields, Traps, Form):
    """Ask for alerts."""

    email = EmailField(
        _l("Your email address"),
        description=_l("We write to it once, to ask whether it was you. Nothing else comes before your yes."),
        missing=_l("Enter your email address"),
    )
    form_number = FormNumberField()


class ChoicesForm(ChoiceFields, LinkForm):
    """Other choices, behind a subscriber's own link."""


class ConfirmForm(LinkForm):
    """Whether somebody wants the alerts that were asked for with their address. It has no default."""

    answer = RadioField(
        _l("Do you want these alerts?"),
        choices=choices(
            [("yes", _l("Yes, send me alerts")), ("no", _l("No, delete my address and send me nothing more"))]
        ),
        validators=[Chosen(_l("Select yes or no"))],
        validate_choice=False,
    )


class ManageForm(LinkForm):
    """What a subscriber does next. A robot takes the first or the last of everything: neither changes anything."""

    act = RadioField(
        _l("What do you want to do?"),
        choices=choices(
            [
                ("change", _l("Change what I get")),
                ("leave", _l("Leave: delete my address and send me nothing more")),
                ("keep", _l("Keep everything as it is")),
            ]
        ),
        validators=[Chosen(_l("Select what you want to do"))],
        validate_choice=False,
    )


class FindSubscriberForm(Form):
    """Look for one subscriber, who asked the press office to."""

    email = EmailField(_l("Email address"), missing=_l("Enter the email address"))
