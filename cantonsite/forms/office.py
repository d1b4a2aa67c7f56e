"""How the office works: wordings of refusals, the block list, and when each reviewer is written to."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField

from ..models import Wording
from ..models.staff import MailRhythm
from .base import Answered, AtMost, Chosen, Form, members


class WordingForm(Form):
    """How a rule is worded in one language."""

    text = TextAreaField(
        _l("What the applicant is told"),
        description=_l("Plain text. Leave it empty to go back to the wording that comes with the rule."),
        validators=[AtMost(Wording.TEXT_LENGTH, _l("The wording must be %(most)s characters or fewer; it has %(is)s"))],
        render_kw={"rows": 4, "dir": "auto"},
    )


class BlockForm(Form):
    """An address or a domain for the block list."""

    pattern = StringField(
        _l("Address or domain"),
        description=_l("Such as name@outlet.example, or outlet.example for all of a domain"),
        validators=[Answered(_l("Enter an address or a domain"))],
        render_kw={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"},
    )
    reason = StringField(
        _l("Reason"),
        description=_l("For colleagues; they see it beside each application that is marked."),
        validators=[
            Answered(_l("Enter the reason")),
            AtMost(500, _l("The reason must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )


class RhythmForm(Form):
    """When a reviewer is written to."""

    rhythm = RadioField(
        _l("When do we write to you about applications?"),
        choices=members(MailRhythm),
        validators=[Chosen(_l("Select when we write to you"))],
        validate_choice=False,
    )
