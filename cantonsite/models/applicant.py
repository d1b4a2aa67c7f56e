"""The kinds of applicant, and what each is asked, may show as proof, and needs time for: one table, with a version.

The start page prints it, the form asks by it, refusals cite its version. Which documents a kind travels with, and how
long visas take, are the press office's to confirm before they are printed as fact.
"""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from .labelled import Labelled

RULES_VERSION = 2  # the first version had one kind of applicant


class ApplicantKind(Labelled):
    """On which papers an applicant works in China: it decides what is asked, and by when."""

    MAINLAND = "mainland"
    RESIDENT = "resident"
    SHORT_TERM = "short_term"
    HONG_KONG_MACAO = "hong_kong_macao"
    TAIWAN = "taiwan"
    CHINESE_STAFF = "chinese_staff"

    @property
    def label(self) -> LazyString:
        return KINDS[self].label


class ProofKind(Labelled):
    """How an applicant shows to be a journalist."""

    LINKS = "links"
    BYLINES = "bylines"
    MASTHEAD = "masthead"
    PRESS_CARD = "press_card"
    ASSIGNMENT = "assignment"
    EDITOR = "editor"

    @property
    def label(self) -> LazyString:
        return PROOFS[self]


class Question(Labelled):
    """What only some kinds are asked."""

    NATIONALITY = "nationality"
    OUTLET_COUNTRY = "outlet_country"
    DAYS = "days"
    LETTER = "letter"

    @property
    def label(self) -> LazyString:
        return QUESTIONS[self]


@dataclass(frozen=True, slots=True)
class KindRules:
    """What holds for one kind. Days are working days, Monday to Friday."""

    label: LazyString
    about: LazyString  # who is meant
    travels_with: LazyString
    asks: frozenset[Question]
    proofs: tuple[ProofKind, ...]
    regions: tuple[str, ...] = ()  # the nationality or region, where the kind says it; several are asked
    letter_days: int = 0  # to write the invitation letter, after a yes
    permit_days: int = 0  # that a visa or permit takes, as consulates say


PROOFS: dict[ProofKind, LazyString] = {
    ProofKind.LINKS: _l("Links to an online outlet where I am named"),
    ProofKind.BYLINES: _l("Three pieces under my name from the last six months"),
    ProofKind.MASTHEAD: _l("A masthead or imprint that names me, from the last three months"),
    ProofKind.PRESS_CARD: _l("A press card"),
    ProofKind.ASSIGNMENT: _l("A letter of assignment from my editor"),
    ProofKind.EDITOR: _l("My editor confirms it: we write to them"),
}
QUESTIONS: dict[Question, LazyString] = {
    Question.NATIONALITY: _l("Nationality or region"),
    Question.OUTLET_COUNTRY: _l("Country or region of your outlet"),
    Question.DAYS: _l("Days of arrival and departure"),
    Question.LETTER: _l("Letter for a visa"),
}
EVERY_PROOF = tuple(ProofKind)
KINDS: dict[ApplicantKind, KindRules] = {
    ApplicantKind.SHORT_TERM: KindRules(
        label=_l("I come from abroad for this fair"),
        about=_l("Journalists from abroad who come for a short time, on a J-2 visa"),
        travels_with=_l("passport"),
        asks=frozenset(Question),
        proofs=EVERY_PROOF,
        letter_days=3,
        permit_days=10,
    ),
    ApplicantKind.RESIDENT: KindRules(
        label=_l("I am a foreign correspondent who lives in mainland China"),
        about=_l("Resident foreign journalists, on a J-1 visa"),
        travels_with=_l("passport"),
        asks=frozenset({Question.NATIONALITY, Question.OUTLET_COUNTRY}),
        proofs=(ProofKind.PRESS_CARD, ProofKind.ASSIGNMENT, ProofKind.EDITOR, ProofKind.BYLINES),
    ),
    ApplicantKind.CHINESE_STAFF: KindRules(
        label=_l("I am Chinese staff of a foreign outlet’s office in mainland China"),
        about=_l("Chinese staff of foreign media"),
        travels_with=_l("resident identity card"),
        asks=frozenset({Question.OUTLET_COUNTRY}),
        proofs=(ProofKind.PRESS_CARD, ProofKind.ASSIGNMENT, ProofKind.EDITOR),
        regions=("CN",),
    ),
    ApplicantKind.MAINLAND: KindRules(
        label=_l("I work for an outlet of mainland China"),
        about=_l("Journalists of outlets in mainland China"),
        travels_with=_l("resident identity card"),
        asks=frozenset(),
        proofs=EVERY_PROOF,
        regions=("CN",),
    ),
    ApplicantKind.HONG_KONG_MACAO: KindRules(
        label=_l("I come from Hong Kong or Macao"),
        about=_l("Journalists from Hong Kong and Macao"),
        travels_with=_l("Mainland Travel Permit for Hong Kong and Macao Residents"),
        asks=frozenset({Question.NATIONALITY, Question.OUTLET_COUNTRY, Question.DAYS}),
        proofs=EVERY_PROOF,
        regions=("HK", "MO"),
    ),
    ApplicantKind.TAIWAN: KindRules(
        label=_l("I come from Taiwan"),
        about=_l("Journalists from Taiwan"),
        travels_with=_l("Mainland Travel Permit for Taiwan Residents"),
        asks=frozenset({Question.OUTLET_COUNTRY, Question.DAYS}),
        proofs=EVERY_PROOF,
        regions=("TW",),
        permit_days=7,
    ),
}


def likely_kind(nationality: str) -> ApplicantKind:
    """The kind of somebody of whom only the nationality or region is known."""
    regions = {
        "CN": ApplicantKind.MAINLAND,
        "HK": ApplicantKind.HONG_KONG_MACAO,
        "MO": ApplicantKind.HONG_KONG_MACAO,
        "TW": ApplicantKind.TAIWAN,
    }
    return regions.get(nationality, ApplicantKind.SHORT_TERM)
