"""What each thing that a reviewer asks for opens again to the applicant: answers, and kinds of document."""

from collections.abc import Iterable
from datetime import timedelta

from .document import DocumentKind
from .invitation import Missing

REMIND_AFTER, CLOSE_AFTER = timedelta(days=7), timedelta(days=14)
EDITOR = ("editor_name", "editor_email")
FIELDS: dict[Missing, tuple[str, ...]] = {
    Missing.PROOF: ("proof_kind", "proof_links", *EDITOR),
    Missing.OWN_WORK: ("proof_links",),
    Missing.EDITOR: EDITOR,
    Missing.NAME: ("given_name", "family_name", "native_name"),
    Missing.PHONE: ("phone",),
    Missing.OUTLET: ("outlet_name", "outlet_website"),
    Missing.WEBSITE: ("outlet_website",),
    Missing.TOPICS: ("topics",),
    Missing.PHASES: ("phases",),
    Missing.DATES: ("arrives_on", "departs_on"),
}
DOCUMENTS: dict[Missing, tuple[DocumentKind, ...]] = {
    Missing.PROOF: tuple(kind for kind in DocumentKind if kind is not DocumentKind.PHOTO),
    Missing.PRESS_CARD: (DocumentKind.PRESS_CARD,),
    Missing.ASSIGNMENT_LETTER: (DocumentKind.ASSIGNMENT_LETTER,),
    Missing.PHOTO: (DocumentKind.PHOTO,),
}
CHANGEABLE = frozenset(name for names in FIELDS.values() for name in names) - {"proof_links"}  # links are added


def fields_of(asked: Iterable[Missing]) -> frozenset[str]:
    """The names of the answers that are open to an applicant who was asked for these."""
    return frozenset(name for item in asked for name in FIELDS.get(item, ()))


def documents_of(asked: Iterable[Missing], refused: Iterable[DocumentKind] = ()) -> tuple[DocumentKind, ...]:
    """The kinds of document that are open, in the order in which forms show them: who reads that one of theirs is not
    in order can give another.
    """
    wanted = {*refused, *(kind for item in asked for kind in DOCUMENTS.get(item, ()))}
    return tuple(kind for kind in DocumentKind if kind in wanted)
