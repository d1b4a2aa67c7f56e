"""What a browser is asked in which a reviewer's link is opened for the first time."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from .base import Answered
from .link import LinkForm


class AskCodeForm(LinkForm):
    """Mail a code to the reviewer whose link it is."""

    id_prefix = "ask-"


class ReviewCodeForm(LinkForm):
    """The code that was mailed."""

    code = StringField(
        _l("Code"),
        description=_l("Six digits, in the mail that we have just sent to you."),
        validators=[Answered(_l("Enter the code"))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "size": 8, "dir": "ltr"},
    )
