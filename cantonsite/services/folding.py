"""Fold text for comparison: the same words in another case, width or spacing become equal."""

import unicodedata


def fold(text: str) -> str:
    """NFKC, lower case as Unicode folds it, and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
