"""One decision on many applications."""

from collections.abc import Iterable

from wtforms import HiddenField, SelectMultipleField

from ..models import Application
from .review import DeskReviewForm


class ManyForm(DeskReviewForm):
    """A decision, and on which applications: each as its number and the version that the page showed."""

    chosen = SelectMultipleField(validate_choice=False)
    version = HiddenField()

    @classmethod
    def about(cls, found: Iterable[Application]) -> "ManyForm":
        """A blank form about these, as they are now."""
        return cls(formdata=None, data={"chosen": [f"{each.id}.{each.version}" for each in found]})

    @property
    def chosen_versions(self) -> dict[int, int]:
        """The versions by number; what was mangled is left out."""
        pairs = (given.partition(".") for given in self.chosen.data or [])
        return {int(left[:9]): int(right[:9]) for left, _, right in pairs if _is_number(left) and _is_number(right)}

    @staticmethod
    def numbers(given: Iterable[str]) -> list[int]:
        """The numbers that were ticked in a list."""
        return [int(each[:9]) for each in given if _is_number(each)]


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdigit()
