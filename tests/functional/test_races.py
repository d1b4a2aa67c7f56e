"""Two reviewers decide differently at the same moment, two hundred times, in real threads: one decision each."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from cantonsite import clock
from cantonsite.database import Changed, db, transaction
from cantonsite.models import Application, AuditEvent, OutgoingMail, StaffMember
from cantonsite.models.applicant import ApplicantKind, ProofKind
from cantonsite.models.audit import Actor
from cantonsite.models.invitation import ApplicantRole, Missing, OutletKind, Status, TransitionNotAllowed
from cantonsite.models.news import Section
from cantonsite.services import (
    asking,
    audit,
    delivery,
    editions,
    invitation,
    many,
    old_site,
    outbox,
    publishing,
    reminders,
    writing,
)
from cantonsite.services import review as decisions
from tests.people import apply, deliver, later, on_roster, open_edition, review_link

RACES = 200
PAGES = Path(__file__).parents[1] / "data" / "old_site"
DAY = 24 * 3600
APPROVE = {"decision": "approve", "credentials_checked": "y"}
DECLINE = {"decision": "decline", "note": "Rule 1"}


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    on_roster(app, "liu@fair.example", "Liu Wen")
    return app


def submitted(app, number: int) -> list[int]:
    """So many applications that await a decision, stored at once; their ids."""
    with app.app_context():
        edition, now = editions.every()[0], clock.now()
        same = {"edition_id": edition.id, "language": "en", "nationality": "SE", "outlet_country": "SE", "phases": [1]}
        same |= {"role": ApplicantRole.REPORTER, "outlet_kind": OutletKind.PRINT, "proof_kind": ProofKind.LINKS}
        same |= {"submitted_at": now, "waiting_since": now, "declared_at": now, "answer_by": now.date()}
        with transaction() as session:
            rows = [
                Application(
                    **same,
                    reference=f"CF141-R{n}",
                    form_number=f"form-{n}",
                    applicant_kind=ApplicantKind.SHORT_TERM,
                    name_key=f"{n} racer",
                    given_name="Racer",
                    family_name=str(n),
                    email=f"r{n}@nordisk.example",
                    email_key=f"r{n}@nordisk.example",
                    outlet_name="Nordisk",
                    outlet_key="nordisk",
                    proof_links=["https://nordisk.example"],
                    status=Status.SUBMITTED,
                )
                for n in range(number)
            ]
            session.add_all(rows)
            session.flush()
            for row in rows:
                audit.record("submitted", actor=audit.Actor.APPLICANT, application=row, shown_from=now)
        return [row.id for row in rows]


def run(app, email: str, verb, ids: list[int], gate: Barrier) -> list[str]:
    """What one reviewer is told, race by race; both start each race together."""
    told = []
    for number in ids:
        with app.app_context():
            actor = db.session.scalar(select(StaffMember).filter_by(email=email))
            application = db.session.get(Application, number)
            seen = application.version
            gate.wait(timeout=30)
            try:
                verb(application, seen=seen, actor=actor, note="Rule 1")
                told.append("done")
            except Changed:
                told.append("changed")
            gate.wait(timeout=30)
    return told


def test_of_two_hundred_races_each_has_one_winner_one_line_of_history_and_one_mail(site):
    ids, gate = submitted(site, RACES), Barrier(2)
    with ThreadPoolExecutor(2) as threads:
        chen = threads.submit(run, site, "chen@fair.example", decisions.approve, ids, gate)
        liu = threads.submit(run, site, "liu@fair.example", decisions.decline, ids, gate)
        outcomes = list(zip(chen.result(), liu.result(), strict=True))
    assert {tuple(sorted(outcome)) for outcome in outcomes} == {("changed", "done")}
    with site.app_context():
        rows = db.session.execute(select(Application.id, Application.status, Application.version)).all()
        decided = {number: status for number, status, version in rows if version == 2}
        lines = db.session.execute(
            select(AuditEvent.application_id, AuditEvent.kind, AuditEvent.actor_name).where(
                AuditEvent.kind != "submitted"
            )
        ).all()
        lines = [line for line in lines if line.application_id]
        mails = db.session.execute(select(OutgoingMail.application_id, OutgoingMail.kind)).all()
    assert len(decided) == len(lines) == len(mails) == RACES
    for number, (chens, _) in zip(ids, outcomes, strict=True):
        assert decided[number] is (Status.APPROVED if chens == "done" else Status.DECLINED)
    assert {(kind, name) for _, kind, name in lines} <= {("approved", "Chen Yulan"), ("declined", "Liu Wen")}
    assert {number: Status(kind) for number, kind, _ in lines} == decided
    assert {number: Status(kind.removeprefix("application_")) for number, kind in mails} == decided


def together(*acts):
    """Do these at the same moment, each in a thread of its own."""
    gate = Barrier(len(acts))

    def act(each):
        gate.wait(timeout=30)
        return each()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result() for future in [threads.submit(act, each) for each in acts]]


def test_two_reviewers_who_press_at_once_get_a_receipt_and_a_conflict(site, client):
    apply(client)
    deliver(site)
    browsers = [(site.test_client(), review_link(site, who)) for who in ("chen@fair.example", "liu@fair.example")]
    pages = [browser.get(path) for browser, path in browsers]
    answers = together(
        lambda: browsers[0][0].send(pages[0], APPROVE, "/review"),
        lambda: browsers[1][0].send(pages[1], DECLINE, "/review"),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (loser,) = [answer for answer in answers if answer.status_code == 409]
    assert "It is decided already" in loser.text
    assert deliver(site, after=130) == 1


def test_withdrawal_and_approval_at_once_leave_one_of_them_standing(site):
    for number in submitted(site, 10):
        outcomes = together(lambda n=number: _try(site, n, _withdraw), lambda n=number: _try(site, n, _approve))
        assert sorted(outcomes) == ["Changed", "done"]
    with site.app_context():
        assert set(db.session.scalars(select(Application.version))) == {2}
        assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 10


def _try(app, number: int, verb) -> str:
    with app.app_context():
        try:
            verb(db.session.get(Application, number))
        except Changed as lost:
            return type(lost).__name__
        return "done"


def _withdraw(application: Application) -> None:
    invitation.withdraw(application, seen=1)


def _approve(application: Application) -> None:
    chen = db.session.scalar(select(StaffMember).filter_by(email="chen@fair.example"))
    decisions.approve(application, seen=1, actor=chen)


def test_undo_and_the_deliverer_at_once_agree_on_whether_the_mail_left(site):
    """The claim and the undo meet in one conditional UPDATE, at the very moment at which the mail may leave."""

    def undo(number: int) -> bool:
        with site.app_context():
            return outbox.cancel(db.session.get(Application, number), decisions.DECISION_MAILS)

    def claim() -> bool:
        with site.app_context():
            return delivery.claim_one() is not None

    for number in submitted(site, 10):
        _try(site, number, _approve)
        with later(121):
            undone, claimed = together(lambda n=number: undo(n), claim)
        assert undone != claimed, "one of them, never both or neither"
        with site.app_context():
            mail = db.session.scalar(select(OutgoingMail).filter_by(application_id=number))
        assert (mail.state, mail.attempts) == (("skipped", 0) if undone else ("waiting", 1))


def test_editors_and_imports_that_begin_articles_at_once_get_a_number_each(app):
    page = old_site.read((PAGES / "opening.txt").read_bytes())

    def begin(title: str) -> int:
        with app.app_context():
            texts = {"en": {"title": title, "body": "One paragraph."}}
            return writing.create(section=Section.PRESS_CENTRE, texts=texts, actor=Actor.COMMAND).number

    def bring_in(title: str) -> int:
        with app.app_context():
            return publishing.import_page(replace(page, title=title), language="en", actor=Actor.COMMAND).number

    numbers = together(*(partial(act, f"Notice {n}") for n in range(4) for act in (begin, bring_in)))
    assert sorted(numbers) == list(range(1001, 1009))


def test_an_answer_and_the_closing_at_once_leave_one_of_them_standing(site):
    for number in submitted(site, 8):
        _try(site, number, _ask)
        with later(16 * DAY):
            said, _closed = together(lambda n=number: _try(site, n, _answer), lambda: _closing(site))
        with site.app_context():
            found = db.session.get(Application, number)
            line = select(AuditEvent.kind).where(AuditEvent.application_id == number).order_by(AuditEvent.id.desc())
            last = db.session.scalar(line.limit(1))
        stands = (Status.SUBMITTED, "answered") if said == "done" else (Status.WITHDRAWN, "closed")
        assert (found.status, last) == stands


def test_two_who_decide_on_overlapping_lists_at_once_decide_each_application_once(site):
    ids = submitted(site, 24)
    lists = {"chen@fair.example": ids[:16], "liu@fair.example": ids[8:]}
    records = together(*(lambda who=who, some=some: _decide_many(site, who, some) for who, some in lists.items()))
    with site.app_context():
        told = [db.session.get(AuditEvent, number).details for number in records]
        lines = select(AuditEvent.application_id).where(AuditEvent.kind.in_(["approved", "declined"]))
        assert sorted(db.session.scalars(lines)) == ids
    assert sorted(number for each in told for number in each["done"]) == ids
    assert len([why for each in told for _number, why in each["skipped"]]) == 8


def _decide_many(app, email: str, numbers: list[int]) -> int:
    with app.app_context():
        actor = db.session.scalar(select(StaffMember).filter_by(email=email))
        name = "approve" if email.startswith("chen") else "decline"
        verb = getattr(decisions, name)

        def carry_out(application: Application, seen: int) -> None:
            me = db.session.scalar(select(StaffMember).filter_by(email=email))
            verb(application, seen=seen, actor=me, note="Rule 1")

        return many.decide(dict.fromkeys(numbers, 1), carry_out, decision=name, actor=actor)


def _ask(application: Application) -> None:
    chen = db.session.scalar(select(StaffMember).filter_by(email="chen@fair.example"))
    decisions.ask(application, seen=1, actor=chen, missing=[Missing.OTHER], note="Who?")


def _answer(application: Application) -> None:
    try:
        asking.answer(application, seen=2, text="It is I.", changes={})
    except TransitionNotAllowed as late:
        raise Changed from late


def _closing(app) -> None:
    with app.app_context():
        reminders.advance()
