"""Larger, normal or smaller text, without a script."""

from flask import Blueprint, abort, redirect, request

from ..http import text_size

bp = Blueprint("text_size", __name__)


@bp.post("/text-size")
def choose():
    """Remember the size and go back to the page. Nothing private depends on it, so it needs no token."""
    size = request.form.get("size")
    if size not in text_size.SIZES:
        abort(422)
    return text_size.remember(redirect(text_size.path_here(request.form.get("next")), 303), size)
