"""Keep documents sealed: AES-256-GCM under keys of the setting DOCUMENT_KEYS, each file bound to its row.

The sealed bytes are a random nonce of 96 bits, the ciphertext and the tag. The name of the key stands beside them in
the row. Moved to another row, or changed in one bit, they open nothing. One key is good for 2^32 files (NIST SP
800-38D, 8.3).
"""

import hmac
import os

from flask import current_app

from ...config import document_keys

DERIVED = "s"  # the name of the key that is made of SECRET_KEY where no keys are set: never in production
NONCE_BYTES = 12


class CannotUnseal(Exception):
    """These bytes were not sealed by a key that is known here, for this row, or have been changed since."""


def seal(plain: bytes, about: str) -> tuple[str, bytes]:
    """The name of the key and the sealed bytes. `about` names the row, such as "document:17"."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    return key_id, nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key_id: str, sealed: bytes, about: str) -> bytes:
    """What was sealed for this row. Raises CannotUnseal."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        key = _keys()[key_id]
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
    except KeyError:
        raise CannotUnseal(f"DOCUMENT_KEYS holds no key “{key_id}”") from None
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal(f"{about} was changed, or sealed for something else") from error


def current_key() -> str:
    """The name of the key that seals now; what another one sealed should be sealed anew."""
    return next(iter(_keys()))


def fingerprint(data: bytes) -> str:
    """64 characters by which the same bytes are known again, and which tell nothing without SECRET_KEY."""
    return hmac.digest(_derived("fingerprint of documents"), data, "sha256").hex()


def _keys() -> dict[str, bytes]:
    """Every key by its name, the one that seals first."""
    keys = document_keys(current_app.config["DOCUMENT_KEYS"])
    if current_app.config["ENVIRONMENT"] in ("demo", "test"):
        keys.setdefault(DERIVED, _derived("sealing of documents"))
    if not keys:
        raise RuntimeError("DOCUMENT_KEYS is missing")
    return keys


def _derived(use: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = current_app.config["SECRET_KEY"].encode()
    return HKDF(SHA256(), 32, salt=None, info=f"cantonsite: {use}".encode()).derive(secret)
