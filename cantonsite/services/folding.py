"""Fold text for comparison: the same words in another case, width, spacing or kind of apostrophe become equal."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, func

# What keyboards write differently from typesetters. One sign for one, so that places stay. The Turkish dotless i
# has no dot to lose in capitals: ILIMAN and ılıman are one word only when both lose the difference.
ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "ı": "i"})
ALIKE |= str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٬", "01234567890123456789,")  # those of Arabic and Persian keyboards
# What nobody sees: it must not part a word
UNSEEN = re.compile("[\x00\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]")
MOST_SIGNS = 20_000
# Letters with a stroke, and ligatures, which Unicode does not take apart, as passports write them or nearly so
PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """NFKC, lower case as Unicode folds it, plain apostrophes and hyphens, and single spaces."""
    return " ".join(_folded(text).split())


def name_key(*names: str) -> str:
    """A name by which the same person is found again: whatever the order of its parts, their case and diacritics."""
    plain = unicodedata.normalize("NFKD", fold(" ".join(names))).translate(PLAIN)
    letters = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join(sorted(letters.split()))


def folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The text folded sign by sign, its spaces as they are, and where each sign of that stood in the text."""
    if len(_BY_SIGN) > MOST_SIGNS:
        _BY_SIGN.clear()
    folded = text.translate(_BY_SIGN)
    if all(len(_BY_SIGN[ord(sign)]) == 1 for sign in set(text)):
        return folded, range(len(text))
    return folded, [at for at, sign in enumerate(text) for _ in _BY_SIGN[ord(sign)]]


def contains(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether a word stands anywhere in a column, however either is written.

    Of capitals both databases know only those of ASCII for sure; the others, and the apostrophes and hyphens of
    typesetters, are replaced one by one: those of the signs that the word has.
    """
    word, said = fold(word), column
    for sign in sorted(set(word)):
        for other in _written_otherwise(sign):
            said = func.replace(said, other, sign)
    return func.lower(said).contains(word, autoescape=True)


@cache
def _written_otherwise(sign: str) -> tuple[str, ...]:
    """The signs beyond ASCII that fold to this one."""
    alike = [chr(code) for code, plain in ALIKE.items() if plain == sign]
    others = {*alike, sign.upper(), sign.title(), *("İ" if sign == "i" else "")} - {sign}
    return tuple(sorted(other for other in others if not other.isascii() and fold(other) == sign))


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold().replace("\x00", "")
    # İ becomes i and a combining dot, which no reader types
    folded = unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i").translate(ALIKE)
    return UNSEEN.sub("", folded)


class _BySign(dict[int, str]):
    """What each sign becomes; filled as signs are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_BY_SIGN = _BySign()
