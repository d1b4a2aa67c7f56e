"""What was wrong, and what was withdrawn: the list that every page links to, and how the press office corrects."""

from functools import partial

from flask import Blueprint, abort, g

from ..http import kept, language
from ..services import corrections
from .news import page_address, page_number

bp = Blueprint("corrections", __name__, url_prefix=language.PREFIX)


@bp.get("/corrections")
def every():
    """All corrections and withdrawals, the newest first."""
    page = corrections.newest(g.language, page_number())
    if page is None:
        abort(404)
    values = {"page": page, "page_address": partial(page_address, "corrections.every")}
    return kept.page("corrections/every.html", page, lambda: values)
