"""Files that forms send. One is kept while another answer is wrong, so that nobody has to find it twice."""

import re
from collections.abc import Callable
from typing import Any

from flask import request

from ..services import files

MOST_BYTES = 21 * 1024 * 1024  # a file of 20 MB, and the form around it
KEY = re.compile(f"[0-9a-f]{{{files.KEY_LENGTH}}}")


def allow() -> None:
    """Let this request carry a file. Others keep the limit of the whole site."""
    request.max_content_length = MOST_BYTES


def received(form: Any) -> tuple[bytes, str] | None:
    """The bytes and the name of the file that came with a form, or of the one kept from the last time."""
    if form.csrf_token.errors:
        return None
    if form.file.data:
        return form.file.data.read(), form.file.data.filename or ""
    key = form.held.data or ""
    data = files.get(key) if KEY.fullmatch(key) else None
    return None if data is None else (data, form.held_name.data or "")


def keep(form: Any, data: bytes, name: str, hold: Callable[[bytes, str], str]) -> None:
    """Keep the file for the next time that this form is sent. Raises what `hold` raises."""
    form.held.data, form.held_name.data, form.held_size = hold(data, name), name, len(data)


def forget(form: Any) -> None:
    """Keep nothing: the file itself was wrong."""
    form.held.data = form.held_name.data = ""
