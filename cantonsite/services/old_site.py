"""Read pages of the fair's old site, saved as text or as HTML, into their parts."""

import codecs
import datetime
import html
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import dropwhile, groupby, takewhile

# Far above any page of the old site; within them even hostile input is read in well under a second.
MAX_BYTES, MAX_LINES, MAX_TAGS, MAX_ENTITIES, MAX_MARKS = 2_000_000, 5_000, 10_000, 20_000, 30
# In columns, of which a CJK character takes two: what is wider than a heading; where programs wrap their lines.
HEADING_WIDTH, WRAP_WIDTHS = 80, range(40, 121)
SLUGS = ("canton-fair-news", "conference-event", "exhibitor-news", "press-centre")
SECTIONS = dict(zip(("广交会新闻", "会议活动", "展商新闻", "新闻中心"), SLUGS, strict=True))
SECTIONS |= {slug.replace("-", ""): slug for slug in SLUGS}
MENU = {*SECTIONS, "invitationofjournalist", "邀请记者", "记者邀请", "titlecontent", "标题内容"}
ABOVE_TITLE = MENU | {"", "title", "content", "search", "home", "news", "标题", "内容", "搜索", "首页", "新闻"}
MARKUP = re.compile(r"\A\W*<[a-z!?]|</(?:html|body|div|table|td|p|span|a|h\d)\s*>|<br\s?/?>", re.I)
# Possessive: a quoted ">" does not end a tag, and a quote left open costs one look, not one for each letter.
TAG = re.compile(r"""<(/?[a-z][\w:.-]*+)(?:(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+>|[^<>]*+>)""", re.I)
LINE_TAG = re.compile(r"(?i)</?(?:(p|div|h[1-6r]|table|ul|ol|dl|form|blockquote|center|pre)|br|t[dhr]|li|d[dt])>")
HIDDEN = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
INDENTED = re.compile("\n[ \t]*(?:\u3000|\xa0[ \t]*\xa0)")
CJK = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003fffd]")
UNSPACED = re.compile(rf"\n(?:(?={CJK.pattern})|(?<={CJK.pattern}\n)|(?<=\w-\n))")  # line breaks that were no space
CRUMB = re.compile(r"(?:[^>»›＞:：]{1,20}[:：] ?)?(?:home|网站首页|首页|主页) ?[>»›＞]", re.I)
LABEL = re.compile(
    r"(?i)(?<![a-z])(?:(?P<source>source|(?:信息|文章)?来源)|(?P<author>author|作者)|(?P<size>font size|字号|字体)"
    r"|(?P<date>date|published|(?:发布)?(?:日期|时间))|(?P<views>views|hits|点击|浏览)) ?[:：]"
)
SIZES = re.compile(r"font size|字号|字体|(?:\[?(?:A[+＋－-]?|[大中小])\]? ?)*", re.I)
DATE = re.compile(r"(?<!\d)[(（]?(\d{4}) ?[-/.年] ?(\d\d?) ?[-/.月] ?(\d\d?)(?!\d)日?(?: ?\d\d?:\d\d(?::\d\d)?)?[)）]?")
SIGN_OFF = re.compile(  # names the desk, and reads like a name: no full stop, no small words but "of" and the like
    r"(?=.{2,60}\Z)(?!.*(?:\b(?!(?:of|the|for|and|by|at)\b)[a-z]|[.!?]\Z)).*(?i:(?:press|news) (?:centre|center|office)"
    r"|newsroom|news desk)|[^，。]{0,20}(?:新闻(?:中心|办|处|部)|编辑部)[^，。]{0,6}\Z"
)
FINISHED = re.compile(r"""[.!?:;…。！？：；．]["'”’»)\]）】」』》〉]*\Z""")
DANGLING = re.compile(r"(?:[,，、—–的与及和]|\b(?:of|the|an?|and|or|with|by|from|into|its|their|that|which|as))\Z")
CONTINUES = re.compile(r"""["'“‘«(\[（【「『《]*(?:[,;.!?%，、；。]|[a-zß-öø-ÿа-яё]++(?![^\W_]))""")
STOP_INSIDE = re.compile(r"[a-z]{4}\.[”’\")]? |。")
ITEM = r"(?:[•●▪◆■]|[·*–-] |[(（]?(?:\d\d?|[ivx]{1,4}|[一二三四五六七八九十]+)[)）.、](?!\d)|[(（]?[a-z][)）])"
FIELD = r"(?:[A-Z][\w &/-]{1,24}: ?\S|[\u4e00-\u9fff]{2,6}：)"
BEGINS_ANEW = re.compile(rf".*\n{ITEM}|{FIELD}.*\n{FIELD}")  # of two lines: an item, or a field below a field


