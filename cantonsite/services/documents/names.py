"""The name that a file is shown by: what its sender called it, without what a name could do."""

import re
import unicodedata

LONGEST = 120
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}
# Controls, formats such as the bidirectional overrides and zero-width signs, surrogates, private use, unassigned signs,
# line and paragraph separators
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FORBIDDEN = re.compile(r'[<>:"|?*]')  # what Windows lets stand in no name
ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}\Z")  # `.exe`, not the `.2` of "Letter 1.2"
RESERVED = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?\Z")  # devices of Windows, whatever follows the dot
NAMELESS = "document"


def safe(given: str, media_type: str) -> str:
    """A name for pages and downloads: never empty, no path, nothing unseen, at most 120 characters.

    It ends as its type says: the ending that it came with goes, and `letter.pdf.exe` is `letter.pdf`.
    """
    shown = "".join(sign for sign in given[:10_000] if unicodedata.category(sign) not in UNSEEN)
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", shown))[-1]
    stem = " ".join(FORBIDDEN.sub(" ", name).split())
    while ending := ENDING.search(stem):
        stem = stem[: ending.start()]
    stem = stem.strip(". ")
    ending = ENDINGS[media_type]
    stem = stem[: LONGEST - len(ending)].rstrip(". ") or NAMELESS
    return f"{NAMELESS} {stem}{ending}" if RESERVED.match(stem) else f"{stem}{ending}"
