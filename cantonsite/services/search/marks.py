"""Mark what was searched in the text as it was written: words with the same stem, beginnings, phrases, characters."""

import itertools
import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from ..folding import folded_with_places
from .query import Term
from .words import BESIDE, DOLLAR, Token, is_run, placed

SNIPPET = 180
MOST_ANCHORS, LOOK_AHEAD = 12, 120


def mark(text: str, wanted: list[Term]) -> Markup:
    """The text, escaped, with each of the words in <mark>."""
    marked, at = [], 0
    for start, end in _joined(places(text, wanted)):
        marked += [escape(text[at:start]), Markup("<mark>%s</mark>") % text[start:end]]
        at = end
    return Markup("").join([*marked, escape(text[at:])])


def around(text: str, wanted: list[Term]) -> str:
    """The part of a text around the first place where a word stands; its beginning if none does."""
    found = _first_place(text, wanted)
    start = max(0, found - SNIPPET // 3) if found is not None else 0
    if start:
        start = text.find(" ", start, start + 20) + 1 or start
    end = start + SNIPPET
    part = (
        text[start:end]
        if end >= len(text) or " " not in text[end - 20 : end]
        else text[start : text.rfind(" ", 0, end)]
    )
    return ("… " if start else "") + part.strip() + (" …" if end < len(text) else "")


def _first_place(text: str, wanted: list[Term]) -> int | None:
    """Where the first term stands. A text is long: first it is looked for where its first letters stand."""
    folded, origin = folded_with_places(text)
    for anchor in itertools.islice(_anchors(tuple(wanted)).finditer(folded), MOST_ANCHORS):
        at = origin[anchor.start()]
        if (found := next(places(text[at : at + LOOK_AHEAD], wanted), None)) is not None:
            return at + found[0]
    found = next(places(text, wanted), None)
    return found[0] if found else None


@lru_cache(maxsize=64)
def _anchors(wanted: tuple[Term, ...]) -> re.Pattern[str]:
    """The first letters of each term, where a word begins. The last letters of a stem may differ from the word's."""
    first = {term.tokens[0].removeprefix(BESIDE).replace(DOLLAR, "$") for term in wanted}
    inside = {each for each in first if is_run(each) or not each[0].isalnum()}
    begins = [rf"(?<!\w){re.escape(each[: max(2, len(each) - 1)])}" for each in first - inside]
    return re.compile("|".join([*map(re.escape, inside), *begins]))


def places(text: str, wanted: list[Term]) -> Iterator[tuple[int, int]]:
    """Where the terms stand in a text: (start, end), in the order of their ends, perhaps overlapping."""
    longest = max((len(term.tokens) for term in wanted), default=1)
    last: deque[Token] = deque(maxlen=longest)
    by_end: dict[str, list[Term]] = {}
    for term in wanted:
        by_end.setdefault(term.tokens[-1], []).append(term)
    beginnings = tuple(term.beginning for term in wanted if term.beginning)
    for token in placed(text):
        last.append(token)
        for term in by_end.get(token.token, ()):
            these = list(last)[-len(term.tokens) :]
            if tuple(each.token for each in these) == term.tokens:
                yield these[0].start, token.end
        if beginnings and token.written.startswith(beginnings):
            yield token.start, token.end
        if BESIDE + token.written in by_end:
            yield token.start, token.first


def _joined(found: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in order, those that overlap or touch as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
