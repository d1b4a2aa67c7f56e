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


def line(numbers: Sequence[tuple[int, int]], widest: int, most: int) -> str:
    """The points of a line as SVG writes them, of pairs of days and a number: `widest` days stand left, none right."""
    x_of, y_of = WIDTH / widest, (HEIGHT - 20) / (most or 1)
    points = (((widest - days) * x_of, HEIGHT - number * y_of) for days, number in numbers)
    return " ".join(f"{round(x, 1)},{round(y, 1)}" for x, y in points)
