"""`python -m bench [--quick] [pages|search|crowd]`: pages beside references, the search beside LIKE, many at once."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import crowd, inside, instance, load, processes, rounds, search, servers, starts, table, targets

SMALL, LARGE = 1_000, 100_000
QUICK_CROWD = 100


def main() -> None:
    """Measure everything and print it. Exits 1 if an aim was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and fewer articles to search")
    parser.add_argument(
        "what", nargs="?", choices=["pages", "search", "crowd"], help="one of the three; all by default"
    )
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    instance.forget_environment()
    started = time.monotonic()
    printed: list[str] = []
    if asked.what in (None, "pages"):
        with tempfile.TemporaryDirectory(prefix="cantonsite-bench-") as folder:
            printed += _measure(Path(folder), asked.quick)
    if asked.what in (None, "search"):
        printed += map(_show, search.run(search.SIZES[:2] if asked.quick else search.SIZES))
    if asked.what in (None, "crowd"):
        printed += map(_show, crowd.run(QUICK_CROWD if asked.quick else crowd.APPLICATIONS))
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"{time.monotonic() - started:.0f} s in all")
    sys.exit(any("MISS" in text for text in printed))


def _measure(folder: Path, quick: bool) -> Iterator[str]:
    times, share, most_seconds = (3, 0.4, 8) if quick else (7, 0.8, 60)
    _say(f"Filling an instance with {SMALL:,} articles and one with {LARGE:,}")
    small = instance.make(folder / "small", SMALL)
    large = instance.copy(small, folder / "large", LARGE)
    _say("Starting the site, a bare Flask and constant bytes")
    with _three_servers(folder / "small") as (site, hello, constant), load.client() as client:
        _say("Measuring requests")
        everything = targets.every(site, hello, constant, times, share)
        yield _show(table.requests(rounds.measure(client, everything, times, most_seconds)))
        memory, weight = processes.memory(site.worker), _weight(site.port)
        article = targets.address_of_article(site.port)
    yield _show(table.sizes(inside.measure({SMALL: small, LARGE: large}, times)))
    seconds = starts.first_page(folder / "small", article, 1 if quick else 3)
    ready = starts.whole_site(folder / "small", 1 if quick else 3)
    yield _show(table.rest(memory, seconds, ready, weight))


@contextmanager
def _three_servers(folder: Path) -> Iterator[list[servers.Server]]:
    env = servers.environment(folder)
    with ExitStack() as stack:
        site = stack.enter_context(servers.serving("app:app", env, targets.SECTION))
        article = targets.address_of_article(site.port)
        size = len(servers.get(site.port, article)[2])
        hello = stack.enter_context(servers.serving("bench.apps:hello", env))
        constant = stack.enter_context(servers.serving("bench.apps:constant", {**env, "BENCH_BODY_BYTES": str(size)}))
        yield [site, hello, constant]


def _weight(port: int) -> tuple[int, int]:
    """The article and its stylesheet as they travel, in bytes."""
    article = targets.address_of_article(port)
    return tuple(len(targets.compressed(port, path)) for path in (article, targets.stylesheet(port, article)))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _show(text: str) -> str:
    print(text, end="\n\n", flush=True)
    return text


if __name__ == "__main__":
    main()
