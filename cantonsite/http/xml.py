"""XML answers: feeds and sitemaps."""

import re

from flask import Response

# What XML 1.0 cannot hold, not even escaped: one such sign in a title would make the whole file unreadable.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(text: str, kind: str) -> Response:
    """An answer of this media type, without the signs that XML cannot hold."""
    return Response(NOT_IN_XML.sub("", text), content_type=f"{kind}; charset=utf-8")
