"""Search the news."""

from flask import Blueprint, abort, g, render_template, request, url_for

from ..forms.search import SearchForm
from ..http import language
from ..services import search as engine
from .news import page_number

bp = Blueprint("search", __name__, url_prefix=language.PREFIX)


@bp.get("/search")
def search():
    """Search by title, content or both; best or newest first."""
    form = SearchForm(request.args)
    query, within, order = form.q.data or "", form["in"].data or "", form.sort.data or "best"
    number = page_number()
    results = engine.search(query, language=g.language, within=within, newest_first=order == "newest", number=number)
    if results is None and number != 1:
        abort(404)

    form.q.data = cut = query[: engine.MOST_CHARACTERS]  # the page repeats what was searched, not all that was sent

    def address(page: int) -> str:
        asked = {"q": cut, "in": within, "sort": order if order == "newest" else None}
        return url_for("search.search", **{k: v for k, v in asked.items() if v}, **({"page": page} if page > 1 else {}))

    g.language_hrefs = (
        {code: url_for("search.search", lang=code) for code in language.LANGUAGES} if cut != query else {}
    )
    return render_template(
        "news/search.html",
        form=form,
        query=cut,
        results=results,
        page=results.page if results else None,
        page_address=address,
        shortened=bool(results and results.shortened),
    )
