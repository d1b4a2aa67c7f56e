"""An article as pages, plain text and structured data show it: the same facts and the same dates in each."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from ..languages import LANGUAGES
from ..models import Edition
from ..models.news import Section
from ..services import addresses, edition_words, site
from ..services.markdown import opening, to_html, to_text
from ..services.news import FullArticle
from .display import iso, moment


@dataclass(frozen=True, slots=True)
class Translation:
    """Another language of the same article."""

    code: str
    html_lang: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An article with its body as safe HTML, and the words that describe it in listings of others."""

    number: int
    slug: str
    title: str
    standfirst: str
    section: Section
    published_at: datetime
    modified_at: datetime | None
    edition: Edition | None
    source: str
    author: str
    body: Markup
    sign_off: str
    language: str
    description: str


def shown(article: FullArticle) -> Shown:
    """The article as its page shows it."""
    same = ("number", "slug", "title", "standfirst", "section", "published_at", "modified_at", "edition")
    more = ("source", "author", "sign_off", "language")
    return Shown(
        **{name: getattr(article, name) for name in (*same, *more)},
        body=to_html(article.body),
        description=description(article),
    )


def description(article: FullArticle) -> str:
    """The standfirst, or the first words of the body."""
    return article.standfirst or opening(article.body)


def translations(article: FullArticle) -> list[Translation]:
    """The other languages of the article, where a text exists."""
    return [
        Translation(code, LANGUAGES[code].html, LANGUAGES[code].name, _address(article.number, code, slug, url_for))
        for code, slug in article.translations
        if code in LANGUAGES
    ]


def alternates(article: FullArticle, canonical: str) -> list[tuple[str, str]]:
    """hreflang and absolute address of every language, this one included; none if there is only one."""
    others = [
        (LANGUAGES[code].html, _address(article.number, code, slug, addresses.absolute))
        for code, slug in article.translations
        if code in LANGUAGES
    ]
    return [(LANGUAGES[article.language].html, canonical), *others] if others else []


def related_title(article: FullArticle) -> str:
    """What the related stories have in common."""
    if article.edition:
        return _("On the same edition")
    return _("More from %(section)s", section=article.section.label)


def json_ld(article: FullArticle, canonical: str) -> Markup:
    """schema.org NewsArticle and BreadcrumbList, with the dates that the page shows."""
    facts = site.facts()
    publisher = {"@type": "Organization", "name": facts.office, "url": addresses.absolute("pages.root")}
    news_article: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": article.title,
        "description": description(article),
        "datePublished": iso(article.published_at),
        "dateModified": iso(article.modified_at or article.published_at),
        "inLanguage": LANGUAGES[article.language].html,
        "articleSection": str(article.section.label),
        "mainEntityOfPage": canonical,
        "url": canonical,
        "author": {"@type": "Organization", "name": article.author} if article.author else publisher,
        "publisher": publisher,
    }
    if article.edition:
        news_article["isPartOf"] = {"@type": "Event", **_event(article.edition)}
    trail = [
        (_("Home"), addresses.absolute("news.front", lang=article.language)),
        (_("News"), addresses.absolute("news.all_news", lang=article.language)),
        (str(article.section.label), _section_address(article)),
        (article.title, canonical),
    ]
    crumbs = [
        {"@type": "ListItem", "position": place, "name": name, "item": item}
        for place, (name, item) in enumerate(trail, 1)
    ]
    graph = [news_article, {"@type": "BreadcrumbList", "itemListElement": crumbs}]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    # No `<` may stand inside a script element, whatever a title says
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704


def plain_text(article: FullArticle, address: str) -> str:
    """The article as a press release without markup, with its facts and contact."""
    facts = site.facts()
    head = [
        (_("Published"), f"{moment(article.published_at)} ({_('Guangzhou time (UTC+8)')})"),
        (_("Updated"), moment(article.modified_at) if article.modified_at else ""),
        (_("Source"), article.source),
        (_("Author"), article.author),
        (_("Edition"), edition_words.edition_name(article.edition) if article.edition else ""),
    ]
    lines = [article.title, article.standfirst, "\n".join(f"{name}: {value}" for name, value in head if value)]
    contact = ", ".join(filter(None, (facts.office, facts.phone, facts.email)))
    parts = [*lines, to_text(article.body), article.sign_off, f"{_('Press contact')}: {contact}\n{address}"]
    return "\n\n".join(filter(None, parts)) + "\n"


def _event(edition: Edition) -> dict[str, str]:
    return {
        "name": edition_words.fair_name(edition),
        "startDate": edition.starts_on.isoformat(),
        "endDate": edition.ends_on.isoformat(),
        "location": {"@type": "Place", "name": _("Canton Fair Complex"), "address": _("Guangzhou, China")},
    }


def _section_address(article: FullArticle) -> str:
    if article.section is Section.PRESS_CENTRE:
        return addresses.absolute("news.press_centre", lang=article.language)
    return addresses.absolute("news.section", lang=article.language, section=article.section.value)


def _address(number: int, code: str, slug: str, build: Any) -> str:
    return build("news.article", number=number, slug=slug, lang=code)
