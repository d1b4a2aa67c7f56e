"""The desk: who may open what, sign-in, the queue, an application, editions, the roster, the outbox."""

import re

import pytest

from cantonsite import clock
from cantonsite.database import db
from cantonsite.models.staff import Role
from cantonsite.services import outbox, staff
from tests.people import (
    applied,
    apply,
    deliver,
    later,
    link_in,
    mails,
    on_roster,
    open_edition,
    reach,
    review_link,
    sign_in,
)

REVIEWER, EDITOR, ADMINISTRATOR, STRANGER = "reviewer", "editor", "administrator", "stranger"
BOTH = {REVIEWER, ADMINISTRATOR}
EDITORS = {EDITOR, ADMINISTRATOR}
ALL = {REVIEWER, EDITOR, ADMINISTRATOR}

ARTICLE = "/desk/articles/<int(max=999999999):number>"

# Every route of the desk, and whom it is open to. Whoever is not signed in is sent to the sign-in.
TABLE = {
    ("GET", "/desk"): ALL,
    ("GET", "/desk/applications"): BOTH,
    ("GET", "/desk/applications/<reference>"): BOTH,
    ("POST", "/desk/applications/<reference>/decide"): BOTH,
    ("POST", "/desk/applications/<reference>/act"): BOTH,
    ("POST", "/desk/applications/<reference>/note"): BOTH,
    ("POST", "/desk/applications/<reference>/marks"): BOTH,
    ("GET", "/desk/applications/next"): BOTH,
    ("POST", "/desk/applications/many"): BOTH,
    ("POST", "/desk/applications/many/decide"): BOTH,
    ("GET", "/desk/applications/many/<int:number>"): BOTH,
    ("GET", "/desk/documents/<int:document_id>"): BOTH,
    ("POST", "/desk/documents/<int:document_id>/verdict"): BOTH,
    ("GET", "/desk/wordings"): {ADMINISTRATOR},
    ("GET", "/desk/wordings/<anchor>/<code>"): {ADMINISTRATOR},
    ("POST", "/desk/wordings/<anchor>/<code>"): {ADMINISTRATOR},
    ("GET", "/desk/blocks"): {ADMINISTRATOR},
    ("POST", "/desk/blocks"): {ADMINISTRATOR},
    ("POST", "/desk/blocks/<int:block_id>/remove"): {ADMINISTRATOR},
    ("GET", "/desk/my-mail"): BOTH,
    ("GET", "/desk/exports"): BOTH,
    ("POST", "/desk/exports"): BOTH,
    ("GET", "/desk/figures"): BOTH,
    ("GET", "/desk/figures/<int(max=999999):number>"): BOTH,
    ("POST", "/desk/my-mail"): BOTH,
    ("POST", "/desk/sessions/known/<int:browser_id>/forget"): ALL,
    ("GET", "/desk/sessions"): ALL,
    ("POST", "/desk/sessions/<int:session_id>/end"): ALL,
    ("POST", "/desk/sign-out"): ALL,
    ("GET", "/desk/articles"): EDITORS,
    ("GET", "/desk/articles/new"): EDITORS,
    ("POST", "/desk/articles/new"): EDITORS,
    ("GET", ARTICLE): EDITORS,
    ("POST", f"{ARTICLE}/place"): EDITORS,
    ("POST", f"{ARTICLE}/put-back"): EDITORS,
    ("POST", f"{ARTICLE}/bring-back"): EDITORS,
    ("POST", f"{ARTICLE}/texts/<lang_of_text>/confirm"): EDITORS,
    ("POST", f"{ARTICLE}/previews"): EDITORS,
    ("POST", f"{ARTICLE}/previews/<int:link_id>/revoke"): EDITORS,
    ("GET", f"{ARTICLE}/write"): EDITORS,
    ("POST", f"{ARTICLE}/write"): EDITORS,
    ("GET", f"{ARTICLE}/release"): EDITORS,
    ("POST", f"{ARTICLE}/release"): EDITORS,
    ("GET", f"{ARTICLE}/preview/<lang_of_text>"): EDITORS,
    ("GET", f"{ARTICLE}/versions/<lang_of_text>"): EDITORS,
    ("POST", f"{ARTICLE}/versions/<lang_of_text>/<int:version>/restore"): EDITORS,
    ("GET", f"{ARTICLE}/correct"): EDITORS,
    ("POST", f"{ARTICLE}/correct"): EDITORS,
    ("GET", f"{ARTICLE}/withdraw"): EDITORS,
    ("POST", f"{ARTICLE}/withdraw"): EDITORS,
    ("GET", "/desk/editions"): EDITORS,
    ("GET", "/desk/editions/new"): EDITORS,
    ("POST", "/desk/editions/new"): EDITORS,
    ("GET", "/desk/editions/<int:number>"): EDITORS,
    ("POST", "/desk/editions/<int:number>"): EDITORS,
    ("GET", "/desk/editions/<int:number>/places"): BOTH,
    ("POST", "/desk/editions/<int:number>/places"): BOTH,
    ("POST", "/desk/editions/<int:number>/places/<int:limit_id>/remove"): BOTH,
    ("GET", "/desk/alerts"): EDITORS,
    ("POST", "/desk/alerts/<int:bulletin_id>/stop"): EDITORS,
    ("POST", "/desk/alerts/find"): EDITORS,
    ("POST", "/desk/alerts/subscribers/<int:subscriber_id>/delete"): EDITORS,
    ("GET", "/desk/contacts"): EDITORS,
    ("GET", "/desk/contacts/<int:contact_id>"): EDITORS,
    ("POST", "/desk/contacts/<int:contact_id>"): EDITORS,
    ("POST", "/desk/contacts/<int:contact_id>/move"): EDITORS,
    ("POST", "/desk/contacts/<int:contact_id>/remove"): EDITORS,
    ("GET", "/desk/contacts/new"): EDITORS,
    ("POST", "/desk/contacts/new"): EDITORS,
    ("GET", "/desk/editions/<int:number>/facts"): EDITORS,
    ("GET", "/desk/editions/<int:number>/facts/<int:fact_id>"): EDITORS,
    ("POST", "/desk/editions/<int:number>/facts/<int:fact_id>"): EDITORS,
    ("POST", "/desk/editions/<int:number>/facts/<int:fact_id>/move"): EDITORS,
    ("POST", "/desk/editions/<int:number>/facts/<int:fact_id>/remove"): EDITORS,
    ("GET", "/desk/editions/<int:number>/facts/new"): EDITORS,
    ("POST", "/desk/editions/<int:number>/facts/new"): EDITORS,
    ("GET", "/desk/events"): EDITORS,
    ("GET", "/desk/events/<int:event_id>"): EDITORS,
    ("POST", "/desk/events/<int:event_id>"): EDITORS,
    ("POST", "/desk/events/<int:event_id>/remove"): EDITORS,
    ("GET", "/desk/events/new"): EDITORS,
    ("POST", "/desk/events/new"): EDITORS,
    ("GET", "/desk/pictures"): EDITORS,
    ("GET", "/desk/pictures/new"): EDITORS,
    ("POST", "/desk/pictures/new"): EDITORS,
    ("GET", "/desk/pictures/<int:picture_id>"): EDITORS,
    ("POST", "/desk/pictures/<int:picture_id>"): EDITORS,
    ("POST", "/desk/pictures/<int:picture_id>/delete"): EDITORS,
    ("GET", "/desk/media/<name>"): EDITORS,
    ("GET", f"{ARTICLE}/pictures"): EDITORS,
    ("POST", f"{ARTICLE}/pictures/place"): EDITORS,
    ("POST", f"{ARTICLE}/kit-files"): EDITORS,
    ("POST", f"{ARTICLE}/kit-files/<int:file_id>/remove"): EDITORS,
    ("GET", "/desk/editions/<int:number>/kit"): EDITORS,
    ("POST", "/desk/editions/<int:number>/kit"): EDITORS,
    ("POST", "/desk/editions/<int:number>/kit/<int:file_id>/remove"): EDITORS,
    ("GET", "/desk/staff"): {ADMINISTRATOR},
    ("GET", "/desk/staff/new"): {ADMINISTRATOR},
    ("POST", "/desk/staff/new"): {ADMINISTRATOR},
    ("GET", "/desk/staff/<int:member_id>"): {ADMINISTRATOR},
    ("POST", "/desk/staff/<int:member_id>"): {ADMINISTRATOR},
    ("POST", "/desk/staff/<int:member_id>/strike-off"): {ADMINISTRATOR},
    ("GET", "/desk/mail"): BOTH,
    ("POST", "/desk/mail/<int:mail_id>/send-again"): {ADMINISTRATOR},
}
OPEN_TO_ALL = {"/desk/sign-in", "/desk/sign-in/sent", "/desk/sign-in/<token>"}


