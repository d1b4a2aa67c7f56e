"""Editions for readers: all of them, and what is known of one."""

from functools import partial

from flask import Blueprint, abort, g, render_template, url_for

from ..http import language
from ..services import archive, contacts, editions, events, facts, media
from .news import page_number

bp = Blueprint("editions", __name__, url_prefix=f"{language.PREFIX}/editions")


@bp.get("")
def every():
    """All editions, the newest first."""
    return render_template("editions/every.html", editions=editions.every(), today=editions.today())


@bp.get("/<int:number>")
def one(number: int):
    """An edition: its days and phases, figures, press events, contacts then, its news page by page."""
    edition = editions.get(number) or abort(404)
    page = archive.of_edition(edition, g.language, page_number()) or abort(404)
    return render_template(
        "editions/one.html",
        edition=edition,
        figures=facts.known(edition, g.language),
        people=contacts.to_ask(g.language, edition.id),
        events=events.of_edition(edition, g.language),
        page=page,
        page_address=partial(_page_address, number),
        has_pictures=number in media.choices().editions,
        is_over=edition.ends_on < editions.today(),
    )


def _page_address(edition: int, page: int) -> str:
    return url_for("editions.one", number=edition, **({"page": page} if page > 1 else {}))
