"""A zip that is written while it is sent."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from .. import clock

LEAST_IN_ZIP = (1980, 1, 1, 0, 0, 0)


class _Pipe(io.RawIOBase):
    """What a zip is written into; it gives away what it has got so far."""

    def __init__(self) -> None:
        self.got = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self.got += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self.got)
        self.got.clear()
        return taken


def written(entries: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of a zip of these names and contents, one entry in memory at a time."""
    pipe, moment = _Pipe(), max(clock.now().timetuple()[:6], LEAST_IN_ZIP)
    with zipfile.ZipFile(pipe, "w") as file:
        for name, content in entries:
            info = zipfile.ZipInfo(name, moment)
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content)
            yield pipe.take()
    yield pipe.take()
