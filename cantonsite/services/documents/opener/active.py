"""Find in a PDF what would do something: scripts, programs, files inside, media, forms that run.

It reads the file as PDFium wrote it out again: every object that can be reached, none in an object stream, names
without escapes, brackets in texts escaped, lengths of streams beside them. What it missed would still not be kept (see
`pages`).
"""

import re

# Names of actions, annotations and keys (ISO 32000-1, 12.5.6, 12.6.4 and 7.11; Adobe's supplements for RichMedia and
# XFA). Not here, since nothing of them is kept and honest files are full of them: URI, GoTo, Named, Hide, AcroForm.
ACTIVE = {
    "script": b"JavaScript JS",
    "program": b"Launch",
    "form": b"XFA SubmitForm ImportData",
    "files": b"EmbeddedFile EmbeddedFiles EF FileAttachment GoToE",
    "elsewhere": b"GoToR",
    "media": b"RichMedia RichMediaContent RichMediaExecute Rendition Movie Sound 3D GoTo3DView",
}
_REASONS = {b"/" + name: reason for reason, names in ACTIVE.items() for name in names.split()}
_TOKENS = re.compile(
    rb"\((?:[^()\\]|\\.)*\)"  # a text
    rb"|<<|>>"
    rb"|/[^\x00-\x20()<>\[\]{}/%]*"  # a name
    rb"|endstream|stream\r?\n"
    rb"|\d+",
    re.DOTALL,
)


def reason_against(file: bytes | memoryview) -> str | None:
    """The name of the first reason against the file, in the order of ACTIVE; None if nothing in it is active."""
    found = {_REASONS[name] for name in names_in(file) if name in _REASONS}
    return next((reason for reason in ACTIVE if reason in found), None)


def names_in(file: bytes | memoryview) -> set[bytes]:
    """Every name in the file that stands outside texts and streams."""
    names, last, length, lengths, place = set(), b"", 0, [], 0
    while token := _TOKENS.search(file, place):
        text, place = token[0], token.end()
        if text == b"<<":
            lengths.append(0)
        elif text == b">>":
            length = lengths.pop() if lengths else 0
        elif text[:1] == b"/":
            names.add(text)
        elif text[:6] == b"stream":  # the length of the dictionary that has just ended, not of one inside it
            place, length = place + length, 0
        elif last == b"/Length" and lengths:
            lengths[-1] = int(text)
        last = text
    return names
