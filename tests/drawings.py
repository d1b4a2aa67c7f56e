"""Pictures for tests: drawn here, with whatever a camera or a bad program may have put into them."""

from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from cantonsite.models.audit import Actor
from cantonsite.models.media import Licence, PictureKind, RenditionUse
from cantonsite.services import figures, pictures

RED, BLUE = (200, 20, 30), (20, 40, 200)
PLACE = "Haizhu, where nobody may know that we were"


def drawn(width: int = 1400, height: int = 900, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle([width // 2, 0, width, height], fill=BLUE)
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(width: int = 1400, height: int = 900, **options: Any) -> bytes:
    return saved(drawn(width, height), **options)


def from_a_telephone(width: int = 900, height: int = 600) -> bytes:
    """A JPEG as a telephone writes it: lying on its side, with the place, a comment and a profile."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010E] = PLACE
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 6.0, 0.0), 3: "E", 4: (113.0, 22.0, 0.0)})
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{PLACE}</x:xmpmeta>".encode()
    return saved(drawn(width, height), exif=exif, comment=PLACE.encode(), xmp=xmp)


def with_text(width: int = 600, height: int = 400) -> bytes:
    """A PNG with words beside its pixels."""
    words = PngInfo()
    words.add_text("Comment", PLACE)
    words.add_itxt("XML:com.adobe.xmp", PLACE)
    return saved(drawn(width, height), "PNG", pnginfo=words)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


SAID: dict[str, Any] = {
    "name": "opening",
    "alts": {"en": "Red on the left, blue on the right", "zh": "左红右蓝"},
    "captions": {"en": "Two colours at the opening.", "zh": "开幕式上的两种颜色。"},
    "credit": "Chen Yulan",
    "licence": Licence.PRESS,
    "kind": PictureKind.PHOTO,
}


def in_the_library(app: Flask, data: bytes | None = None, article: int | None = None, **said: Any) -> int:
    """A picture, offered to the press unless `in_library` says otherwise; put into an article if one is named."""
    with app.app_context():
        said = {"in_library": True, "actor": Actor.COMMAND, **SAID, **said}
        picture_id = pictures.add(jpeg() if data is None else data, **said)
        if article:
            pictures.attach(article, picture_id, actor=Actor.COMMAND)
        return picture_id


def files_of(app: Flask, picture_id: int) -> list[str]:
    """The names of all files of a picture."""
    with app.app_context():
        (picture,) = figures.of_ids([picture_id], RenditionUse, "en")
        return [file.name for file in picture.files]
