"""Clean what pasting from Word, WeChat or the old site brings along, and say what was cleaned."""

import enum
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from flask_babel import gettext as _
from flask_babel import ngettext

from . import paragraphs, signs
from .edition_words import listed
from .old_site import CJK, CRUMB, UNSPACED

MOST_PASSES = 6  # one cleans, the next finds nothing; more only where removing a sign makes up a new tag or entity
BLANK_LINES = re.compile(r"\n\s*\n\s*\n")
FENCE = re.compile(r"\s*(`{3,}(?=[^`]*\Z)|~{3,})")
INDENT = re.compile(rf"[ \t{signs.ODD}]+")
ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s|\Z)")
MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
BULLET = re.compile(
    rf"(?:([·•‧∙●▪■◆◇◦○►➢➤\uf06c\uf06e\uf075\uf076\uf09f\uf0a7\uf0a8\uf0b7\uf0be\uf0d8\uf0fc])[ \t{signs.ODD}]*(?!\1)"
    r"|[o–—-]\t\s*)(?=\S)"
)
NUMBERED = re.compile(rf"(\d{{1,3}})(?:([.)])|[．、])(?=[^\S\n]*[\t{signs.ODD}])[^\S\n]+(?=\S)")
# What a page of WeChat or of the old site has around its text. Only whole lines that say nothing else: "follow us", and
# the words of its buttons. 扫描二维码报名 is what an article may have to say.
_GESTURE = (
    r"(?:请|微信)?(?:点击|轻触|戳|请点|长按|扫描|识别|扫码|扫一扫|扫)(?:上方|下方|上面|下面|左下角|文末|图中|上图|下图|此处)?的?"
    r"[“「]?(?:蓝字|蓝色字体?|(?:微信)?二维码|名片|图片)?[”」]?[，、\s]*"
)
_FOLLOW = (
    rf"(?:{_GESTURE}){{0,3}}(?:即可|可|来)?(?:关注|订阅)(?:我们?|[^\W_]{{0,12}}(?:公众号|订阅号|视频号|官方微信|官微)"
    r"|(?:中国进出口商品交易会|广交会)(?:官方)?(?:微信)?)(?:[，、\s]*(?:获取|了解|查看)?更多(?:精彩)?(?:内容|资讯|信息|详情)?)?"
)
FURNITURE = re.compile(
    rf"[\W_]*(?:{_FOLLOW}|(?:(?:点击|轻触|戳|请点)(?:文末|下方|左下角)?的?)?[“「]?阅读原文[”」]?(?:[，、\s]*(?:查看|了解)(?:更多|详情|全文))?"
    r"|预览时标签不可点|继续滑动看下一个|喜欢此内容的人还喜欢|收录于\s?(?:合集|话题)(?:\s*#\S{1,20}){0,4}(?:\s*\d+个(?:内容)?)?"
    r"|(?:点个)?在看|(?:分享|收藏|点赞|在看|点个在看)(?:[\W_]*(?:分享|收藏|点赞|在看|点个在看|写?留言))+)[^\w。]*"
    r"|(?i:font size|字号|字体) ?[:：]?\s*(?:\[?(?:A[+＋－-]?|[大中小])\]?\s*){1,3}"
)
MARKED = re.compile(r"[#>|]|(?:[-*+]|\d{1,9}[.)])\s")  # a heading, a quotation, a row or an item: somebody meant it
UNDERLINE = re.compile(r"=+|-+")
STOP = ("。", ".", "！", "!", "？", "?")
LONGEST_FURNITURE = 60
MOST_QUOTED = 5  # what was cleaned is told through a cookie


class Kind(enum.StrEnum):
    """What can be cleaned, in the order in which it is told."""

    INVISIBLE = "invisible"
    BROKEN = "broken"
    TAGS = "tags"
    WIDE = "wide"
    SPACES = "spaces"
    BULLETS = "bullets"
    INDENTS = "indents"
    FURNITURE = "furniture"
    EMPTY = "empty"
    JOINED = "joined"
    APART = "apart"


