"""The queue: its filter, one file after the other, and one decision on many."""

import re
from collections import Counter

import pytest
from sqlalchemy import func, select

from cantonsite.database import db, transaction
from cantonsite.models import Application, AuditEvent, OutgoingMail, StaffMember
from cantonsite.models.applicant import ProofKind
from cantonsite.models.document import DocumentKind, Verdict
from cantonsite.models.invitation import Missing, Status
from cantonsite.services import blocks, casework, invitation, review
from cantonsite.services.documents import keeping
from tests.pdfs import pdf
from tests.people import applied, chen, deliver, later, mails, newest, on_roster, open_edition, sign_in
from tests.strict import Page

APPROVE = {"credentials_checked": "y", "decision": "approve"}


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    return app


@pytest.fixture
def desk(site, client):
    sign_in(site, client, "chen@fair.example")
    return client


def many(site, number: int, **answers) -> list[str]:
    return [applied(site, email=f"{each}@many.example", **answers) for each in range(number)]


def together(desk, query: str = "", **choice):
    """Choose in the list, and get the page on which they are decided."""
    page = desk.get(f"/desk/applications{query}")
    data = {**Page(page.text).form("/many").values, **choice}
    return desk.post("/desk/applications/many", data=data)


def carried_out(desk, page, **answers):
    sent = desk.send(page, answers, "/many/decide")
    assert sent.status_code == 303, sent.text
    return desk.get(sent.location)


def statuses(site) -> Counter:
    with site.app_context():
        return Counter(db.session.scalars(select(Application.status)))


FILTERS = [
    ("kind=taiwan", {"applicant_kind": "taiwan", "nationality": "TW"}),
    ("country=BR", {"outlet_country": "BR"}),
    ("outlet_kind=television", {"outlet_kind": "television"}),
    ("proof=masthead", {"proof_kind": "masthead"}),
]


@pytest.mark.parametrize(("query", "answers"), FILTERS, ids=[each[0] for each in FILTERS])
def test_the_list_is_narrowed_by_what_an_application_says(site, desk, query, answers):
    applied(site, email="a@b.example")
    reference = applied(site, email="c@d.example", **answers)
    page = desk.get(f"/desk/applications?{query}").text
    assert page.count('name="chosen"') == 1
    assert reference in page
    assert f"status=approved&amp;{query}" in page or f"{query}&amp;status=approved" in page, "a tab keeps the filter"


def test_the_list_is_narrowed_by_waiting_time(site, desk):
    reference = applied(site)
    assert reference not in desk.get("/desk/applications?waits=5").text
    with later(5 * 24 * 3600 + 60):
        sign_in(site, desk, "chen@fair.example")
        assert reference in desk.get("/desk/applications?waits=5").text


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "country=%00", "waits=-1", "assigned=x", "edition=99999999999", "tag=%27"]
)
def test_nonsense_in_an_address_narrows_nothing_and_breaks_nothing(site, desk, query):
    applied(site)
    assert desk.get(f"/desk/applications?{query}").status_code == 200


def test_one_file_after_the_other_within_the_filter(site, desk):
    first, other, last = (
        applied(site, email=f"{n}@x.example", outlet_country=country) for n, country in enumerate(["BR", "SE", "BR"])
    )
    begun = desk.get("/desk/applications/next?country=BR")
    assert begun.location == f"/desk/applications/{first}?status=submitted&country=BR"
    behind = desk.get(f"/desk/applications/next?country=BR&behind={first}")
    assert f"/{last}?" in behind.location
    desk.fill_in(begun.location, APPROVE, "/decide")
    assert f"/{last}?" in desk.get(f"/desk/applications/next?country=BR&behind={first}").location
    desk.fill_in(behind.location, APPROVE, "/decide")
    done = desk.get(f"/desk/applications/next?country=BR&behind={last}")
    assert done.location.startswith("/desk/applications?")
    assert "There is nothing else in this list" in desk.get(done.location).text
    assert other in desk.get("/desk/applications/next").location


def test_a_decision_leads_back_to_the_file_with_its_filter(site, desk):
    reference = applied(site)
    sent = desk.fill_in(f"/desk/applications/{reference}?country=SE", APPROVE, "/decide")
    assert "country=SE" in sent.location
    assert "country=SE" in desk.get(sent.location).text