class NotAnOldPage(ValueError):
    """The data is no page of the old site; the message says in one sentence what was missing."""


@dataclass(frozen=True, slots=True)
class OldPage:
    """One page of the old site, free of its menu, search box and other furniture."""

    section: str
    title: str
    source: str
    author: str
    paragraphs: tuple[str, ...]
    sign_off: str
    published: datetime.date | None

    @property
    def body(self) -> str:
        """The paragraphs as CommonMark that shows every character as it stood."""
        text = "\n\n".join(self.paragraphs).translate({ord(mark): "\\" + mark for mark in "\\`*_[]<>&~|"})
        return re.sub(r"(?m)^(?=[#+=-])|^(\d{1,9})(?=[.)])", r"\1\\", text)


def read(data: bytes) -> OldPage:
    """Take a saved page apart. Raises NotAnOldPage, with the reason, for anything that is no such page."""
    text = _decoded(data)
    section, lines = _past_crumb(_lines(_text_of_html(text) if MARKUP.search(text) else text))
    title, credit, lines = _head(list(dropwhile(lambda line: _key(line) in ABOVE_TITLE or CRUMB.match(line), lines)))
    blocks = [block for block in _blocks(lines) if not _is_furniture(block)]
    sign_off, signed = _signed(blocks)
    if not blocks:
        raise NotAnOldPage("no paragraph of text below the title")
    source, author = _stated("source", credit), _stated("author", credit)
    return OldPage(section, title, source, author, _grouped(blocks, _runs_on), sign_off, _date(credit) or signed)


def _decoded(data: bytes) -> str:
    if not data.strip(codecs.BOM_UTF8 + b" \t\r\n"):
        raise NotAnOldPage("the file is empty")
    if len(data) > MAX_BYTES:
        raise NotAnOldPage("the file is larger than 2 MB, which no page of the old site is")
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not utf16 and len(re.findall(rb"[\0-\x08\x0b\x0e-\x1f\x7f]", data)) > len(data) // 20:
        raise NotAnOldPage("the file is binary, neither text nor HTML")
    # UTF-8 first: pages are saved anew with the old declaration. GB18030 for any Chinese: they go beyond their GB2312.
    latin = re.search(rb"(?i)charset\s*=\s*[\"']?(?:iso-8859-1|windows-1252)\b", data[:4096])
    for encoding in ("utf-16" if utf16 else "utf-8", "cp1252" if latin else "gb18030", "gb18030"):
        with suppress(UnicodeDecodeError):  # incremental: a file cut off inside a character loses only that
            return codecs.getincrementaldecoder(encoding)().decode(data)
    raise NotAnOldPage("the text is in neither UTF-8 nor GB18030")


def _text_of_html(text: str) -> str:
    """The text that a browser shows: a line break for each <br>, row and cell, a blank line around each block."""
    from bs4 import BeautifulSoup

    # Comments and attributes go first: open comments, open tags and the like would cost the parser quadratic time.
    text = re.sub(r"<!--.*?(?:-->|\Z)", "", text, flags=re.S)
    text = re.sub(r"<[!?][^<>]*>|<[a-z/!][^<>]*\Z", "", text, flags=re.I)
    text = TAG.sub(r"<\1>", re.sub(r"[ \t\r\n\f]+", " ", text))
    if text.count("<") > MAX_TAGS or text.count("&") > MAX_ENTITIES:
        raise NotAnOldPage("more markup than any page of the old site has")
    text = re.sub(r"<(?!/?[a-z][\w:.-]*+>)", "&lt;", text, flags=re.I)
    text = LINE_TAG.sub(lambda tag: ("\n\n" if tag[1] else "\n") + tag[0], text)
    soup = BeautifulSoup("<html>" + text, "html.parser")
    for unseen in soup(["script", "style", "noscript", "title", "textarea", "select", "button", "iframe"]):
        unseen.decompose()
    return soup.get_text()


