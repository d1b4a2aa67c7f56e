"""Draw the pages of a PDF, and write a new PDF of nothing but these pictures.

What is kept holds no object of what was sent: no action, no link, no form, no font, no metadata. What a PDF would do is
looked for all the same, so that its sender learns why it will not do it.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from . import fonts, pictures
from .active import reason_against
from .pixels import Refused

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MOST_PAGES = 30
MOST_POINTS = 14_400  # a side, 5 metres: ISO 32000-1, annex C
LEAST_SIDE, LONGEST_SIDE, PIXELS_A_POINT = 1800, 3000, 150 / 72
MOST_BYTES = 16 * 1024 * 1024
MOST_BYTES_UNPACKED = 96 * 1024 * 1024
QUALITY = 80
END_WITHIN = 1024  # Acrobat looks for the end mark there


def take_in(data: bytes) -> pictures.Made:
    """A new PDF with the pages drawn. Raises Refused."""
    if b"%%EOF" not in data[-END_WITHIN:]:
        raise Refused("cut_off")
    document = _opened(data)
    if len(document) > MOST_PAGES:
        raise Refused("too_many_pages")
    if not len(document):
        raise Refused("damaged")
    plain = _written_out(document)  # before the fields of a form are made ready to be drawn, which changes them
    if reason := reason_against(plain):
        raise Refused(reason)
    document.init_forms()
    file = of_pictures(_drawn(document, fonts.of_many_letters(plain)))
    return {"media_type": "application/pdf", "pages": len(document)}, file


def preview(data: bytes, width: int) -> pictures.Made:
    """The first page, at most `width` wide. Raises Refused."""
    document = _opened(data)
    page = _page(document, 0)
    image = page.render(scale=2 * width / max(page.get_size()), prefer_bgrx=True).to_pil()
    return pictures.small(image.convert("RGB"), width)


def _opened(data: bytes) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Refused("encrypted" if locked else "damaged") from error
    if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
        raise Refused("protected")
    return document


class _Limited(BytesIO):
    """Takes no more than so much; its writer is C code, through which nothing can be raised."""

    is_full = False

    def write(self, data: bytes) -> int:
        self.is_full = self.is_full or self.tell() + len(data) > MOST_BYTES_UNPACKED
        return len(data) if self.is_full else super().write(data)


def _written_out(document: "PdfDocument") -> memoryview:
    """What can be reached in the document, as PDFium writes it: no object streams, no escapes in names."""
    file = _Limited()
    document.save(file)
    if file.is_full:
        raise Refused("too_hard")
    return file.getbuffer()


def _page(document: "PdfDocument", number: int) -> "PdfPage":
    from pypdfium2 import PdfiumError

    try:
        page = document[number]
    except PdfiumError as error:
        raise Refused("damaged") from error
    if not 0 < max(page.get_size()) <= MOST_POINTS:
        raise Refused("page_too_large")
    return page


def _drawn(document: "PdfDocument", of_many_letters: set[bytes]) -> Iterator[tuple[float, float, pictures.Made]]:
    """Each page's size in points and its picture."""
    for number in range(len(document)):
        page = _page(document, number)
        if fonts.are_lacking(page, of_many_letters):
            raise Refused("no_fonts")
        longer = max(page.get_size())
        side = min(LONGEST_SIDE, max(LEAST_SIDE, longer * PIXELS_A_POINT))
        bitmap = page.render(scale=side / longer, prefer_bgrx=True)
        yield *page.get_size(), pictures.made(bitmap.to_pil().convert("RGB"), QUALITY)
        bitmap.close()
        page.close()


def of_pictures(drawn: Iterable[tuple[float, float, pictures.Made]]) -> bytes:
    """A PDF with a picture a page (ISO 32000-1, 7.5). Raises Refused, `too_large_drawn`."""
    objects: list[bytes] = []
    for across, up, (facts, jpeg) in drawn:
        number = 3 + len(objects)  # a page takes three objects, and two stand before them
        size = b"%.2f %.2f" % (across, up)
        placed = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % (across, up)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Contents %d 0 R "
            b"/Resources << /XObject << /P %d 0 R >> >> >>" % (size, number + 1, number + 2),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(placed), placed),
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "
            b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream"
            % (facts["width"], facts["height"], len(jpeg), jpeg),
        ]
        if sum(map(len, objects)) > MOST_BYTES:
            raise Refused("too_large_drawn")
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + len(objects), 3))
    head = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(objects) // 3, kids),
    ]
    return _joined([*head, *objects])


def _joined(objects: list[bytes]) -> bytes:
    file, places = BytesIO(), []
    file.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    for number, body in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.writelines(b"%010d 00000 n \n" % place for place in places)
    file.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return file.getvalue()
