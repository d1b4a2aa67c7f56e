"""Words of another script within a text: found and marked, so that they are spoken and set in their own language.

Only scripts whose language is known from their signs: who writes Latin letters may be a name from anywhere.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from ..languages import LANGUAGES

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_KANA = "\u3041-\u30ff"
_ARABIC = "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_WITHIN = "\\d、。，：；·《》〈〉「」『』【】（）"
_EAST = f"[《〈「『【（]*[{_HAN}{_KANA}](?:[{_HAN}{_KANA}{_WITHIN}]*[{_HAN}{_KANA}》〉」』】）])?"
_WEST = f"[{_ARABIC}](?:[{_ARABIC}\\d\\s،؛]*[{_ARABIC}])?"
_RUN = re.compile(f"(?P<east>{_EAST})|(?P<west>{_WEST})")
_IS_JAPANESE = re.compile(f"[{_KANA}]")


def runs(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the code of its language if that is not `language`, else with ""."""
    at = 0
    for found in [] if text.isascii() else _RUN.finditer(text):
        code = _language_of(found)
        if code == language:
            continue
        if found.start() > at:
            yield text[at : found.start()], ""
        yield found[0], code
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def attributes(code: str) -> dict[str, str]:
    """The HTML attributes that mark words of this language."""
    known = LANGUAGES.get(code)
    if known is None:
        return {"lang": code}
    return {"lang": known.html} | ({"dir": "rtl"} if known.direction == "rtl" else {})


def marked(text: str, language: str) -> Markup:
    """The text, escaped, with each run of another script in a <span> of its language."""
    if text.isascii():
        return escape(text)
    return Markup("").join(_span(piece, code) if code else escape(piece) for piece, code in runs(text, language))


def _span(words: str, code: str) -> Markup:
    named = Markup("").join(Markup(' %s="%s"') % pair for pair in attributes(code).items())
    return Markup("<span%s>%s</span>") % (named, words)


def _language_of(found: re.Match[str]) -> str:
    if found["west"]:
        return "ar"
    return "ja" if _IS_JAPANESE.search(found[0]) else "zh"
