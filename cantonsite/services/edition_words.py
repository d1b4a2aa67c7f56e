"""Editions, phases, lists and days in words, in the present language: for pages, mails and the sample."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date, format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _

from ..languages import of_locale
from ..models import Edition
from ..models.edition import Season


def ordinal(edition: Edition | int) -> str:
    """ "124th"; 第124届 in Chinese, by its catalogue."""
    number = edition if isinstance(edition, int) else edition.number
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return _("%(number)s%(ending)s", number=number, ending=ending)


def season_words(edition: Edition) -> str:
    """ "autumn 2018"."""
    if edition.season is Season.SPRING:
        return _("spring %(year)s", year=edition.starts_on.year)
    return _("autumn %(year)s", year=edition.starts_on.year)


def fair_name(edition: Edition | int) -> str:
    """ "124th Canton Fair"."""
    return _("%(ordinal)s Canton Fair", ordinal=ordinal(edition))


def edition_name(edition: Edition) -> str:
    """ "124th, autumn 2018"."""
    return _("%(ordinal)s, %(season)s", ordinal=ordinal(edition.number), season=season_words(edition))


def phase_words(numbers: Iterable[int]) -> str:
    """ "1, 2"; 第一期、第二期."""
    if get_locale().language == "zh":
        return "、".join(f"第{'一二三四五六七八九'[number - 1]}期" for number in numbers)
    return listed(numbers)


def listed(parts: Iterable[object]) -> str:
    """Words one after the other, with the comma of the present language."""
    return of_locale(get_locale()).comma.join(str(part) for part in parts if part)


def sentences(parts: Iterable[object]) -> str:
    """Sentences one after the other, with the space of the present language: none in Chinese."""
    return of_locale(get_locale()).space.join(str(part) for part in parts if part)


def day_words(day: date) -> str:
    """ "4 November 2018"."""
    return format_date(day, "long", get_locale())


def day_range(first: date, last: date) -> str:
    """ "15–19 April", "31 October – 4 November"; the year only where the two differ in it."""
    locale = get_locale()
    if locale.language == "zh":
        end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
        return f"{first.month}月{first.day}日至{end}"
    whole = "d MMMM y" if first.year != last.year else "d MMMM"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_date(last, whole, locale)}"
    return f"{format_date(first, whole, locale)} – {format_date(last, whole, locale)}"


def month_name(year: int, month: int) -> str:
    """ "November 2018"."""
    return format_skeleton("yMMMM", date(year, month, 1), locale=get_locale())
