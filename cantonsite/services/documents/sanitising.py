"""Take in a file that an applicant sends: open it, refuse what is not harmless, and make anew what is kept.

Pictures and PDFs are opened in a child process (`opening`) and become pixels there; what is kept is written from these
pixels, a PDF too. So nothing of the sender's file but its looks reaches the desk, whatever it was.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from . import names, opening
from .opener import pixels

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
PICTURES = frozenset({JPEG, PNG, WEBP})
DOCUMENTS = PICTURES | {PDF}
MOST_BYTES = 10 * 1024 * 1024
LONGEST_SIDE, LONGEST_SIDE_OF_PHOTO = 3000, 1600
PREVIEW_WIDTH = 480
MIDDLE = 5
BEFORE_PDF = b"\xef\xbb\xbf \t\r\n\0"  # what some programs write before the first word of a PDF

REFUSALS = {
    "empty": _l("The file is empty"),
    "too_large": _l("The file must be 10 MB or smaller"),
    "not_a_picture": _l("The file must be a JPEG, PNG or WEBP"),
    "not_a_document": _l("The file must be a JPEG, PNG, WEBP or PDF"),
    "heic": _l(
        "The picture is HEIC, as iPhones take them. Make a JPEG of it: mail it to yourself from the phone, or export "
        "it as JPEG on a computer. For pictures to come, choose Most Compatible in the phone’s settings under Camera, "
        "Formats"
    ),
    "damaged": _l("The file cannot be read: it is damaged. Save or export it anew and send that"),
    "cut_off": _l("The file is cut off: a part of it is missing. Send it anew"),
    "too_many_pixels": _l("The picture must have 40 megapixels or fewer. Make it smaller and send that"),
    "too_long": _l("The picture must be 16,000 pixels or less on its longer side. Make it smaller and send that"),
    "photo_too_small": _l(
        "The photo must be at least 300 pixels wide and 400 pixels high. Send one that was taken closer or is larger"
    ),
    "encrypted": _l("The PDF is protected with a password. Save it without one and send it anew"),
    "protected": _l("The PDF is protected against changes. Print it to a new PDF and send that"),
    "script": _l("The PDF contains a script. Print it to a new PDF and send that"),
    "program": _l("The PDF starts a program. Print it to a new PDF and send that"),
    "form": _l("The PDF is a form that runs or sends something. Print it to a new PDF and send that"),
    "files": _l("The PDF holds other files inside. Print it to a new PDF and send that"),
    "elsewhere": _l("The PDF opens another file. Print it to a new PDF and send that"),
    "media": _l("The PDF holds sound, film or a 3D model. Print it to a new PDF and send that"),
    "no_fonts": _l("The PDF lacks the fonts of its text. Print it to a new PDF, or send a picture of it as JPEG"),
    "too_many_pages": _l("The PDF must have 30 pages or fewer. Send only the pages that matter"),
    "page_too_large": _l(
        "A page of the PDF must be 5 metres or less on each side. Print it to a new PDF and send that"
    ),
    "too_large_drawn": _l("The PDF holds too many large pictures. Send fewer pages, or each as a JPEG"),
    "too_hard": _l(
        "The file is too complicated to be opened here. Print it to a new PDF, or send a picture of it as JPEG"
    ),
}


class Refused(ValueError):
    """The file is not taken in; the message says why and how to mend it, in the language of the page that shows it."""

    def __init__(self, reason: str):
        super().__init__(REFUSALS[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sanitised:
    """A file that was made anew: safe to keep and to show. `pages` is of a PDF, `width` and `height` of a picture."""

    name: str
    media_type: str
    data: bytes
    pages: int | None = None
    width: int | None = None
    height: int | None = None


def take_in(
    data: bytes, name: str, *, accepted: Collection[str] = DOCUMENTS, longest_side: int = LONGEST_SIDE
) -> Sanitised:
    """The file as it is kept: a JPEG, upright, no longer than `longest_side`, or a PDF of drawn pages. Raises Refused.

    For the photo of the pass take PICTURES and LONGEST_SIDE_OF_PHOTO, keep what comes, and cut `photo` from it.
    """
    if not data:
        raise Refused("empty")
    if len(data) > MOST_BYTES:
        raise Refused("too_large")
    if _kind_of(data, accepted) == PDF:
        return _made(name, *_opened("pages", data))
    return _made(name, *_opened("picture", data, longest_side))


def photo(data: bytes, focus: int = MIDDLE, name: str = "photo") -> Sanitised:
    """The photo of the pass, 600 by 800: of what `take_in` gave, the part about the focus 1 to 9. Raises Refused."""
    if not 1 <= focus <= 9:
        raise ValueError(f"a focus of {focus}")
    return _made(name, *_opened("photo", data, focus))


def preview(data: bytes, media_type: str) -> bytes:
    """A JPEG at most 480 wide of a picture or the first page of a PDF that `take_in` gave. Raises Refused."""
    return _opened("preview_pages" if media_type == PDF else "preview_picture", data, PREVIEW_WIDTH)[1]


def _kind_of(data: bytes, accepted: Collection[str]) -> str:
    """What it begins as. Whether it is that, its reader will find."""
    if pixels.is_heic(data):
        raise Refused("heic")
    kind = PDF if data[:64].lstrip(BEFORE_PDF).startswith(b"%PDF-") else pixels.kind_of(data)
    if kind not in accepted:
        raise Refused("not_a_document" if PDF in accepted else "not_a_picture")
    return kind


def _opened(do: str, data: bytes, argument: int | None = None) -> tuple[dict[str, Any], bytes]:
    try:
        facts, made = opening.ask(do, data, argument)
    except opening.Died as error:
        raise Refused("too_hard") from error
    if reason := facts.get("refused"):
        raise Refused(reason)
    return facts, made


def _made(name: str, facts: dict[str, Any], data: bytes) -> Sanitised:
    kind = facts["media_type"]
    sizes = (facts.get("pages"), facts.get("width"), facts.get("height"))
    return Sanitised(names.safe(name, kind), kind, data, *sizes)
