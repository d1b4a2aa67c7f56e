"""Two versions of a text side by side: what was taken out and what was put in, by paragraph and by word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup, escape

# Chinese has no spaces between words: each of its signs stands for itself
WORDS = re.compile(r"[㐀-䶿一-鿿]|\s+|[^\s㐀-䶿一-鿿]+")
MOST_COMPARED = 2_000**2  # pairs of paragraphs or words, between a same beginning and a same end
FEW, OFTEN = 200**2, 10  # above so many pairs, what stands there more often is no landmark

Step = tuple[str, int, int, int, int]  # as difflib's opcodes


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph before and after; None where there is none."""

    before: Markup | None
    after: Markup | None
    differs: bool


def side_by_side(before: str, after: str) -> list[Row]:
    """The paragraphs of both, the same ones beside each other, with <del> and <ins> around the words that differ."""
    left, right = _paragraphs(before), _paragraphs(after)
    rows: list[Row] = []
    for kind, a, b, c, d in _steps(left, right):
        if kind == "equal":
            rows += [_same(text) for text in left[a:b]]
        else:
            rows += _differing(left[a:b], right[c:d])
    return rows


def _steps(left: Sequence[str], right: Sequence[str]) -> Iterator[Step]:
    """How one becomes the other, in bounded time. It is always right, and the shortest way for all but long texts.

    difflib alone takes the cube of the length where the same things stand there again and again: the spaces between
    words, or a line of stars. What begins and ends both is therefore set aside, and in what is long between, only
    what is rare is looked for; the frequent is found beside it. Longer still, it is replaced as a whole.
    """
    head = _same_at_start(left, right)
    tail = _same_at_start(left[head:][::-1], right[head:][::-1])
    old, new = left[head : len(left) - tail], right[head : len(right) - tail]
    if head:
        yield "equal", 0, head, 0, head
    for kind, a, b, c, d in _between(old, new):
        yield kind, head + a, head + b, head + c, head + d
    if tail:
        yield "equal", len(left) - tail, len(left), len(right) - tail, len(right)


def _between(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    pairs = len(old) * len(new)
    if pairs > MOST_COMPARED:
        return [("replace", 0, len(old), 0, len(new))]
    often = {each for each, times in Counter(new).items() if times > OFTEN} if pairs > FEW else set()
    return SequenceMatcher(often.__contains__, old, new, autojunk=False).get_opcodes()


def _same_at_start(left: Sequence[str], right: Sequence[str]) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _same(text: str) -> Row:
    return Row(escape(text), escape(text), False)


def _differing(left: list[str], right: list[str]) -> list[Row]:
    rows = [_same(a) if a == b else _by_word(a, b) for a, b in zip(left, right, strict=False)]
    rows += [Row(Markup("<del>%s</del>") % text, None, True) for text in left[len(right) :]]
    rows += [Row(None, Markup("<ins>%s</ins>") % text, True) for text in right[len(left) :]]
    return rows


def _by_word(before: str, after: str) -> Row:
    left, right = WORDS.findall(before), WORDS.findall(after)
    old, new = [], []
    for kind, a, b, c, d in _steps(left, right):
        taken, put = "".join(left[a:b]), "".join(right[c:d])
        old.append(escape(taken) if kind == "equal" else Markup("<del>%s</del>") % taken if taken else Markup())
        new.append(escape(put) if kind == "equal" else Markup("<ins>%s</ins>") % put if put else Markup())
    return Row(Markup().join(old), Markup().join(new), True)