WORDS: dict[Kind, Callable[[int], str]] = {
    Kind.INVISIBLE: lambda n: ngettext("%(num)s invisible character", "%(num)s invisible characters", n),
    Kind.BROKEN: lambda n: ngettext("%(num)s broken sign mended", "%(num)s broken signs mended", n),
    Kind.TAGS: lambda n: ngettext("%(num)s HTML tag", "%(num)s HTML tags", n),
    Kind.WIDE: lambda n: ngettext("%(num)s full-width letter or digit", "%(num)s full-width letters and digits", n),
    Kind.SPACES: lambda n: ngettext("%(num)s odd space", "%(num)s odd spaces", n),
    Kind.BULLETS: lambda n: ngettext("%(num)s bullet made a list item", "%(num)s bullets made list items", n),
    Kind.INDENTS: lambda n: ngettext("%(num)s indent", "%(num)s indents", n),
    Kind.FURNITURE: lambda n: ngettext("%(num)s line of the page around it", "%(num)s lines of the page around it", n),
    Kind.EMPTY: lambda n: ngettext("%(num)s empty paragraph", "%(num)s empty paragraphs", n),
    Kind.JOINED: lambda n: ngettext("%(num)s hard-broken line joined", "%(num)s hard-broken lines joined", n),
    Kind.APART: lambda n: ngettext("%(num)s paragraph set apart", "%(num)s paragraphs set apart", n),
}


class Tally(Counter[Kind]):
    """How much of each kind has been cleaned so far, and the lines that were taken out whole."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []


@dataclass(frozen=True, slots=True)
class Done:
    """One kind of rubbish, how much of it was cleaned, and the words that went with it."""

    kind: Kind
    count: int
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean text, and what was done to it; `done` is empty where nothing worth telling was."""

    text: str
    done: tuple[Done, ...]


def clean_pasted(text: str) -> Cleaned:
    """A Markdown text without what pasting brings along. Cleaning it again changes nothing; no word of it gets lost.

    Lines of the page around it go, and are named in `done`. Code stays as it is. Lines are joined only where a program
    has broken them at a fixed width.
    """
    done = Tally()
    text = signs.LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    for _pass in range(MOST_PASSES):
        before, text = text, "\n".join(_once(text.split("\n"), done)).strip("\n")
        if text == before:
            break
    return _cleaned(text, done)


def clean_line(text: str) -> Cleaned:
    """A text of one line, such as a title: plain words, so tags and bullets in it are what they say."""
    done = Tally()
    text = signs.LINE_ENDS.sub("\n", text).replace("\u2029", "\n")
    for _pass in range(MOST_PASSES):
        before, lines = text, [line.strip() for line in _signs(text, done).split("\n")]
        joined = UNSPACED.sub("", "\n".join(filter(None, lines))).replace("\n", " ")
        text = _counted(signs.spaced, joined.replace("\t", " "), done, Kind.SPACES).strip()
        if text == before:
            break
    return _cleaned(text, done)


def words(done: Iterable[Done]) -> str:
    """What was cleaned, in a sentence of the present language; empty where nothing was."""
    parts = [_part(each) for each in done]
    return _("Cleaned: %(what)s.", what=listed(parts)) if parts else ""


def _part(done: Done) -> str:
    what = WORDS[done.kind](done.count)
    if not done.lines:
        return what
    quoted = [f"“{line}”" for line in done.lines[:MOST_QUOTED]]
    more = "…" if len(done.lines) > MOST_QUOTED else ""
    return _("%(what)s (%(lines)s)", what=what, lines=listed([*quoted, more]))


def added(*done: Iterable[Done]) -> tuple[Done, ...]:
    """What was done to several texts, as one."""
    total = Tally()
    for each in (one for some in done for one in some):
        total[each.kind] += each.count
        total.lines += each.lines
    return _told(total)


def _cleaned(text: str, done: Tally) -> Cleaned:
    return Cleaned(text, _told(done))


def _told(done: Tally) -> tuple[Done, ...]:
    lines = {Kind.FURNITURE: tuple(done.lines)}
    return tuple(Done(kind, done[kind], lines.get(kind, ())) for kind in Kind if done[kind])


def _counted(mend: Callable[[str], tuple[str, int]], text: str, done: Tally, kind: Kind) -> str:
    text, count = mend(text)
    done[kind] += count
    return text


