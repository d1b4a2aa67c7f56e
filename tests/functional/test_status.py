"""The applicant's own page: what it shows and when, answering, withdrawing, and how to get its link again."""

import pytest
from sqlalchemy import event, func, select

from cantonsite.database import db
from cantonsite.models import Application, AuditEvent, Link, OutgoingMail, StaffMember
from cantonsite.models.invitation import Missing, Status
from cantonsite.models.link import Purpose
from cantonsite.services import links
from cantonsite.services import review as decisions
from tests.people import (
    applied,
    apply,
    deliver,
    later,
    link_in,
    mails,
    on_roster,
    open_edition,
    review_link,
    status_link,
)
from tests.strict import Page


@pytest.fixture
def site(app, client):
    """Marta has applied, two reviewers have their mails."""
    open_edition(app)
    on_roster(app)
    on_roster(app, "liu@fair.example", "Liu Wen")
    applied(app)
    deliver(app)
    return app


def decide(app, verb: str, **words) -> None:
    """Chen decides, by the verb itself."""
    with app.app_context():
        application = db.session.query(Application).one()
        chen = db.session.scalar(select(StaffMember).filter_by(email="chen@fair.example"))
        getattr(decisions, verb)(application, seen=application.version, actor=chen, **words)


def now(app) -> tuple[Status, int]:
    with app.app_context():
        application = db.session.query(Application).one()
        return application.status, application.version


def end_of_reference(app) -> str:
    with app.app_context():
        return db.session.scalar(select(Application.reference))[-7:]


def asked(app, client, note: str = "Who is your editor?"):
    """Chen asks, the mail leaves; the page as the applicant opens it then."""
    decide(app, "ask", missing=[Missing.PROOF, Missing.OTHER], note=note)
    deliver(app, after=130)
    return status_link(app)


def test_applicant_reads_where_it_stands_and_by_when_an_answer_comes(site, client):
    with later(10):
        page = client.get(status_link(site))
    assert "Your application is with the press office" in page.text
    assert "You have our answer by" in page.text
    assert "We received your application" in page.text
    assert "Nordisk Handelsblad" in page.text
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(status_link(site).replace("/en/", "/zh/")).status_code == 200
    assert client.head(status_link(site)).status_code == 200
    assert now(site) == (Status.SUBMITTED, 1)


@pytest.mark.parametrize(
    ("verb", "words", "shows"),
    [
        ("approve", {"note": "Welcome at gate 3"}, "You are invited"),
        ("decline", {"note": "Rule 2: an exhibitor runs it"}, "We cannot invite you this time"),
        ("ask", {"missing": [Missing.NAME], "note": "As in the passport"}, "We need something more from you"),
    ],
)
def test_applicant_reads_a_decision_when_its_mail_may_leave_and_not_before(site, client, verb, words, shows):
    decide(site, verb, **words)
    for seconds, told in ((0, False), (110, False), (125, True)):
        with later(seconds):
            page = client.get(status_link(site)).text
        assert (shows in page) == told, seconds
        assert (words["note"] in page) == told
        assert ("with the press office" in page) != told
    assert deliver(site, after=110) == 0
    assert deliver(site, after=125) == 1
    mail = mails(site, "marta@nordisk.example")[0]
    assert words["note"] in mail.text
    assert link_in(mail, "/status/") == status_link(site)


def test_applicant_reads_that_an_invitation_was_reopened_and_taken_back(site, client):
    decide(site, "approve")
    deliver(site, after=130)
    with later(140):
        decide(site, "reopen", note="A mistake of ours")
        page = client.get(status_link(site)).text
        assert "our earlier answer no longer counts" in page
        assert "with the press office" in page
    assert deliver(site, after=150) == 1
    assert "A mistake of ours" in mails(site, "marta@")[0].text
    with later(160):
        decide(site, "approve")
    deliver(site, after=300)
    with later(310):
        decide(site, "revoke", note="Rule 4: the pass was lent")
        page = client.get(status_link(site)).text
    assert "Your invitation was taken back" in page
    assert "Rule 4: the pass was lent" in page
    assert "/withdraw" not in page


def test_applicant_never_hears_of_a_decision_that_was_reopened_before_its_mail_left(site, client):
    decide(site, "decline", note="Rule 1")
    decide(site, "reopen", note="Too fast")
    assert deliver(site, after=300) == 0
    with later(300):
        page = client.get(status_link(site)).text
    assert "with the press office" in page
    for words in ("Rule 1", "Too fast", "declined", "no longer counts"):
        assert words not in page


