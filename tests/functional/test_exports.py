"""Lists taken out: whole, harmless in a spreadsheet, written down, and in constant memory."""

import csv
import io
import threading
import zipfile

import psutil
import pytest
from sqlalchemy import insert, select

from cantonsite.database import db, transaction
from cantonsite.models import Application, AuditEvent
from cantonsite.models.document import DocumentKind
from cantonsite.services import exports, queue
from cantonsite.services.documents import keeping
from tests.drawings import jpeg
from tests.people import applied, newest, on_roster, open_edition, sign_in

WHY = "For the printer of the passes"
MIB = 1 << 20


class Watch:
    """The most memory that this process had meanwhile."""

    def __enter__(self):
        self.most, self._ended = 0, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self):
        memory = psutil.Process().memory_info
        while not self._ended.wait(0.05):
            self.most = max(self.most, memory().rss)

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    return app


@pytest.fixture
def desk(site, client):
    sign_in(site, client, "chen@fair.example")
    return client


def taken_out(desk, kind: str, query: str = "?status=all"):
    sent = desk.fill_in(f"/desk/exports{query}", {"format": kind, "reason": WHY}, "/desk/exports")
    assert sent.status_code == 200, sent.text
    return sent


def test_a_table_holds_what_the_filter_lets_through_and_excel_reads_its_letters(site, desk):
    applied(site, email="a@x.example", given_name="样例", outlet_country="BR")
    applied(site, email="b@x.example")
    sent = taken_out(desk, "csv", "?status=all&country=BR")
    assert sent.data.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(io.StringIO(sent.data.decode("utf-8-sig")))
    assert len(rows) == 1
    found = dict(zip(heading, rows[0], strict=True))
    assert (found["Given names"], found["Email"]) == ("样例", "a@x.example")
    assert "applications.csv" in sent.headers["Content-Disposition"]


HOSTILE = ["=HYPERLINK(1)", "+1+1", "-1", "@SUM(A1)", "\t=1", "＝1+1"]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_is_a_formula(site, desk, words):
    applied(site, outlet_name=words)
    cells = next(iter(list(csv.reader(io.StringIO(taken_out(desk, "csv").data.decode("utf-8-sig"))))[1:]))
    assert not any(cell.startswith(exports.BEGINS_A_FORMULA) for cell in cells)
    with zipfile.ZipFile(io.BytesIO(taken_out(desk, "xlsx").data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_photos_are_named_by_reference_and_count_as_opened(site, desk):
    reference = applied(site)
    with site.app_context():
        keeping.take_in(newest(), DocumentKind.PHOTO, jpeg(800, 900), "me.jpg")
    with zipfile.ZipFile(io.BytesIO(taken_out(desk, "photos").data)) as file:
        assert file.namelist() == [f"{reference}.jpg"]
        assert file.read(f"{reference}.jpg").startswith(b"\xff\xd8")
    with site.app_context():
        kinds = list(db.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))
    assert kinds[-2:] == ["exported", "document_opened"]


def test_a_reason_is_asked_and_written_down_with_the_filter(site, desk):
    applied(site)
    for answers in ({"format": "csv"}, {"reason": WHY}, {"format": "exe", "reason": WHY}):
        assert desk.fill_in("/desk/exports", answers, "/desk/exports").status_code == 422
    taken_out(desk, "csv", "?status=all&country=SE")
    with site.app_context():
        line = db.session.scalars(select(AuditEvent).filter_by(kind="exported")).one()
        assert (line.note, line.details["number"], line.details["narrowed"]) == (WHY, 1, {"country": "SE"})


def test_an_empty_list_is_said_in_words(site, desk):
    sent = desk.get("/desk/exports?status=revoked")
    assert sent.status_code == 303
    assert "nothing to export" in desk.get(sent.location).text


def test_fifty_thousand_rows_leave_in_constant_memory(site):
    applied(site)
    with site.app_context():
        columns = [column for column in Application.__table__.columns if column.name != "id"]
        one = db.session.execute(select(*columns)).mappings().one()
        for start in range(0, 50_000, 5_000):
            some = range(start, start + 5_000)
            unique = [{"reference": f"R{n}", "form_number": f"F{n}", "email_key": f"{n}@x.example"} for n in some]
            with transaction() as session:
                session.execute(insert(Application.__table__), [{**one, **each} for each in unique])
        memory = psutil.Process().memory_info
        before, number, most = memory().rss, 0, 0
        for number, _part in enumerate(exports.as_csv(queue.Filter()), start=1):
            most = max(most, memory().rss) if number % 1000 == 0 else most
        before_book, watch = memory().rss, Watch()
        with watch, exports.as_xlsx(queue.Filter()) as book:
            assert book.seek(0, io.SEEK_END) > MIB
    assert number == 50_000 + 3, "the mark, the headings, and the first application"
    assert most - before < 32 * MIB
    assert watch.most - before_book < 48 * MIB, "the strings of a sheet are not gathered"


def test_what_was_searched_for_is_not_written_down_for_it_may_be_a_name(site, desk):
    applied(site)
    taken_out(desk, "csv", "?status=all&q=Lindqvist&assigned=0")
    with site.app_context():
        line = db.session.scalars(select(AuditEvent).filter_by(kind="exported")).one()
        assert line.details["narrowed"] == {"words": True, "assigned_to": 0}
