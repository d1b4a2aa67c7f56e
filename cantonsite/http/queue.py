"""The filter in the address of a list of applications, with the editions and colleagues that there are."""

from collections.abc import Iterator
from typing import Any

from flask import request

from ..forms.queue import QueueForm
from ..services import editions, staff
from ..services.edition_words import edition_name


def asked_for(given: Any = None) -> QueueForm:
    """The filter of this request, or of what is given."""
    named = [(str(each.number), edition_name(each)) for each in editions.every()]
    return QueueForm.of(request.args if given is None else given, named, colleagues())


def colleagues() -> Iterator[tuple[str, str]]:
    """Those to whom a file can be given, by number."""
    return ((str(each.id), each.name) for each in staff.roster() if each.decides)
