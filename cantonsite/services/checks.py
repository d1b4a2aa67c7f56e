"""What an editor should look at before an article goes out: each finding says what, and how it is mended."""

import enum
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from markdown_it.token import Token

from ..languages import LANGUAGES
from . import markdown

LONGEST_TITLE = 110
MOST_OF_A_KIND = 5  # in one text; with more, the editor has seen the point
ENDED = re.compile(r"""[.!?…。！？．؟۔:：](?:["'”’»)\]）】」』》〉\s]|\[\d+\])*\Z""")
DOUBLED = re.compile(r"\b(?!(?:had|that)\b)([^\W\d_]{2,}) \1\b", re.IGNORECASE)
SAYS_NOTHING = {
    *("click here", "here", "click", "this", "this link", "link", "this page", "more", "read more", "learn more"),
    *("see here", "find out more", "点击这里", "点击此处", "点此", "这里", "此处", "链接", "更多", "查看", "查看更多"),
    *("详情", "阅读更多", "هنا", "اضغط هنا", "انقر هنا", "المزيد", "اقرأ المزيد", "الرابط"),
}


class Kind(enum.StrEnum):
    """What can be found."""

    NO_TITLE = "no-title"
    NO_BODY = "no-body"
    NO_STANDFIRST = "no-standfirst"
    NO_SOURCE = "no-source"
    NO_CONTACT = "no-contact"
    LONG_TITLE = "long-title"
    CAPITALS = "capitals"
    NO_ALT = "no-alt"
    NO_CREDIT = "no-credit"
    NO_PICTURE = "no-picture"
    LINKED_PICTURE = "linked-picture"
    NOT_ENDED = "not-ended"
    DEAD_LINK = "dead-link"
    EMPTY_LINK = "empty-link"
    DOUBLED = "doubled"
    MISSING_LANGUAGE = "missing-language"
    LAGS = "lags"
    EMPTIED = "emptied"


@dataclass(frozen=True, slots=True)
class TextFacts:
    """An article's text in one language, and when it was last saved."""

    title: str = ""
    standfirst: str = ""
    body: str = ""
    source: str = ""
    changed_at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        return bool(self.title.strip() and self.body.strip())


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is said of a picture of the article; `alts` by language."""

    name: str
    alts: dict[str, str]
    credit: str


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """All that the checks look at. `resolves` says of an address in a link whether it leads anywhere on this site.

    `emptied` are the languages without a whole text in which readers see an earlier one.
    """

    texts: dict[str, TextFacts]
    has_contact: bool
    pictures: tuple[PictureFacts, ...]
    languages: tuple[str, ...]  # those in which an article is expected
    resolves: Callable[[str], bool]
    emptied: tuple[str, ...] = ()

    @property
    def written(self) -> dict[str, TextFacts]:
        """The texts in which anything stands."""
        return {code: text for code, text in self.texts.items() if text.title.strip() or text.body.strip()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: what it is, how it is mended, and the field of the form where that is done.

    `field` is the field's id: "en-body" on the page of writing; "contact" and "pictures" on the article's own.
    """

    kind: Kind
    what: str
    mend: str
    field: str
    language: str = ""
    blocks: bool = False


def before_publication(facts: ArticleFacts) -> list[Finding]:
    """What should be looked at before an article goes out, what blocks first; empty when all is well."""
    found = [*_completeness(facts), *_languages(facts), *_beside(facts)]
    for code in facts.written:
        found += _of_text(code, facts)
    return sorted(found, key=lambda finding: not finding.blocks)


def _completeness(facts: ArticleFacts) -> Iterator[Finding]:
    """A text needs a title and a body to go out; without a single whole text nothing does."""
    blocks = not any(text.is_whole for text in facts.texts.values())
    for code in facts.emptied:
        what = _("%(language)s was emptied, and readers go on seeing its published text", language=LANGUAGES[code].name)
        mend = _("Write it again, or withdraw the article: one language cannot be taken away alone.")
        yield Finding(Kind.EMPTIED, what, mend, f"{code}-body", code, blocks)
    for code in facts.written or facts.languages[:1]:
        if code in facts.emptied:
            continue
        text = facts.texts.get(code, TextFacts())
        not_out = _("Write it; without it this language does not go out.")
        if not text.title.strip():
            what = _in(code, facts, _("no title"))
            yield Finding(Kind.NO_TITLE, what, not_out, f"{code}-title", code, blocks)
        if not text.body.strip():
            what = _in(code, facts, _("no text"))
            yield Finding(Kind.NO_BODY, what, not_out, f"{code}-body", code, blocks)


