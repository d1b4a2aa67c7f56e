"""An article before it is out, for somebody outside who holds a link."""

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _

from ..http import errors, media
from ..http import previews as preview_pages
from ..languages import DEFAULT
from ..services import articles, news, previews, site, versions

bp = Blueprint("preview", __name__)


@bp.get("/preview/<token>")
@bp.get("/preview/<token>/<lang_of_text>")
def page(token: str, lang_of_text: str | None = None):
    """The article as its page will be. The link dies when it is out, or when it is revoked."""
    try:
        article, _viewer = previews.find(token)
    except previews.UnknownPreview:
        abort(404)
    except previews.DeadPreview as dead:
        return _dead(dead.number)
    written = [code for code in site.spoken() if code in versions.written(article)]
    code = lang_of_text or (written[0] if written else "")
    try:
        found = previews.page_of(article, code)
    except news.NoArticle:
        abort(404)
    return preview_pages.page(article, found, token=token)


@bp.get("/preview/<token>/media/<name>")
def picture(token: str, name: str):
    """A file of the article's pictures, for as long as the link opens the article."""
    try:
        _article, viewer = previews.find(token)
    except (previews.UnknownPreview, previews.DeadPreview):
        abort(404)
    return media.answer(name, viewer)


def _dead(number: int | None):
    if number is None:
        return errors.page(
            410,
            heading=_("This preview is closed"),
            advice=[_("The press office has revoked the link. Ask it for a new one.")],
        )
    try:
        found = articles.read(number, DEFAULT)
        code, slug = found.language, found.slug
    except articles.NotInThisLanguage as other:
        code, slug = other.language, other.slug
    except news.NoArticle:
        abort(410)
    return errors.page(
        410,
        heading=_("The article is published"),
        advice=[_("This preview has done its work: everybody can read the article now.")],
        link=(_("Read the article"), url_for("news.article", lang=code, number=number, slug=slug)),
    )