def _lines(text: str) -> list[str]:
    """Normal lines, never two blank ones together; an indented line begins after a blank one."""
    text = HIDDEN.sub("", "\n".join(text.splitlines()))
    marks = [letter for letter in set(text) if unicodedata.combining(unicodedata.normalize("NFD", letter)[0])]
    if marks and re.search(f"[{re.escape(''.join(marks))}]{{{MAX_MARKS}}}", text):  # would take NFC quadratic time
        raise NotAnOldPage("more accents on one letter than any language has")
    folded = [" ".join(line.split()) for line in INDENTED.sub("\n\n", unicodedata.normalize("NFC", text)).split("\n")]
    lines = re.sub(r"\n{3,}", "\n\n", "\n".join(folded)).strip().split("\n")
    if len(lines) > MAX_LINES:
        raise NotAnOldPage("more lines than any page of the old site has")
    return lines


def _past_crumb(lines: list[str]) -> tuple[str, list[str]]:
    """The section that the breadcrumb names, and the lines below it."""
    for number, line in enumerate(lines, 1):
        if CRUMB.match(crumb := html.unescape(line[:300])):
            names = [name for name in re.split("[>»›＞]", crumb) if _key(name) not in ("", "content", "正文")]
            if section := SECTIONS.get(_key(names[-1])):
                return section, lines[number:]
            raise NotAnOldPage(f"the breadcrumb ends in {names[-1].strip()!r}, which is none of the four sections")
    raise NotAnOldPage("no breadcrumb line such as Home>>News>>Canton Fair News")


def _key(line: str) -> str:
    """A name in the menu, however it is spelt: "Conference &amp; Event" and "Conference and Event" are one."""
    return re.sub(r"[\W_]+|\band\b", "", html.unescape(line[:HEADING_WIDTH]).casefold()).replace("center", "centre")


def _is_furniture(line: str) -> bool:
    return bool(_key(line) in MENU or CRUMB.match(line) or SIZES.fullmatch(LABEL.sub("", line[:300]).strip()))


def _head(lines: list[str]) -> tuple[str, str, list[str]]:
    """The title, the credits (Source, Author, Font size, a date) in one line, and the lines of the article."""
    near = [*lines[:1], *takewhile(lambda line: _width(line) <= HEADING_WIDTH, lines[1:8])]
    first = next((number for number, line in enumerate(near) if _kind(line)), 1)
    if not (title := list(takewhile(bool, lines[:first]))):
        raise NotAnOldPage("no title between the menu and the Source line")
    end = _end_of_credits(lines, first)
    return _joined(title), " ".join(lines[first:end]), [*lines[len(title) : first], "", *lines[end:]]


def _end_of_credits(lines: list[str], end: int) -> int:
    """Where the credits end that begin at `end`; the value of a label that stands alone may stand below it."""
    kinds = set()
    for number, line in enumerate(lines[end:], end):
        if (kind := _kind(line)) and (kind != "date" or "size" not in kinds):  # below the font size it is an event's
            kinds, end = kinds | {kind}, number + 1
        elif line and (any(lines[end:number]) or not LABEL.fullmatch(lines[end - 1])):
            break
    return end + bool(LABEL.fullmatch(lines[end - 1]) and any(lines[end : end + 1]) and not FINISHED.search(lines[end]))


