"""How a name is written whole, how pass and letter print it, and by what a phone number is known again."""

import re
import unicodedata
from typing import NamedTuple

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd·]+")
NO_NAME = ("-", "–", "—")  # what those enter who have one name only


def is_name(*parts: str) -> bool:
    """Whether there is a letter or a digit in any of these: dashes and dots alone name nobody."""
    return any(sign.isalnum() for part in parts for sign in part)


class Printed(NamedTuple):
    """A name as the pass and as the letter print it."""

    on_pass: str
    in_letter: str


def whole_name(given: str, family: str) -> str:
    """Given name first, but 何婉清, family name first and unspaced, where both are Han. A dash stands for no name."""
    given, family = ("" if name in NO_NAME else name for name in (given, family))
    if HAN.fullmatch(given) and HAN.fullmatch(family):
        return family + given
    return f"{given} {family}".strip()


def printed(given: str, family: str) -> Printed:
    """The family name in capitals, as machine-read documents set it (ICAO Doc 9303); in the letter it comes first."""
    if HAN.fullmatch(given) and HAN.fullmatch(family):
        return Printed(family + given, family + given)
    if family in NO_NAME:  # the only name there is counts as the family name
        given, family = family, given
    capitals = family.upper()
    return Printed(whole_name(given, capitals), ", ".join(part for part in (capitals, given) if part not in NO_NAME))


def phone_key(number: str) -> str:
    """The last nine digits of a phone number, with or without a country code; "" if it has less than seven."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in number or "" if sign.isdigit())
    return digits[-9:] if len(digits) >= 7 else ""
