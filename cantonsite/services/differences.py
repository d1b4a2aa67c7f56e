"""Two versions of a text side by side: what was taken out and what was put in, by paragraph and by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup, escape

# Chinese has no spaces between words: each of its signs stands for itself
WORDS = re.compile(r"[㐀-䶿一-鿿]|\s+|[^\s㐀-䶿一-鿿]+")
MOST_WORDS = 2_000  # of one paragraph: comparing takes the square of it


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
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            rows += [Row(escape(text), escape(text), False) for text in left[a:b]]
        else:
            rows += _differing(left[a:b], right[c:d])
    return rows


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _differing(left: list[str], right: list[str]) -> list[Row]:
    rows = [_by_word(a, b) for a, b in zip(left, right, strict=False)]
    rows += [Row(Markup("<del>%s</del>") % text, None, True) for text in left[len(right) :]]
    rows += [Row(None, Markup("<ins>%s</ins>") % text, True) for text in right[len(left) :]]
    return rows


def _by_word(before: str, after: str) -> Row:
    left, right = WORDS.findall(before), WORDS.findall(after)
    if max(len(left), len(right)) > MOST_WORDS:
        return Row(Markup("<del>%s</del>") % before, Markup("<ins>%s</ins>") % after, True)
    old, new = [], []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        taken, put = "".join(left[a:b]), "".join(right[c:d])
        old.append(escape(taken) if kind == "equal" else Markup("<del>%s</del>") % taken if taken else Markup())
        new.append(escape(put) if kind == "equal" else Markup("<ins>%s</ins>") % put if put else Markup())
    return Row(Markup().join(old), Markup().join(new), True)
