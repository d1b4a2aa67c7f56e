"""The page behind a reviewer's mailed link: what no robot can do there, and what happens when two decide."""

import re
from itertools import product

import pytest
from sqlalchemy import select

from cantonsite.database import db
from cantonsite.models import Application, AuditEvent, OutgoingMail, StaffMember
from cantonsite.models.audit import Actor
from cantonsite.models.invitation import Missing, Status
from cantonsite.models.staff import Role
from cantonsite.services import delivery, staff
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
    past_edition,
    review_link,
    status_link,
)
from tests.strict import Page

APPROVE = {"decision": "approve", "credentials_checked": "y"}
DECLINE = {"decision": "decline", "note": "Rule 2: an exhibitor runs the outlet"}
ASK = {"decision": "ask", "missing": ["proof", "name"], "note": "As in the passport"}
LIU = "liu@fair.example"


@pytest.fixture
def site(app, client):
    """Marta has applied; Chen and Liu have their mails."""
    open_edition(app)
    on_roster(app)
    on_roster(app, LIU, "Liu Wen")
    applied(app)
    deliver(app)
    return app


def now(app) -> tuple[Status, int]:
    with app.app_context():
        application = db.session.scalars(select(Application).order_by(Application.id)).first()
        return application.status, application.version


def lines(app) -> list[str]:
    """The history, by its kinds."""
    with app.app_context():
        mine = select(AuditEvent.kind).where(AuditEvent.application_id.is_not(None))
        return list(db.session.scalars(mine.order_by(AuditEvent.id)))


def waiting(app) -> list[str]:
    """The kinds of mail that wait."""
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail.kind).where(OutgoingMail.state == "waiting")))


def end_of_reference(app) -> str:
    with app.app_context():
        return db.session.scalar(select(Application.reference))[-7:]


def verb(app, name: str, who: str = LIU, **words) -> None:
    """What somebody does at the desk."""
    with app.app_context():
        application = db.session.scalars(select(Application).order_by(Application.id)).first()
        actor = db.session.scalar(select(StaffMember).filter_by(email=who))
        getattr(decisions, name)(application, seen=application.version, actor=actor, **words)


def inputs(text: str, name: str) -> list[str]:
    """The values of all radios or boxes of this name."""
    found = re.findall(rf'<input type="(?:radio|checkbox)" id="[^"]*" name="{name}" value="([^"]*)"', text)
    return found or re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', text)


def test_reviewer_reads_what_a_decision_needs_and_opening_changes_nothing(site, client):
    path = review_link(site)
    for answer in (client.get(path), client.head(path), client.get(path, headers={"User-Agent": "SafeLinks"})):
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
    text = client.get(path).text
    for words in (
        "Nordisk Handelsblad",
        "Sweden",
        "Reporter",
        "Ceramics and trade",
        "Chen Yulan",
        "Opening this page changes nothing",
        "https://nordisk.example/one",
        "Nobody with this address, name, phone, outlet or document",
    ):
        assert words in text
    assert re.search(r'<a href="https://nordisk.example/one" rel="[^"]*noreferrer', text)
    assert inputs(text, "decision") == ["ask", "approve", "decline"]
    assert inputs(text, "missing") == [each.value for each in Missing]
    values = Page(text).form("/review").values
    assert set(values) == {"csrf_token", "version", "note", "leave_empty"}, "nothing is chosen beforehand"
    assert (now(site), lines(site), waiting(site)) == ((Status.SUBMITTED, 1), ["submitted"], [])


def test_mail_to_a_reviewer_holds_no_identity_data_beyond_name_and_outlet(site):
    mail = mails(site, "chen@fair.example")[0]
    for part in (mail.text, mail.html):
        assert "Marta Elisabet Lindqvist" in part
        assert "Nordisk Handelsblad" in part
        for secret in ("marta@nordisk.example", "555 01 24", "/approve", "/decline"):
            assert secret not in part
    assert mail.recipient == "chen@fair.example"
    assert review_link(site) != review_link(site, LIU)


