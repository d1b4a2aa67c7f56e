"""Kinds of columns that several tables share."""

import enum

from sqlalchemy import Enum


def choice(kind: type[enum.StrEnum], length: int = 20) -> Enum:
    """A column that holds one member of an enumeration as its value: readable in SQL, alike on every database."""
    return Enum(
        kind,
        native_enum=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )
