"""Markdown to safe HTML, and to plain words. Two fences: no HTML in Markdown, and nh3 behind it."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br", "hr", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "*": {"lang", "dir"}}
_reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@lru_cache(maxsize=512)
def to_html(text: str) -> Markup:
    """The safe HTML of a Markdown text. Kept by content, so it is never stale."""
    html = _reader.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    safe = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"})
    return Markup(safe)  # noqa: S704  cleaned the line before


def to_text(text: str) -> str:
    """The plain words of a Markdown text: a blank line between blocks, list items with a dash."""
    blocks, dash = [], ""
    for token in _reader.parse(text):
        if token.type == "list_item_open":
            dash = "- "
        elif token.type == "list_item_close":
            dash = ""
        elif words := _words(token) if token.type == "inline" else token.content.rstrip():
            blocks.append(dash + words)
            dash = ""
    return "\n\n".join(blocks)


def _words(token) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(
        breaks.get(child.type) or (child.content if child.type in ("text", "code_inline") else "")
        for child in token.children or ()
    )


def opening(text: str, most: int = 200) -> str:
    """The first words of a Markdown text, cut at a word: where an article has no standfirst."""
    words = re.sub(r"\s+", " ", to_text(text[: most * 6]))
    if len(words) <= most:
        return words
    cut = words[:most]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut) + "…"
