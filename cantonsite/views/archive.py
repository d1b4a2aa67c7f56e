"""The archive of the news: years, the months of a year, the stories of a month."""

from functools import partial

from flask import Blueprint, g, url_for
from flask_babel import gettext as _

from ..http import errors, kept, language
from ..services import archive
from .news import page_address, page_number

bp = Blueprint("archive", __name__, url_prefix=f"{language.PREFIX}/news/archive")


@bp.get("")
def years():
    """The years that have stories."""
    found = archive.years(g.language)
    return kept.page("archive/years.html", found, lambda: {"years": found})


@bp.get("/<int:year>")
def year(year: int):
    """The months of a year that have stories."""
    months = archive.months(g.language, year)
    if not months:
        return _nothing(_("No news was published in %(year)s", year=year))
    return kept.page("archive/year.html", months, lambda: {"year": year, "months": months})


@bp.get("/<int:year>/<int:month>")
def month(year: int, month: int):
    """The stories of a month, the newest first."""
    months = archive.months(g.language, year)
    total = dict(months).get(month)
    page = archive.of_month(g.language, year, month, total, page_number()) if total else None
    if page is None:
        return _nothing(_("No news was published in this month") if not total else None)
    address = partial(page_address, "archive.month", year=year, month=month)
    values = {"year": year, "month": month, "months": months, "page": page, "page_address": address}
    return kept.page("archive/month.html", (months, page), lambda: values)


def _nothing(heading: str | None):
    return errors.page(
        404,
        heading=heading,
        advice=[_("The archive lists the years and months in which there is news in this language.")],
        link=(_("Open the archive"), url_for("archive.years")),
    )
