"""Nothing of a person remains after a purge or an erasure: planted words are looked for in the bytes that are kept.

What is out of reach, and is not looked at: the mails themselves, once they were handed over (the demonstration's
mailbox is one), backups, and whatever a file system keeps of a file that was written anew.
"""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Application, ApplicationNote, Document
from cantonsite.models.document import DocumentKind
from cantonsite.models.invitation import Missing
from cantonsite.services import drafts, editions, retention, review
from cantonsite.services.documents import keeping
from tests.pdfs import pdf
from tests.people import applied, apply, chen, deliver, later, link_in, mails, on_roster, open_edition, status_link

ADDRESS = "zqlocal@zqhost.example"
PERSON = {
    "given_name": "Zqgiven",
    "family_name": "Zqfamily",
    "native_name": "Zqnative",
    "email": ADDRESS,
    "phone": "+46 70 919 28 37",
    "outlet_name": "The Zqoutlet",
    "outlet_website": "zqoutlet.example",
    "topics": "zqtopics",
    "interviews": "zqinterviews",
    "proof_links": "https://zqproof.example/one",
    "letter_city": "Zqcity",
}
WORDS = (
    *("zqgiven", "zqfamily", "zqnative", "zqlocal", "zqhost", "919 28 37", "zqoutlet", "zqtopics", "zqinterviews"),
    *("zqproof", "zqcity", "zqcard", "zqasked", "zqanswered", "zqnote", "zqdraft"),
)
DAY = 24 * 3600
CROWD = 12  # others, whose rows share pages with the person's


def others(app, first: int) -> None:
    for number in range(first, first + CROWD // 2):
        applied(app, email=f"other.{number}@nordisk.example", topics="ceramics " * (number * 9 % 70))


@pytest.fixture
def lived(app, client, caplog):
    """A whole life of an application among others: begun, sent, asked, answered, looked at, approved, mailed."""
    caplog.set_level(logging.INFO)
    open_edition(app)
    on_roster(app)
    others(app, 0)
    assert apply(client, **PERSON).status_code == 303
    others(app, CROWD // 2)
    with app.app_context():
        drafts.begin("number", "en", "you", {"email": [ADDRESS], "topics": ["zqdraft"]}, ADDRESS)
        document = keeping.take_in(person(), DocumentKind.PRESS_CARD, pdf(), "zqcard.pdf")
        keeping.opened(document.id, chen())
        with transaction() as session:
            note = ApplicationNote(application_id=person().id, staff_id=chen().id, at=clock.now(), text="zqnote")
            session.add(note)
        review.ask(person(), seen=person().version, actor=chen(), missing=[Missing.OTHER], note="zqasked")
    deliver(app, after=200)
    with later(300):
        client.fill_in("/en/invitation/status", {"email": ADDRESS}, "/invitation/status")
        answer = client.fill_in(status_link(app, ADDRESS), {"text": "zqanswered"}, "/answer")
        assert answer.status_code == 303
        data = f"{status_link(app, ADDRESS)}/data"
        assert client.fill_in(data, {"topics": "zqtopics and more"}, "/correct").status_code == 303
        with app.app_context():
            review.approve(person(), seen=person().version, actor=chen(), note="Welcome, Zqgiven")
    deliver(app, after=600)
    assert "Zqgiven" in mails(app, ADDRESS)[0].text
    return app


def person() -> Application:
    return db.session.scalars(select(Application).filter_by(email_key=ADDRESS)).one()


def piece_of_document(app) -> bytes:
    """Some of what is kept of the person's document: sealed, and looked for all the same."""
    with app.app_context():
        sealed = db.session.scalar(select(Document.sealed).where(Document.application_id == person().id))
        return bytes(sealed[40:72])


def found(app, caplog, piece: bytes) -> set[str]:
    """Which of the planted words are still kept: in the files of SQLite, in every column of PostgreSQL, in the log."""
    with app.app_context():
        db.session.remove()
        sqlite = db.engine.dialect.name == "sqlite"
        kept = files(app) if sqlite else columns()
    here = {word for word in WORDS if word.encode() in kept.lower()}
    if (piece if sqlite else piece.hex().encode()) in kept:
        here.add("document")
    return here | {f"log: {word}" for word in WORDS if word in caplog.text.lower()}


def files(app) -> bytes:
    there = sorted(Path(app.instance_path).glob("cantonsite.sqlite3*"))
    assert there
    return b"".join(file.read_bytes() for file in there if not file.name.endswith("-shm"))


def columns() -> bytes:
    tables = db.session.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
    rows = [text(f'select t::text from "{name}" t') for name in tables]
    return "\n".join(value for row in rows for value in db.session.scalars(row)).encode()


def test_nothing_of_a_person_remains_after_the_purge(lived, caplog):
    piece = piece_of_document(lived)
    assert found(lived, caplog, piece) == {*WORDS, "document"}
    with lived.app_context():
        after = editions.get(141).ends_on - editions.today() + timedelta(days=182)
    with lived.app_context(), later(after.total_seconds()):
        report = retention.purge()
    assert report["approved and revoked applications"] == 1
    assert report["undecided applications"] == CROWD
    assert found(lived, caplog, piece) == set()


def test_nothing_of_a_person_remains_after_an_erasure(lived, client, caplog):
    piece = piece_of_document(lived)
    with later(700):
        data = f"{link_in(mails(lived, ADDRESS, 'we have your application')[0], '/status/')}/data"
        with lived.app_context():
            end = person().reference[-7:]
        assert client.fill_in(data, {"reference": end}, "/erase").status_code == 303
    with lived.app_context():
        assert db.session.scalar(select(func.count(Application.id))) == CROWD
    deliver(lived, after=710)
    assert mails(lived, ADDRESS)[0].subject == "Your data is erased"
    with lived.app_context(), later(DAY + 800):
        retention.purge()
    assert found(lived, caplog, piece) == set()
    with lived.app_context():
        assert db.session.scalar(select(func.count(Application.id))) == CROWD
