"""The tables that are printed, with the aims beside what was measured."""

from statistics import median

from .inside import Inside
from .rounds import Cost, named

AIMS = {"article": 8, "section, page 1": 12, "form": 15}  # times a bare Flask hello
MOST_STATEMENTS = 3
MOST_MIB = 100
FIRST_PAGE_SECONDS = 1.5
READY_SECONDS = 6
MOST_BYTES = 14_000


def requests(costs: list[Cost]) -> str:
    """CPU of a request, beside both references."""
    hello, constant = named(costs, "bare Flask hello"), named(costs, "constant bytes")
    head = ["request", "CPU µs", "× hello", "lowest–highest", "× constant", "requests/s", "bytes", "gzip", "aim", ""]
    rows = [_request(cost, hello, constant) for cost in costs]
    return markdown(head, rows)


def _request(cost: Cost, hello: Cost, constant: Cost) -> list[str]:
    name, ratios = cost.target.name, cost.over(hello)
    ratio, aim = median(ratios), AIMS.get(cost.target.name)
    return [
        name,
        f"{cost.microseconds:,.0f}",
        f"{ratio:.1f}",
        f"{min(ratios):.1f}–{max(ratios):.1f}",
        f"{median(cost.over(constant)):.1f}",
        f"{median(cost.rate):,.0f}",
        f"{cost.target.raw:,}" if cost.target.raw else "",
        f"{cost.target.gzipped:,}" if cost.target.raw else "",
        f"≤ {aim} × hello" if aim else "",
        verdict(ratio <= aim) if aim else "",
    ]


def sizes(found: list[Inside]) -> str:
    """Statements and CPU by the number of articles."""
    head = ["page, in one process", "articles", "statements", "CPU µs", "aim", ""]
    rows = [
        [
            each.page,
            f"{each.articles:,}",
            str(each.statements),
            f"{each.microseconds:,.0f}",
            f"≤ {MOST_STATEMENTS} statements",
            verdict(each.statements <= MOST_STATEMENTS),
        ]
        for each in found
    ]
    return markdown(head, rows)


def rest(
    memory: dict[str, float], first_page: tuple[float, float], ready: tuple[float, float], weight: tuple[int, int]
) -> str:
    """Memory, starts and weight."""
    article, css = weight
    rows = [
        [
            "one worker, PSS",
            f"{memory['Pss']:.0f} MiB (RSS {memory['Rss']:.0f})",
            f"≤ {MOST_MIB} MiB",
            memory["Pss"] <= MOST_MIB,
        ],
        _start("server's start to its first page", first_page, FIRST_PAGE_SECONDS),
        _start("python -m cantonsite to /readyz", ready, READY_SECONDS),
        [
            "article and its stylesheet, gzip",
            f"{article:,} + {css:,} = {article + css:,} bytes",
            f"< {MOST_BYTES:,} bytes",
            article + css < MOST_BYTES,
        ],
    ]
    return markdown(["what", "measured", "aim", ""], [[*row[:3], verdict(row[3])] for row in rows])


def _start(name: str, took: tuple[float, float], aim: float) -> list:
    seconds, cpu = took
    return [name, f"{seconds:.2f} s (CPU {cpu:.2f} s)", f"≤ {aim} s", seconds <= aim]


def verdict(met: bool) -> str:
    """Whether an aim was met."""
    return "pass" if met else "MISS"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table whose columns stand under each other; all but the first and the last two to the right."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    left = {0, len(head) - 2, len(head) - 1}

    def line(cells: list[str]) -> str:
        fitted = [
            f"{cell:<{w}}" if at in left else f"{cell:>{w}}"
            for at, (cell, w) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(fitted)} |"

    rule = "|".join("-" * (w + 2) if at in left else "-" * (w + 1) + ":" for at, w in enumerate(widths))
    return "\n".join([line(head), f"|{rule}|", *(line(row) for row in rows)])
