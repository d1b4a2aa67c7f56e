"""What the sitemaps list: every public page in each language that it has, and every visible text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from ..languages import LANGUAGES
from ..models.news import Section
from ..services import addresses, archive, editions, media, news, site
from ..services.sitemaps import Text

PAGES = (
    "news.front",
    "news.all_news",
    "news.press_centre",
    "archive.years",
    "editions.every",
    "press.calendar",
    "press.embargo_policy",
    "press.image_licence",
    "media.library",
    "corrections.every",
    "invitation.start",
    "pages.privacy",
    "pages.accessibility",
)
Alternates = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One address, with those of the same page in every language as hreflang and address; none if there is one only."""

    address: str
    alternates: Alternates = ()
    changed_at: datetime | None = None


def pages() -> list[Place]:
    """The public pages that are no articles."""
    every = list(site.spoken())
    found = [_in_languages(name, every) for name in PAGES]
    found += [_in_languages("news.section", every, section=section.value) for section in list(Section)[:3]]
    found += [_in_languages("editions.one", every, number=edition.number) for edition in editions.every()]
    found += [_in_languages("media.picture", every, picture_id=number) for number in media.all_in_library()]
    years = {code: [year for year, _ in archive.years(code)] for code in every}
    found += _of_archive("archive.year", {code: {(year,) for year in its} for code, its in years.items()})
    found += _of_archive("archive.month", {code: set(archive.every_month(code, its)) for code, its in years.items()})
    return [place for places in found for place in places]


def texts(articles: Iterable[tuple[Text, ...]]) -> list[Place]:
    """The addresses of articles, each in its languages."""
    found = []
    for its in articles:
        each = [(LANGUAGES[text.language].html, address(text)) for text in its]
        alternates = tuple(each) if len(each) > 1 else ()
        found += [Place(where, alternates, text.changed_at) for text, (_, where) in zip(its, each, strict=True)]
    return found


def address(text: Text) -> str:
    """The full address of a text. Built once for each language: a sitemap has tens of thousands."""
    return f"{_before_number(text.language, addresses.origin())}{text.number}-{text.slug}"


@cache
def _before_number(code: str, _origin: str) -> str:
    highest = f"{news.HIGHEST_NUMBER}-x"
    return addresses.absolute("news.article", lang=code, number=news.HIGHEST_NUMBER, slug="x").removesuffix(highest)


def _of_archive(endpoint: str, dates: dict[str, set[tuple[int, ...]]]) -> list[list[Place]]:
    """The years, or the years and months, that have news in some language, each in those languages."""
    return [
        _in_languages(
            endpoint,
            [code for code in dates if date in dates[code]],
            **dict(zip(("year", "month"), date, strict=False)),
        )
        for date in sorted(set().union(*dates.values()), reverse=True)
    ]


def _in_languages(endpoint: str, codes: list[str], **values: object) -> list[Place]:
    each = [(LANGUAGES[code].html, addresses.absolute(endpoint, lang=code, **values)) for code in codes]
    alternates = tuple(each) if len(each) > 1 else ()
    if endpoint == "news.front":
        alternates = (*alternates, ("x-default", addresses.absolute("pages.root")))
    return [Place(where, alternates) for _, where in each]