def _languages(facts: ArticleFacts) -> Iterator[Finding]:
    written = facts.written
    for code in facts.languages if written else ():
        if code not in written and code not in facts.emptied:
            what = _("%(language)s is missing", language=LANGUAGES[code].name)
            mend = _("Write it too, or let it go out without: readers of this language are led to another one.")
            yield Finding(Kind.MISSING_LANGUAGE, what, mend, f"{code}-title", code)
    changed = {code: text.changed_at for code, text in written.items() if text.changed_at}
    newest = max(changed, key=changed.__getitem__, default="")
    for code, at in changed.items():
        if changed[newest] - at > timedelta(minutes=1):
            names = {"older": LANGUAGES[code].name, "newer": LANGUAGES[newest].name}
            what = _("%(older)s is older than %(newer)s", **names)
            mend = _(
                "See whether what changed in %(newer)s belongs into %(older)s too. If nothing does, say so on the "
                "article’s page.",
                **names,
            )
            yield Finding(Kind.LAGS, what, mend, f"{code}-body", code)


def _beside(facts: ArticleFacts) -> Iterator[Finding]:
    if not facts.has_contact:
        mend = _("Choose one; without it readers are shown the press office.")
        yield Finding(Kind.NO_CONTACT, _("No press contact"), mend, "contact")
    for number, picture in enumerate(facts.pictures, 1):
        named = {"number": number, "name": picture.name}
        for code in facts.written:
            if not picture.alts.get(code, "").strip():
                what = _in(
                    code, facts, _("picture %(number)s (%(name)s) has no text for those who do not see it", **named)
                )
                mend = _("Describe in a sentence what it shows.")
                yield Finding(Kind.NO_ALT, what, mend, "pictures", code)
        if not picture.credit.strip():
            what = _("Picture %(number)s (%(name)s) has no credit", **named)
            yield Finding(Kind.NO_CREDIT, what, _("Enter who made it."), "pictures")


def _of_text(code: str, facts: ArticleFacts) -> Iterator[Finding]:
    text = facts.texts[code]
    title = text.title.strip()
    if len(title) > LONGEST_TITLE:
        what = ngettext("the title has %(num)s character", "the title has %(num)s characters", len(title))
        mend = _("Shorten it to %(most)s or fewer: search engines and phones cut it.", most=LONGEST_TITLE)
        yield Finding(Kind.LONG_TITLE, _in(code, facts, what), mend, f"{code}-title", code)
    if title.isupper() and sum(map(str.isalpha, title)) > 5:
        what = _in(code, facts, _("the title is in capitals"))
        yield Finding(Kind.CAPITALS, what, _("Write it as a sentence."), f"{code}-title", code)
    if not text.standfirst.strip():
        mend = _("Say in one or two sentences what is new; lists and feeds show them.")
        yield Finding(Kind.NO_STANDFIRST, _in(code, facts, _("no standfirst")), mend, f"{code}-standfirst", code)
    if not text.source.strip():
        mend = _("Say where the news comes from.")
        yield Finding(Kind.NO_SOURCE, _in(code, facts, _("no source")), mend, f"{code}-source", code)
    seen: dict[Kind, int] = {}
    for kind, what, mend in _of_body(text.body, facts):
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= MOST_OF_A_KIND:
            yield Finding(kind, _in(code, facts, what), mend, f"{code}-body", code)


