"""What applicants do with their data behind their own link: correct it, choose, take it along, have it erased."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from ..models.applicant import KINDS, ApplicantKind
from .invitation import OutletForm, WorkForm, YouForm
from .link import LinkForm
from .review import TypedReference


class CorrectForm(LinkForm):
    """The answers that an applicant may change while a decision is awaited, asked as they were asked first."""

    id_prefix = "correct-"

    phone = YouForm.phone
    native_name = YouForm.native_name
    outlet_website = OutletForm.outlet_website
    arrives_on = WorkForm.arrives_on
    departs_on = WorkForm.departs_on
    topics = WorkForm.topics
    interviews = WorkForm.interviews

    validate_phone = YouForm.validate_phone
    validate_departs_on = WorkForm.validate_departs_on

    def offer(self, kind: ApplicantKind) -> None:
        """Leave out what this kind of applicant was not asked."""
        for name, question in WorkForm.asked_of.items():
            if question not in KINDS[kind].asks and name in self:
                del self[name]

    @property
    def names(self) -> list[str]:
        """The names of its answers, in order."""
        passing = ("version", "csrf_token", "leave_empty", "leave_unticked")
        return [field.name for field in self if field.name not in passing]

    @property
    def answers(self) -> dict[str, object]:
        return {name: self[name].data for name in self.names}


class PressListForm(LinkForm):
    """Be written to about later editions, or no more."""

    id_prefix = "list-"

    press_list = BooleanField(_l("Write to me about later editions too"))


class DownloadForm(LinkForm):
    """Take everything along."""

    id_prefix = "take-"


class EraseForm(TypedReference, LinkForm):
    """Have everything erased."""

    id_prefix = "erase-"
