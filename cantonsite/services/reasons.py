"""How refusals are worded: the wording that comes with each rule, or the desk's own, in the applicant's language."""

from collections.abc import Iterable
from types import SimpleNamespace

from flask import render_template
from flask_babel import force_locale
from sqlalchemy import delete, select

from .. import clock
from ..database import db, transaction
from ..languages import LANGUAGES
from ..models import StaffMember, Wording
from ..models.applicant import RULES_VERSION
from ..models.reasons import RULES, Reason
from . import audit, editions, site

SAMPLE_REFERENCE = "CF000-0000-00"


def own(language: str) -> dict[Reason, Wording]:
    """The desk's own wordings in one language."""
    rows = db.session.scalars(select(Wording).filter_by(language=language))
    return {Reason(row.reason): row for row in rows if row.reason in set(Reason)}


def supplied(reason: Reason, language: str) -> str:
    """The wording that comes with a rule, in one language."""
    with force_locale(LANGUAGES[language].locale):
        return str(RULES[reason].wording)


def told(reasons: Iterable[Reason], language: str) -> list[str]:
    """What an applicant of this language is told of these rules, in the order of their numbers."""
    mine = own(language)
    return [mine[each].text if each in mine else supplied(each, language) for each in Reason if each in set(reasons)]


def told_of_each(language: str) -> dict[Reason, tuple[str, bool]]:
    """What an applicant of this language is told of each rule, and whether the desk worded it."""
    mine = own(language)
    return {each: (told([each], language)[0], each in mine) for each in Reason}


def word(reason: Reason, language: str, text: str, *, actor: StaffMember) -> None:
    """Word a rule anew in one language. No text, or the one that comes with the rule, takes the desk's own away."""
    with transaction() as session:
        session.execute(delete(Wording).filter_by(reason=reason.value, language=language))
        if text and text != supplied(reason, language):
            now = clock.now()
            row = Wording(reason=reason.value, language=language, text=text, changed_at=now, staff_id=actor.id)
            session.add(row)
        audit.record("wording_changed", actor=actor, reason=reason.value, language=language, text=text)


def preview(text: str, reason: Reason, language: str) -> str:
    """The mail of a refusal as an applicant of this language would read it, with a sample's reference."""
    spoken = LANGUAGES[language]
    with force_locale(spoken.locale):
        return render_template(
            "mail/application_declined/body.txt",
            application=SimpleNamespace(reference=SAMPLE_REFERENCE),
            edition=editions.coming(),
            reasons=[(reason.number, text)],
            rules_version=RULES_VERSION,
            note="",
            address="…",
            site=site.facts(),
            language=spoken.code,
            html_lang=spoken.html,
            text_direction=spoken.direction,
        ).strip()
