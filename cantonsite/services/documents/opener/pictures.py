"""Make from the pixels of a picture the file that is kept, the photo of the pass, or a small preview."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from . import pixels

if TYPE_CHECKING:
    from PIL.Image import Image

PHOTO, PHOTO_AT_LEAST = (600, 800), (300, 400)
QUALITY, PREVIEW_QUALITY = 90, 80

Made = tuple[dict[str, Any], bytes]


def take_in(data: bytes, side: int) -> Made:
    """The whole picture, upright, on white, its longer side at most `side`. Raises Refused."""
    whole, is_drawn = pixels.read(data, side)
    return made(pixels.on_white(pixels.fitted(whole, whole, side)), is_drawn=is_drawn)


def photo(data: bytes, focus: int) -> Made:
    """The part about the focus in the shape and size of the pass. Raises Refused, also if the part is too small."""
    whole, _ = pixels.read(data)
    part = pixels.about_the_focus(pixels.on_white(whole), PHOTO, focus)
    if part.width < PHOTO_AT_LEAST[0] or part.height < PHOTO_AT_LEAST[1]:
        raise pixels.Refused("photo_too_small")
    return made(pixels.resized(part, *PHOTO))


def preview(data: bytes, width: int) -> Made:
    """The picture, at most `width` wide and twice as high. Raises Refused."""
    whole, is_drawn = pixels.read(data, 4 * width)
    return small(pixels.on_white(whole), width, is_drawn=is_drawn)


def small(image: "Image", width: int, *, is_drawn: bool = False) -> Made:
    """At most `width` wide and twice as high, which a strip of a picture would be many times over."""
    share = min(1, width / image.width, 2 * width / image.height)
    shown = pixels.resized(image, *(max(1, round(length * share)) for length in image.size))
    return made(shown, PREVIEW_QUALITY, is_drawn=is_drawn)


def made(image: "Image", quality: int = QUALITY, *, is_drawn: bool = False) -> Made:
    """The facts of a JPEG and the JPEG."""
    file = BytesIO()
    # Lines keep their colour only where it is not sampled down
    image.save(file, "JPEG", quality=quality, optimize=True, subsampling="4:4:4" if is_drawn else "4:2:0")
    return {"media_type": "image/jpeg", "width": image.width, "height": image.height}, file.getvalue()
