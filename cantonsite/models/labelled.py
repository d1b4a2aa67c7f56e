"""Enumerations whose members are shown to people."""

import enum

from flask_babel import LazyString


class Labelled(enum.StrEnum):
    """An enumeration whose members have words for people."""

    @property
    def label(self) -> LazyString:
        raise NotImplementedError
