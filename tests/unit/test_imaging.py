"""Reading pictures that people send: what is refused, what is left out, and which files are made."""

import struct
import zlib

import pytest
from PIL import Image, ImageCms

from cantonsite.models.media import RenditionUse
from cantonsite.services import imaging
from cantonsite.services.imaging import JPEG, PNG, WEBP, UnreadablePicture
from tests.drawings import BLUE, PLACE, RED, drawn, from_a_telephone, jpeg, opened, saved, with_text


def made(data: bytes, use: RenditionUse, media_type: str = JPEG) -> list[imaging.Made]:
    return [each for each in imaging.make(data).files if each.use is use and each.media_type == media_type]


def is_like(pixel: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(pixel, colour, strict=False))


@pytest.mark.parametrize("data", [from_a_telephone(), with_text()], ids=["telephone", "png"])
def test_nothing_but_pixels_comes_through(data):
    assert PLACE.encode() in data
    for each in imaging.make(data).files:
        for trace in (PLACE.encode(), b"Exif\0", b"xmpmeta", b"ICC_PROFILE", b"iCCP", b"tEXt", b"iTXt"):
            assert trace not in each.data, (each.use, trace)
        shown = opened(each.data)
        shown.load()
        assert not shown.getexif()
        assert set(shown.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        } | {*("loop", "background", "timestamp", "duration")}


def test_a_picture_that_lies_on_its_side_is_set_upright():
    found = imaging.make(from_a_telephone(900, 600))
    assert (found.width, found.height) == (600, 900)
    original = opened(next(each.data for each in found.files if each.use is RenditionUse.ORIGINAL))
    assert original.size == (600, 900)
    assert is_like(original.getpixel((300, 40)), RED)
    assert is_like(original.getpixel((300, 860)), BLUE)


def test_pages_get_every_width_that_the_picture_has_and_none_beyond():
    widths = {width: [each.width for each in made(jpeg(width, 600), RenditionUse.PAGE)] for width in (2000, 800, 100)}
    assert {width: sorted(some) for width, some in widths.items()} == {
        2000: [320, 640, 960, 1280],
        800: [320, 640, 800],
        100: [100],
    }
    assert len(made(jpeg(2000, 600), RenditionUse.PAGE, WEBP)) == 4


def test_downloads_are_low_high_and_original():
    files = imaging.make(jpeg(3000, 2000)).files
    sizes = {
        each.use.value: (each.width, each.height) for each in files if each.use.value in ("low", "high", "original")
    }
    assert sizes == {"low": (1280, 853), "high": (2560, 1707), "original": (3000, 2000)}
    small = {each.use.value for each in imaging.make(jpeg(900, 600)).files}
    assert small == {"page", "card", "share", "original"}


def test_a_card_and_the_shared_picture_have_their_shapes():
    files = imaging.make(jpeg(2000, 2000)).files
    cards = {(each.width, each.height) for each in files if each.use is RenditionUse.CARD}
    assert cards == {(480, 320), (960, 640)}
    (share,) = (each for each in files if each.use is RenditionUse.SHARE)
    assert (share.width, share.height, share.media_type) == (1200, 630, JPEG)


@pytest.mark.parametrize(("focus", "left", "right"), [(1, RED, RED), (4, RED, RED), (5, RED, BLUE), (9, BLUE, BLUE)])
def test_a_crop_keeps_the_side_that_the_focus_names(focus, left, right):
    wide = jpeg(4000, 1000)
    (card,) = (each for each in imaging.crops(wide, focus) if (each.width, each.media_type) == (960, JPEG))
    shown = opened(card.data)
    assert is_like(shown.getpixel((20, 300)), left)
    assert is_like(shown.getpixel((940, 300)), right)


def test_a_picture_one_pixel_wide_or_high_is_no_trouble():
    for size in ((1, 1), (1, 500), (500, 1), (2, 9000)):
        assert imaging.make(jpeg(*size)).files


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode):
    image = drawn(300, 200, "L" if mode == "I;16" else "RGB")
    image = image.point(lambda value: value * 257, "I").convert("I;16") if mode == "I;16" else image.convert(mode)
    files = imaging.make(saved(image, "PNG")).files
    assert {opened(each.data).mode for each in files} == {"RGB"}


def test_sixteen_bits_of_grey_keep_their_shades():
    image = Image.new("I;16", (300, 200), 128 * 257)
    (original,) = made(saved(image, "PNG"), RenditionUse.ORIGINAL, PNG)
    assert abs(opened(original.data).getpixel((5, 5))[0] - 128) <= 1


def test_four_colours_of_print_become_three():
    (original,) = made(saved(drawn(300, 200, "CMYK")), RenditionUse.ORIGINAL)
    shown = opened(original.data)
    assert shown.mode == "RGB"
    assert is_like(shown.getpixel((10, 10)), RED)


def test_a_transparent_logo_stands_on_white_and_stays_transparent_as_original():
    logo = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    logo.paste((*RED, 255), (100, 100, 300, 200))
    data = saved(logo, "PNG")
    assert is_like(opened(made(data, RenditionUse.PAGE)[-1].data).getpixel((2, 2)), (255, 255, 255))
    assert opened(made(data, RenditionUse.ORIGINAL, PNG)[0].data).getpixel((2, 2))[3] == 0


def test_another_colour_space_is_turned_into_the_one_of_the_web():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()  # of no picture: left alone
    assert imaging.make(saved(drawn(60, 40), icc_profile=lab)).files
    assert imaging.make(saved(drawn(60, 40), icc_profile=b"no profile at all")).files


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is large and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"plain words", "must be a JPEG, PNG or WEBP"),
        (b"GIF89a" + b"\0" * 50, "must be a JPEG, PNG or WEBP"),
        (b"%PDF-1.7", "must be a JPEG, PNG or WEBP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be a JPEG, PNG or WEBP"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"),
        (b"\0\0\0\x18ftypavif" + b"\0" * 50, "HEIC"),
        (bomb(7000, 6000), "40 megapixels"),
        (bomb(10_000, 10_000), "40 megapixels"),
        (bomb(60_000, 60_000), "40 megapixels"),
        (bomb(17_000, 100), "16,000 pixels"),
        (bomb(100, 100), "cut off"),
        (jpeg()[:9000], "cut off"),
        (saved(drawn(600, 400), "PNG")[:300], "cut off"),
        (saved(drawn(600, 400), "WEBP")[:200], ""),
        (b"\xff\xd8\xff" + b"\0" * 500, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, ""),
    ],
)
def test_what_is_no_picture_is_refused_in_plain_words(data, words):
    with pytest.raises(UnreadablePicture) as refused:
        imaging.check(data)
    assert words in str(refused.value)


def test_a_picture_of_more_than_twenty_megabytes_is_refused():
    with pytest.raises(UnreadablePicture, match="20 MB"):
        imaging.check(jpeg() + b"\0" * imaging.MOST_BYTES)


def test_the_same_picture_makes_the_same_files():
    assert imaging.make(jpeg()) == imaging.make(jpeg())
