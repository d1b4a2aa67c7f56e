"""The news for readers: front page, listings, articles, their plain text."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..http import errors, kept, language
from ..http.display import section_address
from ..http.press_release import alternates, json_ld, plain_text, related_title, shown, translations
from ..languages import LANGUAGES
from ..models.edition import ApplicationsState
from ..models.news import Section
from ..services import addresses, editions, news

NUMBER = f"<int(max={news.HIGHEST_NUMBER}):number>"
bp = Blueprint("news", __name__, url_prefix=language.PREFIX)


@bp.get("/")
def front():
    """The newest of everything."""
    found = news.newest_per_section(g.language)
    headlines = sorted(
        (story for section in list(Section)[:3] for story in found[section]),
        key=lambda story: (story.published_at, story.number),
        reverse=True,
    )
    lead, beside = headlines[:1], headlines[1:3]
    shown_above = {story.number for story in (*lead, *beside)}
    blocks = [
        (section, [story for story in found[section] if story.number not in shown_above][:3])
        for section in list(Section)[:3]
    ]
    edition = editions.coming()
    return render_template(
        "news/front.html",
        lead=lead[0] if lead else None,
        beside_lead=beside,
        blocks=blocks,
        notices=found[Section.PRESS_CENTRE][:3],
        edition=edition,
        applications_open=_takes_applications(edition),
    )


@bp.get("/news")
def all_news():
    """All sections, newest first."""
    return _listing(None)


@bp.get("/news/<any('canton-fair-news','conference-event','exhibitor-news'):section>")
def section(section: str):
    """One section, newest first."""
    return _listing(Section(section))


@bp.get("/news/press-centre")
def old_press_centre():
    """The fourth section has an address of its own."""
    return redirect(url_for("news.press_centre"), 301)


@bp.get("/press-centre")
def press_centre():
    """Notices, contacts, and what the press office offers."""
    page = news.listing(g.language, Section.PRESS_CENTRE, page_number())
    if page is None:
        abort(404)
    address = partial(_page_address, "news.press_centre")
    edition = editions.coming()
    return render_template(
        "news/press_centre.html",
        page=page,
        page_address=address,
        edition=edition,
        applications_open=_takes_applications(edition),
    )


@bp.get(f"/news/{NUMBER}")
@bp.get(f"/news/{NUMBER}-<slug>")
def article(number: int, slug: str | None = None):
    """An article. The number decides; a wrong or missing slug is answered with the right address."""
    try:
        found = news.article(number, g.language)
    except news.NotInThisLanguage as other:
        return _in_another_language(number, other)
    except news.NoArticle:
        abort(404)
    if slug != found.slug:
        return redirect(url_for("news.article", number=number, slug=found.slug), 301)
    related = news.related(found)
    return kept.page("news/article.html", (found, related), partial(_article_values, found, related))


def _article_values(found: news.FullArticle, related: tuple[news.Story, ...]) -> dict[str, Any]:
    _point_the_language_switch(found)
    canonical = addresses.absolute("news.article", lang=g.language, number=found.number, slug=found.slug)
    return {
        "article": shown(found),
        "current_section": found.section,
        "translations": translations(found),
        "related": related,
        "related_title": related_title(found),
        "canonical": canonical,
        "alternates": alternates(found, canonical),
        "json_ld": json_ld(found, canonical),
    }


@bp.get(f"/news/{NUMBER}.txt")
def article_text(number: int):
    """The plain text of an article, as a press release is pasted."""
    try:
        found = news.article(number, g.language)
    except news.NoArticle:
        abort(404)
    address = addresses.absolute("news.article", lang=g.language, number=number, slug=found.slug)
    answer = Response(plain_text(found, address), mimetype="text/plain")
    answer.headers["Link"] = f'<{address}>; rel="canonical"'
    return answer


def _listing(section: Section | None):
    page = news.listing(g.language, section, page_number())
    if page is None:
        abort(404)
    endpoint = "news.section" if section else "news.all_news"
    address = partial(_page_address, endpoint, **({"section": section.value} if section else {}))
    values = {"section": section, "current_section": section, "page": page, "page_address": address}
    return kept.page("news/section.html", (section, page), lambda: values)


def page_number() -> int:
    """The page that the address asks for, 1 if it does not say; 404 for anything but a number."""
    given = request.args.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else abort(404)


def _page_address(endpoint: str, number: int, **values: str) -> str:
    return url_for(endpoint, **values, **({"page": number} if number > 1 else {}))


def _takes_applications(edition) -> bool:
    return edition is not None and edition.applications_on(editions.today()) is ApplicationsState.OPEN


def _point_the_language_switch(found: news.FullArticle) -> None:
    """To this article where it has a translation, else to its section in the other language."""
    hrefs = {code: section_address(found.section, code) for code in LANGUAGES}
    hrefs[found.language] = url_for("news.article", number=found.number, slug=found.slug)
    for code, slug in found.translations:
        hrefs[code] = url_for("news.article", number=found.number, slug=slug, lang=code)
    g.language_hrefs = hrefs


def _in_another_language(number: int, other: news.NotInThisLanguage):
    name = LANGUAGES[other.language].name
    address = url_for("news.article", number=number, slug=other.slug, lang=other.language)
    return errors.page(
        404,
        heading=_("This article is not there in English"),
        advice=[_("It was published in another language only.")],
        link=(_("Read it in %(language)s", language=name), address),
    )
