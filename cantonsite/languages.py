"""The languages that the site knows: one entry each, beside its catalogue in translations/.

Which of them an instance speaks is its setting LANGUAGES; services/site.py names those.
"""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Language:
    """A language as addresses name it (`code`), as HTML marks it, and as Babel knows it."""

    code: str
    html: str
    locale: str
    name: str
    news: str  # the code that Google's news protocol asks for
    open_graph: str
    masthead: tuple[str, str]  # the office's name in this language, as it stands small beside the name in another one
    beside: str  # the language whose masthead stands beside the site's name
    comma: str = ", "  # between things that are listed
    before_time: str = ", "  # between a date and its time of day
    space: str = " "  # between two sentences
    direction: str = "ltr"
    desk: bool = True  # whether its catalogue holds the desk; staff choose among these
    falls_back: str | None = None  # the language in which a text is shown that is not there in this one


# Arabic is plain "ar": the months as the international press writes them, and Western digits as CLDR gives them there.
# References, passes, halls and phone numbers are printed with these digits, and pages must say what stands on paper.
LANGUAGES = {
    "en": Language("en", "en", "en_GB", "English", "en", "en_GB", ("Canton Fair", "Press Office"), "zh"),
    "zh": Language(
        *("zh", "zh-Hans", "zh_Hans_CN", "中文", "zh-cn", "zh_CN"),
        masthead=("中国进出口商品交易会", "新闻中心"),
        beside="en",
        comma="，",
        before_time=" ",
        space="",
    ),
    "ar": Language(
        *("ar", "ar", "ar", "العربية", "ar", "ar_AR"),
        masthead=("معرض كانتون", "المكتب الصحفي"),
        beside="zh",
        comma="، ",
        before_time="، ",
        direction="rtl",
        desk=False,
        falls_back="en",
    ),
}
DEFAULT = "en"
CODE_LENGTH = 8
AT_THE_DESK = {code: language for code, language in LANGUAGES.items() if language.desk}
_BY_LOCALE = {language.locale: language for language in LANGUAGES.values()}


def of_locale(locale: object) -> Language:
    """The language that Babel is speaking at present; the default for a locale that is none of ours."""
    return _BY_LOCALE.get(str(locale), LANGUAGES[DEFAULT])


class Said(NamedTuple):
    """Words, and the code of the language that they are in."""

    text: str
    language: str


def said(words: dict[str, str], code: str) -> Said:
    """What a mapping of languages says in this one; else in the default, else in any, else nothing."""
    for each in (code, DEFAULT, *words):
        if words.get(each):
            return Said(words[each], each)
    return Said("", code)


def own_first(words: dict[str, str], code: str) -> dict[str, str]:
    """A mapping of languages with this one in front, and the others in the order of the site."""
    return {each: words[each] for each in dict.fromkeys((code, *LANGUAGES, *words)) if each in words}
