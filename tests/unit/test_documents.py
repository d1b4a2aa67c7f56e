"""What is made of an applicant's file: its name, pixels, the photo of the pass, the preview; and how it is sealed."""

import unicodedata

import pypdfium2
import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from PIL import Image

from cantonsite import config
from cantonsite.services.documents import names, sanitising, sealing
from cantonsite.services.documents.sanitising import JPEG, PDF, PICTURES, Refused
from tests.drawings import BLUE, RED, from_a_telephone, jpeg, opened, saved
from tests.pdfs import FONT, pdf, stream, with_annotation

KEY, OTHER = "1:" + "k" * 43, "2:" + "l" * 43


def is_like(pixel: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(pixel, colour, strict=True))


def first_page(data: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    image = document[0].render(scale=1).to_pil().convert("RGB")
    document.close()
    return image


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Press card.JPG", "Press card.jpg"),
        ("记者证.jpeg", "记者证.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\x\\y.pdf", "y.jpg"),
        ("..\\..\\boot.ini", "boot.jpg"),
        ("a\0b.png", "ab.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ("\u2066photo\u2069\u200f.png", "photo.jpg"),
        ("photo.jpg.exe", "photo.jpg"),
        ("letter.pdf.js.php", "letter.jpg"),
        ("Letter 1.2.pdf", "Letter 1.2.jpg"),
        ("", "document.jpg"),
        ("....", "document.jpg"),
        (" . .. ", "document.jpg"),
        (".htaccess", "htaccess.jpg"),
        (".jpg", "document.jpg"),
        ("/", "document.jpg"),
        ("CON", "document CON.jpg"),
        ("nul.pdf", "document nul.jpg"),
        ("Com1.a b.jpg", "document Com1.a b.jpg"),
        ("a\r\nSet-Cookie: b=c.jpg", "aSet-Cookie b=c.jpg"),
        ('<img src="x">.jpg', "img src= x.jpg"),
        ("e\u0301.jpg", "é.jpg"),
        ("  a \t b  .jpg", "a b.jpg"),
    ],
)
def test_a_name_is_shown_without_what_it_could_do(given, shown):
    assert names.safe(given, JPEG) == shown


def test_a_long_name_keeps_its_ending():
    for given in ("x" * 10_000 + ".pdf", "记" * 10_000, "." * 10_000 + "a", "a." * 10_000):
        shown = names.safe(given, PDF)
        assert len(shown) <= 120
        assert shown.endswith(".pdf")
        assert unicodedata.is_normalized("NFC", shown)


def test_a_picture_is_kept_upright_and_no_longer_than_it_may_be():
    kept = sanitising.take_in(from_a_telephone(4000, 3000), "IMG_1.HEIC.jpg")
    assert (kept.name, kept.media_type, kept.width, kept.height, kept.pages) == ("IMG_1.jpg", JPEG, 2250, 3000, None)
    shown = opened(kept.data)
    assert is_like(shown.getpixel((1100, 100)), RED)
    assert is_like(shown.getpixel((1100, 2900)), BLUE)
    photo = sanitising.take_in(jpeg(3000, 2000), "a", accepted=PICTURES, longest_side=sanitising.LONGEST_SIDE_OF_PHOTO)
    assert (photo.width, photo.height) == (1600, 1067)


def test_a_small_picture_keeps_its_size_and_a_transparent_one_stands_on_white():
    kept = sanitising.take_in(saved(Image.new("RGBA", (60, 40), (0, 0, 0, 0)), "PNG"), "a")
    assert (kept.width, kept.height, opened(kept.data).getpixel((5, 5))) == (60, 40, (255, 255, 255))


def test_where_only_pictures_are_taken_a_pdf_is_refused():
    with pytest.raises(Refused, match=r"must be a JPEG, PNG or WEBP$"):
        sanitising.take_in(pdf(), "a.pdf", accepted=PICTURES)


def test_a_pdf_looks_as_it_did():
    kept = sanitising.take_in(b"\xef\xbb\xbf" + pdf(count=3), "Letter")
    assert (kept.name, kept.media_type, kept.pages) == ("Letter.pdf", PDF, 3)
    shown = first_page(kept.data)
    assert shown.size == (595, 842)
    assert is_like(shown.getpixel((160, 292)), (204, 26, 26))
    assert is_like(shown.getpixel((500, 700)), (255, 255, 255))
    assert shown.crop((60, 110, 300, 150)).convert("L").getextrema()[0] < 100  # the words


def test_what_was_written_into_a_form_is_drawn():
    looks = stream(b"0 0 1 rg 0 0 140 40 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 140 40]")
    field = b"/Subtype /Widget /FT /Tx /T (name) /V (Li) /F 4 /AP << /N 11 0 R >>"
    stamp = b"/Subtype /Stamp /F 4 /AP << /N 11 0 R >>"
    form = b"/AcroForm << /Fields [10 0 R] >>"
    for annotation in (field, stamp):
        kept = sanitising.take_in(with_annotation(annotation, {11: looks}, catalog=form), "form.pdf")
        assert is_like(first_page(kept.data).getpixel((130, 522)), (0, 0, 255))


def test_a_page_that_lies_on_its_side_is_set_upright():
    kept = sanitising.take_in(pdf(page=b"/Rotate 90"), "a")
    assert first_page(kept.data).size == (842, 595)


def test_latin_letters_need_no_font_in_the_file():
    arial = FONT.replace(b"Helvetica", b"Arial")
    assert sanitising.take_in(pdf(more={3: arial}), "a").pages == 1


