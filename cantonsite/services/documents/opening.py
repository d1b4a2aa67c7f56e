"""Have a file opened in a child process that can do nothing else: a few of them, warm, each replaced when it ends.

The child inherits no file, no socket of the server and no secret of the environment. What is asked of it is plain
data, and so is what it answers.
"""

import atexit
import contextlib
import json
import logging
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

HOME = Path(__file__).parent
AT_ONCE = 2
START_SECONDS = 30
ANSWER_SECONDS = 12
MOST_WORDS, MOST_BYTES = 4096, 32 * 1024 * 1024
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH")  # without which an interpreter may not start
log = logging.getLogger(__name__)


class Died(RuntimeError):
    """The file ended the child or kept it for too long; nothing is known of the file but that."""


class _Ended(Exception):
    """The child has ended by itself, as it does from time to time; another one can be asked the same."""


class Child:
    """A child process and the line to it. Used by one thread at a time."""

    def __init__(self) -> None:
        self.line, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-s", "-W", "ignore", "-m", "opener"],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                cwd=HOME,
                env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
            )
        try:
            self._receive(time.monotonic() + START_SECONDS)
        except OSError as error:
            self.end()
            raise RuntimeError("the process that opens documents did not start") from error

    def ask(self, asked: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        """What it answers. Raises Died or _Ended, and is then of no further use."""
        deadline = time.monotonic() + ANSWER_SECONDS
        words = json.dumps(asked).encode()
        try:
            self.line.settimeout(ANSWER_SECONDS)
            self.line.sendall(struct.pack(">II", len(words), len(data)) + words)
            self.line.sendall(data)
            return self._receive(deadline)
        except (OSError, ValueError) as error:
            code = self.end(patience=0 if isinstance(error, TimeoutError) else 1)
            if code == 0:
                raise _Ended from error
            log.warning("A document ended the process that opened it: %s, code %s", type(error).__name__, code)
            raise Died from error
        except BaseException:
            self.end()  # half an answer may still stand in the line
            raise

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def end(self, patience: float = 0) -> int:
        """End it and leave nothing of it; its exit code."""
        self.line.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(patience)
        self.process.kill()
        return self.process.wait()

    def forget(self) -> None:
        """In a process that was forked off: it is the child of another."""
        self.line.close()
        self.process.returncode = 0

    def _receive(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        words, size = struct.unpack(">II", self._exactly(8, deadline))
        if words > MOST_WORDS or size > MOST_BYTES:
            raise ValueError("more than it may answer")
        said = json.loads(self._exactly(words, deadline))
        return said, self._exactly(size, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        data, place = bytearray(size), 0
        while place < size:
            self.line.settimeout(max(0.001, deadline - time.monotonic()))
            got = self.line.recv_into(memoryview(data)[place:])
            if not got:
                raise ConnectionError("the line was closed")
            place += got
        return bytes(data)


def ask(do: str, data: bytes, argument: int | None = None) -> tuple[dict[str, Any], bytes]:
    """What a child makes of these bytes: facts, and a file. Raises Died.

    As many files as there are children are opened at once; who comes later waits.
    """
    child = _children.get()
    try:
        while True:
            if child is None or child.has_ended:
                _end(child)
                child = None  # if none can be started
                child = Child()
            try:
                return child.ask({"do": do, "argument": argument}, data)
            except _Ended:
                continue
    finally:
        _children.put(child)


def close() -> None:
    """End the children that are not at work; the next file starts a new one."""
    idle = []
    with contextlib.suppress(Empty):
        while True:
            idle.append(_children.get_nowait())
    for child in idle:
        _end(child)
        _children.put(None)


def _end(child: Child | None) -> None:
    if child:
        child.end()


def _fill() -> None:
    for _ in range(AT_ONCE):
        _children.put(None)


def _after_a_fork() -> None:
    for child in _children.queue:
        if child:
            child.forget()
    _children.__init__()  # its locks too may have been held by a thread that did not come along
    _fill()


_children: LifoQueue[Child | None] = LifoQueue()
_fill()
atexit.register(close)
os.register_at_fork(after_in_child=_after_a_fork)
