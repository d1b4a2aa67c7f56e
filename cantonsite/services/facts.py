"""The facts and figures of an edition, each with the day that it is of and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ..database import db, transaction
from ..languages import Said, said
from ..models import Edition, StaffMember
from ..models.audit import Actor
from ..models.press import Fact
from . import audit, records


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact in a reader's language."""

    label: Said
    value: Said
    as_of: date
    source: Said
    source_url: str


def known(edition: Edition, language: str) -> tuple[ShownFact, ...]:
    """The facts of an edition in their order, in this language or in that in which there are words."""
    return tuple(
        ShownFact(
            label=said(fact.labels, language),
            value=said(fact.values, language),
            as_of=fact.as_of,
            source=said(fact.sources, language),
            source_url=fact.source_url,
        )
        for fact in of_edition(edition)
    )


def of_edition(edition: Edition) -> Sequence[Fact]:
    """The facts of an edition in their order, for the desk."""
    return db.session.scalars(select(Fact).filter_by(edition_id=edition.id).order_by(Fact.position, Fact.id)).all()


def newest_edition() -> Edition | None:
    """The newest edition of which there are facts."""
    some = select(Edition).where(select(Fact.id).where(Fact.edition_id == Edition.id).exists())
    return db.session.scalar(some.order_by(Edition.number.desc()).limit(1))


def get(edition: Edition, fact_id: int) -> Fact | None:
    """One fact of this edition, or None."""
    return db.session.scalar(select(Fact).filter_by(id=fact_id, edition_id=edition.id))


def add(edition: Edition, *, actor: StaffMember | Actor, **fields: Any) -> Fact:
    """Add a fact as the last of its edition."""
    edition_id = edition.id
    with transaction() as session:
        fact = Fact(edition_id=edition_id, **fields)
        records.put_last(fact)
        session.add(fact)
        session.flush()
        audit.record("fact_added", actor=actor, fact=fact.id, label=_label(fact))
    return fact


def change(fact_id: int, *, seen: str, actor: StaffMember | Actor, **fields: Any) -> None:
    """Change a fact. Raises Changed when it is no longer what was seen."""
    with transaction():
        fact = records.for_change(Fact, fact_id, seen)
        for name, value in fields.items():
            setattr(fact, name, value)
        audit.record("fact_changed", actor=actor, fact=fact.id, label=_label(fact))


def move(fact_id: int, *, up: bool, actor: StaffMember | Actor) -> None:
    """Show it one place higher, or lower. Raises Changed when it is gone."""
    with transaction():
        fact = records.for_change(Fact, fact_id)
        if records.move(fact, up=up):
            audit.record("fact_moved", actor=actor, fact=fact.id, up=up)


def remove(fact_id: int, *, actor: StaffMember | Actor) -> None:
    """Take a fact away. Raises Changed when it is gone."""
    with transaction() as session:
        fact = records.for_change(Fact, fact_id)
        audit.record("fact_removed", actor=actor, fact=fact.id, label=_label(fact))
        session.delete(fact)


def _label(fact: Fact) -> str:
    return said(fact.labels, "en").text
