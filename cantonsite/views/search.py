"""Search the news."""

from flask import Blueprint, abort, g, render_template, request, url_for

from ..forms.search import SearchForm
from ..http import language
from ..services import site
from ..services.edition_words import fair_name
from ..services.search import finding as engine
from .news import page_number

bp = Blueprint("search", __name__, url_prefix=language.PREFIX)


@bp.get("/search")
def search():
    """Search by title, content or both, in all news or some; best or newest first."""
    there = engine.choices()
    languages = [(code, each.name) for code, each in site.spoken().items()]
    form = SearchForm.of(request.args, [(each, fair_name(each)) for each in there.editions], there.years, languages)
    query, within, number = form.q.data or "", form["in"].data, page_number()
    results = engine.search(
        query,
        language=g.language,
        within=within,
        newest_first=form.sort.data == "newest",
        number=number,
        narrowed=engine.Narrowed(**form.narrowed),
    )
    if results is None and number != 1:
        abort(404)

    form.q.data = cut = query[: engine.MOST_CHARACTERS]  # the page repeats what was searched, not all that was sent

    def address(page: int = 1, **instead: str | None) -> str:
        """The same search on another page, or with something else instead; None leaves a value out."""
        asked = {"q": cut or None, **form.asked, **({"page": str(page)} if page > 1 else {}), **instead}
        return url_for("search.search", **{name: value for name, value in asked.items() if value is not None})

    g.language_hrefs = {code: url_for("search.search", lang=code) for code in site.spoken()} if cut != query else {}
    return render_template(
        "news/search.html",
        form=form,
        query=cut,
        results=results,
        page=results.page if results else None,
        page_address=address,
        everywhere=dict.fromkeys(field.name for field in form.selects),
        shortened=bool(results and results.shortened),
    )
