"""The search: sent by GET, so it needs no protection and sets no cookie."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, SearchField, SelectField

from ..models.news import Section
from .base import CleanMeta, choices, members, on_one_line

ANY = _l("All")


class SearchForm(Form):
    """Words, where to look, in which order, and in which news. What is not among the choices counts as not said."""

    class Meta(CleanMeta, Form.Meta):
        pass

    q = SearchField(_l("Search the news"), filters=[on_one_line])
    sort = RadioField(
        _l("Order"),
        choices=choices([("best", _l("Best first")), ("newest", _l("Newest first"))]),
        default="best",
        validate_choice=False,
    )
    section = SelectField(_l("Section"), default="", validate_choice=False)
    edition = SelectField(_l("Edition"), default="", validate_choice=False)
    year = SelectField(_l("Year"), default="", validate_choice=False)
    language = SelectField(_l("Language"), default="", validate_choice=False)

    @classmethod
    def of(
        cls,
        given: Any,
        editions: Iterable[tuple[int, str]],
        years: Iterable[int],
        languages: Iterable[tuple[str, str]],
    ) -> "SearchForm":
        """The form for these arguments of an address, with the editions, years and languages that there are."""
        form = cls(given)
        form.section.choices = [*choices([("", ANY)]), *members(Section)]
        form.edition.choices = choices([("", ANY), *((str(number), name) for number, name in editions)])
        form.year.choices = choices([("", ANY), *((str(year), str(year)) for year in years)])
        form.language.choices = choices([("", ANY), *languages])
        for field in (*form.selects, form.sort, form["in"]):
            offered = [choice.value for choice in field.choices]
            if field.data not in offered:
                field.data = field.default
        return form

    @property
    def selects(self) -> list[SelectField]:
        return [field for field in self if isinstance(field, SelectField) and not isinstance(field, RadioField)]

    @property
    def asked(self) -> dict[str, str]:
        """Where to look, in which order and in which news, as the address says it; without the words."""
        fields = (self["in"], self.sort, *self.selects)
        return {field.name: field.data for field in fields if field.data and field.data != field.default}

    @property
    def narrowed(self) -> dict[str, Any]:
        """The news that are meant, as the search takes it."""
        return {
            "section": Section(self.section.data) if self.section.data else None,
            "edition": int(self.edition.data) if self.edition.data else None,
            "year": int(self.year.data) if self.year.data else None,
            "language": self.language.data or None,
        }

    @property
    def narrowed_to(self) -> list[str]:
        """The same in words."""
        chosen = ((field.data, field.choices) for field in self.selects if field.data)
        return [str(choice.label) for data, offered in chosen for choice in offered if choice.value == data]


# `in` is a word of Python's own, so this field cannot be written as an attribute above.
WITHIN = RadioField(
    _l("Where to search"),
    choices=choices([("title", _l("Title")), ("content", _l("Content")), ("", _l("Both"))]),
    default="",
    validate_choice=False,
)
setattr(SearchForm, "in", WITHIN)
