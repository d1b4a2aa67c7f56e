"""An article as pages, plain text and structured data show it: the same facts and the same dates in each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from ..languages import LANGUAGES
from ..models import Edition
from ..models.media import RenditionUse
from ..models.news import Section
from ..services import addresses, edition_words, site
from ..services.articles import Corrected, FullArticle
from ..services.contacts import ShownContact
from ..services.figures import File
from ..services.markdown import opening, to_text
from ..services.related import Related
from . import figures
from .display import day, moment
from .figures import Address, Figure


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
    corrections: tuple[Corrected, ...]
    edition: Edition | None
    contact: ShownContact | None
    source: str
    author: str
    parts: tuple[Markup | Figure, ...]  # its text and its pictures, in the order of the page
    sign_off: str
    language: str
    description: str
    share: File | None  # the picture that stands for it elsewhere
    kit_size: int  # of its press kit in bytes; 0: there is no more in it than the text


def shown(article: FullArticle, address: Address = figures.public) -> Shown:
    """The article as its page shows it; `address` says where the files of its pictures are."""
    same = ("number", "slug", "title", "standfirst", "section", "published_at", "corrections", "edition")
    more = ("contact", "source", "author", "sign_off", "language")
    return Shown(
        **{name: getattr(article, name) for name in (*same, *more)},
        modified_at=article.updated_at,
        parts=figures.in_text(article.body, article.pictures, article.language, address),
        description=description(article),
        share=article.pictures[0].largest(RenditionUse.SHARE) if article.pictures else None,
        kit_size=article.kit_size,
    )


def description(article: FullArticle) -> str:
    """The standfirst, or the first words of the body."""
    return article.standfirst or opening(article.body)


def translations(article: FullArticle) -> list[Translation]:
    """The other languages of the article, where a text exists; its own too where the page is in another one."""
    texts = dict(article.translations)
    if article.language != g.language:
        texts = {article.language: article.slug, **texts}
    return [
        Translation(code, each.html, each.name, _address(article.number, code, texts[code], url_for))
        for code, each in site.spoken().items()
        if code in texts
    ]


def alternates(article: FullArticle, canonical: str, endpoint: str = "news.article") -> list[tuple[str, str]]:
    """hreflang and absolute address of every language, this one included; none if there is only one.

    None either on a page that shows the article in another language than its own: it is not one of them.
    """
    if article.language != g.language:
        return []
    others = [
        (LANGUAGES[code].html, _address(article.number, code, slug, addresses.absolute, endpoint))
        for code, slug in article.translations
        if code in site.spoken()
    ]
    return [(LANGUAGES[article.language].html, canonical), *others] if others else []


def related_title(article: FullArticle, related: Related) -> str:
    """What the related stories have in common."""
    if related.of_edition:
        return _("On the same edition")
    if any(story.section is not article.section for story in related.stories):
        return _("Related news")
    return _("More from %(section)s", section=article.section.label)


def plain_text(article: FullArticle, address: str) -> str:
    """The article as a press release without markup, with its facts and contact."""
    facts = site.facts()
    head = [
        (_("Published"), f"{moment(article.published_at)} ({site.zone_words()})"),
        (_("Updated"), moment(article.updated_at) if article.updated_at else ""),
        (_("Source"), article.source),
        (_("Author"), article.author),
        (_("Edition"), edition_words.edition_name(article.edition) if article.edition else ""),
    ]
    corrected = [f"{_('Correction, %(day)s:', day=day(each.at))} {each.sentence}" for each in article.corrections]
    terms = "\n".join(f"{name}: {value}" for name, value in head if value)
    lines = [article.title, *corrected, article.standfirst, terms]
    asked = article.contact
    named = (asked.name.text, asked.phone, asked.email) if asked else (facts.office, facts.phone, facts.email)
    contact = ", ".join(filter(None, named))
    pictures = "\n".join(map(figures.words, article.pictures))
    parts = [*lines, to_text(article.body), article.sign_off, pictures, f"{_('Press contact')}: {contact}\n{address}"]
    return "\n\n".join(filter(None, parts)) + "\n"


def _address(number: int, code: str, slug: str, build: Any, endpoint: str = "news.article") -> str:
    named = {"slug": slug} if endpoint == "news.article" else {}
    return build(endpoint, number=number, lang=code, **named)