def _once(lines: list[str], done: Tally) -> Iterator[str]:
    for is_code, part in _parts(lines):
        if is_code:
            yield from part
            continue
        tags, text = done[Kind.TAGS], _counted(signs.untagged, _signs("\n".join(part), done), done, Kind.TAGS)
        if done[Kind.TAGS] > tags:  # the blank lines that took their place were nobody's empty paragraphs
            text = BLANK_LINES.sub("\n\n", text)
        yield from _paragraphs(_lines(text.split("\n"), done), done)


def _signs(text: str, done: Tally) -> str:
    text = _counted(signs.whole, text, done, Kind.BROKEN)
    text = _counted(signs.decoded, text, done, Kind.BROKEN)
    text = _counted(signs.seen, text, done, Kind.INVISIBLE)
    return _counted(signs.half_width, text, done, Kind.WIDE)


def _parts(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """The text in turns of prose and fenced code, with its fences; an open fence goes on to the end."""
    part: list[str] = []
    fence = ""
    for line in lines:
        found = FENCE.match(line)
        if fence:
            part.append(line)
            if found and found[1].startswith(fence) and not line[found.end() :].strip():
                yield True, part
                part, fence = [], ""
        elif found:
            if part:
                yield False, part
            part, fence = [line], found[1]
        else:
            part.append(line)
    if part:
        yield bool(fence), part


def _lines(lines: list[str], done: Tally) -> Iterator[str]:
    """Each line by itself: its indent, its bullet, its spaces; furniture is left out."""
    in_list, above = False, ""
    for line, below in pairwise([*lines, ""]):
        body = line.strip()
        if _is_furniture(body, below):
            done[Kind.FURNITURE] += 1
            done.lines.append(body)
            continue
        lead = found[0] if body and (found := INDENT.match(line)) else ""
        was_in_list = in_list and (not body or bool(lead) or bool(above))
        may_be_code = len(lead) > 3 and not CJK.match(body)
        new = _line(body, done, spaces_count=may_be_code)
        is_item = bool(ITEM.match(new))
        in_list = was_in_list or (is_item and not may_be_code)
        if _is_indent(lead, body, was_in_list):
            done[Kind.INDENTS] += 1
            if above and not is_item:  # it begins a paragraph, whether or not a blank line says so too
                yield ""
            lead, in_list = "", is_item
        elif not was_in_list and (len(lead) < 4 or new != body):
            lead = ""
        above = lead + new + _break(line, body, below, done)
        yield above


def _is_furniture(body: str, below: str) -> bool:
    if len(body) > LONGEST_FURNITURE or MARKED.match(body) or UNDERLINE.fullmatch(below.strip()):
        return False
    return bool(FURNITURE.fullmatch(body) or (CRUMB.match(body) and not body.endswith(STOP)))


def _is_indent(lead: str, body: str, in_list: bool) -> bool:
    """Four spaces begin code in Markdown, but no code begins with a Chinese character."""
    if not lead.strip(" "):
        return not in_list and len(lead) >= 4 and bool(CJK.match(body))
    return bool(lead.strip(" \t")) or not in_list


def _line(body: str, done: Tally, spaces_count: bool) -> str:
    if body.startswith("|"):
        return body
    if bullet := BULLET.match(body):
        body = f"- {body[bullet.end() :]}"
    elif bullet := NUMBERED.match(body):
        body = f"{bullet[1]}{bullet[2] or '.'} {body[bullet.end() :]}"
    done[Kind.BULLETS] += bool(bullet)
    if spaces_count or "`" in body or "\t" in body:
        return body
    start = found.end() if (found := MARKER.match(body)) else 0
    return body[:start] + _counted(signs.spaced, body[start:].lstrip(), done, Kind.SPACES)


def _break(line: str, body: str, below: str, done: Tally) -> str:
    """Two spaces at the end of a line break it in Markdown; all others there are rubbish."""
    trail = line[len(line.rstrip()) :]
    kept = "  " if body and trail.endswith("  ") and below.strip() else ""
    done[Kind.SPACES] += bool(body) and trail != kept
    return kept


def _paragraphs(lines: Iterable[str], done: Tally) -> Iterator[str]:
    for has_text, some in groupby(lines, bool):
        block = list(some)
        if has_text:
            mended = paragraphs.mended(block)
            done[Kind.JOINED] += mended.joined
            done[Kind.APART] += mended.apart
            yield from mended.lines
        else:
            done[Kind.EMPTY] += len(block) - 1
            yield ""
