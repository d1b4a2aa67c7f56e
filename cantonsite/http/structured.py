"""What pages tell machines of themselves in JSON-LD (schema.org): the same facts and dates that people read there."""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from ..languages import LANGUAGES
from ..models import Edition
from ..models.media import RenditionUse
from ..services import addresses, edition_words, site
from ..services.articles import FullArticle
from ..services.figures import PictureShown
from ..services.imaging import JPEG
from . import figures
from .display import iso, section_address
from .headers import is_public
from .press_release import description

Thing = dict[str, Any]
NO_CANONICAL = {"search"}  # blueprints of public pages that search engines should not keep
BY_LANGUAGE = {"archive.year", "archive.month"}  # pages that are not there in a language without such news


def init_app(app: Flask) -> None:
    """Let every page name its canonical address and its languages, and describe its breadcrumb."""
    app.context_processor(_addresses)
    app.jinja_env.globals["structured_trail"] = lambda trail: block(breadcrumbs(trail))
    app.jinja_env.globals["structured_office"] = lambda: block(organization())


def _addresses() -> dict[str, Any]:
    """Where this page stands in each language: what a view says otherwise counts more."""
    if not request or not request.url_rule or request.blueprint in NO_CANONICAL or not is_public():
        return {}
    if "lang" not in request.url_rule.arguments:
        return {}
    build = partial(addresses.absolute, request.endpoint, **(request.view_args or {}))
    each = [(one.html, build(lang=one.code)) for one in site.spoken().values()]
    everywhere = len(each) > 1 and request.endpoint not in BY_LANGUAGE
    return {"canonical": build(lang=g.language), "alternates": each if everywhere else []}


def block(*things: Thing) -> Markup:
    """The content of a script element of type application/ld+json."""
    text = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)
    # No `<` may stand inside a script element, whatever a title says
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704


def organization() -> Thing:
    """The press office: whom to ask, in which languages, and how it corrects."""
    facts = site.facts()
    contact = {"@type": "ContactPoint", "contactType": _("Press contact"), "email": facts.email}
    if facts.phone:
        contact["telephone"] = facts.phone
    contact["availableLanguage"] = [language.html for language in site.spoken().values()]
    policy = addresses.absolute("corrections.every", lang=g.language)
    return {**publisher(), "contactPoint": contact, "correctionsPolicy": policy}


def publisher() -> Thing:
    """The press office by its name alone, where something else is described."""
    return {"@type": "Organization", "name": site.facts().office, "url": addresses.absolute("pages.root")}


def breadcrumbs(trail: Iterable[tuple[object, str | None]]) -> Thing:
    """The way to this page: names and addresses, as the page shows them; the last is this page if it has none."""
    items = [
        {"@type": "ListItem", "position": place, "name": str(name), "item": addresses.origin() + (path or request.path)}
        for place, (name, path) in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def way(article: FullArticle) -> list[tuple[object, str]]:
    """The breadcrumb of an article, without the article: home, news, its section."""
    section = (article.section.label, section_address(article.section))
    return [(_("Home"), url_for("news.front")), (_("News"), url_for("news.all_news")), section]


def of_article(article: FullArticle, canonical: str) -> Markup:
    """NewsArticle and BreadcrumbList of an article."""
    trail = [*way(article), (article.title, canonical.removeprefix(addresses.origin()))]
    return block(news_article(article, canonical), breadcrumbs(trail))


def news_article(article: FullArticle, canonical: str) -> Thing:
    """An article, with what was wrong in it."""
    said: Thing = {
        "@type": "NewsArticle",
        "headline": article.title,
        "description": description(article),
        "datePublished": iso(article.published_at),
        "dateModified": iso(article.updated_at or article.published_at),
        "inLanguage": LANGUAGES[article.language].html,
        "articleSection": str(article.section.label),
        "mainEntityOfPage": canonical,
        "url": canonical,
        "author": {"@type": "Organization", "name": article.author} if article.author else publisher(),
        "publisher": {**publisher(), "correctionsPolicy": addresses.absolute("corrections.every", lang=g.language)},
    }
    if article.pictures:
        said["image"] = [image(picture) for picture in article.pictures]
    if article.edition:
        said["isPartOf"] = {"@type": "Event", **_event(article.edition)}
    if article.corrections:
        said["correction"] = [
            {"@type": "CorrectionComment", "text": each.sentence, "datePublished": iso(each.at)}
            for each in article.corrections
        ]
    return said


def image(picture: PictureShown) -> Thing:
    """A picture with its credit and its terms, as image searches show them."""
    file = picture.largest(RenditionUse.PAGE, JPEG)
    said: Thing = {
        "@type": "ImageObject",
        "contentUrl": figures.absolute(file.name),
        "name": picture.alt.text,
        "caption": picture.caption.text or picture.alt.text,
        "width": file.width,
        "height": file.height,
        "encodingFormat": file.media_type,
        "creditText": picture.credit,
        "creator": {"@type": "Organization", "name": picture.credit},
        "license": figures.licence_address(picture, _in_full),
    }
    if picture.in_library:
        said["acquireLicensePage"] = _in_full("media.picture", picture_id=picture.id)
    return said


def _in_full(endpoint: str, **values: object) -> str:
    return addresses.absolute(endpoint, lang=g.language, **values)


def _event(edition: Edition) -> Thing:
    return {
        "name": edition_words.fair_name(edition),
        "startDate": edition.starts_on.isoformat(),
        "endDate": edition.ends_on.isoformat(),
        "location": {"@type": "Place", "name": _("Canton Fair Complex"), "address": _("Guangzhou, China")},
    }
