"""The news for readers: front page, listings, articles, their plain text."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from ..http import errors, figures, kept, language, structured, withdrawn
from ..http.display import section_address
from ..http.press_release import alternates, plain_text, related_title, shown, translations
from ..languages import LANGUAGES
from ..models.edition import ApplicationsState
from ..models.news import Section
from ..services import addresses, articles, contacts, corrections, editions, events, facts, news, related, site
from ..services import figures as pictures

NUMBER = f"<int(max={news.HIGHEST_NUMBER}):number>"
EVENTS = 3  # on the press centre's page; the calendar has all
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
        card=figures.card(shown) if lead and (shown := pictures.first_of(lead[0].number, g.language)) else None,
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
    address = partial(page_address, "news.press_centre")
    edition, counted = editions.coming(), facts.newest_edition()
    return render_template(
        "news/press_centre.html",
        page=page,
        page_address=address,
        edition=edition,
        applications_open=_takes_applications(edition),
        people=contacts.to_ask(g.language),
        events=events.coming(g.language, EVENTS),
        counted=counted,
        figures=facts.known(counted, g.language) if counted else (),
    )


@bp.get(f"/news/{NUMBER}")
@bp.get(f"/news/{NUMBER}-<slug>")
def article(number: int, slug: str | None = None):
    """An article. The number decides; a wrong or missing slug is answered with the right address."""
    try:
        found = articles.read(number, g.language)
    except articles.NotInThisLanguage as other:
        return _in_another_language(number, other)
    except articles.Withdrawn as gone:
        return withdrawn.page(gone)
    except news.NoArticle:
        abort(404)
    if slug != found.slug:
        return redirect(url_for("news.article", number=number, slug=found.slug), 301)
    beside = related.to(found, g.language)
    return kept.page("news/article.html", (found, beside), partial(_article_values, found, beside))


def _article_values(found: articles.FullArticle, beside: related.Related) -> dict[str, Any]:
    _point_the_language_switch(found)
    canonical = addresses.absolute("news.article", lang=found.language, number=found.number, slug=found.slug)
    return {
        "article": shown(found),
        "current_section": found.section,
        "translations": translations(found),
        "related": beside.stories,
        "related_title": related_title(found, beside),
        "canonical": canonical,
        "alternates": alternates(found, canonical),
        "json_ld": structured.of_article(found, canonical),
    }


@bp.get(f"/news/{NUMBER}.txt")
def article_text(number: int):
    """The plain text of an article, as a press release is pasted."""
    try:
        found = articles.read(number, g.language)
    except articles.Withdrawn as gone:
        return withdrawn.page(gone)
    except news.NoArticle:
        abort(404)
    address = addresses.absolute("news.article", lang=found.language, number=number, slug=found.slug)
    with force_locale(LANGUAGES[found.language].locale):  # which is not the page's where the article falls back
        answer = Response(plain_text(found, address), mimetype="text/plain")
    answer.headers["Link"] = f'<{address}>; rel="canonical"'
    return answer


@bp.get(f"/news/{NUMBER}/changes")
def changes(number: int):
    """The history of an article: when it was published, changed and corrected, and what was wrong."""
    try:
        found = articles.read(number, g.language)
    except articles.NotInThisLanguage as other:
        return _in_another_language(number, other)
    except articles.Withdrawn as gone:
        return withdrawn.page(gone)
    except news.NoArticle:
        abort(404)
    history = corrections.history_of(found, g.language)
    return kept.page("news/changes.html", (found, history), partial(_history_values, found, history))


def _history_values(found: articles.FullArticle, history: tuple[corrections.Change, ...]) -> dict[str, Any]:
    _point_the_language_switch(found)
    canonical = addresses.absolute("news.changes", lang=found.language, number=found.number)
    return {
        "article": found,
        "history": history,
        "way": structured.way(found),
        "current_section": found.section,
        "canonical": canonical,
        "alternates": alternates(found, canonical, "news.changes"),
    }


def _listing(section: Section | None):
    page = news.listing(g.language, section, page_number())
    if page is None:
        abort(404)
    endpoint = "news.section" if section else "news.all_news"
    address = partial(page_address, endpoint, **({"section": section.value} if section else {}))
    values = {"section": section, "current_section": section, "page": page, "page_address": address}
    return kept.page("news/section.html", (section, page), lambda: values)


def page_number() -> int:
    """The page that the address asks for, 1 if it does not say; 404 for anything but a number."""
    given = request.args.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else abort(404)


def page_address(endpoint: str, number: int, **values: str) -> str:
    """The address of page `number` of a list."""
    return url_for(endpoint, **values, **({"page": number} if number > 1 else {}))


def _takes_applications(edition) -> bool:
    return edition is not None and edition.applications_on(editions.today()) is ApplicationsState.OPEN


def _point_the_language_switch(found: articles.FullArticle) -> None:
    """To this article where it is shown in the other language, else to its section there."""
    slugs = dict([(found.language, found.slug), *found.translations])
    g.language_hrefs = {
        code: url_for("news.article", number=found.number, slug=slug, lang=code)
        if (slug := slugs.get(code) or slugs.get(each.falls_back))
        else section_address(found.section, code)
        for code, each in site.spoken().items()
    }


def _in_another_language(number: int, other: articles.NotInThisLanguage):
    name = LANGUAGES[other.language].name
    missing = language.name_of(g.language)
    address = url_for("news.article", number=number, slug=other.slug, lang=other.language)
    return errors.page(
        404,
        heading=_("This article is not there in %(language)s", language=missing),
        advice=[_("It was published in another language only.")],
        link=(_("Read it in %(language)s", language=name), address),
    )