def test_robot_that_presses_buttons_decides_nothing(site, client):
    path = review_link(site)
    page = client.get(path)
    form = Page(page.text).form("/review")
    radios, boxes = inputs(page.text, "decision"), inputs(page.text, "missing")
    junk = "http://spam.example junk"
    texts = {"note": junk, "leave_empty": junk}
    ticks = {"credentials_checked": "y", "leave_unticked": "y"}
    robots = [
        {},
        {"decision": radios, "missing": boxes, **ticks},
        {"decision": radios, "missing": boxes, **ticks, **texts},
        {**texts},
        *({"decision": radio} for radio in radios),
        *({"decision": radio, "missing": boxes, **ticks} for radio in radios),
        *({"decision": radio, "missing": boxes, "credentials_checked": "y", "note": junk} for radio in radios),
        *({"decision": radio, **texts} for radio in radios),
    ]
    # every radio with the first or the last box of the page, with and without junk in all text fields
    for radio, box, words in product(radios, ({"credentials_checked": "y"}, {"leave_unticked": "y"}), ({}, texts)):
        if (radio, box, words) != ("approve", {"credentials_checked": "y"}, {}):  # the one that a person would choose
            robots.append({"decision": radio, **box, **words})
    for data in robots:
        answer = client.post(path, data={**form.values, **data})
        assert answer.status_code == 422, data
        assert "Set-Cookie" not in answer.headers
        assert Page(answer.text).title.startswith("Error: ")
        bare = client.post(path, data=data)
        assert bare.status_code == 422, "without the page's hidden fields still less"
    assert client.post(path).status_code == 422
    assert client.put(path).status_code == client.delete(path).status_code == 405
    assert (now(site), lines(site), waiting(site)) == ((Status.SUBMITTED, 1), ["submitted"], [])


def test_reviewer_who_contradicts_themselves_reads_how_and_loses_nothing(site, client):
    path = review_link(site)
    page = client.get(path)
    unproved = "Tick that you have looked at the proof, or choose another decision"
    proved = "The proof is ticked as in order, but the decision is not to approve"
    asked = "Something is ticked as missing, but the decision is not to ask"
    cases = [
        ({}, "decision", "Select ask, approve or decline"),
        ({"decision": "approve"}, "credentials_checked", unproved),
        ({**APPROVE, "missing": ["name"]}, "missing", asked),
        ({**DECLINE, "credentials_checked": "y"}, "credentials_checked", proved),
        ({"decision": "decline"}, "note", "Enter the reason for the refusal"),
        ({"decision": "ask"}, "missing", "Select what is missing"),
        ({"decision": "ask", "missing": ["other"]}, "note", "Describe what else is missing"),
        ({**APPROVE, "note": "x" * 2001}, "note", "The reason must be 2000 characters or fewer; it has 2001"),
    ]
    for answers, field, words in cases:
        refused = client.send(page, answers, "/review")
        assert refused.status_code == 422
        assert f'<a href="#{field}">{words}</a>' in refused.text
        assert f'id="{field}"' in refused.text
        assert refused.text.count(words) == 2, "in the summary and beside the field"
        still = Page(refused.text).form("/review").values
        for name, value in answers.items():
            given = value if isinstance(value, list) else [value]
            assert [each.strip() for each in still[name]] == given
    assert client.send(refused, {**DECLINE, "credentials_checked": None}, "/review").status_code == 303


def test_forms_of_elsewhere_are_refused(site, client):
    path, other = review_link(site), review_link(site, LIU)
    page = client.get(path)
    for origin in ("https://evil.example", "null", "http://localhost:81"):
        assert client.send(page, APPROVE, "/review", headers={"Origin": origin}).status_code == 403
    mine = Page(page.text).form("/review").values
    assert client.post(other, data={**mine, **APPROVE}).status_code == 422, "the page of another link"
    assert client.post(path, data={**mine, **APPROVE, "version": "2"}).status_code == 422, "of another version"
    assert client.post(path, data={**mine, **APPROVE, "version": "x" * 5000}).status_code == 422
    with later(8 * 86400):
        old = client.send(page, APPROVE, "/review")
        assert old.status_code == 422
        assert "This page was open for a long time" in old.text
        assert now(site)[0] is Status.SUBMITTED
        assert client.send(old, {}, "/review").status_code == 303, "with all answers kept, one press is enough"
    assert lines(site) == ["submitted", "approved"]


