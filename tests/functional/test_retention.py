"""How long data is kept: each class at its time, a dry run, a report, and once a day by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, text

from cantonsite import clock
from cantonsite.database import db
from cantonsite.models import Application, AuditEvent, Document, OutgoingMail, StaffMember
from cantonsite.models.audit import Actor
from cantonsite.models.document import DocumentKind
from cantonsite.models.invitation import Status
from cantonsite.services import drafts, editions, invitation, past_figures, retention, review, wiping
from cantonsite.services.documents import keeping
from tests.pdfs import pdf
from tests.people import applied, deliver, later, on_roster, open_edition

DAY = 24 * 3600
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    return app


def one(app, fate: Status, reference: str = "") -> int:
    """An application with a document that came to this end today; its id."""
    reference = reference or applied(app)
    with app.app_context():
        application = invitation.whole(reference)
        keeping.take_in(application, DocumentKind.PRESS_CARD, pdf(), "card.pdf")
        chen = db.session.scalars(select(StaffMember)).one()
        words = {"seen": application.version, "actor": chen}
        if fate is Status.WITHDRAWN:
            invitation.withdraw(application, seen=application.version)
        elif fate is Status.DECLINED:
            review.decline(application, note="Rule 2", **words)
        elif fate in retention.INVITED:
            review.approve(application, **words)
        if fate is Status.REVOKED:
            with later(200):
                application = invitation.whole(reference)
                review.revoke(application, seen=application.version, actor=chen, note="Not a journalist")
        return application.id


def left(app, model=Application) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(model.id)))


def purge_after_edition(app, days: int) -> dict[str, int]:
    """What a purge deletes so many days after the last day of the edition."""
    with app.app_context():
        end = editions.get(141).ends_on
        noon = clock.now().replace(hour=4, minute=0) + (end - editions.today()) + timedelta(days=days)
        with time_machine.travel(noon):
            return retention.purge()


@pytest.mark.parametrize(
    ("fate", "days"),
    [(Status.APPROVED, 180), (Status.REVOKED, 180), (Status.DECLINED, 90), (Status.SUBMITTED, 90)],
)
def test_an_application_is_kept_as_long_as_the_table_says(site, fate, days):
    one(site, fate)
    purge_after_edition(site, days)
    assert left(site) == 1
    purge_after_edition(site, days + 1)
    assert left(site) == 0
    assert left(site, OutgoingMail) == 0
    with site.app_context():
        assert past_figures.counts(editions.get(141))["status"] == {fate.value: 1}


@pytest.mark.parametrize(("fate", "days"), [(Status.APPROVED, 30), (Status.REVOKED, 30), (Status.SUBMITTED, 30)])
def test_documents_go_sooner_than_their_application(site, fate, days):
    one(site, fate)
    purge_after_edition(site, days)
    assert left(site, Document) == 1
    purge_after_edition(site, days + 1)
    assert (left(site, Document), left(site)) == (0, 1)


def test_documents_of_a_refusal_go_thirty_days_after_it_and_of_a_withdrawal_at_once(site):
    references = [applied(site, email=f"{name}@nordisk.example") for name in ("declined", "withdrawn")]
    for fate, reference in zip((Status.DECLINED, Status.WITHDRAWN), references, strict=True):
        one(site, fate, reference)
    for days, documents in ((0.01, 1), (29.9, 1), (30.1, 0)):
        with site.app_context(), later(days * DAY):
            retention.purge()
        assert left(site, Document) == documents, days
    assert left(site) == 1  # the withdrawn one went on the thirtieth day too


def test_a_withdrawn_application_goes_thirty_days_after_it_was_withdrawn(site):
    one(site, Status.WITHDRAWN)
    for days, applications in ((29.9, 1), (30.1, 0)):
        with site.app_context(), later(days * DAY):
            assert retention.purge()["withdrawn applications"] == 1 - applications
        assert left(site) == applications


def test_a_draft_goes_fourteen_days_after_its_last_change(site):
    with site.app_context():
        drafts.begin("number", "en", "you", {"email": ["marta@nordisk.example"]}, "marta@nordisk.example")
        for days, number in ((13.9, 0), (14.1, 1)):
            with later(days * DAY):
                assert retention.purge()["drafts"] == number


def test_a_dry_run_reports_and_deletes_nothing(site):
    one(site, Status.WITHDRAWN)
    runner = site.test_cli_runner()
    with later(31 * DAY):
        dry = runner.invoke(args=["retention", "purge", "--dry-run"])
        assert "Would delete 2 rows." in dry.output
        assert left(site) == 1
        done = runner.invoke(args=["retention", "purge"])
    lines = done.output.splitlines()
    assert len(lines) == len(retention.TABLE) + 1
    assert next(line for line in lines if line.startswith("withdrawn applications")).split() == [
        *("withdrawn", "applications", "30", "days", "after", "the", "withdrawal", "1")
    ]
    assert lines[-1] == "Deleted 2 rows."
    assert left(site) == 0


def test_what_is_due_is_deleted_once_a_day_by_the_deliverer(site):
    one(site, Status.WITHDRAWN)
    with site.app_context():
        assert retention.daily()
        assert not retention.daily()
        with later(31 * DAY):
            assert site.test_cli_runner().invoke(args=["mail", "deliver", "--once"]).exit_code == 0
        purged = db.session.scalars(select(AuditEvent).filter_by(kind="purged").order_by(AuditEvent.id)).all()
    assert [(event.actor, event.details) for event in purged] == [
        (Actor.SITE, {"documents of withdrawn": 1}),
        (Actor.SITE, {"withdrawn applications": 1}),
    ]
    assert left(site) == 0


def test_the_purge_of_the_day_waits_for_three_at_night_at_the_fair(site):
    with site.app_context():
        for at, purged in (("18:30", True), ("18:50", False), ("19:01", True), ("23:59", False)):  # UTC
            with time_machine.travel(f"2026-12-01T{at}:00Z"):
                assert retention.daily() is purged, at


def test_mail_that_belongs_to_nothing_goes_after_a_day_and_what_failed_after_a_week(site, client):
    client.fill_in("/en/invitation/status", {"email": "nobody@nordisk.example"}, "/invitation/status")
    client.fill_in("/en/invitation/status", {"email": "broken@nordisk.example"}, "/invitation/status")
    deliver(site)
    with site.app_context():
        db.session.execute(
            OutgoingMail.__table__.update().where(OutgoingMail.recipient.like("broken%")).values(state="failed")
        )
        db.session.commit()
    for days, number in ((0.9, 2), (1.1, 1), (7.1, 0)):
        with site.app_context(), later(days * DAY):
            retention.purge()
        assert left(site, OutgoingMail) == number, days


def test_a_wipe_empties_the_log_of_sqlite_unless_somebody_reads(site):
    applied(site)
    with site.app_context():
        if db.engine.dialect.name != "sqlite":
            assert wiping.wipe(rewrite=True)
            return
        log = Path(site.instance_path, "cantonsite.sqlite3-wal")
        with db.engine.connect() as reader:
            reader.execute(select(func.count(Application.id)))
            applied(site, email="other@nordisk.example")
            assert not wiping.wipe(rewrite=False)
        assert log.stat().st_size > 0
        assert wiping.wipe(rewrite=False)
        assert log.stat().st_size == 0
        assert db.session.execute(text("pragma busy_timeout")).scalar() == 10_000


def test_the_guides_say_the_same_times():
    guide = (DOCS / "running.md").read_text(encoding="utf-8")
    assert [rule.name for rule in retention.TABLE if f"| {rule.name} | {rule.english} |" not in guide] == []
    assert "running.md#how-long-data-is-kept" in (DOCS / "security.md").read_text(encoding="utf-8")


def test_the_privacy_page_says_the_same_times(client):
    page = client.get("/en/privacy").text
    for rule in retention.TABLE:
        assert str(rule.days) in page if rule.days else "within a day" in page
    assert "180 days after the last day of the edition" in page
    assert client.get("/zh/privacy").status_code == 200


def test_two_purges_at_once_count_nobody_twice(site):
    for number in range(6):
        one(site, Status.WITHDRAWN, applied(site, email=f"w{number}@nordisk.example"))

    def purge(_: int) -> None:
        with site.app_context():
            retention.purge()

    with later(31 * DAY), ThreadPoolExecutor(3) as pool:
        list(pool.map(purge, range(3)))
    assert left(site) == 0
    with site.app_context():
        assert past_figures.counts(editions.get(141))["status"] == {"withdrawn": 6}
