"""The fields of a name: given and family name apart, and the whole name in its own script."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Optional

from ..models import Application
from .base import Answered, AtMost

TOO_LONG = AtMost(Application.NAME_LENGTH, _l("The name must be %(most)s characters or fewer; it has %(is)s"))


def name_field(label: Any, description: Any, missing: Any, autocomplete: str) -> StringField:
    """A part of a name. Who has no such part enters a dash."""
    attributes = {"autocomplete": autocomplete, "spellcheck": "false", "dir": "auto"}
    return StringField(label, [Answered(missing), TOO_LONG], description=description, render_kw=attributes)


def native_name_field(label: Any, description: Any) -> StringField:
    """The whole name as its bearer writes it."""
    attributes = {"autocomplete": "off", "spellcheck": "false", "dir": "auto"}
    return StringField(label, [Optional(), TOO_LONG], description=description, render_kw=attributes)