def test_applicant_answers_what_was_asked_and_the_reviewers_hear_of_it(site, client):
    path = asked(site, client)
    with later(140):
        page = client.get(path)
        assert "Proof that you are a journalist" in page.text
        assert "Who is your editor?" in page.text
        empty = client.send(page, {"text": " "}, "/answer")
        assert empty.status_code == 422
        assert 'href="#text"' in empty.text
        assert "Enter your answer" in empty.text
        links_wrong = client.send(empty, {"text": "Ingrid Ek", "proof_links": "javascript:alert(1)"}, "/answer")
        assert links_wrong.status_code == 422
        assert "Ingrid Ek" in links_wrong.text
        sound = {"proof_links": "nordisk.example/masthead\nhttps://nordisk.example/one"}
        assert client.send(links_wrong, sound, "/answer").status_code == 303
        after = client.get(path).text
    assert "You answered" in after
    assert "Ingrid Ek" in after
    assert now(site) == (Status.SUBMITTED, 3)
    with site.app_context():
        assert db.session.query(Application).one().proof_links == [
            "https://nordisk.example/one",
            "https://nordisk.example/two",
            "https://nordisk.example/masthead",
        ]
    assert deliver(site, after=150) == 2
    for reviewer in ("chen@fair.example", "liu@fair.example"):
        mail = mails(site, reviewer)[0]
        assert "answered" in mail.text
        assert link_in(mail, "/review/") == review_link(site, reviewer), "the link that they have already"
    with later(150):
        shown = client.get(review_link(site)).text
        assert "Ingrid Ek" in shown
        assert "https://nordisk.example/masthead" in shown


def test_applicant_whose_page_is_older_than_what_happened_keeps_the_text(site, client):
    path = asked(site, client)
    with later(140):
        old = client.get(path)
        assert client.send(old, {"text": "First answer"}, "/answer").status_code == 303
        twice = client.send(old, {"text": "Second thoughts about it"}, "/answer")
        assert twice.status_code == 409
        assert "Second thoughts about it" in twice.text, "to be copied: nothing is asked any more"
        decide(site, "ask", missing=[Missing.DATES])
    with later(300):
        again = client.send(old, {"text": "Third"}, "/answer")
        assert again.status_code == 409
        assert Page(again.text).form("/answer").values["text"][0].strip() == "Third"
        assert client.send(again, {}, "/answer").status_code == 303, "the page that came back can be sent"
    assert now(site) == (Status.SUBMITTED, 5)
    with site.app_context():
        notes = db.session.scalars(select(AuditEvent.note).filter_by(kind="answered")).all()
    assert notes == ["First answer", "Third"]


def test_applicant_withdraws_only_by_typing_the_end_of_the_reference(site, client):
    path = status_link(site)
    page = client.get(path)
    for typed in ("", "junk", "123456", "x" * 5000):
        refused = client.send(page, {"reference": typed, "reason": "I fell ill"}, "/withdraw")
        assert refused.status_code == 422
        assert "Enter the last six characters of the reference" in refused.text
        assert "I fell ill" in refused.text
        assert "<details open>" in refused.text
        assert 'href="#withdraw-reference"' in refused.text
    assert now(site)[0] is Status.SUBMITTED
    done = client.send(refused, {"reference": end_of_reference(site).lower()}, "/withdraw")
    assert done.status_code == 303
    shown = client.get(path).text
    assert "You have withdrawn this application" in shown
    assert "/withdraw" not in shown
    assert deliver(site) == 1
    assert "withdr" in mails(site, "marta@")[0].subject + mails(site, "marta@")[0].text
    assert "The applicant has withdrawn" in client.get(review_link(site)).text
    again = client.send(page, {"reference": end_of_reference(site)}, "/withdraw")
    assert again.status_code == 409
    assert now(site) == (Status.WITHDRAWN, 2)


def test_applicant_who_withdraws_from_an_old_page_is_told_and_confirms_on_the_new_one(site, client):
    old = client.get(status_link(site))
    decide(site, "ask", missing=[Missing.NAME])
    with later(130):
        told = client.send(old, {"reference": end_of_reference(site), "reason": "Illness"}, "/withdraw")
        assert told.status_code == 409
        assert "Your application has changed meanwhile" in told.text
        assert "Illness" in told.text
        assert now(site)[0] is Status.INFORMATION_NEEDED
        assert client.send(told, {"reference": end_of_reference(site)}, "/withdraw").status_code == 303
    assert now(site)[0] is Status.WITHDRAWN


def test_approval_that_had_not_left_never_shows_once_the_applicant_withdrew(site, client):
    decide(site, "approve", note="Welcome")
    page = client.get(status_link(site))
    assert client.send(page, {"reference": end_of_reference(site)}, "/withdraw").status_code == 303
    assert deliver(site, after=300) == 1, "only the word that it is withdrawn"
    with later(300):
        shown = client.get(status_link(site)).text
    assert "Welcome" not in shown
    assert "approved" not in shown


def test_declined_applicant_cannot_withdraw_and_nobody_can_undo_the_end(site, client):
    old = client.get(status_link(site))
    decide(site, "decline", note="Rule 1")
    with later(130):
        assert "/withdraw" not in client.get(status_link(site)).text
        assert client.send(old, {"reference": end_of_reference(site)}, "/withdraw").status_code == 409
    assert now(site)[0] is Status.DECLINED


