"""PDFs for tests, written by hand: harmless ones, and such as a bad sender would make."""

import hashlib
import zlib
from collections.abc import Iterable

TEXT = b"BT /F1 24 Tf 60 700 Td (Letter of assignment) Tj ET 0.8 0.1 0.1 rg 60 500 200 100 re f"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, entries: bytes = b"", packed: bool = False) -> bytes:
    """A stream object; `packed` deflates it."""
    if packed:
        data, entries = zlib.compress(data, 9), entries + b" /Filter /FlateDecode"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def written(objects: dict[int, bytes], trailer: bytes = b"", root: int = 1) -> bytes:
    """A file of these objects, with a table of where they lie."""
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size, table = max(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    return out + b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, table)


def parts(
    catalog: bytes = b"", page: bytes = b"", content: bytes = TEXT, box: bytes = b"0 0 595 842", count: int = 1
) -> dict[int, bytes]:
    """The objects 1 to 5 of a document: catalog, pages, font, content, and page; further pages follow from 100 on."""
    kids = [5, *range(100, 100 + count - 1)]
    one = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R %s >>"
    one %= (box, page)
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b" ".join(b"%d 0 R" % kid for kid in kids)),
        3: FONT,
        4: stream(content),
        **dict.fromkeys(kids, one),
    }


def pdf(*, more: dict[int, bytes] | None = None, trailer: bytes = b"", **kinds: object) -> bytes:
    """A document; `more` adds objects from 10 on, to which `catalog` and `page` may refer."""
    return written({**parts(**kinds), **(more or {})}, trailer)


def with_annotation(annotation: bytes, more: dict[int, bytes] | None = None, catalog: bytes = b"") -> bytes:
    entry = b"<< /Type /Annot /Rect [60 300 200 340] %s >>" % annotation
    return pdf(catalog=catalog, page=b"/Annots [10 0 R]", more={10: entry, **(more or {})})


def in_object_stream(hidden: dict[int, bytes], catalog: bytes = b"", page: bytes = b"") -> bytes:
    """A document whose objects, all but the content, lie deflated in an object stream, named by a deflated table."""
    everything = {**parts(catalog, page), **hidden}
    content = everything.pop(4)
    head, body = b"", b""
    for number, data in everything.items():
        head, body = head + b"%d %d " % (number, len(body)), body + data + b" "
    entries = b"/Type /ObjStm /N %d /First %d" % (len(everything), len(head))
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for number, data in ((4, content), (90, stream(head + body, entries, packed=True))):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    return out + _table(out, places, list(everything))


def _table(out: bytes, places: dict[int, int], inside: list[int]) -> bytes:
    places = {**places, 91: len(out)}
    lines = b""
    for number in range(92):
        if number in places:
            lines += b"\1" + places[number].to_bytes(4, "big") + b"\0\0"
        elif number in inside:
            lines += b"\2" + (90).to_bytes(4, "big") + inside.index(number).to_bytes(2, "big")
        else:
            lines += b"\0\0\0\0\0\xff\xff"
    table = stream(lines, b"/Type /XRef /Size 92 /W [1 4 2] /Root 1 0 R", packed=True)
    return b"91 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def encrypted(user: bytes = b"", owner: bytes = b"owner") -> bytes:
    """A document under RC4 of 40 bits (PDF 1.7, 7.6.3): opened by the `user` password, all allowed to the owner."""
    mark, rights = b"0123456789abcdef", -4
    of_owner = rc4(hashlib.md5(_padded(owner)).digest()[:5], _padded(user))
    key = hashlib.md5(_padded(user) + of_owner + rights.to_bytes(4, "little", signed=True) + mark).digest()[:5]
    of_user = rc4(key, PADDING)
    own = hashlib.md5(key + (4).to_bytes(3, "little") + b"\0\0").digest()[:10]
    objects = {**parts(), 4: stream(rc4(own, TEXT))}
    objects[10] = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>" % (
        of_owner.hex().encode(),
        of_user.hex().encode(),
        rights,
    )
    return written(objects, b"/Encrypt 10 0 R /ID [<%s> <%s>]" % (mark.hex().encode(), mark.hex().encode()))


def _padded(password: bytes) -> bytes:
    return (password + PADDING)[:32]


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    return bytes(_mixed(state, data))


def _mixed(state: list[int], data: bytes) -> Iterable[int]:
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        yield byte ^ state[(state[i] + state[j]) % 256]
