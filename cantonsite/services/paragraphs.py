"""Mend the paragraphs of a pasted text: lines broken at a fixed width joined, long ones set apart."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from .old_site import BEGINS_ANEW, CJK, FINISHED, UNSPACED, WRAP_WIDTHS

# Lines to which another may belong in Markdown: what follows them, up to the next blank line, is left alone.
HOLDS_MORE = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s|\s{0,3}>|[^\n]*\|")
UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*\Z")
ALONE = re.compile(r"\s|#{1,6}(?:\s|\Z)|\[[^]]*\](?::|\s*\Z)|[*_-](?:\s*[*_-])+\s*\Z|[^\n]*(?:\t| {2}\Z|\\\Z)")


class Mended(NamedTuple):
    """Lines, an empty one between paragraphs; how many breaks were taken out, and how many paragraphs set apart."""

    lines: list[str]
    joined: int = 0
    apart: int = 0


def mended(lines: list[str]) -> Mended:
    """Lines without a blank one among them: runs of plain text mended, all that is Markdown of its own left alone."""
    runs = list(_runs(lines))
    done = [_run(run) if is_plain else Mended(run) for is_plain, run in runs]
    return Mended(
        [line for each in done for line in each.lines],
        sum(each.joined for each in done),
        sum(each.apart for each in done),
    )


def _runs(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """The lines in turns of plain text, which may be mended, and of what may not."""
    run: list[str] = []
    for at, line in enumerate(lines):
        if HOLDS_MORE.match(line):
            yield True, run
            yield False, lines[at:]
            return
        if ALONE.match(line) or UNDERLINE.match(line):
            yield not UNDERLINE.match(line), run
            yield False, [line]
            run = []
        else:
            run.append(line)
    yield True, run


def _run(lines: list[str]) -> Mended:
    """Plain lines: joined where each break is one at a fixed width or ends a paragraph; set apart where they are long.

    A single break that neither explains leaves them all alone: Markdown shows it as a space.
    """
    widths = [_width(line) for line in lines]
    widest = max(widths, default=0)
    if len(lines) < 2 or widest < WRAP_WIDTHS[0]:
        return Mended(lines)
    if widest > WRAP_WIDTHS[-1]:
        return _set_apart(lines, widths)
    if all(map(FINISHED.search, lines)):
        return Mended(lines)
    groups = [[lines[0]]]
    for (above, below), width in zip(pairwise(lines), widths, strict=False):
        word = below[0] if CJK.match(below) else below.split(" ", 1)[0]
        if width + 1 + _width(word) > widest and not BEGINS_ANEW.match(f"{above}\n{below}"):
            groups[-1].append(below)
        elif FINISHED.search(above):
            groups.append([below])
        else:
            return Mended(lines)
    joined = [UNSPACED.sub("", "\n".join(group)).replace("\n", " ") for group in groups]
    return Mended(_between([[line] for line in joined]), len(lines) - len(groups), len(groups) - 1)


def _set_apart(lines: list[str], widths: list[int]) -> Mended:
    """Word and WeChat end a paragraph with one line break, which Markdown takes for a space."""
    groups = [[lines[0]]]
    for at, (above, below) in enumerate(pairwise(lines)):
        if FINISHED.search(above) and max(widths[at], widths[at + 1]) > WRAP_WIDTHS[-1]:
            groups.append([])
        groups[-1].append(below)
    return Mended(_between(groups), apart=len(groups) - 1)


def _between(groups: list[list[str]]) -> list[str]:
    return [line for group in groups for line in ("", *group)][1:]


def _width(line: str) -> int:
    """In columns, of which a CJK character takes two."""
    return len(line) + len(CJK.findall(line))
