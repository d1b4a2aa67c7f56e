"""Find in a page the letters that would be drawn otherwise than their writer saw them, or not at all.

A PDF may leave out its fonts. This process can open none but those for Latin that PDFium has built in, so that the page
looks the same on every machine, and what needs others is better refused than kept without its words.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

LAST_OF_LATIN = 0x17F
MANY_LETTERED = re.compile(rb"/BaseFont/([^\x00-\x20()<>\[\]{}/%]+)/(?:DescendantFonts|CID)")
SIGNS = range(0x2000, 0x2300)  # dashes, quotes, currencies


def of_many_letters(file: memoryview) -> set[bytes]:
    """The names of the fonts for Chinese and the like, in a file as PDFium writes it: keys in the order of letters."""
    return set(MANY_LETTERED.findall(file))


def are_lacking(page: "PdfPage", of_many_letters: set[bytes]) -> bool:
    """Whether the page shows letters of a font that is neither in the file nor at hand."""
    text = page.get_textpage()
    try:
        return _is_any_of_many(page, of_many_letters) or _is_any_foreign(text)
    finally:
        text.close()


def _is_any_of_many(page: "PdfPage", of_many_letters: set[bytes]) -> bool:
    """Fonts that nothing stands in for: their letters are not even told in the text of the page."""
    from pypdfium2 import raw

    if not of_many_letters:
        return False
    texts = page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
    fonts = {_address(font): font for text in texts if (font := _lacking(text.raw))}
    return any(_name(font) in of_many_letters for font in fonts.values())


def _is_any_foreign(text: "PdfTextPage") -> bool:
    """Letters beyond Latin, of a font that one for Latin stands in for."""
    from pypdfium2 import raw

    for index in range(raw.FPDFText_CountChars(text)):
        letter = raw.FPDFText_GetUnicode(text, index)
        if letter <= LAST_OF_LATIN or letter in SIGNS:
            continue
        shown = raw.FPDFText_GetTextObject(text, index)
        if shown and _lacking(shown):
            return True
    return False


def _lacking(text: Any) -> Any:
    """The font of a piece of text, if the piece is seen and the file does not hold the font."""
    from pypdfium2 import raw

    if raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return None  # the words that a scanner read lie unseen behind its picture
    font = raw.FPDFTextObj_GetFont(text)
    return font if font and not raw.FPDFFont_GetIsEmbedded(font) else None


def _address(font: Any) -> int:
    from ctypes import c_void_p, cast

    return cast(font, c_void_p).value or 0


def _name(font: Any) -> bytes:
    from ctypes import create_string_buffer

    from pypdfium2 import raw

    name = create_string_buffer(200)
    raw.FPDFFont_GetBaseFontName(font, name, len(name))
    return name.value