@pytest.fixture
def site(app):
    open_edition(app)
    for role in Role:
        on_roster(app, f"{role.value}@fair.example", name=f"The {role.value}", role=role)
    return app


@pytest.fixture
def desk(site):
    """A signed-in browser for a role."""

    def signed_in(role):
        browser = site.test_client()
        sign_in(site, browser, f"{role}@fair.example")
        return browser

    return signed_in


def reference_of(page) -> str:
    return re.search(r"CF\d+-[A-Z2-9]{4}-[A-Z2-9]{2}", page.text)[0]


def checks_itself(app, rule: str) -> bool:
    """Whether the form behind an address looks at its token itself, and comes back with what was typed."""
    endpoint = next(each.endpoint for each in app.url_map.iter_rules() if each.rule == rule and "POST" in each.methods)
    return app.view_functions[endpoint].form_checks


def address(rule: str, reference: str) -> str:
    found = rule.replace("<reference>", reference).replace("<int:number>", "141")
    return re.sub(r"<int[^>]*>", "1", found)


def test_every_route_of_the_desk_is_in_the_table(app):
    known = {rule for _, rule in TABLE} | OPEN_TO_ALL
    there = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk")}
    assert there == known
    methods = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/desk") and rule.rule not in OPEN_TO_ALL
    }
    assert methods == set(TABLE)


