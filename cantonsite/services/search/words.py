"""Texts as tokens: what the search compares. Both databases are given these, and make none of their own.

A word is a token, its ending taken off by a stemmer: "opening" and "opens" become "open". A run of characters that are
written without spaces (Chinese, Japanese, Korean, Thai) becomes overlapping pairs and its last character, so that each
character of a text begins one token: 广交会 is 广交 交会 会.

The stemmer is chosen by the script of the word and not by the language of the text: a Chinese text quotes English
words, and a query says no language.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from ..folding import fold, folded_with_places

DOLLAR = "\uff04"  # stands for $, the one sign that FTS5 would leave out of a token
LONGEST = 40  # characters of a token; no word is longer, and the databases limit theirs
BESIDE = "="  # begins a token that has no place in a phrase: a word with its ending, one character of a run
STEMMERS = (("english", re.compile(r"[a-z]+")), ("arabic", re.compile(r"[\u0621-\u064a]+")))

_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640"  # accents, vowel signs
_UNSPACED = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3"
)
_INDIC = "\u0900-\u0dff"  # whose vowel signs are no letters to Python
_FIRST = rf"(?:[^\W_{_UNSPACED}]|[{_INDIC}])"
_LETTER = rf"(?:[^\W_{_UNSPACED}]|[{_MARKS}{_INDIC}])"
_PARTS = re.compile(
    rf"""(?P<run>[{_UNSPACED}]+)
    |(?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d|,\d))
    |(?P<word>{_FIRST}{_LETTER}*)(?:'s(?!{_LETTER}))?
    |(?P<sign>[$¢-¥\u20a0-\u20cf\u2190-\u2bff\U0001f000-\U0001faff])""",
    re.VERBOSE,
)
_UNMARKED = re.compile(f"[{_MARKS}]")
_RUN = re.compile(f"[{_UNSPACED}]")
_GAP = re.compile(rf"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])")
_WORD = re.compile(rf"{BESIDE}?{_FIRST}{_LETTER}{{2}}")


class Token(NamedTuple):
    """One token and its place in what was read. `written` is the word with its ending, or the run's first character,
    which ends at `first`."""

    token: str
    written: str
    start: int
    first: int
    end: int


def parts(text: str) -> list[tuple[str, str]]:
    """The parts of a text: (kind, folded words), kind being run, number, word or sign."""
    return [(found.lastgroup, found[found.lastgroup]) for found in _PARTS.finditer(fold(text))]


def without_gaps(folded: str) -> str:
    """Without spaces between characters that are written without."""
    return _GAP.sub("", folded)


def placed(text: str) -> Iterator[Token]:
    """The tokens of a text in order, with their places."""
    folded, origin = folded_with_places(text)
    for found in _PARTS.finditer(folded):
        if found.lastgroup == "run":
            run = found[0]
            for at, sign in enumerate(run[:-1], found.start()):
                start = origin[at]
                yield Token(folded[at : at + 2], sign, start, start + 1, origin[at + 1] + 1)
            start = origin[found.end() - 1]
            yield Token(run[-1], run[-1], start, start + 1, start + 1)
        else:
            end = origin[found.end() - 1] + 1
            yield Token(*known(found[found.lastgroup]), origin[found.start()], end, end)


def tokens(text: str) -> tuple[list[str], list[str]]:
    """The tokens of a text in order, and those beside them: words as written, single characters of runs."""
    ordered: list[str] = []
    beside: set[str] = set()
    for found in _PARTS.finditer(fold(text)):
        if found.lastgroup == "run":
            ordered += pairs(found[0])
            beside.update(BESIDE + sign for sign in found[0])
        else:
            token, written = known(found[found.lastgroup])
            ordered.append(token)
            if written != token:
                beside.add(BESIDE + written)
    return ordered, sorted(beside)


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run, and its last character."""
    return [run[at : at + 2] for at in range(len(run))]


def is_run(token: str) -> bool:
    """Whether it is of a script without spaces."""
    return _RUN.match(token) is not None


def may_go_on(token: str) -> bool:
    """Whether it is a word of three letters or more, which a reader may have begun to type."""
    return _WORD.match(token) is not None


@lru_cache(maxsize=65_536)
def known(word: str) -> tuple[str, str]:
    """The token of a folded word, and the word as written: without accents, vowel signs and commas.

    Kept: a stemmer in pure Python takes 25 to 80 µs.
    """
    if word.isascii():
        written = word.replace(",", "").replace("$", DOLLAR)[:LONGEST]
    elif not word[0].isalnum():  # ≠ would become =, which FTS5 is not given
        written = word[:LONGEST]
    else:
        plain = _UNMARKED.sub("", unicodedata.normalize("NFD", word)) or word
        written = unicodedata.normalize("NFC", plain)[:LONGEST]
    for language, script in STEMMERS:
        if script.fullmatch(written):
            return _stemmer(language).stemWord(written) or written, written
    return written, written


@cache
def _stemmer(language: str):
    import snowballstemmer

    return snowballstemmer.stemmer(language)
