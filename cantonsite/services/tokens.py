"""Sign and read the texts that stand in mailed addresses.

A token is `<id>.<signature>`. The signature covers the row's id and its nonce, so the database alone opens nothing
and the key alone opens nothing; former keys (SECRET_KEY_FALLBACKS) go on reading old tokens. Each use has its salt:
a token of one opens nothing of another.
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from flask import current_app
from itsdangerous import Signer

MOST_ID_DIGITS, LARGEST_ID = 10, 2**31 - 1  # what a column for it holds; PostgreSQL refuses more with an error


class NotAToken(LookupError):
    """The text does not have the shape of a token."""


class Given(NamedTuple):
    """A token that somebody brought: the row that it names, and whether it was signed for this nonce of the row."""

    id: int
    verify: Callable[[str], bool]


def make(salt: str, row_id: int, nonce: str) -> str:
    """The text for the address: under 60 characters of letters, digits, `.`, `_` and `-`."""
    return f"{row_id}.{_signer(salt).get_signature(_signed(row_id, nonce)).decode()}"


def read(salt: str, given: str) -> Given:
    """Take a token apart; it proves nothing before `verify` was asked. Raises NotAToken."""
    number, _, signature = given.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_ID_DIGITS):
        raise NotAToken
    row_id = int(number)
    if row_id > LARGEST_ID:
        raise NotAToken
    return Given(row_id, lambda nonce: _signer(salt).verify_signature(_signed(row_id, nonce), signature))


def _signed(row_id: int, nonce: str) -> bytes:
    return f"{row_id}.{nonce}".encode()


def _signer(salt: str) -> Signer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return Signer(keys, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
