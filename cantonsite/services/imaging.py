"""Read a picture that somebody uploaded, and make from its pixels the files that pages and the press use.

Nothing but pixels comes through: no EXIF, no GPS position, no XMP, no comment, no colour profile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from ..models.media import RenditionUse
from .documents.opener import pixels

if TYPE_CHECKING:
    from PIL.Image import Image

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
MOST_BYTES = 20 * 1024 * 1024
PAGE_WIDTHS = (320, 640, 960, 1280)
CARD_WIDTHS, CARD_SHAPE = (480, 960), (3, 2)
SHARE_WIDTH, SHARE_SHAPE = 1200, (1200, 630)  # what social networks ask for
LOW, HIGH = 1280, 2560
MIDDLE = 5
QUALITY = {RenditionUse.ORIGINAL: 92, RenditionUse.HIGH: 88}
REFUSALS = {
    "too_many_pixels": _l("The picture must have 40 megapixels or fewer"),
    "too_long": _l("The picture must be 16,000 pixels or less on its longer side"),
    "cut_off": _l("The picture is cut off: a part of the file is missing. Send it anew"),
    "damaged": _l("The picture cannot be read: the file is damaged"),
}

# A picture of 40 megapixels takes about 300 MB while it is worked on: several at once would take several times that.
_one_at_a_time = Lock()


class UnreadablePicture(ValueError):
    """The file cannot be used as a picture; the message says why, in words for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Made:
    """One file made from a picture."""

    use: RenditionUse
    media_type: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read: its size in pixels, upright, and the files made from it."""

    width: int
    height: int
    files: tuple[Made, ...]


def make(data: bytes, focus: int = MIDDLE) -> Picture:
    """Every file of a picture. Raises UnreadablePicture."""
    with _one_at_a_time:
        whole, is_drawn = _read(data)
        return Picture(whole.width, whole.height, tuple(_all(whole, is_drawn, focus)))


def crops(data: bytes, focus: int) -> tuple[Made, ...]:
    """Only the files that depend on the focus: cards and the one for sharing. Raises UnreadablePicture."""
    with _one_at_a_time:
        whole, is_drawn = _read(data)
        return tuple(_crops(pixels.on_white(pixels.fitted(whole, whole, HIGH)), is_drawn, focus))


def bare(data: bytes) -> bytes:
    """The same picture in its own format, and nothing but its pixels. Raises UnreadablePicture."""
    with _one_at_a_time:
        whole, is_drawn = _read(data)
        return _written(RenditionUse.ORIGINAL, whole, pixels.kind_of(data), is_drawn).data


def check(data: bytes) -> None:
    """Raises UnreadablePicture if these bytes are not a whole picture that can be used."""
    with _one_at_a_time:
        _read(data)


def _all(whole: "Image", is_drawn: bool, focus: int) -> Iterator[Made]:
    has_alpha = whole.mode == "RGBA"
    yield _written(RenditionUse.ORIGINAL, whole, PNG if is_drawn or has_alpha else JPEG, is_drawn)
    large = pixels.on_white(pixels.fitted(whole, whole, HIGH))
    if max(whole.size) > HIGH:
        yield _written(RenditionUse.HIGH, large, JPEG, is_drawn)
    yield from _crops(large, is_drawn, focus)
    if max(whole.size) > LOW:
        yield _written(RenditionUse.LOW, pixels.fitted(large, whole, LOW), JPEG, is_drawn)
    page = large
    for width in sorted({min(width, whole.width) for width in PAGE_WIDTHS}, reverse=True):
        page = pixels.resized(page, width, max(1, round(whole.height * width / whole.width)))
        for media_type in (WEBP, JPEG):
            yield _written(RenditionUse.PAGE, page, media_type, is_drawn)


def _crops(large: "Image", is_drawn: bool, focus: int) -> Iterator[Made]:
    card = pixels.about_the_focus(large, CARD_SHAPE, focus)
    for width in sorted({min(width, card.width) for width in CARD_WIDTHS}):
        shown = pixels.resized(card, width, max(1, round(width * CARD_SHAPE[1] / CARD_SHAPE[0])))
        for media_type in (WEBP, JPEG):
            yield _written(RenditionUse.CARD, shown, media_type, is_drawn)
    share = pixels.about_the_focus(large, SHARE_SHAPE, focus)
    width = min(SHARE_WIDTH, share.width)
    share = pixels.resized(share, width, max(1, round(width * SHARE_SHAPE[1] / SHARE_SHAPE[0])))
    yield _written(RenditionUse.SHARE, share, JPEG, is_drawn)


def _read(data: bytes) -> tuple["Image", bool]:
    """The pixels, upright and in sRGB, and whether they were drawn (PNG) rather than photographed."""
    _must_be_a_picture(data)
    try:
        return pixels.read(data)
    except pixels.Refused as error:
        raise UnreadablePicture(REFUSALS[error.reason]) from error


def _must_be_a_picture(data: bytes) -> None:
    if not data:
        raise UnreadablePicture(_l("The file is empty"))
    if len(data) > MOST_BYTES:
        raise UnreadablePicture(_l("The picture must be 20 MB or smaller"))
    if pixels.is_heic(data):
        raise UnreadablePicture(
            _l(
                "The picture is HEIC, as iPhones take them, and most browsers cannot show it. Make a JPEG of it: "
                "mail it to yourself from the phone, or export it as JPEG on a computer. For pictures to come, choose "
                "Most Compatible in the phone’s settings under Camera, Formats"
            )
        )
    if not pixels.kind_of(data):
        raise UnreadablePicture(_l("The picture must be a JPEG, PNG or WEBP"))


def _written(use: RenditionUse, image: "Image", media_type: str, is_drawn: bool) -> Made:
    file = BytesIO()
    if media_type == PNG:
        image.save(file, "PNG")
    elif media_type == WEBP:
        image.save(file, "WEBP", quality=QUALITY.get(use, 80), method=2)
    else:  # lines keep their colour only where it is not sampled down
        sampling = "4:4:4" if is_drawn else "4:2:0"
        quality = QUALITY.get(use, 82)
        image.save(file, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=sampling)
    return Made(use, media_type, *image.size, file.getvalue())