def _kind(line: str) -> str:
    """What a credit line begins with: source, author, size, views or date; empty for any other line."""
    rest = DATE.sub("", line[:300]).strip()
    if label := LABEL.match(rest):
        return label.lastgroup
    return ("size" if rest else "date") if line and SIZES.fullmatch(rest) else ""


def _stated(name: str, credit: str) -> str:
    credit = DATE.sub("", credit)
    values = (credit[label.end() :] for label in LABEL.finditer(credit) if label.lastgroup == name)
    return LABEL.split(next(values, ""), maxsplit=1)[0].strip(" |,;")


def _date(line: str) -> datetime.date | None:
    with suppress(AttributeError, ValueError):  # no date, or none that exists, such as 2018-13-45
        return datetime.date(*map(int, DATE.search(line[:300]).groups()))


def _blocks(lines: list[str]) -> list[str]:
    """Runs of lines without a blank one among them, each cut where no program that wraps text would have broken it."""
    runs = [list(run) for has_text, run in groupby(lines, bool) if has_text]
    return [block for run in runs for block in _grouped(run, partial(_is_wrapped, max(map(_width, run))))]


def _grouped(pieces: list[str], goes_on: Callable[[list[str], str, str], bool]) -> tuple[str, ...]:
    """The pieces joined where one goes on with those before it; `goes_on` sees these, the piece, and the next one."""
    groups = []
    for piece, below in zip(pieces, [*pieces[1:], ""], strict=True):
        if not groups or not goes_on(groups[-1], piece, below):
            groups.append([])
        groups[-1].append(piece)
    return tuple(map(_joined, groups))


def _is_wrapped(widest: int, parts: list[str], line: str, _below: str) -> bool:
    above, begins_anew = parts[-1], DATE.fullmatch(line) or BEGINS_ANEW.match(f"{parts[-1]}\n{line}")
    begins_anew = begins_anew or (FINISHED.search(above) and SIGN_OFF.match(line))
    word = line[0] if CJK.match(line) else line.split(" ", 1)[0]
    return not begins_anew and widest in WRAP_WIDTHS and _width(above) + 1 + _width(word) > widest


def _signed(blocks: list[str]) -> tuple[str, datetime.date | None]:
    """Take the sign-off, and the date below it, from the end of the blocks."""
    day = _date(blocks.pop()) if blocks and DATE.fullmatch(blocks[-1]) else None
    is_signed = blocks and SIGN_OFF.match(blocks[-1]) and not DANGLING.search("".join(blocks[-2:-1]))
    return (blocks.pop() if is_signed else ""), day


def _runs_on(parts: list[str], block: str, below: str) -> bool:
    """Whether a block goes on with the paragraph above it (in parts), which a blank line broke in mid-sentence.

    It does when what stands above is unfinished (no full stop or the like at its end) and either cannot end there
    ("the mode of"), or the block begins in mid-sentence (a small letter, a comma), or what stands above is text: wide,
    or with a full stop inside. A heading is unfinished too, but narrow, on a word that can end, and above the beginning
    of a sentence: it takes no block, and no paragraph that lost its full stop takes it. Items and fields ("Venue: ...")
    begin anew. In doubt the two stay apart: a sentence in two can be read, a swallowed heading is lost.
    """
    above = parts[-1]
    if FINISHED.search(above) or BEGINS_ANEW.match(f"{above}\n{block}"):
        return False
    if DANGLING.search(above) or CONTINUES.match(block):
        return True
    is_text = len(parts) > 1 or _width(above) > HEADING_WIDTH or STOP_INSIDE.search(above)
    like_heading = not (_width(block) > HEADING_WIDTH or FINISHED.search(block) or DANGLING.search(block))
    above_text = not CONTINUES.match(below) and (_width(below) > HEADING_WIDTH or FINISHED.search(below))
    return bool(is_text) and not re.match(ITEM, parts[0]) and not (like_heading and above_text)


def _width(line: str) -> int:
    return len(line) + len(CJK.findall(line[:200]))


def _joined(lines: list[str]) -> str:
    return UNSPACED.sub("", "\n".join(lines)).replace("\n", " ")
