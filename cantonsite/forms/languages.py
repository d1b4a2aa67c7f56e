"""A text in each language of the site as one field of a form; and the names of languages that people speak."""

from functools import lru_cache
from typing import Any

from babel import Locale
from flask import current_app
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import FormField, StringField, TextAreaField
from wtforms.validators import StopValidation

from ..languages import DEFAULT, LANGUAGES
from .base import Answered, AtMost, CleanMeta

# Languages in which a press office may answer: those of the United Nations first, then others that buyers speak
SPOKEN = ("zh", "en", "fr", "es", "ru", "ar", "yue", "de", "hi", "id", "it", "ja", "ko", "pt", "th", "tr", "vi")
TOO_LONG = _l("%(language)s: it must be %(most)s characters or fewer; it has %(is)s")


def name_of(code: str) -> str:
    """The name of a language in the present one; the code itself when nobody knows it."""
    return get_locale().languages.get(code, code)


class _Name:
    """A language's name, looked up when it is shown."""

    def __init__(self, code: str):
        self.locale = LANGUAGES[code].locale

    def __str__(self) -> str:
        return Locale.parse(self.locale).get_language_name(get_locale())


class _Within(AtMost):
    """At most so many characters, said of one language."""

    def __init__(self, length: int, code: str):
        super().__init__(length, TOO_LONG)
        self.language = _Name(code)

    def __call__(self, _form: Any, field: Any) -> None:
        given = len(field.data or "")
        if given > self.length:
            raise StopValidation(str(self.message) % {"language": self.language, "most": self.length, "is": given})


class TextPerLanguage(FormField):
    """A text in each language that the site speaks: of `title` the inputs are title-en, title-zh …

    Its data is {language: text} without what is empty, as models keep it. With `missing`, words for whoever leaves
    the first language out, that one has to be there; the others never have to. What is kept in a language that the site
    no longer speaks stays as it was. Drawn by the macro `field`, judged like every field.
    """

    def __init__(self, label: Any, *, most: int, missing: Any = None, rows: int = 0, **kwargs: Any):
        super().__init__(PlainForm, label, **kwargs)
        self._made_of = (most, missing, rows)
        self.flags.optional = missing is None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        most, missing, rows = self._made_of
        self.form_class = _for_languages(tuple(current_app.config["SPOKEN"]), most, missing, rows)
        kept = data if isinstance(data, dict) else {}
        super().process(formdata, kept, extra_filters)
        self._unspoken = {code: text for code, text in kept.items() if code not in self.form._fields}

    @property
    def data(self) -> dict[str, str]:
        written = {field.short_name: field.data for field in self.form if field.data}
        return {**self._unspoken, **written}

    @property
    def parts(self) -> list[Any]:
        """One input for each language."""
        return list(self.form)

    @property
    def errors(self) -> list[str]:
        return [message for part in self.form for message in part.errors]


@lru_cache(maxsize=64)
def _for_languages(codes: tuple[str, ...], most: int, missing: Any, rows: int) -> type[PlainForm]:
    fields = {code: _field(code, most, missing if code == DEFAULT else None, rows) for code in codes}
    return type("Texts", (PlainForm,), {"Meta": type("Meta", (CleanMeta,), {}), **fields})


def _field(code: str, most: int, missing: Any, rows: int) -> Any:
    each = LANGUAGES[code]
    here = {"lang": each.html, "dir": each.direction, "autocomplete": "off", **({"rows": rows} if rows else {})}
    checks = [*([Answered(missing)] if missing else []), _Within(most, code)]
    kind = TextAreaField if rows else StringField
    return kind(_Name(code), checks, render_kw=here)