def test_those_that_are_ticked_are_decided_and_no_others(site, desk):
    many(site, 3)
    with site.app_context():
        first, _second, third = db.session.scalars(select(Application.id).order_by(Application.id)).all()
    page = together(desk, chosen=[str(first), str(third)])
    assert "Decide on 2 applications" in page.text
    done = carried_out(desk, page, **APPROVE)
    assert "2 applications were approved" in done.text
    assert statuses(site) == {Status.APPROVED: 2, Status.SUBMITTED: 1}


def test_nothing_ticked_is_said_in_words(site, desk):
    many(site, 1)
    sent = together(desk)
    assert sent.status_code == 303
    assert "Tick the applications to decide on" in desk.get(sent.location).text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Select ask, approve or decline"),
        ({"decision": "approve"}, "proof"),
        ({"decision": "decline"}, "Enter the reason for the refusal"),
        ({"decision": "ask"}, "missing"),
    ],
)
def test_a_wrong_decision_on_many_changes_nothing_and_keeps_the_choice(site, desk, answers, words):
    many(site, 2)
    refused = desk.send(together(desk, scope="all"), answers, "/many/decide")
    assert refused.status_code == 422
    assert words in refused.text
    assert len(Page(refused.text).form("/decide").values["chosen"]) == 2
    assert statuses(site) == {Status.SUBMITTED: 2}


def test_200_are_decided_and_7_that_cannot_be_are_skipped_with_the_reason(site, desk):
    """Two were decided by somebody else, one withdrew, one was asked, and three want a look of their own."""
    many(site, 200)
    page = together(desk, scope="all")
    assert "Decide on 200 applications" in page.text
    on_roster(site, "li@fair.example", name="Li Na")
    with site.app_context():
        li = db.session.scalars(select(StaffMember).filter_by(email="li@fair.example")).one()
        some = db.session.scalars(select(Application).order_by(Application.id).limit(7)).all()
        approved, declined, withdrew, noted, blocked, unconfirmed, refused = [each.id for each in some]

        def the(number):
            return db.session.get(Application, number)

        review.approve(the(approved), seen=1, actor=li)
        review.decline(the(declined), seen=1, actor=li, note="No.")
        invitation.withdraw(the(withdrew), seen=1)

        review.ask(the(noted), seen=1, actor=chen(), missing=[Missing.PHOTO])
        with transaction() as session:
            session.get_one(Application, unconfirmed).proof_kind = ProofKind.EDITOR
        blocks.add(the(blocked).email, "Sells invitations.", actor=chen())
        document = keeping.take_in(the(refused), DocumentKind.PRESS_CARD, pdf(), "card.pdf")
        casework.judge(document.id, Verdict.REFUSED, "It ran out.", actor=chen())
    done = carried_out(desk, page, **APPROVE)
    assert "193 applications were approved" in done.text
    assert "7 were skipped" in done.text
    assert done.text.count('data-th="Why"') == 7
    for words in (
        "no longer awaited a decision",
        "The editor has not confirmed it",
        "on the block list",
        "A document is not in order",
    ):
        assert words in done.text
    assert statuses(site) == {
        Status.APPROVED: 194,
        Status.DECLINED: 1,
        Status.WITHDRAWN: 1,
        Status.INFORMATION_NEEDED: 1,
        Status.SUBMITTED: 3,
    }
    deliver(site, after=300)
    with site.app_context():
        told = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.kind == "application_approved")
        assert db.session.scalar(told) == 194
    assert len(mails(site, "150@many.example", "invited")) == 1


def test_the_same_choice_sent_twice_decides_once(site, desk):
    many(site, 3)
    page = together(desk, scope="all")
    carried_out(desk, page, **APPROVE)
    again = carried_out(desk, page, **APPROVE)
    assert "3 applications were approved" in again.text, "whoever pressed twice is not told that it was for nothing"
    assert "None was skipped" in again.text
    other = carried_out(desk, page, decision="decline", reasons="rule-3")
    assert "3 were skipped" in other.text
    with site.app_context():
        kinds = Counter(db.session.scalars(select(AuditEvent.kind).where(AuditEvent.application_id.isnot(None))))
        assert kinds["approved"] == 3


def test_an_applicant_who_was_erased_meanwhile_is_skipped(site, desk):
    many(site, 2)
    page = together(desk, scope="all")
    with site.app_context(), transaction() as session:
        session.delete(newest())
    done = carried_out(desk, page, **APPROVE)
    assert "1 application was approved" in done.text
    assert "Erased meanwhile" in done.text


