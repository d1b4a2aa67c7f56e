"""What the pages of the application share: fields that only some are asked, and files."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from ..models.applicant import KINDS, ApplicantKind, Question
from ..models.document import DocumentKind
from .base import Form


class PageForm(Form):
    """One page of the application. `asked_of` says which of its fields only some kinds of applicant are asked."""

    asked_of: dict[str, Question] = {}
    only_if: frozenset[Question] = frozenset()  # the page is shown to those who are asked one of these
    documents: tuple[DocumentKind, ...] = ()  # whose files the page takes
    in_passing = ("csrf_token", "form_number", "leave_empty", "leave_unticked")

    def offer(self, kind: ApplicantKind) -> None:
        """Leave out what this kind is not asked."""
        for name, question in self.asked_of.items():
            if question not in KINDS[kind].asks:
                del self[name]

    @property
    def names(self) -> list[str]:
        """Its fields, in order, without the files and what only the form needs."""
        files = {kind.value for kind in self.documents}
        return [field.name for field in self if field.name not in (*self.in_passing, *files)]


def file_field(kind: DocumentKind, hint: Any = None) -> FileField:
    """The field by which a document of this kind is given."""
    hint = hint or _l("JPEG, PNG, WEBP or PDF, 10 MB or smaller. It is kept as soon as it has arrived.")
    accept = ".jpg,.jpeg,.png,.webp" + ("" if kind is DocumentKind.PHOTO else ",.pdf")
    return FileField(kind.label, description=hint, render_kw={"accept": accept})


def add_error(field: Any, message: Any) -> None:
    """One more thing that is wrong with an answer."""
    field.errors = [*field.errors, message]
