"""For machines: Atom feeds, sitemaps, robots.txt."""

from flask import Blueprint, Response, abort, g, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from ..http import feeds as atom
from ..http import language, xml
from ..http import sitemaps as maps
from ..models.news import Section
from ..services import addresses, corrections, editions, feeds, sitemaps
from ..services.edition_words import fair_name
from ..services.site import facts, spoken

bp = Blueprint("feeds", __name__)


@bp.get(f"{language.PREFIX}/feed.xml")
def site():
    """All sections."""
    found = feeds.newest(g.language)
    return atom.answer("all", found, lambda: atom.of_stories(found), page="news.front")


@bp.get(
    f"{language.PREFIX}/news/<any('canton-fair-news','conference-event','exhibitor-news','press-centre'):section>/feed.xml"
)
def section(section: str):
    """One section."""
    of = Section(section)
    found = feeds.newest(g.language, of)
    return atom.answer(section, found, lambda: atom.of_stories(found), title=of.label, **atom.section_page(of))


@bp.get(f"{language.PREFIX}/editions/<int:number>/feed.xml")
def edition(number: int):
    """The news of one edition."""
    of = editions.get(number) or abort(404)
    found = feeds.newest(g.language, edition=of)
    page = {"page": "editions.one", "number": number}
    return atom.answer(f"edition-{number}", found, lambda: atom.of_stories(found), title=fair_name(of), **page)


@bp.get(f"{language.PREFIX}/corrections/feed.xml", endpoint="corrections")
def all_corrections():
    """What was wrong, and what was withdrawn."""
    found = corrections.newest(g.language).items
    entries = lambda: atom.of_corrections(found)  # noqa: E731
    return atom.answer("corrections", found, entries, title=_("Corrections"), page="corrections.every")


@bp.get("/sitemap.xml")
def sitemap():
    """Every public page; of a large site, where its parts are."""
    parts = sitemaps.parts()
    if not parts:
        return _sitemap([*maps.pages(), *maps.texts(sitemaps.articles())])
    addressed = [(addresses.absolute("feeds.sitemap_part", page=page), at) for page, at in enumerate(parts, 1)]
    return xml.answer(render_template("feeds/sitemap_index.xml", parts=addressed), "application/xml")


@bp.get("/sitemaps/<int:page>.xml")
def sitemap_part(page: int):
    """One part of a large site's sitemap; the pages that are no articles are in the first."""
    found = sitemaps.articles(page) if 0 < page <= sitemaps.MOST_PARTS else []
    if not found:
        abort(404)
    return _sitemap([*(maps.pages() if page == 1 else ()), *maps.texts(found)])


@bp.get("/sitemap-news.xml")
def sitemap_news():
    """What was published in the last two days, in Google's protocol for news."""
    names = {}
    for code, each in spoken().items():
        with force_locale(each.locale):
            names[code] = facts().name
    values = {"texts": sitemaps.news(), "names": names, "languages": spoken(), "address": maps.address}
    return xml.answer(render_template("feeds/sitemap_news.xml", **values), "application/xml")


@bp.get("/robots.txt")
def robots():
    """What crawlers should leave alone."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in ("/desk/", "/review/", "/preview/", "/mailbox", "/text-size")]
    lines += [
        f"Disallow: /{code}/{page}"
        for code in spoken()
        for page in ("search", "invitation/apply", "invitation/status", "invitation/received")
    ]
    lines += ["", *(f"Sitemap: {addresses.absolute(name)}" for name in ("feeds.sitemap", "feeds.sitemap_news")), ""]
    return Response("\n".join(lines), mimetype="text/plain")


def _sitemap(places: list[maps.Place]) -> Response:
    return xml.answer(render_template("feeds/sitemap.xml", places=places), "application/xml")