@pytest.mark.parametrize("role", [STRANGER, REVIEWER, EDITOR, ADMINISTRATOR])
def test_each_role_opens_what_the_table_says_and_nothing_else(site, desk, role):
    received = site.test_client()
    reference = reference_of(received.get(apply(received).location))
    browser = site.test_client() if role == STRANGER else desk(role)
    for (method, rule), roles in TABLE.items():
        if rule == "/desk/sign-out":
            continue
        answer = browser.open(address(rule, reference), method=method)
        if role == STRANGER:
            assert (answer.status_code, answer.location) == (303, "/desk/sign-in"), rule
        elif role not in roles:
            assert answer.status_code == 403, f"{role} {method} {rule}: {answer.status_code}"
        elif method == "POST":
            refused = {404, 422} if checks_itself(site, rule) else {400}
            assert answer.status_code in refused, f"{rule}: a POST without the token must be refused"
        else:
            assert answer.status_code in (200, 303, 404), f"{role} {method} {rule}: {answer.status_code}"


def test_a_reviewer_signs_in_by_the_mailed_link_once(site, client):
    client.fill_in("/desk/sign-in", {"email": "reviewer@fair.example"}, "/desk/sign-in")
    deliver(site)
    path = link_in(mails(site, "reviewer@", "link to the desk")[0], "/desk/sign-in/")
    page = client.get(path)
    assert client.send(page, {}, "/desk/sign-in/").location == "/desk"
    assert client.get("/desk/applications").status_code == 200
    assert client.get(path).status_code == 410, "used"


def test_the_link_signs_nobody_in_elsewhere_but_shows_a_code(site, client):
    client.fill_in("/desk/sign-in", {"email": "reviewer@fair.example"}, "/desk/sign-in")
    deliver(site)
    path = link_in(mails(site, "reviewer@", "link to the desk")[0], "/desk/sign-in/")
    phone = site.test_client()
    page = phone.get(path)
    assert "<button" not in page.text.split("<main", 1)[1], "nothing that a scanner could press"
    assert "Set-Cookie" not in page.headers
    phone.post(path, data={})
    assert phone.get("/desk/applications").status_code == 303
    code = re.search(r"\b[2-9A-HJ-NP-Z]{6}\b", re.sub(r"<[^>]+>", " ", page.text.split("<main", 1)[1]))[0]
    wrong = client.fill_in("/desk/sign-in/sent", {"code": "AAAAAA"}, "/sent")
    assert wrong.status_code == 422
    assert phone.fill_in("/desk/sign-in/sent", {"code": code}, "/sent").status_code == 422, "not the browser that asked"
    assert client.fill_in("/desk/sign-in/sent", {"code": code.lower()}, "/sent").status_code == 303
    assert client.get("/desk/applications").status_code == 200


