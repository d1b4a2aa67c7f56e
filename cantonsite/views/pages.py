"""The way in, and the two pages that every page links to."""

from flask import Blueprint, redirect, render_template, request, url_for

from ..http import language
from ..services import retention, site

bp = Blueprint("pages", __name__)


@bp.get("/")
def root():
    """To the front page in the language that the browser prefers."""
    answer = redirect(url_for("news.front", lang=language.preferred(request.accept_languages, site.spoken())), 302)
    answer.vary.add("Accept-Language")
    return answer


@bp.get(f"{language.PREFIX}/privacy")
def privacy():
    """What is kept of whom, and why."""
    return render_template("pages/privacy.html", retention=retention)


@bp.get(f"{language.PREFIX}/accessibility")
def accessibility():
    """How the site can be used, and whom to tell what cannot."""
    return render_template("pages/accessibility.html")
