"""The search: sent by GET, so it needs no protection and sets no cookie."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, SearchField

from .base import CleanMeta, choices, on_one_line


class SearchForm(Form):
    """Words, where to look, and in which order. What is not among the choices counts as not said."""

    class Meta(CleanMeta, Form.Meta):
        pass

    q = SearchField(_l("Search the news"), filters=[on_one_line])
    sort = RadioField(
        _l("Order"),
        choices=choices([("best", _l("Best first")), ("newest", _l("Newest first"))]),
        default="best",
        validate_choice=False,
    )


# `in` is a word of Python's own, so this field cannot be written as an attribute above.
WITHIN = RadioField(
    _l("Where to search"),
    choices=choices([("title", _l("Title")), ("content", _l("Content")), ("", _l("Both"))]),
    default="",
    validate_choice=False,
)
setattr(SearchForm, "in", WITHIN)
