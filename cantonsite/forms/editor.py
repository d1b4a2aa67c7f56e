"""What an editor answers: whether somebody reports for them. No default, as behind every mailed link."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import Optional

from ..models import Application
from .base import AtMost, Chosen, choices
from .link import LinkForm


class EditorForm(LinkForm):
    """Yes, for us; or no."""

    answer = RadioField(
        _l("Does this person report for you?"),
        choices=choices([("yes", _l("Yes, for us")), ("no", _l("No"))]),
        validators=[Chosen(_l("Select whether this person reports for you"))],
        validate_choice=False,
    )
    note = TextAreaField(
        _l("Do you want to tell the press office anything?"),
        validators=[
            Optional(),
            AtMost(Application.NOTE_LENGTH, _l("This must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"rows": 3, "dir": "auto"},
    )
