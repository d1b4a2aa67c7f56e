"""A picture that somebody sent, read into bare pixels, and what can be made of pixels.

It serves the site's own pictures and the child process that opens documents, and imports nothing of the site.
Pillow is imported where it is used; only its readers of JPEG, PNG and WebP see the bytes.
"""

from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_000  # WebP holds 16,383
# The brands of ISO media files that hold HEVC or AV1 pictures (ISO/IEC 23008-12)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}


class Refused(ValueError):
    """The file cannot be used; `reason` is the name of a sentence, which the site says to the person who sent it."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def is_heic(data: bytes) -> bool:
    """Whether this begins as HEIC or AVIF does."""
    return data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS


def kind_of(data: bytes) -> str | None:
    """`image/jpeg`, `image/png` or `image/webp` by its first bytes, which prove nothing; None for anything else."""
    if data[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    return "image/webp" if data[:4] + data[8:12] == b"RIFFWEBP" else None


def read(data: bytes, side: int | None = None) -> tuple["Image", bool]:
    """The pixels, upright and in sRGB, and whether they were drawn (PNG) rather than photographed.

    With a `side`, a large JPEG is read at a half, a quarter or an eighth of its size as long as its longer side does
    not fall below it. Raises Refused: `too_many_pixels`, `too_long`, `cut_off` or `damaged`.
    """
    from PIL import Image, ImageOps

    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        _must_not_be_too_large(*image.size)
        is_drawn = image.format == "PNG"
        if side:
            share = side / max(image.size)
            image.draft(None, tuple(ceil(length * share) for length in image.size))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return _bare(image), is_drawn
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels") from error
    except Exception as error:  # a broken file makes its reader fail in any way
        cut_off = "truncated" in str(error).lower() or isinstance(error, EOFError)
        raise Refused("cut_off" if cut_off else "damaged") from error


def _must_not_be_too_large(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Refused("too_many_pixels")
    if max(width, height) > LONGEST_SIDE:
        raise Refused("too_long")


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


def on_white(image: "Image") -> "Image":
    """Without transparency: a black logo would vanish on a dark page."""
    from PIL import Image

    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def fitted(image: "Image", whole: "Image", side: int) -> "Image":
    """No longer than `side`, in the shape of the whole; made from `image`, which may be smaller already."""
    share = side / max(whole.size)
    return image if share >= 1 else resized(image, *(max(1, round(length * share)) for length in whole.size))


def resized(image: "Image", width: int, height: int) -> "Image":
    """In this size, whatever its shape was."""
    from PIL.Image import Resampling

    if image.size == (width, height):
        return image
    return image.resize((width, height), Resampling.LANCZOS, reducing_gap=3)


def about_the_focus(image: "Image", shape: tuple[int, int], focus: int) -> "Image":
    """The largest part of this shape that keeps the side, corner or middle that the focus (1 to 9) names."""
    across, down = (focus - 1) % 3, (focus - 1) // 3
    width = min(image.width, max(1, image.height * shape[0] // shape[1]))
    height = min(image.height, max(1, image.width * shape[1] // shape[0]))
    left, top = (image.width - width) * across // 2, (image.height - height) * down // 2
    return image.crop((left, top, left + width, top + height))
