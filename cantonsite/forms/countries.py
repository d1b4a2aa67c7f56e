"""Countries and regions for select lists: ISO 3166-1 alpha-2 codes with names in the reader's language."""

from functools import lru_cache
from unicodedata import normalize

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from slugify import slugify

# Babel's list holds more than ISO 3166-1: exceptional reservations, groupings, test and user-assigned codes.
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
CODES = frozenset(
    code for code in Locale("en").territories if len(code) == 2 and code.isalpha() and code not in NOT_ISO
)
# As the fair's own papers name them
NAMES = {
    "HK": _l("Hong Kong SAR, China"),
    "MO": _l("Macao SAR, China"),
    "TW": _l("Taiwan, China"),
}


def name_of(code: str) -> str:
    """The name of a country or region in the present language; the code itself when it is unknown."""
    return str(NAMES.get(code) or get_locale().territories.get(code, code))


def names() -> list[tuple[str, str]]:
    """All codes with their names, in the order of the present language."""
    return list(_named(str(get_locale())))


@lru_cache
def _named(locale: str) -> tuple[tuple[str, str], ...]:
    """The codes with their names, in their order. Computed in the language of the request, which `locale` names."""
    order = _pinyin_order if locale.startswith("zh") else _latin_order
    return tuple(sorted(((code, name_of(code)) for code in CODES), key=lambda each: order(each[1])))


def _latin_order(name: str) -> str:
    return normalize("NFKD", name).casefold()


def _pinyin_order(name: str) -> str:
    return slugify(name)
