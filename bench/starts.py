"""How long a start takes: the server to its first page, and all of `make run` to /readyz; the shortest of some."""

import subprocess
import time
from pathlib import Path

from . import processes
from .servers import command, environment, free_port, wait_for


def first_page(instance: Path, path: str, times: int) -> tuple[float, float]:
    """Seconds from the start of the server's process to its first page, and of CPU until then."""
    return min(_first_page(instance, path) for _ in range(times))


def _first_page(instance: Path, path: str) -> tuple[float, float]:
    port = free_port()
    return _until(path, port, command("app:app", port), environment(instance))


def whole_site(instance: Path, times: int) -> tuple[float, float]:
    """The same from `python -m cantonsite` on a filled instance to /readyz; the deliverer starts beside the server."""
    return min(_whole_site(instance) for _ in range(times))


def _whole_site(instance: Path) -> tuple[float, float]:
    port = free_port()
    return _until("/readyz", port, ["-m", "cantonsite"], environment(instance, PORT=str(port)))


def _until(path: str, port: int, arguments: list[str], env: dict[str, str]) -> tuple[float, float]:
    started = time.monotonic()
    with processes.running(arguments, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_for(port, path, process)
        return time.monotonic() - started, processes.cpu_seconds(processes.tree(process.pid))