def test_a_code_cannot_be_guessed_by_trying(site, client):
    client.fill_in("/desk/sign-in", {"email": "reviewer@fair.example"}, "/desk/sign-in")
    deliver(site)
    path = link_in(mails(site, "reviewer@", "link to the desk")[0], "/desk/sign-in/")
    page = site.test_client().get(path)
    code = re.search(r"\b[2-9A-HJ-NP-Z]{6}\b", re.sub(r"<[^>]+>", " ", page.text.split("<main", 1)[1]))[0]
    for _ in range(5):
        client.fill_in("/desk/sign-in/sent", {"code": "ZZZZZZ"}, "/sent")
    assert client.fill_in("/desk/sign-in/sent", {"code": code}, "/sent").status_code == 422


def test_an_unknown_address_gets_the_same_answer_and_no_mail(site):
    answers = []
    for email in ("reviewer@fair.example", "nobody@elsewhere.example"):
        browser = site.test_client()
        sent = browser.fill_in("/desk/sign-in", {"email": email}, "/desk/sign-in")
        page = re.sub(r'value="[^"]+"', "", browser.get(sent.location).text)
        wrong = browser.fill_in("/desk/sign-in/sent", {"code": "AAAAAA"}, "/sent")
        answers.append(
            (sent.status_code, sent.location, page, wrong.status_code, re.sub(r'value="[^"]+"', "", wrong.text))
        )
    assert answers[0] == answers[1]
    deliver(site)
    assert mails(site, "nobody@elsewhere.example") == []


def test_a_link_dies_after_ten_minutes(site, client):
    client.fill_in("/desk/sign-in", {"email": "reviewer@fair.example"}, "/desk/sign-in")
    deliver(site)
    path = link_in(mails(site, "reviewer@", "link to the desk")[0], "/desk/sign-in/")
    with later(601):
        assert client.get(path).status_code == 410


def test_a_session_ends_after_two_idle_hours_and_after_twelve_at_all(desk):
    browser = desk(REVIEWER)
    with later(2 * 3600 + 60):
        assert browser.get("/desk/applications").status_code == 303
    browser = desk(REVIEWER)
    for hour in range(1, 12):
        with later(hour * 3600):
            assert browser.get("/desk/applications").status_code == 200, f"in use after {hour} hours"
    with later(12 * 3600 + 60):
        assert browser.get("/desk/applications").status_code == 303


def test_a_session_can_be_ended_from_elsewhere(desk):
    phone, computer = desk(REVIEWER), desk(REVIEWER)
    page = computer.get("/desk/sessions")
    ends = re.findall(r'action="(/desk/sessions/\d+/end)"', page.text)
    assert ends
    for end in ends:
        computer.send(page, {}, end)
    assert phone.get("/desk/applications").status_code == 303


def test_signing_out_ends_the_session_on_the_server_too(site, desk):
    browser = desk(REVIEWER)
    cookie = browser.get_cookie("session").value
    browser.send(browser.get("/desk/applications"), {}, "/desk/sign-out")
    browser.set_cookie("session", cookie)
    assert browser.get("/desk/applications").status_code == 303


def test_a_reviewer_finds_and_decides_an_application_at_the_desk(site, desk, client):
    applied(site)
    browser = desk(REVIEWER)
    queue = browser.get("/desk/applications?q=lindqvist")
    reference = reference_of(queue)
    assert "Marta Elisabet Lindqvist" in queue.text
    assert reference not in browser.get("/desk/applications?q=nobody").text
    page = f"/desk/applications/{reference}"
    contradicted = browser.fill_in(page, {"decision": "decline", "credentials_checked": "y", "note": "No"}, "/decide")
    assert contradicted.status_code == 422
    declined = browser.fill_in(page, {"decision": "decline", "note": "The links do not open."}, "/decide")
    assert declined.status_code == 303
    assert "The links do not open." in browser.get(page).text
    assert reference in browser.get("/desk/applications?status=declined").text
    assert reference not in browser.get("/desk/applications").text