def test_a_refusal_of_many_reaches_each_in_their_language(site, desk):
    applied(site, email="en@many.example")
    applied(site, "zh", email="zh@many.example")
    done = carried_out(desk, together(desk, scope="all"), decision="decline", reasons="rule-3")
    assert "2 applications were declined" in done.text
    deliver(site, after=300)
    assert "does not prove" in mails(site, "en@")[0].text
    assert "does not prove" not in mails(site, "zh@")[0].text


def test_the_outcome_is_shown_to_whoever_decided_only(site, desk):
    many(site, 1)
    sent = desk.send(together(desk, scope="all"), APPROVE, "/many/decide")
    on_roster(site, "li@fair.example", name="Li Na")
    li = site.test_client()
    sign_in(site, li, "li@fair.example")
    assert li.get(sent.location).status_code == 404
    assert desk.get("/desk/applications/many/999999").status_code == 404


@pytest.mark.parametrize("mangled", ["x", "1", "1.x", "٣.١", "999999999999999999999.1"])
def test_a_mangled_choice_is_no_choice(site, desk, mangled):
    many(site, 1)
    page = together(desk, scope="all")
    form = Page(page.text).form("/many/decide")
    sent = desk.post(form.action, data={**form.values, **APPROVE, "chosen": mangled})
    assert sent.status_code in (422, 303)
    assert statuses(site) == {Status.SUBMITTED: 1}


@pytest.mark.parametrize(
    "answers", [{"decision": "decline", "reasons": "rule-3"}, {"decision": "ask", "missing": "photo"}]
)
def test_who_was_asked_before_they_were_chosen_is_neither_refused_nor_asked_once_more(site, desk, answers):
    """A colleague asks one of them between the list and the page on which they are decided together."""
    many(site, 2)
    listed = desk.get("/desk/applications")
    ticked = re.findall(r'name="chosen" value="(\d+)"', listed.text)
    with site.app_context():
        review.ask(newest(), seen=newest().version, actor=chen(), missing=[Missing.PHONE])
    data = {**Page(listed.text).form("/many").values, "chosen": ticked}
    done = carried_out(desk, desk.post("/desk/applications/many", data=data), **answers)
    assert "It no longer awaited a decision" in done.text
    with site.app_context():
        assert newest().status is Status.INFORMATION_NEEDED
        lines = select(func.count()).select_from(AuditEvent).where(AuditEvent.kind == "asked")
        assert db.session.scalar(lines.where(AuditEvent.application_id == newest().id)) == 1


def test_a_document_of_the_crew_that_is_not_in_order_wants_a_look_for_each_of_it(site, desk):
    applied(site, email="lead@many.example")
    with site.app_context():
        lead = newest().id
        document = keeping.take_in(newest(), DocumentKind.PRESS_CARD, pdf(), "card.pdf")
    applied(site, email="other@many.example")
    with site.app_context(), transaction() as session:
        session.get_one(Application, newest().id).lead_id = lead
    with site.app_context():
        casework.judge(document.id, Verdict.REFUSED, "It ran out.", actor=chen())
    done = carried_out(desk, together(desk, scope="all"), **APPROVE)
    assert "0 applications were approved" in done.text
    assert done.text.count("A document is not in order") == 2


@pytest.mark.parametrize("words", ["ÖSTBERG", "östberg", "Ostberg", "婉清", "何"])
def test_a_name_is_found_whatever_its_case_and_marks_and_in_its_own_script(site, desk, words):
    many(site, 2)
    applied(site, email="o@many.example", family_name="Östberg", native_name="何婉清")
    page = desk.get("/desk/applications", query_string={"q": words}).text
    assert page.count('name="chosen"') == 1


@pytest.mark.parametrize(
    "address",
    [
        "/desk/applications?after=0001-01-01T00:00:00%2B14:00~1",
        "/desk/applications?after=9999-12-31T23:59:59-14:00~1",
        "/desk/applications?after=2026-01-01T00:00:00%2B00:00~999999999999999",
        "/desk/applications?q=%00&tag=%00",
        "/desk/applications/next?behind=%00",
        "/desk/applications/%00",
        "/desk/documents/99999999999999999999",
        "/desk/applications/many/99999999999999999999",
        "/desk/editions/99999999999999999999/places",
        "/desk/figures/999999",
    ],
)
def test_no_address_of_the_desk_breaks_it(site, desk, address):
    many(site, 1)
    assert desk.get(address).status_code in (200, 303, 404)
