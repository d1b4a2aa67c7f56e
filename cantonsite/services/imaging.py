"""Read a picture that somebody uploaded, and make from its pixels the files that pages and the press use.

Nothing but pixels comes through: no EXIF, no GPS position, no XMP, no comment, no colour profile. Pillow is imported
where it is used; it is the only library that sees the bytes, and only its readers of JPEG, PNG and WebP.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from ..models.media import RenditionUse

if TYPE_CHECKING:
    from PIL.Image import Image

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_000  # WebP holds 16,383
PAGE_WIDTHS = (320, 640, 960, 1280)
CARD_WIDTHS, CARD_SHAPE = (480, 960), (3, 2)
SHARE_WIDTH, SHARE_SHAPE = 1200, (1200, 630)  # what social networks ask for
LOW, HIGH = 1280, 2560
MIDDLE = 5
QUALITY = {RenditionUse.ORIGINAL: 92, RenditionUse.HIGH: 88}
# The brands of ISO media files that hold HEVC or AV1 pictures (ISO/IEC 23008-12)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}

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
        return tuple(_crops(_on_white(_fitted(whole, whole, HIGH)), is_drawn, focus))


def check(data: bytes) -> None:
    """Raises UnreadablePicture if these bytes are not a whole picture that can be used."""
    with _one_at_a_time:
        _read(data)


def _all(whole: "Image", is_drawn: bool, focus: int) -> Iterator[Made]:
    has_alpha = whole.mode == "RGBA"
    yield _written(RenditionUse.ORIGINAL, whole, PNG if is_drawn or has_alpha else JPEG, is_drawn)
    large = _on_white(_fitted(whole, whole, HIGH))
    if max(whole.size) > HIGH:
        yield _written(RenditionUse.HIGH, large, JPEG, is_drawn)
    yield from _crops(large, is_drawn, focus)
    if max(whole.size) > LOW:
        yield _written(RenditionUse.LOW, _fitted(large, whole, LOW), JPEG, is_drawn)
    page = large
    for width in sorted({min(width, whole.width) for width in PAGE_WIDTHS}, reverse=True):
        page = _resized(page, width, max(1, round(whole.height * width / whole.width)))
        for media_type in (WEBP, JPEG):
            yield _written(RenditionUse.PAGE, page, media_type, is_drawn)


def _crops(large: "Image", is_drawn: bool, focus: int) -> Iterator[Made]:
    card = _about_the_focus(large, CARD_SHAPE, focus)
    for width in sorted({min(width, card.width) for width in CARD_WIDTHS}):
        shown = _resized(card, width, max(1, round(width * CARD_SHAPE[1] / CARD_SHAPE[0])))
        for media_type in (WEBP, JPEG):
            yield _written(RenditionUse.CARD, shown, media_type, is_drawn)
    share = _about_the_focus(large, SHARE_SHAPE, focus)
    width = min(SHARE_WIDTH, share.width)
    share = _resized(share, width, max(1, round(width * SHARE_SHAPE[1] / SHARE_SHAPE[0])))
    yield _written(RenditionUse.SHARE, share, JPEG, is_drawn)


def _read(data: bytes) -> tuple["Image", bool]:
    """The pixels, upright and in sRGB, and whether they were drawn (PNG) rather than photographed."""
    from PIL import Image, ImageOps

    _must_be_a_picture(data)
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        _must_not_be_too_large(*image.size)
        is_drawn = image.format == "PNG"
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return _bare(image), is_drawn
    except UnreadablePicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadablePicture(_too_large()) from error
    except Exception as error:  # a broken file makes its reader fail in any way
        if "truncated" in str(error).lower() or isinstance(error, EOFError):
            raise UnreadablePicture(
                _l("The picture is cut off: a part of the file is missing. Send it anew")
            ) from error
        raise UnreadablePicture(_l("The picture cannot be read: the file is damaged")) from error


def _must_be_a_picture(data: bytes) -> None:
    if not data:
        raise UnreadablePicture(_l("The file is empty"))
    if len(data) > MOST_BYTES:
        raise UnreadablePicture(_l("The picture must be 20 MB or smaller"))
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise UnreadablePicture(
            _l(
                "The picture is HEIC, as iPhones take them, and most browsers cannot show it. Make a JPEG of it: "
                "mail it to yourself from the phone, or export it as JPEG on a computer. For pictures to come, choose "
                "Most Compatible in the phone’s settings under Camera, Formats"
            )
        )
    known = data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n" or data[:4] + data[8:12] == b"RIFFWEBP"
    if not known:
        raise UnreadablePicture(_l("The picture must be a JPEG, PNG or WEBP"))


def _must_not_be_too_large(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise UnreadablePicture(_too_large())
    if max(width, height) > LONGEST_SIDE:
        raise UnreadablePicture(_l("The picture must be 16,000 pixels or less on its longer side"))


def _too_large():
    return _l("The picture must have 40 megapixels or fewer")


def _bare(image: "Image") -> "Image":
    """Only the pixels, in RGB or RGBA, in a new image that has never known anything else."""
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":  # 16 bits of grey, which a plain conversion would cut off
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    profile = image.info.get("icc_profile")
    if image.mode in ("P", "1") or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    image = _in_srgb(image, profile, mode) if profile else image
    if image.mode != mode:
        image = image.convert(mode)
    if mode == "RGBA" and image.getextrema()[3] == (255, 255):  # says that it is transparent, and is nowhere
        mode, image = "RGB", image.convert("RGB")
    bare = Image.new(mode, image.size)
    bare.paste(image)
    return bare


def _in_srgb(image: "Image", profile: bytes, mode: str) -> "Image":
    """With the colours that its profile means; as it is where the profile is broken or another kind of picture's."""
    from PIL import ImageCms

    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(given).lower():
            return image
        if image.mode == "LA":
            image = image.convert("RGBA")
        return ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _on_white(image: "Image") -> "Image":
    """What pages show has no transparency: a black logo would vanish on a dark page."""
    from PIL import Image

    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _fitted(image: "Image", whole: "Image", side: int) -> "Image":
    """No longer than `side`, in the shape of the whole; made from `image`, which may be smaller already."""
    share = side / max(whole.size)
    return image if share >= 1 else _resized(image, *(max(1, round(length * share)) for length in whole.size))


def _resized(image: "Image", width: int, height: int) -> "Image":
    from PIL.Image import Resampling

    if image.size == (width, height):
        return image
    return image.resize((width, height), Resampling.LANCZOS, reducing_gap=3)


def _about_the_focus(image: "Image", shape: tuple[int, int], focus: int) -> "Image":
    """The largest part of this shape that keeps the side, corner or middle that the focus names."""
    across, down = (focus - 1) % 3, (focus - 1) // 3
    width = min(image.width, max(1, image.height * shape[0] // shape[1]))
    height = min(image.height, max(1, image.width * shape[1] // shape[0]))
    left, top = (image.width - width) * across // 2, (image.height - height) * down // 2
    return image.crop((left, top, left + width, top + height))


def _written(use: RenditionUse, image: "Image", media_type: str, is_drawn: bool) -> Made:
    file = BytesIO()
    if media_type == PNG:
        image.save(file, "PNG")
    elif media_type == WEBP:
        image.save(file, "WEBP", quality=80, method=2)
    else:  # lines keep their colour only where it is not sampled down
        sampling = "4:4:4" if is_drawn else "4:2:0"
        quality = QUALITY.get(use, 82)
        image.save(file, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=sampling)
    return Made(use, media_type, *image.size, file.getvalue())