def act(browser, reference: str, what: str, **answers):
    page = browser.get(f"/desk/applications/{reference}")
    tokens = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    data = {"csrf_token": tokens[-1], "version": version[1] if version else "9", "act": what, **answers}
    return browser.post(f"/desk/applications/{reference}/act", data=data)


def test_a_decision_is_undone_reopened_and_an_invitation_revoked(site, desk, client):
    reference = reference_of(client.get(apply(client).location))
    browser = desk(REVIEWER)
    page = f"/desk/applications/{reference}"
    approve = {"decision": "approve", "credentials_checked": "y"}
    browser.fill_in(page, approve, "/decide")
    assert act(browser, reference, "undo").status_code == 303
    deliver(site, after=200)
    assert mails(site, "marta@", "you are invited") == [], "undone before its mail left"
    browser.fill_in(page, approve, "/decide")
    assert deliver(site, after=200) == 1
    with later(200):
        assert act(browser, reference, "undo").status_code == 409
        assert act(browser, reference, "reopen", note="We looked again.").status_code == 303
        browser.fill_in(page, approve, "/decide")
        assert act(browser, reference, "revoke").status_code == 422, "without a reason"
        assert act(browser, reference, "revoke", note="The outlet does not know this person.").status_code == 303
        assert act(browser, reference, "reopen").status_code == 409, "revoked is final"
    deliver(site, after=900)
    subjects = [mail.subject.split(": ")[1] for mail in reversed(mails(site, "marta@"))]
    assert subjects == [
        "we have your application",
        "you are invited",
        "we are reading your application again",
        "your invitation was taken back",
    ]


def test_the_desk_says_who_was_faster(site, desk, client):
    reference = reference_of(client.get(apply(client).location))
    deliver(site)
    browser = desk(ADMINISTRATOR)
    page = browser.get(f"/desk/applications/{reference}")
    link = review_link(site, "reviewer@fair.example")
    site.test_client().fill_in(link, {"decision": "approve", "credentials_checked": "y"}, link)
    late = browser.send(page, {"decision": "decline", "note": "No."}, "/decide")
    assert late.status_code == 409
    assert "The reviewer" in late.text


def test_the_queue_shows_the_oldest_first_by_pages_that_nothing_can_shift(site, desk):
    for number in range(27):
        with later(number * 5):
            apply(site.test_client(), email=f"a{number:02}@press.example", outlet_name=f"Outlet {number:02}")
    browser = desk(REVIEWER)
    first = browser.get("/desk/applications")
    outlets = re.findall(r"Outlet (\d\d)", first.text)
    assert list(dict.fromkeys(outlets)) == [f"{number:02}" for number in range(25)]
    more = re.search(r'href="([^"]*after=[^"]+)"', first.text)[1].replace("&amp;", "&")
    assert set(re.findall(r"Outlet (\d\d)", browser.get(more).text)) == {"25", "26"}
    assert browser.get("/desk/applications?after=junk").status_code == 200


def test_an_editor_opens_an_edition_for_applications(site, desk, client):
    browser = desk(EDITOR)
    days = {"starts_on": "2098-04-15", "ends_on": "2098-05-05"}
    asked = {"number": "999", **days, "applications_open_on": "2020-01-01", "applications_close_on": "2098-04-01"}
    wrong = browser.fill_in("/desk/editions/new", {**asked, "ends_on": "2098-04-01"}, "/editions/new")
    assert wrong.status_code == 422
    assert "The last day must be after the first day" in wrong.text
    twice = browser.fill_in("/desk/editions/new", {**asked, "number": "141"}, "/editions/new")
    assert "There is an edition with this number already" in twice.text
    assert browser.fill_in("/desk/editions/new", asked, "/editions/new").status_code == 303
    assert "999th" in reach(client, "work").text
    closed = browser.fill_in("/desk/editions/999", {"applications_close_on": "2021-01-01"}, "/editions/999")
    assert closed.status_code == 303
    assert "999th" not in reach(site.test_client(), "work").text


