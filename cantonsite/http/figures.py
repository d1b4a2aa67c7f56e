"""The pictures of an article as its page shows them: at their places in the text, in the sizes that a page needs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from ..languages import Said
from ..models.media import Licence, RenditionUse
from ..services import addresses
from ..services.figures import File, PictureShown
from ..services.imaging import JPEG, WEBP
from ..services.markdown import to_parts

Address = Callable[[str], str]  # of a file by its name
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the addresses of its files; `width` and `height` keep its place while it loads."""

    alt: Said
    caption: Said
    credit: str
    src: str
    srcset: str
    webp: str
    width: int
    height: int
    is_first: bool = False


def public(name: str) -> str:
    """The address of a picture's file."""
    return url_for("media.file", name=name)


def absolute(name: str) -> str:
    """The full address of a picture's file, for feeds and structured data."""
    return addresses.absolute("media.file", name=name)


def figure(
    picture: PictureShown, address: Address = public, use: RenditionUse = RenditionUse.PAGE, is_first: bool = False
) -> Figure:
    """A picture in its sizes for pages, or for another use that has several."""
    jpegs, webps = picture.made_for(use, JPEG), picture.made_for(use, WEBP)
    return Figure(
        alt=picture.alt,
        caption=picture.caption,
        credit=picture.credit,
        src=address(jpegs[-1].name),
        srcset=_srcset(jpegs, address),
        webp=_srcset(webps, address),
        width=jpegs[-1].width,
        height=jpegs[-1].height,
        is_first=is_first,
    )


card = partial(figure, use=RenditionUse.CARD)


def in_text(
    body: str, pictures: Iterable[PictureShown], language: str = "", address: Address = public
) -> tuple[Markup | Figure, ...]:
    """A text and its pictures in the order of the page.

    `[picture 2]` is the place of the second. Of those without a place the first stands above the text and the others
    after it. A number that no picture has shows nothing, and each picture is shown once.
    """
    left, parts = dict(enumerate(pictures, 1)), []
    for part in to_parts(body, language):
        if isinstance(part, Markup):
            parts.append(part)
        elif part in left:
            parts.append(left.pop(part))
    above, *after = left.values() or (None,)
    ordered = [*([above] if above else []), *parts, *after]
    first = next((each for each in ordered if isinstance(each, PictureShown)), None)
    return tuple(
        figure(each, address, is_first=each is first) if isinstance(each, PictureShown) else each for each in ordered
    )


def as_html(body: str, pictures: Iterable[PictureShown], language: str = "") -> Markup:
    """A text with its pictures for readers elsewhere, such as a feed's: full addresses, and one size of each."""
    parts = in_text(body, pictures, language, absolute)
    return Markup().join(_simple(part) if isinstance(part, Figure) else part for part in parts)


def words(picture: PictureShown) -> str:
    """A picture in plain text: its caption, or what it shows, and its credit."""
    said = picture.caption.text or picture.alt.text
    return _("Picture: %(words)s (%(credit)s)", words=said, credit=picture.credit)


def licence_address(picture: PictureShown, build: Callable[..., str] = url_for) -> str:
    """Where the terms on which a picture may be used are written."""
    return CC_BY if picture.licence is Licence.CC_BY else build("press.image_licence")


def _simple(each: Figure) -> Markup:
    shown = Markup('<figure><img src="%s" alt="%s" width="%s" height="%s"><figcaption>%s</figcaption></figure>\n')
    under = Markup("<br>").join(filter(None, (each.caption.text, each.credit)))
    return shown % (each.src, each.alt.text, each.width, each.height, under)


def _srcset(files: Iterable[File], address: Address) -> str:
    return ", ".join(f"{address(file.name)} {file.width}w" for file in files)
