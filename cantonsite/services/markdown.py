"""Markdown to safe HTML, and to plain words. Two fences: no HTML in Markdown, and nh3 behind it."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from . import scripts

TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br", "hr", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td", "span"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "*": {"lang", "dir"}}
PICTURE = re.compile(r"\[picture[ \t]+(\d{1,2})\]", re.IGNORECASE)


def _picture(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """A line that is exactly `[picture 2]` is a block of its own: the place of a picture, and never words."""
    found = PICTURE.fullmatch(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip())
    if found is None or state.is_code_block(line):
        return False
    if not silent:
        token = state.push("picture", "", 0)
        token.meta = {"number": int(found[1])}
        state.line = line + 1
    return True


def _mark_other_scripts(state: StateCore) -> None:
    """Give words of another script than that of the text's language a <span> that names theirs."""
    language = state.env.get("language")
    for token in state.tokens if language else ():
        if token.type == "inline" and not scripts.is_plain(token.content, language):
            token.children = [part for child in token.children for part in _by_script(child, language)]


def _by_script(token: Token, language: str) -> list[Token]:
    if token.type != "text" or scripts.is_plain(token.content, language):
        return [token]
    parts = []
    for words, code in scripts.runs(token.content, language):
        text = Token("text", "", 0, content=words)
        span = [Token("span_open", "span", 1, attrs=scripts.attributes(code)), text, Token("span_close", "span", -1)]
        parts += span if code else [text]
    return parts


_reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_reader.block.ruler.before("blockquote", "picture", _picture, {"alt": ["paragraph", "reference", "blockquote", "list"]})
_reader.add_render_rule("picture", lambda *_: "")
_reader.core.ruler.push("scripts", _mark_other_scripts)


@lru_cache(maxsize=512)
def to_html(text: str, language: str = "") -> Markup:
    """The safe HTML of a Markdown text, without its pictures. Kept by content, so it is never stale.

    With its language, words of another script are marked as what they are.
    """
    return _safe(_reader.render(text, {"language": language}))


@lru_cache(maxsize=512)
def to_parts(text: str, language: str = "") -> tuple[Markup | int, ...]:
    """The safe HTML of a Markdown text, and between it the numbers of the pictures that stand there."""
    env: dict[str, object] = {"language": language}
    tokens = _reader.parse(text, env)
    places = [at for at, token in enumerate(tokens) if token.type == "picture" and token.level == 0]
    parts: list[Markup | int] = []
    for start, end in zip([-1, *places], [*places, len(tokens)], strict=True):
        if start >= 0:
            parts.append(tokens[start].meta["number"])
        if html := _reader.renderer.render(tokens[start + 1 : end], _reader.options, env):
            parts.append(_safe(html))
    return tuple(parts)


def _safe(html: str) -> Markup:
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    safe = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"})
    return Markup(safe)  # noqa: S704  cleaned the line before


def blocks(text: str) -> list[Token]:
    """The tokens of a Markdown text, for whoever looks at how it is built."""
    return _reader.parse(text)


def to_text(text: str, item: str = "- ") -> str:
    """The plain words of a Markdown text: a blank line between blocks, `item` before each item of a list."""
    blocks, dash = [], ""
    for token in _reader.parse(text):
        if token.type == "list_item_open":
            dash = item
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
    words = re.sub(r"\s+", " ", to_text(text[: most * 6], item=""))
    if len(words) <= most:
        return words
    cut = words[:most]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut) + "…"
