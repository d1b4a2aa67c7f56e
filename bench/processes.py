"""Processes: start them, end them whatever happens, and read what they have cost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent
STOP_WITHIN_SECONDS = 15


@contextmanager
def running(arguments: list[str], **more) -> Iterator[subprocess.Popen]:
    """A Python process in a process group of its own, so that at the end nothing of it is left."""
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, start_new_session=True, **more)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """Ask it to stop; then kill what is left of its group."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_WITHIN_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tree(pid: int) -> list[int]:
    """The process and all that descend from it, the parent before its children."""
    children: dict[int, list[int]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, rest = file.parent.name, file.read_text().rpartition(")")[2]
            children.setdefault(int(rest.split()[1]), []).append(int(number))
    found = [pid]
    for each in found:  # grows while it is walked
        found += children.get(each, [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes, threads that have ended included.

    Linux keeps a clock for each process that counts nanoseconds; /proc/<pid>/stat counts hundredths of a second.
    """
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def memory(pid: int) -> dict[str, float]:
    """Pss and Rss in MiB. What several processes share counts as a share in Pss and whole in Rss."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return {name: kib[name] / 1024 for name in ("Pss", "Rss")}
