"""Pictures for readers: their files, the media library, one picture, and press kits."""

from functools import partial

from flask import Blueprint, abort, g, request, url_for
from flask_babel import gettext as _

from ..forms.picture import LibraryForm
from ..http import figures, kept, kits, language, structured, withdrawn
from ..http import media as stored
from ..models.news import STRANGER
from ..services import articles, editions, media, news
from ..services.edition_words import fair_name
from .news import NUMBER, page_number

bp = Blueprint("media", __name__)


@bp.get("/media/<name>")
def file(name: str):
    """One file of a picture that everybody may see."""
    return stored.answer(name, STRANGER)


@bp.get(f"{language.PREFIX}/press-centre/media")
def library():
    """The pictures that are offered to the press, the newest first."""
    there = media.choices()
    form = LibraryForm.of(request.args, ((number, fair_name(number)) for number in there.editions), there.years)
    page = media.library(media.Wanted(**form.wanted), page_number(), g.language)
    if page is None:
        abort(404)
    asked = form.asked

    def address(number: int) -> str:
        return url_for("media.library", **asked, **({"page": number} if number > 1 else {}))

    return kept.page(
        "media/library.html",
        (page, tuple(asked.items()), form.offered),
        lambda: {
            "form": form,
            "page": page,
            "asked": asked,
            "cards": [(picture, figures.card(picture)) for picture in page.items],
            "page_address": address,
        },
    )


@bp.get(f"{language.PREFIX}/press-centre/media/<int:picture_id>")
def picture(picture_id: int):
    """One picture of the library: what it shows, on what terms, and its files."""
    found = media.in_library(picture_id, g.language) or abort(404)
    return kept.page("media/picture.html", found, partial(_picture_values, found))


def _picture_values(found) -> dict:
    trail = [(_("Home"), url_for("news.front")), (_("Press Centre"), url_for("news.press_centre"))]
    trail.append((_("Media library"), url_for("media.library")))
    thing = structured.image(found)
    return {
        "picture": found,
        "figure": figures.figure(found, is_first=True),
        "downloads": media.downloads(found),
        "licence_address": figures.licence_address(found),
        "trail": trail,
        "json_ld": structured.block(thing, structured.breadcrumbs([*trail, (thing["name"], None)])),
    }


@bp.get(f"{language.PREFIX}/news/{NUMBER}/kit.zip")
def article_kit(number: int):
    """An article's press kit: the same whatever the language, with every language in it."""
    try:
        return kits.of_article(number)
    except articles.Withdrawn as gone:
        return withdrawn.page(gone)
    except news.NoArticle:
        abort(404)


@bp.get(f"{language.PREFIX}/editions/<int:number>/kit.zip")
def edition_kit(number: int):
    """An edition's press kit."""
    return kits.of_edition(editions.get(number) or abort(404))