@pytest.mark.parametrize(("focus", "colour"), [(1, RED), (4, RED), (7, RED), (3, BLUE), (6, BLUE), (9, BLUE)])
def test_the_photo_is_cut_about_the_focus(focus, colour):
    photo = sanitising.photo(jpeg(1600, 600), focus)
    assert (photo.width, photo.height, photo.media_type, photo.name) == (600, 800, JPEG, "photo.jpg")
    assert is_like(opened(photo.data).getpixel((300, 400)), colour)


def test_the_photo_is_in_the_middle_unless_said_otherwise_and_cut_from_a_high_picture_too():
    shown = opened(sanitising.photo(jpeg(1600, 600)).data)
    assert is_like(shown.getpixel((20, 400)), RED)
    assert is_like(shown.getpixel((580, 400)), BLUE)
    assert sanitising.photo(jpeg(400, 1600), 2).height == 800


@pytest.mark.parametrize("size", [(299, 400), (300, 399), (1600, 399), (299, 1600)])
def test_a_photo_that_is_too_small_is_refused_in_words(size):
    with pytest.raises(Refused, match="at least 300 pixels wide and 400 pixels high"):
        sanitising.photo(jpeg(*size))


def test_the_smallest_photo_is_taken():
    assert sanitising.photo(jpeg(300, 400)).width == 600


def test_a_focus_off_the_grid_is_a_slip_of_ours():
    with pytest.raises(ValueError, match="a focus of 10"):
        sanitising.photo(jpeg(), 10)


@pytest.mark.parametrize("size", [(1400, 900), (900, 3000), (30, 20), (3, 9000), (9000, 3)])
def test_a_preview_is_small(size):
    shown = opened(sanitising.preview(jpeg(*size), JPEG))
    assert shown.width <= 480
    assert shown.height <= 960


def test_a_preview_shows_the_first_page():
    kept = sanitising.take_in(pdf(count=2), "a")
    shown = opened(sanitising.preview(kept.data, PDF))
    assert shown.width == 480
    assert is_like(shown.getpixel((130, 236)), (204, 26, 26))


def test_the_words_of_a_refusal_are_told_in_the_language_of_the_page():
    assert all(str(words) for words in sanitising.REFUSALS.values())
    site = Flask(__name__)
    Babel(site)
    with site.app_context(), force_locale("en"), pytest.raises(Refused, match="empty") as refused:
        sanitising.take_in(b"", "a")
    assert refused.value.reason == "empty"


@pytest.fixture
def site():
    site = Flask(__name__)
    site.config.update(config.defaults())
    site.config.update(ENVIRONMENT="production", SECRET_KEY="s" * 40, DOCUMENT_KEYS=f"{KEY} {OTHER}")
    with site.app_context():
        yield site


def test_what_is_sealed_opens_for_its_row_alone(site):
    key_id, sealed = sealing.seal(b"a passport", "document:17")
    assert key_id == "1"
    assert b"passport" not in sealed
    assert len(sealed) == len(b"a passport") + 12 + 16
    assert sealing.unseal(key_id, sealed, "document:17") == b"a passport"
    assert sealing.seal(b"a passport", "document:17")[1] != sealed
    for key, data, about in (
        (key_id, sealed, "document:18"),
        ("2", sealed, "document:17"),
        ("3", sealed, "document:17"),
        (key_id, sealed[:-1] + bytes([sealed[-1] ^ 1]), "document:17"),
        (key_id, bytes([sealed[0] ^ 1]) + sealed[1:], "document:17"),
        (key_id, sealed[:20], "document:17"),
        (key_id, b"", "document:17"),
    ):
        with pytest.raises(sealing.CannotUnseal):
            sealing.unseal(key, data, about)


def test_a_new_key_in_front_seals_and_the_former_one_goes_on_opening(site):
    key_id, sealed = sealing.seal(b"x", "document:1")
    assert sealing.current_key() == key_id
    site.config["DOCUMENT_KEYS"] = f"{OTHER} {KEY}"
    assert sealing.current_key() == sealing.seal(b"x", "document:1")[0] == "2"
    assert sealing.unseal(key_id, sealed, "document:1") == b"x"


def test_a_demonstration_without_keys_derives_one_and_opens_with_it_later_too(site):
    site.config.update(ENVIRONMENT="demo", DOCUMENT_KEYS="")
    key_id, sealed = sealing.seal(b"x", "document:1")
    assert key_id == sealing.current_key() == "s"
    site.config["DOCUMENT_KEYS"] = KEY
    assert sealing.unseal("s", sealed, "document:1") == b"x"
    assert sealing.current_key() == "1"
    site.config["ENVIRONMENT"] = "production"
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal("s", sealed, "document:1")


def test_production_never_derives_a_key(site):
    site.config["DOCUMENT_KEYS"] = ""
    with pytest.raises(RuntimeError, match="DOCUMENT_KEYS"):
        sealing.seal(b"x", "document:1")


def test_a_fingerprint_knows_the_same_bytes_again_and_depends_on_the_key(site):
    found = sealing.fingerprint(b"a scan")
    assert (len(found), found) == (64, sealing.fingerprint(b"a scan"))
    assert found != sealing.fingerprint(b"a scan ")
    site.config["SECRET_KEY"] = "t" * 40
    assert found != sealing.fingerprint(b"a scan")


def test_keys_are_read_in_their_order_and_a_bad_one_is_told_by_its_place_alone():
    assert list(config.document_keys(f"{OTHER}  {KEY}=")) == ["2", "1"]
    assert {len(key) for key in config.document_keys(f"{OTHER} {KEY}").values()} == {32}
    with pytest.raises(ValueError, match=r"^key 2 has no good form$"):
        config.document_keys(f"{KEY} {OTHER}x")