def test_forged_and_dead_links_open_nothing(site, client):
    path = status_link(site)
    token = path.rsplit("/", 1)[1]
    number, signature = token.split(".")
    review = review_link(site).rsplit("/", 1)[1]
    forged = (
        f"{number}.x",
        f"{int(number) + 1}.{signature}",
        number,
        f"{number}.",
        "x.y",
        f"{number}.{signature}x",
        review,
    )
    for each in (
        *forged,
        "%00",
        f"{'9' * 400}.{signature}",
        f"٣.{signature}",
        f"{number}.%C3%A9",
        f"-{number}.{signature}",
    ):
        for method in (client.get, client.head):
            assert method(f"/en/invitation/status/{each}").status_code == 404, each
        assert client.post(f"/en/invitation/status/{each}/withdraw").status_code == 404
    with later(400 * 86400):
        assert client.get(path).status_code == 410
        assert client.post(path + "/answer").status_code == 410
    with site.app_context():
        links.revoke(Purpose.STATUS, db.session.query(Application).one())
    gone = client.get(path)
    assert gone.status_code == 410
    assert "Set-Cookie" not in gone.headers
    client.fill_in("/en/invitation/status", {"email": "marta@nordisk.example"}, "/status")
    deliver(site)
    fresh = link_in(mails(site, "marta@")[0], "/status/")
    assert fresh != path
    assert client.get(fresh).status_code == 200


def test_applicant_of_one_application_cannot_act_on_another(site, client):
    apply(client, email="he@lingnan.example")
    deliver(site)
    mine = client.get(status_link(site))
    other = status_link(site, "he@lingnan.example")
    data = {**Page(mine.text).form("/withdraw").values, "reference": end_of_reference(site)}
    refused = client.post(other + "/withdraw", data=data)
    assert refused.status_code == 422
    with site.app_context():
        assert set(db.session.scalars(select(Application.status))) == {Status.SUBMITTED}


def test_another_site_cannot_send_the_forms_and_ours_sets_no_cookie(site, client):
    page = client.get(status_link(site))
    answers = {"reference": end_of_reference(site)}
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        assert client.send(page, answers, "/withdraw", headers={"Origin": origin}).status_code == 403
    assert now(site)[0] is Status.SUBMITTED
    refused = client.send(page, {"reference": "x"}, "/withdraw")
    assert "Set-Cookie" not in refused.headers
    done = client.send(page, answers, "/withdraw", headers={"Origin": "http://localhost"})
    assert done.status_code == 303
    assert "Set-Cookie" not in done.headers


def _work_of(app, client, email: str) -> tuple[int, str, list[str], str]:
    """What somebody sees who asks for a link, and what the site did for it."""
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        statements.append(" ".join(statement.split()))

    page = client.get("/en/invitation/status")
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = client.send(page, {"email": email}, "/status")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return answer.status_code, answer.location, statements, client.get(answer.location).text


def test_asking_for_a_new_link_looks_and_costs_the_same_for_every_address(site, client):
    _work_of(site, client, "warm@nordisk.example")
    known = _work_of(site, client, "Marta@nordisk.example")
    unknown = _work_of(site, client, "nobody@nordisk.example")
    assert known == unknown
    assert (known[0], known[1]) == (303, "/en/invitation/status/sent")
    assert any(statement.startswith("INSERT") for statement in known[2])
    assert "marta" not in known[3].lower()
    assert deliver(site) == 1, "a mail leaves only to the address on file"
    mail = mails(site)[0]
    assert mail.recipient == "marta@nordisk.example"
    assert link_in(mail, "/status/") == status_link(site)
    with site.app_context():
        states = db.session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state)).all()
    assert {state.value: number for state, number in states} == {"sent": 4, "skipped": 2}


def test_asking_for_a_link_without_an_address_is_told_in_words(site, client):
    for typed, words in (("", "Enter the email address that you applied with"), ("marta", "such as name@example.org")):
        refused = client.fill_in("/en/invitation/status", {"email": typed}, "/status")
        assert refused.status_code == 422
        assert words in refused.text
        assert 'href="#email"' in refused.text
    assert client.post("/en/invitation/status", data={}).status_code == 422


def test_links_in_mails_outlive_a_change_of_the_key(site, client):
    status, review = status_link(site), review_link(site)
    former = site.config["SECRET_KEY"]
    site.config["SECRET_KEY"] = "a new key for tests, also longer than thirty-two characters"
    assert client.get(status).status_code == client.get(review).status_code == 404
    site.config["SECRET_KEY_FALLBACKS"] = [former]
    assert client.get(status).status_code == client.get(review).status_code == 200
    page = client.get(status)
    assert client.send(page, {"reference": end_of_reference(site)}, "/withdraw").status_code == 303
    with site.app_context():
        assert db.session.query(Link).count() == 3