@pytest.mark.parametrize(
    ("answers", "status", "heading", "other_heading"),
    [
        (APPROVE, Status.APPROVED, "You have approved this application", "This application is approved"),
        (DECLINE, Status.DECLINED, "You have declined this application", "This application is declined"),
        (ASK, Status.INFORMATION_NEEDED, "You have asked for information", "Information was asked for"),
    ],
)
def test_second_reviewer_reads_who_decided_what_and_when(site, client, answers, status, heading, other_heading):
    chens, lius = review_link(site), review_link(site, LIU)
    lius_page = client.get(lius)
    assert client.fill_in(chens, answers, "/review").status_code == 303
    late = client.send(lius_page, DECLINE if answers is APPROVE else APPROVE, "/review")
    assert late.status_code == 409
    assert "It is decided already" in late.text
    assert re.search(r"Chen Yulan (approved it|declined it|asked for information), \d+ \w+ \d{4}, \d\d:\d\d", late.text)
    assert "Set-Cookie" not in late.headers
    assert client.send(lius_page, {}, "/review").status_code == 409, "even when nothing was chosen"
    assert now(site) == (status, 2)
    assert len(lines(site)) == 2
    assert len(waiting(site)) == 1
    mine, theirs = client.get(chens), client.get(lius)
    assert heading in mine.text
    assert "/undo" in mine.text
    assert other_heading in theirs.text
    assert "Chen Yulan decided on" in theirs.text
    assert "/undo" not in theirs.text
    assert "Set-Cookie" not in mine.headers
    assert deliver(site, after=130) == 1


def test_reviewer_who_presses_twice_is_not_told_that_somebody_was_faster(site, client):
    page = client.get(review_link(site))
    assert client.send(page, APPROVE, "/review").status_code == 303
    assert client.send(page, APPROVE, "/review").status_code == 303
    assert client.send(page, DECLINE, "/review").status_code == 409, "another decision is another matter"
    assert client.send(page, {**APPROVE, "note": "Welcome"}, "/review").status_code == 409, "and so are other words"
    assert (lines(site), len(waiting(site))) == (["submitted", "approved"], 1)


def test_reviewer_takes_a_decision_back_until_its_mail_leaves(site, client):
    path = review_link(site)
    client.fill_in(path, APPROVE, "/review")
    page = client.get(path)
    assert "Until then you can take the decision back" in page.text
    for typed in ("", "junk", "y"):
        refused = client.send(page, {"reference": typed}, "/undo")
        assert refused.status_code == 422
        assert 'href="#undo-reference"' in refused.text
        assert "Set-Cookie" not in refused.headers
    assert client.post(path + "/undo").status_code == 422
    with later(115):
        done = client.send(refused, {"reference": end_of_reference(site)}, "/undo")
        assert done.status_code == 303
        assert client.send(refused, {"reference": end_of_reference(site)}, "/undo").status_code == 303, "twice is once"
    assert (lines(site), waiting(site)) == (["submitted", "approved", "undone"], [])
    assert deliver(site, after=300) == 0, "nobody outside learns of it"
    with later(300):
        assert "with the press office" in client.get(status_link(site)).text
        shown = client.get(review_link(site, LIU)).text
        assert "Chen Yulan took the decision back" in shown
        assert "Send decision" in shown
        assert client.fill_in(review_link(site, LIU), DECLINE, "/review").status_code == 303
    assert now(site)[0] is Status.DECLINED


