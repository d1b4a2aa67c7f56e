"""For machines: Atom feeds, the sitemap, robots.txt."""

import re
from uuid import UUID, uuid5

from flask import Blueprint, Response, g, render_template

from ..http import language
from ..languages import LANGUAGES
from ..models.news import Section
from ..services import addresses, news

bp = Blueprint("feeds", __name__)

# An entry's id must never change, not even with the host: it is made from the article's number and language alone.
NAMESPACE = UUID("6e2f1f0e-4c2b-5e0a-9a63-3d0c9f6b7a51")
# What XML 1.0 cannot hold, not even escaped: one such sign in a title would make the whole feed unreadable.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@bp.get(f"{language.PREFIX}/feed.xml")
def site():
    """All sections."""
    return _feed(None)


@bp.get(
    f"{language.PREFIX}/news/<any('canton-fair-news','conference-event','exhibitor-news','press-centre'):section>/feed.xml"
)
def section(section: str):
    """One section."""
    return _feed(Section(section))


@bp.get("/sitemap.xml")
def sitemap():
    """Every public page with its languages and, for articles, the moment of the last change."""
    articles: dict[int, list] = {}
    for row in news.for_sitemap():
        articles.setdefault(row.number, []).append(row)
    xml = render_template(
        "feeds/sitemap.xml", articles=articles.values(), pages=_pages(), languages=LANGUAGES, address=addresses.absolute
    )
    return _xml(xml, "application/xml")


@bp.get("/robots.txt")
def robots():
    """What crawlers should leave alone."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in ("/desk/", "/review/", "/mailbox", "/text-size")]
    lines += [
        f"Disallow: /{code}/{page}"
        for code in LANGUAGES
        for page in ("search", "invitation/apply", "invitation/status", "invitation/received")
    ]
    lines += ["", f"Sitemap: {addresses.absolute('feeds.sitemap')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


def entry_id(number: int, code: str) -> str:
    """The id of an article's text in feeds."""
    return uuid5(NAMESPACE, f"article/{number}/{code}").urn


def _feed(section: Section | None) -> Response:
    entries = news.for_feed(g.language, section)
    name = section.value if section else "all"
    own = {"section": section.value} if section else {}
    xml = render_template(
        "feeds/atom.xml",
        section=section,
        entries=entries,
        feed_id=uuid5(NAMESPACE, f"feed/{name}/{g.language}").urn,
        entry_id=entry_id,
        updated=max((row.modified_at or row.published_at for row in entries), default=None),
        self_address=addresses.absolute("feeds.section" if section else "feeds.site", lang=g.language, **own),
        address=addresses.absolute,
    )
    return _xml(xml, "application/atom+xml")


def _xml(text: str, kind: str) -> Response:
    return Response(NOT_IN_XML.sub("", text), content_type=f"{kind}; charset=utf-8")


def _pages() -> list[tuple[str, dict[str, str]]]:
    sections = [("news.section", {"section": section.value}) for section in list(Section)[:3]]
    names = (
        "news.front",
        "news.all_news",
        "news.press_centre",
        "invitation.start",
        "pages.privacy",
        "pages.accessibility",
    )
    return [*((name, {}) for name in names), *sections]
