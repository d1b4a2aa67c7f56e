"""Servers on loopback ports: granian with the options that the site runs with."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import processes

HOST = "127.0.0.1"
READY_WITHIN_SECONDS = 30
# As in cantonsite/__main__.py
GRANIAN = ("--interface", "wsgi", "--host", HOST, "--http", "1", "--workers", "1", "--blocking-threads", "8")
QUIET = ("--no-ws", "--log-level", "error")  # eight threads on few cores are meant: no warning of them


class NotReady(RuntimeError):
    """A server did not answer in time, or answered something else than it should."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, with its processes."""

    port: int
    pids: list[int]

    @property
    def worker(self) -> int:
        return self.pids[-1]


def command(app: str, port: int) -> list[str]:
    """What follows `python` to serve this application."""
    return ["-m", "granian", *GRANIAN, *QUIET, "--port", str(port), app]


def environment(instance: Path, **more: str) -> dict[str, str]:
    """This process's environment, but only the instance folder speaks to the site."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CANTONSITE_", "GRANIAN_"))}
    return {**kept, "CANTONSITE_INSTANCE": str(instance), **more}


@contextmanager
def serving(app: str, env: dict[str, str], path: str = "/") -> Iterator[Server]:
    """A server of this application that has answered `path` once."""
    port = free_port()
    with processes.running(command(app, port), env=env) as process:
        wait_for(port, path, process)
        yield Server(port, processes.tree(process.pid))


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_for(port: int, path: str, process: subprocess.Popen) -> None:
    """Ask until the answer is 200. Raises NotReady."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            status, _headers, _body = get(port, path)
        except OSError:
            time.sleep(0.01)
            continue
        if status == 200:
            return
        time.sleep(0.05)
    raise NotReady(f"{path} on port {port} did not answer 200 within {READY_WITHIN_SECONDS} s")


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request on a connection of its own: status, headers, body as it came."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()