def test_decision_cannot_be_taken_back_once_its_mail_may_leave_nor_by_somebody_else(site, client):
    path, lius = review_link(site), review_link(site, LIU)
    lius_old = client.get(lius)
    client.fill_in(path, APPROVE, "/review")
    page = client.get(path)
    undo = {**Page(page.text).form("/undo").values, "reference": end_of_reference(site)}
    assert client.post(lius + "/undo", data=undo).status_code == 409
    theirs = {**Page(lius_old.text).form("/review").values, "reference": end_of_reference(site)}
    assert client.post(lius + "/undo", data=theirs).status_code == 409
    with later(121):
        late = client.send(page, {"reference": end_of_reference(site)}, "/undo")
        assert late.status_code == 409
        assert "The decision can no longer be taken back here" in late.text
        assert "You approved it" in late.text
        shown = client.get(path).text
        assert "/undo" not in shown
        assert "Open it at the desk" in shown
    assert lines(site) == ["submitted", "approved"]
    assert deliver(site, after=130) == 1


def test_decision_cannot_be_taken_back_after_the_deliverer_has_claimed_its_mail(site, client):
    client.fill_in(review_link(site), APPROVE, "/review")
    page = client.get(review_link(site))
    with site.app_context(), later(121):
        assert delivery.claim_one() is not None
    late = client.send(page, {"reference": end_of_reference(site)}, "/undo")  # on a clock that is behind
    assert late.status_code == 409
    assert lines(site) == ["submitted", "approved"]


def test_reopened_application_is_told_by_mail_and_its_links_decide_again(site, client):
    client.fill_in(review_link(site), APPROVE, "/review")
    assert deliver(site, after=130) == 1
    with later(140):
        verb(site, "reopen", note="The outlet was mistaken for another")
    assert deliver(site, after=150) == 1
    mail = mails(site, "marta@nordisk.example")[0]
    assert "no longer counts" in mail.text
    assert "The outlet was mistaken for another" in mail.text
    with later(160):
        assert "Liu Wen opened it again" in client.get(review_link(site)).text
        assert client.fill_in(review_link(site), DECLINE, "/review").status_code == 303
    assert deliver(site, after=300) == 1
    assert lines(site) == ["submitted", "approved", "reopened", "declined"]


def test_reviewer_whose_page_is_older_than_a_reopening_reads_it_and_decides_anew(site, client):
    old = client.get(review_link(site))
    verb(site, "decline", note="Rule 1")
    deliver(site, after=130)
    with later(140):
        verb(site, "reopen")
        told = client.send(old, {**APPROVE, "note": "Welcome to the fair"}, "/review")
        assert told.status_code == 409
        assert "The application has changed since you opened it" in told.text
        assert "Liu Wen declined it" in told.text
        assert "Welcome to the fair" in told.text
        mistaken = client.send(old, {"decision": "approve", "note": "Welcome too"}, "/review")
        assert mistaken.status_code == 409, "the change is told before a mistake in the form is"
        assert "Welcome too" in mistaken.text
        assert now(site)[0] is Status.SUBMITTED
        assert client.send(told, {}, "/review").status_code == 303
    assert now(site)[0] is Status.APPROVED


def test_struck_off_reviewer_and_one_who_became_an_editor_have_dead_links(site, client):
    paths = {who: review_link(site, who) for who in ("chen@fair.example", LIU)}
    pages = {who: client.get(path) for who, path in paths.items()}
    with site.app_context():
        chen, liu = (db.session.scalar(select(StaffMember).filter_by(email=who)) for who in paths)
        staff.strike_off(chen, actor=Actor.COMMAND)
        staff.change(liu, name="Liu Wen", role=Role.EDITOR, language="en", actor=Actor.COMMAND)
    for who, path in paths.items():
        assert client.get(path).status_code == client.head(path).status_code == 410
        refused = client.send(pages[who], APPROVE, "/review")
        assert refused.status_code == 410
        assert "Set-Cookie" not in refused.headers
        assert client.post(path + "/undo").status_code == 410
    assert now(site) == (Status.SUBMITTED, 1)


def test_forged_and_expired_links_open_nothing(site, client):
    path = review_link(site)
    number, signature = path.rsplit("/", 1)[1].split(".")
    status = status_link(site).rsplit("/", 1)[1]
    for each in (
        f"{number}.x",
        f"{int(number) + 1}.{signature}",
        number,
        "x",
        status,
        "%00",
        f"{'1' * 300}.{signature}",
    ):
        assert client.get(f"/review/{each}").status_code == 404, each
        assert client.post(f"/review/{each}", data=APPROVE).status_code == 404
    with later(200 * 86400):
        gone = client.get(path)
        assert gone.status_code == 410
        assert "Set-Cookie" not in gone.headers


