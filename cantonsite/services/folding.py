"""Fold text for comparison: the same words in another case, width, spacing or kind of apostrophe become equal."""

import re
import unicodedata
from functools import lru_cache

# What keyboards write differently from typesetters. One sign for one, so that places stay. The Turkish dotless i
# has no dot to lose in capitals: ILIMAN and ılıman are one word only when both lose the difference.
ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "ı": "i"})


def fold(text: str) -> str:
    """NFKC, lower case as Unicode folds it, plain apostrophes and hyphens, and single spaces."""
    return " ".join(_folded(text).split())


def places(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Where a pattern of folded words matches in a text that is not folded: (start, end) of each match."""
    folded = _folded(text)
    if len(folded) == len(text) and unicodedata.is_normalized("NFKC", text):
        return [match.span() for match in pattern.finditer(folded)]
    signs, origin = [], []
    for at, sign in enumerate(text):
        of_sign = _folded_sign(sign)
        signs.append(of_sign)
        origin += [at] * len(of_sign)
    found = pattern.finditer("".join(signs))
    return [(origin[match.start()], origin[match.end() - 1] + 1) for match in found]


def _folded(text: str) -> str:
    # İ becomes i and a combining dot, which no reader types
    return unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i").translate(ALIKE)


@lru_cache(maxsize=4096)
def _folded_sign(sign: str) -> str:
    return _folded(sign)