def _of_body(body: str, facts: ArticleFacts) -> Iterator[tuple[Kind, str, str]]:
    tokens = markdown.blocks(body)
    holders: list[str] = []
    for token in tokens:
        if token.type == "picture":
            yield from _of_place(token.meta["number"], facts)
        elif token.type == "inline":
            yield from _of_words(token, holders, facts)
        elif token.nesting > 0:
            holders.append(token.type)
        elif token.nesting < 0:
            holders.pop()


def _of_place(number: int, facts: ArticleFacts) -> Iterator[tuple[Kind, str, str]]:
    if not 1 <= number <= len(facts.pictures):
        has = ngettext("The article has %(num)s picture.", "The article has %(num)s pictures.", len(facts.pictures))
        what = _("there is no picture for [picture %(number)s]", number=number)
        yield Kind.NO_PICTURE, what, f"{has} {_('Add it, or take the line out.')}"


def _of_words(token: Token, holders: list[str], facts: ArticleFacts) -> Iterator[tuple[Kind, str, str]]:
    """One run of words: a paragraph, a heading, an item, a cell."""
    words = _plain(token.children)
    if found := markdown.PICTURE.search(words):
        what = _("“%(words)s” stands among other words, so no picture is shown", words=found[0])
        yield Kind.NO_PICTURE, what, _("Give it a line of its own, with an empty line above and below.")
    for picture in (child for child in token.children or () if child.type == "image"):
        what = _("a picture that is named by its address is not shown: %(address)s", address=_address(picture, "src"))
        mend = _("Add the picture to the article, and write [picture 1], with its number, on a line of its own.")
        yield Kind.LINKED_PICTURE, what, mend
    if words and _should_end(token, holders) and not ENDED.search(words):
        what = _("a paragraph ends without punctuation: “%(words)s”", words=_last(words))
        yield Kind.NOT_ENDED, what, _("Finish the sentence; if it is a heading, begin it with ##.")
    for found in DOUBLED.finditer(words):
        yield Kind.DOUBLED, _("“%(words)s” stands there twice", words=found[0]), _("Take one out.")
    yield from _of_links(token.children or [], facts)


def _should_end(token: Token, holders: list[str]) -> bool:
    """A paragraph of the text itself or of a quotation, unless it is a link alone."""
    children = [child for child in token.children or () if child.content.strip() or child.nesting]
    is_link = children and children[0].type == "link_open" and children[-1].type == "link_close"
    return holders[-1:] == ["paragraph_open"] and not set(holders[:-1]) - {"blockquote_open"} and not is_link


def _of_links(children: list[Token], facts: ArticleFacts) -> Iterator[tuple[Kind, str, str]]:
    opened: int | None = None
    for at, child in enumerate(children):
        if child.type == "link_open":
            opened = at
            if not facts.resolves(str(child.attrs.get("href", ""))):
                what = _("a link leads nowhere: %(address)s", address=_address(child, "href") or "[]( )")
                mend = _("Look the address up; one on this site begins with a slash, one elsewhere with https://.")
                yield Kind.DEAD_LINK, what, mend
        elif child.type == "link_close" and opened is not None:
            words = _plain(children[opened + 1 : at])
            if not re.search(r"\w", words) or words.strip(" .。>›»→…!！").casefold() in SAYS_NOTHING:
                what = _("the words of a link do not say where it leads: “%(words)s”", words=words.strip())
                yield Kind.EMPTY_LINK, what, _("Link the words that name what is there.")


def _address(token: Token, name: str) -> str:
    return str(token.attrs.get(name, ""))[:120]


def _plain(children: list[Token] | None) -> str:
    """What readers see of some words: a picture named by its address is not among it."""
    breaks = {"softbreak": " ", "hardbreak": "\n", "image": ""}
    return "".join(breaks.get(child.type, child.content) for child in children or ()).strip()


def _last(words: str) -> str:
    """The last words of a paragraph, by which it is found again."""
    return words if len(words) <= 40 else f"…{words[-40:]}"


def _in(code: str, facts: ArticleFacts, what: str) -> str:
    """Said of one language, where there is more than one."""
    if len(facts.languages) < 2:
        return what[:1].upper() + what[1:]
    return _("%(language)s: %(what)s", language=LANGUAGES[code].name, what=what)
