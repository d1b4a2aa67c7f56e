"""Addresses of the fair's old site: an imported article is found where it used to stand."""

from flask import Blueprint, abort, redirect, request, url_for

from ..services import articles

bp = Blueprint("old_site", __name__)


@bp.get("/html/<path:_rest>")
def article(_rest: str):
    """To the article that stood here."""
    try:
        number, slug, language = articles.at_old_path(request.path)
    except articles.NoArticle:
        abort(404)
    return redirect(url_for("news.article", number=number, slug=slug, lang=language), 301)
