"""Take a list out: as what, and what for."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from .base import Answered, AtMost, Chosen, Form, choices

FORMATS = (
    ("xlsx", _l("Excel workbook (XLSX)")),
    ("csv", _l("Table as text (CSV)")),
    ("photos", _l("Photos for the passes (ZIP)")),
)


class ExportForm(Form):
    """Take a list out."""

    format = RadioField(
        _l("Format"),
        choices=choices(FORMATS),
        validators=[Chosen(_l("Select a format"))],
        validate_choice=False,
    )
    reason = StringField(
        _l("What do you need it for?"),
        description=_l("It is written down with your name."),
        validators=[
            Answered(_l("Enter what you need it for")),
            AtMost(200, _l("The words must be %(most)s characters or fewer; they have %(is)s")),
        ],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
