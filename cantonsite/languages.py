"""The languages of the public pages: one line each, beside its catalogue in translations/."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language as addresses name it (`code`), as HTML marks it, and as Babel knows it."""

    code: str
    html: str
    locale: str
    name: str
    news: str  # the code that Google's news protocol asks for
    open_graph: str


LANGUAGES = {
    "en": Language("en", "en", "en_GB", "English", "en", "en_GB"),
    "zh": Language("zh", "zh-Hans", "zh_Hans_CN", "中文", "zh-cn", "zh_CN"),
}
DEFAULT = "en"
CODE_LENGTH = 8
