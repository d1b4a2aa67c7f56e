"""Forms of the media library, and of pictures and kit files at the desk."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SearchField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation

from ..models.media import KitFile, Licence, Picture, PictureKind
from .base import Answered, AtMost, Chosen, CleanMeta, Form, choices, members, on_one_line
from .fields import Day
from .languages import TextPerLanguage

TOO_LONG = _l("It must be %(most)s characters or fewer; it has %(is)s")
NO_EDITION = "none"
ANY = _l("All")
FOCUS = (
    *((1, _l("Top left")), (2, _l("Top")), (3, _l("Top right"))),
    *((4, _l("Left")), (5, _l("Middle")), (6, _l("Right"))),
    *((7, _l("Bottom left")), (8, _l("Bottom")), (9, _l("Bottom right"))),
)


class LibraryForm(PlainForm):
    """What the media library is narrowed to. Sent by GET; what is not among the choices counts as not said."""

    class Meta(CleanMeta, PlainForm.Meta):
        pass

    q = SearchField(_l("Words in the description or the credit"), filters=[on_one_line], default="")
    edition = SelectField(_l("Edition"), default="", validate_choice=False)
    kind = SelectField(_l("Kind"), default="", validate_choice=False)
    year = SelectField(_l("Year"), default="", validate_choice=False)

    @classmethod
    def of(cls, given: Any, editions: Iterable[tuple[int, str]], years: Iterable[int]) -> "LibraryForm":
        """The form for these arguments of an address, with the editions and years that there are."""
        return cls(given)._offering(editions, years)

    def _offering(self, editions: Iterable[tuple[int, str]], years: Iterable[int]) -> "LibraryForm":
        self.edition.choices = choices([("", ANY), *((str(number), name) for number, name in editions)])
        self.year.choices = choices([("", ANY), *((str(year), str(year)) for year in years)])
        self.kind.choices = [*choices([("", ANY)]), *members(PictureKind)]
        self.q.data = (self.q.data or "")[:100]
        for field in self.selects:
            if field.data not in {choice.value for choice in field.choices}:
                field.data = ""
        return self

    @property
    def selects(self) -> list[SelectField]:
        return [field for field in self if isinstance(field, SelectField)]

    @property
    def asked(self) -> dict[str, str]:
        """What was said, as the address says it."""
        return {field.name: field.data for field in self if field.data and field.data is not True}

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """All that can be chosen: what a page that is kept depends on."""
        return tuple((choice.value, str(choice.label)) for field in self.selects for choice in field.choices)

    @property
    def wanted(self) -> dict[str, Any]:
        """What was said, as the library takes it."""
        return {
            "words": self.q.data,
            "edition": int(self.edition.data) if self.edition.data else None,
            "kind": PictureKind(self.kind.data) if self.kind.data else None,
            "year": int(self.year.data) if self.year.data else None,
        }


class DeskLibraryForm(LibraryForm):
    """The same at the desk, with what only editors ask."""

    licence = SelectField(_l("Terms of use"), default="", validate_choice=False)
    where = SelectField(_l("Media library"), default="", validate_choice=False)
    without_alt = BooleanField(_l("Not described in every language"))

    @classmethod
    def of(cls, given: Any, editions: Iterable[tuple[int, str]], years: Iterable[int]) -> "DeskLibraryForm":
        form = cls(given)
        form.licence.choices = [*choices([("", ANY)]), *members(Licence)]
        form.where.choices = choices([("", ANY), ("in", _l("Offered to the press")), ("out", _l("Not offered"))])
        return form._offering(editions, years)

    @property
    def asked(self) -> dict[str, str]:
        return {**super().asked, **({"without_alt": "y"} if self.without_alt.data else {})}

    @property
    def wanted(self) -> dict[str, Any]:
        return {
            **super().wanted,
            "licence": Licence(self.licence.data) if self.licence.data else None,
            "in_library": {"in": True, "out": False}.get(self.where.data),
            "without_alt": self.without_alt.data,
        }


class OptionalDay(Day):
    """A day that may be left out."""

    def __init__(self, label: Any, wrong: Any, **kwargs: Any):
        super().__init__(label, wrong, **kwargs)
        self.flags.optional = True

    def pre_validate(self, form: Any) -> None:
        if any(text.strip() for text in self.raw_data or ()):
            super().pre_validate(form)


class PictureForm(Form):
    """What must be said of a picture."""

    alts = TextPerLanguage(
        _l("What the picture shows"),
        most=Picture.ALT_LENGTH,
        missing=_l("Say in English what the picture shows"),
        description=_l("For those who cannot see it: one sentence, without “picture of”"),
        rows=2,
    )
    captions = TextPerLanguage(
        _l("Caption"),
        most=Picture.CAPTION_LENGTH,
        description=_l("What stands under it, with the day and the place"),
        rows=2,
    )
    credit = StringField(
        _l("Credit"),
        description=_l("Who took or drew it, as it must be named"),
        validators=[Answered(_l("Enter the credit")), AtMost(Picture.CREDIT_LENGTH, TOO_LONG)],
        render_kw={"autocomplete": "off", "dir": "auto"},
    )
    licence = RadioField(
        _l("Terms of use"),
        choices=members(Licence),
        default=Licence.PRESS.value,
        validators=[Chosen(_l("Select the terms of use"))],
        validate_choice=False,
    )
    kind = RadioField(
        _l("Kind"),
        choices=members(PictureKind),
        default=PictureKind.PHOTO.value,
        validators=[Chosen(_l("Select the kind"))],
        validate_choice=False,
    )
    focus = RadioField(
        _l("What matters most is"),
        description=_l("Lists and shared links show a part of the picture; this part is kept."),
        choices=choices((str(number), words) for number, words in FOCUS),
        default="5",
        validators=[Chosen(_l("Select the part that matters most"))],
        validate_choice=False,
    )
    taken_on = OptionalDay(_l("Day on which it was taken"), _l("Enter the day such as 2027-04-15, or leave it empty"))
    edition = SelectField(
        _l("Edition"), validators=[Chosen(_l("Select an edition from the list"))], validate_choice=False
    )
    in_library = BooleanField(
        _l("Offer it in the media library"),
        description=_l("Everybody can then download it at once, even before the article that it stands in is out."),
    )
    name = StringField(
        _l("Name"),
        description=_l("As downloads of it are called, without an ending. Empty: the name of the file"),
        validators=[AtMost(Picture.NAME_LENGTH, TOO_LONG)],
        render_kw={"autocomplete": "off", "dir": "auto", "spellcheck": "false"},
    )
    not_answers = ("file", "held", "held_name")

    def offer(self, editions: Iterable[tuple[int, str]]) -> "PictureForm":
        """Fill the list of editions with numbers and names."""
        self.edition.choices = choices(
            [(NO_EDITION, _l("No edition")), *((str(each), name) for each, name in editions)]
        )
        self.edition.data = str(self.edition.data or NO_EDITION)
        self.name.flags.optional = True
        return self

    @property
    def answers(self) -> dict[str, Any]:
        """Its values as the library keeps them."""
        given = super().answers
        edition = None if given["edition"] == NO_EDITION else int(given["edition"])
        kinds = {"licence": Licence(given["licence"]), "kind": PictureKind(given["kind"])}
        return {**given, **kinds, "edition": edition, "focus": int(given["focus"]), "name": given["name"] or ""}


class Upload:
    """A file that is kept when another answer is wrong: `held` is what the site calls it meanwhile."""

    held = HiddenField()
    held_name = HiddenField(filters=[on_one_line])
    held_size = 0


class NewPictureForm(Upload, PictureForm):
    """A picture that is not here yet."""

    file = FileField(
        _l("Picture"),
        description=_l(
            "JPEG, PNG or WEBP, at most 20 MB and 40 megapixels. Where and with what it was taken is left out"
        ),
        render_kw={"accept": ".jpg,.jpeg,.png,.webp"},
    )


class KitFileForm(Upload, Form):
    """A file for a press kit."""

    file = FileField(
        _l("File"),
        description=_l(
            "PDF, DOCX, XLSX, TXT, JPEG, PNG, WEBP, MP3, MP4 or ZIP, at most 20 MB. Of a picture, where and with what "
            "it was taken is left out; any other file is given out as it is, with what it says of its author or place"
        ),
    )
    title = StringField(
        _l("Title"),
        validators=[Answered(_l("Enter a title")), AtMost(KitFile.TITLE_LENGTH, TOO_LONG)],
        render_kw={"autocomplete": "off", "dir": "auto"},
    )


class PlacedForm(Form):
    """A button beside a picture of an article: which one, and what to do with it."""

    ACTS = ("up", "down", "detach", "attach")
    act = HiddenField()

    def validate_act(self, field: HiddenField) -> None:
        act, _, number = (field.data or "").partition("-")
        if act not in self.ACTS or not (number.isascii() and number.isdigit() and len(number) < 10):
            raise StopValidation(_l("Choose one of the buttons"))

    @property
    def chosen(self) -> tuple[str, int]:
        """What to do, and with which picture."""
        act, _, number = self.act.data.partition("-")
        return act, int(number)
