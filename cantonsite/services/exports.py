"""Lists of applications as files: read in parts by key, so that memory stays the same however long the list is."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from ..database import db, transaction
from ..models import Application, Document, Edition, StaffMember
from ..models.document import DocumentKind
from ..models.labelled import Labelled
from . import audit, queue
from .documents import keeping, sealing

AT_ONCE = 500
PHOTOS_AT_ONCE = 20
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the wide ones are taken for them in Excel
COLUMNS: dict[str, LazyString] = {
    "reference": _l("Reference"),
    "edition": _l("Edition"),
    "status": _l("Status"),
    "applicant_kind": _l("Kind of applicant"),
    "given_name": _l("Given names"),
    "family_name": _l("Family name"),
    "native_name": _l("Name in its own script"),
    "email": _l("Email"),
    "phone": _l("Phone"),
    "nationality": _l("Nationality or region"),
    "role": _l("What they do"),
    "outlet_name": _l("Outlet"),
    "outlet_kind": _l("Kind of outlet"),
    "outlet_country": _l("Country of the outlet"),
    "outlet_website": _l("Website"),
    "phases": _l("Phases"),
    "arrives_on": _l("Day of arrival"),
    "departs_on": _l("Day of departure"),
    "proof_kind": _l("Proof"),
    "needs_letter": _l("Letter for a visa"),
    "submitted_at": _l("Submitted"),
    "decided_at": _l("Decided"),
    "tags": _l("Tags"),
}
YES, NO = _l("Yes"), _l("No")


def size(chosen: queue.Filter) -> int:
    """How many applications a list has."""
    rows = queue.narrowed(select(Application.id), chosen)
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def write_down(chosen: queue.Filter, kind: str, reason: str, *, actor: StaffMember) -> None:
    """Note who takes out which list, and what for.

    Of words that were searched for only that there were some: they may be a name, and this line outlives its bearer.
    """
    every = queue.Filter()
    asked = {name: getattr(chosen, name) for name in chosen.__slots__ if getattr(chosen, name) != getattr(every, name)}
    narrowed = {name: getattr(value, "value", value) for name, value in asked.items()}
    if chosen.words:
        narrowed["words"] = True
    number = size(chosen)
    with transaction():
        audit.record("exported", actor=actor, note=reason, format=kind, number=number, narrowed=narrowed)


def rows(chosen: queue.Filter) -> Iterator[list[str]]:
    """The headings, then a row for each application, as text."""
    yield [str(words) for words in COLUMNS.values()]
    columns = [Edition.number if name == "edition" else getattr(Application, name) for name in COLUMNS]
    said: dict[Any, str] = {}  # an enumeration's words are looked up once
    last = 0
    while True:
        part = queue.narrowed(select(Application.id, *columns).join(Edition), chosen)
        some = db.session.execute(part.where(Application.id > last).order_by(Application.id).limit(AT_ONCE)).all()
        db.session.rollback()  # no snapshot is held while the reader takes its time
        for row in some:
            yield [_text(value, said) for value in row[1:]]
        if len(some) < AT_ONCE:
            return
        last = some[-1][0]


def _text(value: Any, said: dict[Any, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, Labelled):
        key = (type(value), value)  # two enumerations may share a value
        return said.get(key) or said.setdefault(key, str(value.label))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    return value.isoformat() if isinstance(value, date) else str(value)


def as_csv(chosen: queue.Filter) -> Iterator[bytes]:
    """UTF-8 with the mark by which Excel knows it; what a spreadsheet would take for a formula begins with a quote."""
    yield b"\xef\xbb\xbf"
    for row in rows(chosen):
        line = io.StringIO()
        csv.writer(line).writerow([_harmless(cell) for cell in row])
        yield line.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell


def as_xlsx(chosen: queue.Filter) -> IO[bytes]:
    """A workbook in a temporary file that ends when it is closed; every cell is text, none a formula or a link."""
    from xlsxwriter import Workbook

    file = tempfile.TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    with tempfile.TemporaryDirectory() as folder:
        book = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows(chosen)):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell[:32_767])
        book.close()
    file.seek(0)
    return file


def photos(chosen: queue.Filter, *, actor_id: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each photo as the pass shows it. Each one is written down as opened."""
    last = 0
    while some := _photos_after(chosen, last):
        with transaction() as session:
            actor = session.get_one(StaffMember, actor_id)
            for document, _reference in some:
                application = session.get_one(Application, document.application_id)
                told = {"document": document.id, "document_kind": DocumentKind.PHOTO.value}
                audit.record("document_opened", actor=actor, application=application, **told)
        for document, reference in some:
            last = document.id
            try:
                yield f"{reference}.jpg", keeping.photo_for_pass(document)
            except sealing.CannotUnseal:  # its key is lost; the others are whole
                yield f"{reference}.cannot-be-opened.txt", b""
        db.session.rollback()


def _photos_after(chosen: queue.Filter, last: int) -> Sequence[Any]:
    found = queue.narrowed(select(Document, Application.reference).join_from(Application, Document), chosen)
    found = found.where(Document.kind == DocumentKind.PHOTO, Document.id > last)
    return db.session.execute(found.order_by(Document.id).limit(PHOTOS_AT_ONCE)).all()
