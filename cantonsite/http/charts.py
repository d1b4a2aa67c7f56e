"""Where the marks of a chart stand: plain numbers for the templates, which draw them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 160
ROW = 44
MOST_BARS = 15


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: words, number, and its size in the picture."""

    words: str
    number: int
    length: float
    at: float


def bars(rows: Sequence[tuple[str, int]]) -> list[Bar]:
    """Lying bars, one below the other, the longest as wide as there is room."""
    most = max((number for _, number in rows), default=0) or 1
    room = WIDTH - 60
    return [Bar(words, number, round(room * number / most, 1), at * ROW) for at, (words, number) in enumerate(rows)]


def columns(rows: Sequence[tuple[str, int]]) -> list[Bar]:
    """Standing bars side by side; `at` is where each begins."""
    most = max((number for _, number in rows), default=0) or 1
    step = WIDTH / max(1, len(rows))
    return [
        Bar(words, number, round((HEIGHT - 20) * number / most, 1), round(place * step, 2))
        for place, (words, number) in enumerate(rows)
    ]


def line(numbers: Sequence[int], most: int) -> str:
    """The points of a line from left to right, as SVG writes them."""
    return part(numbers, len(numbers), most)


def part(numbers: Sequence[int], places: int, most: int) -> str:
    """The points of a line that ends before its last place."""
    step = WIDTH / max(1, places - 1)
    points = ((place * step, HEIGHT - (HEIGHT - 20) * number / (most or 1)) for place, number in enumerate(numbers))
    return " ".join(f"{round(x, 1)},{round(y, 1)}" for x, y in points)
