"""Which applications a list of the desk shows. Sent by GET; what is not among the choices counts as not chosen."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, SearchField, SelectField, StringField

from ..models.applicant import ApplicantKind, ProofKind
from ..models.invitation import OutletKind, Status
from . import countries
from .base import CleanMeta, choices, members
from .fields import LongSelect

ANY = ("", _l("All"))
WAITS = (
    (1, _l("A day or more")),
    (2, _l("Two days or more")),
    (5, _l("Five days or more")),
    (10, _l("Ten days or more")),
)
NOBODY, EVERY_STATUS = "0", "all"


class QueueForm(Form):
    """The filter of a list of applications."""

    class Meta(CleanMeta, Form.Meta):
        pass

    status = StringField()
    q = SearchField(_l("Name, outlet, email or reference"))
    edition = SelectField(_l("Edition"), default="", validate_choice=False)
    kind = SelectField(_l("Kind of applicant"), default="", validate_choice=False)
    country = SelectField(_l("Country of the outlet"), default="", validate_choice=False, widget=LongSelect())
    outlet_kind = SelectField(_l("Kind of outlet"), default="", validate_choice=False)
    proof = SelectField(_l("Proof"), default="", validate_choice=False)
    waits = SelectField(_l("Has waited"), default="", validate_choice=False)
    assigned = SelectField(_l("Given to"), default="", validate_choice=False)
    tag = StringField(_l("Tag"))

    @classmethod
    def of(cls, given: Any, editions: Iterable[tuple[str, str]], colleagues: Iterable[tuple[str, str]]) -> "QueueForm":
        """The filter in an address, with the editions and colleagues that there are."""
        form = cls(given)
        form.edition.choices = choices([ANY, *editions])
        form.kind.choices = choices([ANY]) + members(ApplicantKind)
        form.country.choices = choices([ANY, *countries.names()])
        form.outlet_kind.choices = choices([ANY]) + members(OutletKind)
        form.proof.choices = choices([ANY]) + members(ProofKind)
        form.waits.choices = choices([ANY, *((str(days), words) for days, words in WAITS)])
        form.assigned.choices = choices([ANY, (NOBODY, _l("Nobody")), *colleagues])
        for field in form:
            known = {str(each.value) for each in getattr(field, "choices", None) or []}
            if known and field.data not in known:
                field.data = ""
        if form.status.data not in {EVERY_STATUS, *(each.value for each in Status)}:
            form.status.data = Status.SUBMITTED.value
        form.q.data, form.tag.data = (form.q.data or "")[:100], (form.tag.data or "")[:30].casefold()
        return form

    @property
    def values(self) -> dict[str, Any]:
        """What is chosen, as the lists of applications take it."""
        return {
            "status": None if self.status.data == EVERY_STATUS else Status(self.status.data),
            "words": self.q.data,
            "edition": int(self.edition.data) if self.edition.data else None,
            "kind": ApplicantKind(self.kind.data) if self.kind.data else None,
            "country": self.country.data,
            "outlet_kind": OutletKind(self.outlet_kind.data) if self.outlet_kind.data else None,
            "proof": ProofKind(self.proof.data) if self.proof.data else None,
            "waits": int(self.waits.data or 0),
            "tag": self.tag.data,
            "assigned_to": int(self.assigned.data) if self.assigned.data else None,
        }

    @property
    def query(self) -> dict[str, str]:
        """The filter as the query of an address, without what is not chosen."""
        return {name: value for name, value in self.data.items() if value}

    @property
    def narrowing(self) -> dict[str, str]:
        """What is chosen beside the status and the words."""
        return {name: value for name, value in self.query.items() if name not in ("status", "q")}
