"""What applicants do on their own page: answer what was asked, withdraw, ask for a new link."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Optional

from ..models import Application
from .base import Answered, AtMost, Form
from .fields import EmailField, LinksField
from .link import LinkForm
from .review import TypedReference
from .robots import Traps


class AnswerForm(LinkForm):
    """The answer to what a reviewer asked for."""

    text = TextAreaField(
        _l("Your answer"),
        validators=[
            Answered(_l("Enter your answer")),
            AtMost(Application.NOTE_LENGTH, _l("Your answer must be %(most)s characters or fewer; it has %(is)s")),
        ],
        render_kw={"rows": 6, "dir": "auto"},
    )
    proof_links = LinksField(
        _l("Links"), description=_l("One address on each line."), optional=True, render_kw={"rows": 3, "dir": "ltr"}
    )


class WithdrawForm(TypedReference, LinkForm):
    """Take the application back."""

    id_prefix = "withdraw-"

    reason = TextAreaField(
        _l("Why do you withdraw?"),
        validators=[Optional(), AtMost(500, _l("The reason must be %(most)s characters or fewer; it has %(is)s"))],
        render_kw={"rows": 2, "dir": "auto"},
    )


class FindForm(Traps, Form):
    """Ask for a new link to the status page."""

    email = EmailField(
        _l("Email address that you applied with"), missing=_l("Enter the email address that you applied with")
    )