def test_an_administrator_keeps_the_roster_and_stays_on_it(site, desk, client):
    applied(site)
    deliver(site)
    browser = desk(ADMINISTRATOR)
    new = {"email": "li@fair.example", "name": "Li Wen", "role": "reviewer", "language": "zh"}
    assert browser.fill_in("/desk/staff/new", new, "/staff/new").status_code == 303
    assert browser.fill_in("/desk/staff/new", new, "/staff/new").status_code == 422, "twice"
    deliver(site)
    assert len(mails(site, "li@fair.example")) == 1
    with site.app_context():
        ids = {member.email: member.id for member in staff.roster()}
    own = f"/desk/staff/{ids['administrator@fair.example']}"
    assert browser.fill_in(own, {"role": "reviewer"}, own).status_code == 422, "the last administrator"
    browser.fill_in(own, {}, "/strike-off")
    assert browser.get("/desk/staff").status_code == 200, "still there"
    link = link_in(mails(site, "li@fair.example")[0], "/review/")
    assert client.get(link).status_code == 200
    browser.fill_in(f"/desk/staff/{ids['li@fair.example']}", {}, "/strike-off")
    assert client.get(link).status_code == 410


def test_somebody_struck_off_is_signed_out_at_once(site, desk):
    reviewer, administrator = desk(REVIEWER), desk(ADMINISTRATOR)
    with site.app_context():
        ids = {member.email: member.id for member in staff.roster()}
    administrator.fill_in(f"/desk/staff/{ids['reviewer@fair.example']}", {}, "/strike-off")
    assert reviewer.get("/desk/applications").status_code == 303
    again = on_roster(site, "reviewer@fair.example", name="Back again")
    assert again.id == ids["reviewer@fair.example"], "the same person, with the same history"


def test_a_failed_mail_is_seen_at_the_desk_and_sent_again(site, desk, client):
    applied(site)
    from sqlalchemy import update

    from cantonsite.database import transaction
    from cantonsite.models import OutgoingMail
    from cantonsite.models.outbox import MailState

    with site.app_context(), transaction() as session:
        failed = update(OutgoingMail).where(OutgoingMail.recipient == "marta@nordisk.example")
        session.execute(failed.values(state=MailState.FAILED, error="550 no such mailbox", ended_at=clock.now()))
    browser = desk(ADMINISTRATOR)
    page = browser.get("/desk/mail?state=failed")
    assert "550 no such mailbox" in page.text
    assert browser.send(page, {}, "/send-again").status_code == 303
    deliver(site, after=20)
    assert mails(site, "marta@nordisk.example")


def test_the_desk_speaks_the_language_of_the_one_who_is_signed_in(site):
    on_roster(site, "li@fair.example", name="Li Wen", language="zh")
    browser = site.test_client()
    browser.fill_in("/desk/sign-in", {"email": "li@fair.example"}, "/desk/sign-in")
    deliver(site)
    path = link_in(mails(site, "li@fair.example")[0], "/desk/sign-in/")
    browser.fill_in(path, {}, "/desk/sign-in/")
    assert '<html lang="zh-Hans"' in browser.get("/desk/applications").text


def test_tokens_of_sessions_are_kept_as_hashes_only(site, desk):
    browser = desk(REVIEWER)
    assert browser.get("/desk/applications").status_code == 200
    with site.app_context():
        kept = db.session.connection().exec_driver_sql("select token_hash from desk_session").scalars().all()
        assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in kept)


def test_a_decision_pressed_twice_at_the_desk_is_one_decision(app, client):
    open_edition(app)
    on_roster(app)
    reference = applied(app)
    sign_in(app, client, "chen@fair.example")
    opened = client.get(f"/desk/applications/{reference}")
    for _press in range(2):
        sent = client.send(opened, {"decision": "approve", "credentials_checked": "y"}, "/decide")
        assert sent.status_code == 303, "the second press is not told that somebody was faster"
    other = client.send(opened, {"decision": "decline", "note": "No."}, "/decide")
    assert other.status_code == 409


def test_every_kind_of_mail_has_words_at_the_desk(app):
    with app.test_request_context():
        words = app.jinja_env.get_template("desk/_words.html").make_module({})
        assert [name for name in outbox.KINDS if words.mail_kind(name).strip() == name] == []