def test_reviewer_asks_applicant_answers_reviewer_decides(site, client):
    client.fill_in(review_link(site), ASK, "/review")
    assert deliver(site, after=130) == 1
    mail = mails(site, "marta@nordisk.example")[0]
    assert "As in the passport" in mail.text
    with later(140):
        page = client.get(status_link(site))
        assert client.send(page, {"text": "Marta Elisabet Lindqvist Ek"}, "/answer").status_code == 303
    assert deliver(site, after=150) == 2
    told = mails(site, LIU)[0]
    headers = dict(told.headers)
    first = dict(mails(site, LIU, "awaits your decision")[-1].headers)
    assert headers["References"] == headers["In-Reply-To"] == first["Message-ID"], "one thread"
    with later(160):
        shown = client.get(link_in(told, "/review/")).text
        assert "Marta Elisabet Lindqvist Ek" in shown
        assert client.fill_in(review_link(site, LIU), APPROVE, "/review").status_code == 303
    assert deliver(site, after=300) == 1
    assert lines(site) == ["submitted", "asked", "answered", "approved"]


def test_reviewer_who_joins_later_gets_one_mail_that_lists_what_waits(site, client):
    apply(client, email="he@lingnan.example", given_name="婉清", family_name="何", outlet_name="岭南经济观察")
    apply(client, email="decided@nordisk.example", given_name="Decided")
    deliver(site)
    with site.app_context():
        third = db.session.scalar(select(Application).filter_by(email="decided@nordisk.example"))
        chen = db.session.scalar(select(StaffMember).filter_by(email="chen@fair.example"))
        decisions.decline(third, seen=1, actor=chen, note="Rule 1")
    on_roster(site, "new@fair.example", "Zhao Min", language="zh")
    deliver(site)
    mine = mails(site, "new@fair.example")
    assert len(mine) == 1
    found = [line.removeprefix("http://localhost") for line in mine[0].text.splitlines() if "/review/" in line]
    assert len(found) == 2
    assert "岭南经济观察" in mine[0].text
    assert "Decided" not in mine[0].text
    for path in found:
        assert client.get(path).status_code == 200
    assert 'lang="zh-Hans"' in client.get(found[0]).text, "in the language of the reviewer"
    on_roster(site, "editor@fair.example", "Sun Li", role=Role.EDITOR)
    assert deliver(site) == 0


ERIK = {"given_name": "Erik", "family_name": "Karlsson", "phone": "+46 70 555 09 09"}
JO = {"given_name": "Jo", "family_name": "Far", "phone": "+1 555 0100 22"}


def test_reviewer_sees_earlier_applications_of_the_same_address_or_outlet(app, client):
    past_edition(app)
    open_edition(app)
    open_edition(app, 142)
    on_roster(app)
    apply(client, outlet_name="Another Weekly")
    apply(client, edition="142", email="ek@nordisk.example", outlet_name="  NORDISK  handelsblad ", **ERIK)
    apply(client, edition="142", email="far@away.example", outlet_name="Far Away", **JO)
    with app.app_context():
        first, second, third = db.session.scalars(select(Application.reference).order_by(Application.id))
    deliver(app)
    apply(client, edition="142", email="MARTA@nordisk.example")
    deliver(app, after=20)
    text = client.get(review_link(app)).text
    others = text[text.index('id="earlier"') : text.index('id="your-decision"')]
    assert first in others
    assert second in others
    assert third not in others
    assert others.count("another person") == 1
    assert "Awaiting a decision" in others


def test_reviewer_decides_in_their_own_language(app, client):
    open_edition(app)
    on_roster(app, language="zh")
    applied(app)
    deliver(app)
    path = link_in(mails(app, "chen@fair.example")[0], "/review/")
    assert 'lang="zh-Hans"' in client.get(path).text
    refused = client.fill_in(path, {}, "/review")
    assert refused.status_code == 422
    assert 'lang="zh-Hans"' in refused.text
