"""Words of another script within a text: found and marked, so that they are spoken and set in their own language.

Only where the signs tell the language. Latin letters may be a name from anywhere; so in a text of another script two or
more words of them are English if small words of English are among these: "Bureau of Commerce", but not "Le Monde".
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
_ACCENTED = "\u00c0-\u024f"
_LATIN = f"A-Za-z{_ACCENTED}"
# Possessive, and never begun within a word: what is no run costs one look
_WORD = f"[{_LATIN}](?:['’.-]?[{_LATIN}])*+"
_WORDS = rf"(?<![{_LATIN}'’.@/-]){_WORD}(?:,? (?:{_WORD}|(?:\d++|&)(?= [{_LATIN}])))++"
_RUN = re.compile(f"(?P<east>{_EAST})|(?P<west>{_WEST})|(?P<latin>{_WORDS})")
_NOT_ENGLISH = re.compile(rf"[{_ACCENTED}]|\A(?!.*\b(?i:the|of|and|with|from|by)\b)")
_NOT_IN_LATIN = ("zh", "ar")  # the languages whose texts have Latin letters only in foreign words
_IS_JAPANESE = re.compile(f"[{_KANA}]")


def runs(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the code of its language if that is not `language`, else with ""."""
    at = 0
    for found in [] if is_plain(text, language) else _RUN.finditer(text):
        code = _language_of(found) or language
        if code == language or (code == "en" and language not in _NOT_IN_LATIN):
            continue
        if found.start() > at:
            yield text[at : found.start()], ""
        yield found[0], code
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def is_plain(text: str, language: str) -> bool:
    """Whether there can be no words of another script in a text of this language; told at a glance."""
    return text.isascii() and language not in _NOT_IN_LATIN


def attributes(code: str) -> dict[str, str]:
    """The HTML attributes that mark words of this language."""
    known = LANGUAGES.get(code)
    if known is None:
        return {"lang": code}
    return {"lang": known.html} | ({"dir": "rtl"} if known.direction == "rtl" else {})


def marked(text: str, language: str) -> Markup:
    """The text, escaped, with each run of another script in a <span> of its language."""
    if is_plain(text, language):
        return escape(text)
    return Markup("").join(_span(piece, code) if code else escape(piece) for piece, code in runs(text, language))


def _span(words: str, code: str) -> Markup:
    named = Markup("").join(Markup(' %s="%s"') % pair for pair in attributes(code).items())
    return Markup("<span%s>%s</span>") % (named, words)


def _language_of(found: re.Match[str]) -> str:
    """The code of a run's language; nothing where the signs do not tell."""
    if found["latin"]:
        return "" if _NOT_ENGLISH.search(found[0]) else "en"
    if found["west"]:
        return "ar"
    return "ja" if _IS_JAPANESE.search(found[0]) else "zh"
