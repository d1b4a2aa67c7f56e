"""Atom feeds (RFC 4287): the entries of each, with whole addresses, and ids that never change."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urljoin
from uuid import UUID, uuid5

import nh3
from flask import Response, g, request
from flask_babel import gettext as _
from markupsafe import Markup

from ..models.news import Section
from ..services import addresses, markdown
from ..services.corrections import Line
from ..services.feeds import WholeStory
from . import figures, kept, language, xml
from .display import day

# An entry's id must never change, not even with the host: it is made from the article's number and language alone.
NAMESPACE = UUID("6e2f1f0e-4c2b-5e0a-9a63-3d0c9f6b7a51")
TAGS = {*markdown.TAGS, "figure", "img", "figcaption"}
ATTRIBUTES = {**markdown.ATTRIBUTES, "img": {"src", "alt", "width", "height"}}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed; `content` is HTML."""

    id: str
    title: str
    published_at: datetime
    updated_at: datetime
    address: str
    language: str
    category: tuple[str, str]  # term and label
    content: Markup
    summary: str = ""
    author: str = ""


def answer(
    name: str, shown: Hashable, entries: Callable[[], list[Entry]], *, title: str = "", page: str, **values: Any
) -> Response:
    """The feed of this name. `page` is the endpoint of the page that it belongs to, `values` are what it asks for."""

    def all_values() -> dict[str, Any]:
        found = entries()
        return {
            "feed_id": uuid5(NAMESPACE, f"feed/{name}/{g.language}").urn,
            "title": title,
            "entries": found,
            "updated": max((entry.updated_at for entry in found), default=None),
            "self_address": addresses.origin() + request.path,
            "page_address": addresses.absolute(page, lang=g.language, **values),
        }

    return xml.answer(kept.page("feeds/atom.xml", (name, shown), all_values), "application/atom+xml")


def of_stories(stories: tuple[WholeStory, ...]) -> list[Entry]:
    """The entries of articles."""
    return [_of_story(story) for story in stories]


def of_corrections(lines: tuple[Line, ...]) -> list[Entry]:
    """The entries of corrections and withdrawals. What was withdrawn has no page to lead to but the list."""
    return [_of_correction(line) for line in lines]


def section_page(section: Section) -> dict[str, str]:
    """The endpoint of a section's page, and what it asks for."""
    if section is Section.PRESS_CENTRE:
        return {"page": "news.press_centre"}
    return {"page": "news.section", "section": section.value}


def _of_story(story: WholeStory) -> Entry:
    address = addresses.absolute("news.article", lang=story.language, number=story.number, slug=story.slug)
    said = Markup("<p><strong>%s</strong> %s</p>\n")
    corrected = Markup().join(
        said % (_("Correction, %(day)s:", day=day(each.at)), each.sentence) for each in story.corrections
    )
    return Entry(
        id=uuid5(NAMESPACE, f"article/{story.number}/{story.language}").urn,
        title=story.title,
        published_at=story.published_at,
        updated_at=story.updated_at,
        address=address,
        language=story.language,
        category=(story.section.value, str(story.section.label)),
        content=_whole(corrected + figures.as_html(story.body, story.pictures, story.language), address),
        summary=story.standfirst,
        author=story.author,
    )


def _of_correction(line: Line) -> Entry:
    every = addresses.absolute("corrections.every", lang=g.language)
    article = partial(addresses.absolute, "news.article", number=line.number, slug=line.slug)
    title = _("Withdrawn: %(title)s") if line.is_withdrawal else _("Correction: %(title)s")
    return Entry(
        id=uuid5(NAMESPACE, f"correction/{line.id}").urn,
        title=title % {"title": line.title},
        published_at=line.at,
        updated_at=line.at,
        address=f"{every}#c{line.id}" if line.is_withdrawal else article(lang=language.shows(line.title_language)),
        language=g.language,
        category=(line.kind.value, str(_("Withdrawn")) if line.is_withdrawal else str(_("Corrected"))),
        content=Markup("<p%s>%s</p>") % (language.marked(line.language), line.sentence),
    )


@lru_cache(maxsize=512)
def _whole(html: Markup, base: str) -> Markup:
    """The same HTML with whole addresses: a reader elsewhere does not know where it stood."""

    def whole(_tag: str, name: str, value: str) -> str:
        return urljoin(base, value) if name in ("href", "src") else value

    schemes = {"http", "https", "mailto", "tel"}
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=schemes, attribute_filter=whole)
    return Markup(clean)  # noqa: S704  cleaned the line before
