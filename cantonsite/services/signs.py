"""Mend the signs of a pasted text: broken and invisible ones, odd spaces, full-width letters, tags."""

import html
import re
from collections.abc import Callable

from .old_site import CJK

ODD = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\u2028]")
# UTF-8 that was read as Windows-1252. Only pairs that no language writes: Ã“ may be the end of a quoted IRMÃ.
_READ_WRONGLY = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
_AFTER = re.escape(_READ_WRONGLY)
MOJIBAKE = re.compile(f"â[€‚„†][{_AFTER}]|(?<![A-ZÀ-Þ])Â[\xa0-\xbf]|(?<![A-ZÀ-Þ])Ã[\xa1-\xbf]|â€(?!\\w)|[\x80-\x9f]")
NOWHERE = re.compile("[\0-\x08\x0e-\x1f\x7f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffc]")
# Joiners shape words in these scripts, and emoji; marks of direction do something only beside right-to-left letters.
JOINERS = re.compile("(?<![\u0590-\u1aff\ua800-\uabff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]")
MARKS = re.compile("[\u061c\u200e\u200f]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
SYMBOLS = re.compile("[\uf020-\uf0ff]")  # of Word's symbol fonts, which no page has
FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]+")
TO_HALF_WIDTH = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# A space that typography asks for: in 30 000, 15 %, « mot », and before the high signs of French
WANTED = re.compile(r"(?<=\d)[\xa0\u2009\u202f](?=[\d%‰°€$£¥])|(?<=\S)[\xa0\u202f](?=[;:!?»])|(?<=«)[\xa0\u202f](?=\S)")
SPACES = re.compile(rf"{WANTED.pattern}|[ {ODD}]{{2,}}|[{ODD}]")
SPACED_OUT = re.compile(r"(?<![一-鿿])[一-鿿](?: [一-鿿]){2,}(?![一-鿿])")
BETWEEN_HAN = re.compile(r"(?<=[一-鿿]) (?=[一-鿿，。；：、！？])|(?<=[，。；：、！？]) (?=[一-鿿])")
CODE_SPAN = r"``[^\n]+?``|`[^`\n]+`"
ENTITY = re.compile(rf"{CODE_SPAN}|&(?:#\d{{2,7}}|#x[\da-f]{{2,6}}|[a-z]{{3,8}}\d?);", re.I)
ATTRIBUTE = r"""\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+)"""
BLOCKS = "p|div|section|article|h[1-6]|ul|ol|dl|table|tbody|thead|blockquote|center|hr|pre"
TAG = re.compile(
    rf"{CODE_SPAN}|(?m:^ {{0,3}}\|[^\n]*)|<!--[^<>]{{0,500}}-->"
    rf"|</?(?P<name>{BLOCKS}|br|tr|li|dt|dd|td|th|span|font|b|strong|i|em|u|s|a|img|small|big|sup|sub|o:p)"
    rf"(?:{ATTRIBUTE})*\s*/?>",
    re.I,
)


def whole(text: str) -> tuple[str, int]:
    """Broken punctuation and letters made whole (â€™ is ’), and how many."""
    return MOJIBAKE.subn(_made_whole, text)


def _made_whole(found: re.Match[str]) -> str:
    signs = found[0]
    if signs == "â€":  # its last byte, which is no sign, got lost
        return "”"
    data = b"".join(
        bytes([0x80 + _READ_WRONGLY.index(s)]) if s in _READ_WRONGLY else s.encode("latin-1") for s in signs
    )
    return data.decode("cp1252" if len(signs) == 1 else "utf-8", "ignore")


def decoded(text: str) -> tuple[str, int]:
    """Entities such as &nbsp; as the sign that they mean; those that guard markup (&lt;, &amp;) stay."""
    return _counting(ENTITY, _decoded, text)


def _decoded(found: re.Match[str]) -> str:
    sign = html.unescape(found[0])
    return sign if found[0][0] == "&" and len(sign) == 1 and not sign.isascii() else found[0]


def untagged(text: str) -> tuple[str, int]:
    """HTML as Markdown: blocks apart, items as items, headings as headings, other tags gone. Code and tables stay."""
    return _counting(TAG, _untagged, text)


def _untagged(found: re.Match[str]) -> str:
    tag = found[0]
    if tag.startswith("`"):
        return tag
    if tag.lstrip(" ").startswith("|"):
        return TAG.sub(lambda inner: inner[0] if inner[0][0] == "`" else " ", "\0" + tag)[1:] if "<" in tag else tag
    name, opens = (found["name"] or "").lower(), tag[1] != "/"
    if name == "li":
        return "\n- " if opens else ""
    if name[:1] == "h" and name != "hr":
        return "\n\n" + "#" * max(int(name[1]), 2) + " " if opens else "\n\n"
    if name in ("td", "th", "img"):
        return " "
    return "\n" if name in ("br", "tr", "dt", "dd") else "\n\n" if re.fullmatch(BLOCKS, name) else ""


def seen(text: str) -> tuple[str, int]:
    """The text without invisible characters; joiners and marks of direction stay where a script needs them."""
    if text.isascii() and text.isprintable():
        return text, 0
    text, removed = NOWHERE.subn("", text)
    text, joiners = JOINERS.subn("", text)
    if MARKS.search(text):
        before, lines = len(text), text.split("\n")
        text = "\n".join(line if RIGHT_TO_LEFT.search(line) else MARKS.sub("", line) for line in lines)
        joiners += before - len(text)
    return text, removed + joiners


def half_width(text: str) -> tuple[str, int]:
    """Full-width Latin letters and digits as everybody types them; full-width punctuation stays."""
    changed = 0

    def narrow(found: re.Match[str]) -> str:
        nonlocal changed
        changed += len(found[0])
        return found[0].translate(TO_HALF_WIDTH)

    return FULL_WIDTH.sub(narrow, text), changed


def spaced(line: str) -> tuple[str, int]:
    """One ordinary space between words, except where typography asks for another; none between Han characters."""
    line, odd = _counting(SPACES, _one_space, line)
    if " " not in line:
        return line, odd
    line, letters = _counting(SPACED_OUT, lambda found: found[0].replace(" ", ""), line)
    if "，" not in line and "。" not in line:  # in a heading or a credit a space stands for a comma: 记者 张三 摄
        return line, odd + letters
    line, between = BETWEEN_HAN.subn("", line)
    return line, odd + letters + between


def _one_space(found: re.Match[str]) -> str:
    run, text = found[0], found.string
    if len(run) == 1 and WANTED.match(text, found.start()):
        return run
    beside = text[max(found.start() - 1, 0) : found.start()] + text[found.end() : found.end() + 1]
    return "\u3000" if "\u3000" in run and CJK.search(beside) else " "


def _counting(pattern: re.Pattern[str], mend: Callable[[re.Match[str]], str], text: str) -> tuple[str, int]:
    """Like subn, but counts only what did change."""
    changed = 0

    def replace(found: re.Match[str]) -> str:
        nonlocal changed
        new = mend(found)
        changed += new != found[0]
        return new

    return pattern.sub(replace, text), changed
