"""How long a start takes: the server to its first page, and all of `make run` to /readyz."""

import subprocess
import time
from pathlib import Path
from statistics import median

from . import processes
from .servers import command, environment, free_port, wait_for


def first_page(instance: Path, path: str, times: int) -> float:
    """Seconds from the start of the server's process to its first page."""
    return median(_first_page(instance, path) for _ in range(times))


def _first_page(instance: Path, path: str) -> float:
    port = free_port()
    started = time.monotonic()
    with processes.running(command("app:app", port), env=environment(instance)) as process:
        wait_for(port, path, process)
        return time.monotonic() - started


def whole_site(instance: Path, times: int) -> float:
    """Seconds from `python -m cantonsite` on a filled instance to /readyz; the deliverer starts beside the server."""
    return median(_whole_site(instance) for _ in range(times))


def _whole_site(instance: Path) -> float:
    port = free_port()
    env = environment(instance, PORT=str(port))
    started = time.monotonic()
    with processes.running(["-m", "cantonsite"], env=env, stdout=subprocess.DEVNULL) as process:
        wait_for(port, "/readyz", process)
        return time.monotonic() - started
