"""The child process: opens one file after the other for its parent, with next to no means to do anything else.

A message is two lengths of four bytes, then JSON, then bytes. The child ends by itself, with 0, when its parent closes
the line, after FILES_EACH files, and when nobody has asked for IDLE_SECONDS.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import struct
import sys
from io import BytesIO
from typing import Any

from . import pages, pictures
from .pixels import Refused

FILES_EACH = 100
IDLE_SECONDS = 300
MEMORY = 1 << 30
CPU_SECONDS = 10
ALARM_SECONDS = 15  # later than the parent's deadline: for a child whose parent is no more
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38

Answer = tuple[dict[str, Any], bytes]


def main() -> None:
    """Get ready, say so, and answer until there is nothing more to do."""
    line = socket.socket(fileno=0)
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent finishes what it has in hand, and then closes the line
        signal.signal(number, signal.SIG_IGN)
    _load()
    _confine()
    with contextlib.suppress(ConnectionError):  # the parent is no more
        _serve(line)


def _serve(line: socket.socket) -> None:
    _send(line, {"ready": True}, b"")
    for _ in range(FILES_EACH):
        line.settimeout(IDLE_SECONDS)
        try:
            asked, data = _receive(line)
        except (TimeoutError, EOFError):
            return
        _allow_a_moment()
        said, made = _answer(asked, data)
        _send(line, said, made)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if said.get("refused") == "too_hard":  # what it had to do may have left its memory in pieces
            return


def _answer(asked: dict[str, Any], data: bytes) -> Answer:
    do, argument = asked["do"], asked.get("argument")
    verbs = {
        "picture": pictures.take_in,
        "photo": pictures.photo,
        "preview_picture": pictures.preview,
        "pages": lambda data, _: pages.take_in(data),
        "preview_pages": pages.preview,
    }
    try:
        return verbs[do](data, argument)
    except Refused as refused:
        return {"refused": refused.reason}, b""
    except MemoryError:
        return {"refused": "too_hard"}, b""
    except Exception:  # a broken file makes its reader fail in any way
        return {"refused": "damaged"}, b""


def _receive(line: socket.socket) -> Answer:
    words, size = struct.unpack(">II", _exactly(line, 8))
    return json.loads(_exactly(line, words)), _exactly(line, size)


def _exactly(line: socket.socket, size: int) -> bytes:
    data = bytearray(size)
    view, place = memoryview(data), 0
    while place < size:
        got = line.recv_into(view[place:])
        if not got:
            raise EOFError
        place += got
    return bytes(data)


def _send(line: socket.socket, said: dict[str, Any], data: bytes) -> None:
    words = json.dumps(said).encode()
    line.sendall(struct.pack(">II", len(words), len(data)) + words)
    line.sendall(data)


def _load() -> None:
    """Let the libraries load all that they load when they are used, while files can still be opened."""
    from PIL import Image, ImageCms, MpoImagePlugin  # noqa: F401

    drawn = Image.new("RGBA", (8, 8), (200, 20, 30, 90))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("PNG", "WEBP"):
        file = BytesIO()
        drawn.save(file, kind, icc_profile=profile)
        pictures.preview(file.getvalue(), 8)
    _, jpeg = pictures.made(Image.new("RGB", (300, 400)))
    pictures.photo(jpeg, 5)
    sample = pages.of_pictures([(200, 200, pictures.take_in(jpeg, 100))])
    pages.preview(pages.take_in(sample)[1], 8)


def _confine() -> None:
    """From here on: no file, no socket, no process, no core, and only so much memory."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    os.chdir("/")
    limits = {"AS": MEMORY, "FSIZE": 0, "CORE": 0, "NPROC": 0, "NOFILE": 3}
    for name, most in limits.items():
        # A system may know no such limit, or not let it be set
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    if sys.platform == "linux":
        kernel = ctypes.CDLL(None)
        kernel.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        kernel.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _allow_a_moment() -> None:
    """Time for one file, after which the system ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_REAL, ALARM_SECONDS)


if __name__ == "__main__":
    main()
