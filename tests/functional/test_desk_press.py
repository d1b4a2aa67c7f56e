"""The press centre at the desk: contacts, press events and facts are added, changed, ordered, removed."""

import re

import pytest

from cantonsite.models import AuditEvent
from cantonsite.models.staff import Role
from cantonsite.services import contacts, editions, events, facts
from tests.people import on_roster, past_edition, sign_in
from tests.press import add_contact, add_event, add_fact

CONTACT = {
    "names-en": "News desk",
    "names-zh": "新闻组",
    "subjects-en": "News and interviews",
    "phone": "+86 20 5550 0199",
    "email": "News@Fair.example",
    "hours-en": "9:00 to 17:30, Guangzhou time (UTC+8)",
    "spoken": ["zh", "fr"],
}
EVENT = {
    "titles-en": "Opening briefing",
    "titles-zh": "开幕新闻发布会",
    "starts_day": "2098-04-14",
    "starts_time": "10:00",
    "ends_day": "2098-04-14",
    "ends_time": "11:30",
    "places-en": "Room 8",
}
FACT = {
    "labels-en": "Overseas buyers",
    "values-en": "189,812",
    "as_of": "2018-11-04",
    "sources-en": "Canton Fair",
    "source_url": "fair.example/figures",
}
FACTS = "/desk/editions/124/facts"
ROOMS = (("/desk/contacts/new", CONTACT), ("/desk/events/new", EVENT), (f"{FACTS}/new", FACT))


@pytest.fixture
def desk(app):
    """A signed-in editor's browser."""
    past_edition(app)
    on_roster(app, "editor@fair.example", name="The editor", role=Role.EDITOR)
    return signed_in(app)


def signed_in(app):
    browser = app.test_client()
    sign_in(app, browser, "editor@fair.example")
    return browser


def kinds(app) -> list[str]:
    with app.app_context():
        from cantonsite.database import db

        return [each.kind for each in db.session.query(AuditEvent).order_by(AuditEvent.id)][-3:]


def test_a_contact_is_added_changed_and_removed(app, desk, client):
    assert desk.fill_in("/desk/contacts/new", CONTACT, "/contacts/new").status_code == 303
    page = client.get("/en/press-centre").text
    assert "news@fair.example" in page.casefold()
    assert "Chinese, French" in page
    with app.app_context():
        (contact,) = contacts.every()
    address = f"/desk/contacts/{contact.id}"
    opened = desk.get(address).text
    assert 'value="新闻组"' in opened
    assert desk.fill_in(address, {"names-en": "Desk for news", "names-zh": ""}, address).status_code == 303
    assert "Desk for news" in client.get("/zh/press-centre").text, "without Chinese words the English ones"
    desk.fill_in(address, {}, "/remove")
    assert "Desk for news" not in client.get("/en/press-centre").text
    assert kinds(app) == ["contact_added", "contact_changed", "contact_removed"]


def move(desk, room: str, record: int, to: str):
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get(room).text)[1]
    return desk.post(f"{room}/{record}/move", data={"csrf_token": token, "to": to})


def test_contacts_are_put_in_order(app, desk, client):
    a, _, c = (add_contact(app, names={"en": f"Desk {name}"}, subjects={}) for name in "ABC")
    assert move(desk, "/desk/contacts", a, "down").status_code == 303
    assert re.findall(r"Desk ([ABC])<", client.get("/en/press-centre").text) == ["B", "A", "C"]
    for _ in range(4):
        move(desk, "/desk/contacts", c, "up")
    assert re.findall(r"Desk ([ABC])<", client.get("/en/press-centre").text) == ["C", "B", "A"]


def test_a_press_event_is_added_cancelled_and_removed(app, desk, client):
    assert "Starts at, Guangzhou time (UTC+8)" in desk.get("/desk/events/new").text
    assert desk.fill_in("/desk/events/new", EVENT, "/events/new").status_code == 303
    page = client.get("/en/press-centre/calendar").text
    assert "14 April 2098, 10:00–11:30" in page
    with app.app_context():
        (event,) = events.every()
    address = f"/desk/events/{event.id}"
    opened = desk.get(address).text
    assert 'value="2098-04-14"' in opened
    assert 'value="10:00"' in opened
    assert desk.fill_in(address, {"is_cancelled": "y"}, address).status_code == 303
    assert "<s>Opening briefing</s>" in client.get("/en/press-centre/calendar").text
    assert re.search(r'<input[^>]*checked[^>]*name="is_cancelled"', desk.get(address).text)
    assert desk.fill_in(address, {"is_cancelled": None}, address).status_code == 303
    assert "<s>" not in client.get("/en/press-centre/calendar").text
    desk.fill_in(address, {}, "/remove")
    assert "Opening briefing" not in client.get("/en/press-centre/calendar").text


def test_a_fact_is_added_changed_ordered_and_removed(app, desk, client):
    assert desk.fill_in(f"{FACTS}/new", FACT, "/facts/new").status_code == 303
    add_fact(app, 124, "Countries", "215")
    page = client.get("/en/editions/124").text
    assert page.index("189,812") < page.index("215")
    assert 'href="https://fair.example/figures"' in page
    with app.app_context():
        first, second = (fact.id for fact in facts.of_edition(editions.get(124)))
    assert move(desk, FACTS, second, "up").status_code == 303
    page = client.get("/en/editions/124").text
    assert page.index("215") < page.index("189,812")
    address = f"{FACTS}/{first}"
    assert desk.fill_in(address, {"values-en": "189,813"}, address).status_code == 303
    assert "189,813" in client.get("/en/editions/124").text
    desk.fill_in(address, {}, "/remove")
    assert "189,813" not in client.get("/en/editions/124").text


def test_the_second_of_two_editors_sees_both_texts_and_loses_neither(app, desk, client):
    other = signed_in(app)
    for address, field, mine, theirs in (
        (f"/desk/contacts/{add_contact(app)}", "names-en", "My desk", "Their desk"),
        (f"/desk/events/{add_event(app)}", "titles-en", "My event", "Their event"),
        (f"{FACTS}/{add_fact(app, 124, 'Buyers', '1')}", "values-en", "My figure", "Their figure"),
    ):
        opened = desk.get(address)
        assert other.fill_in(address, {field: theirs}, address).status_code == 303
        late = desk.send(opened, {field: mine}, address)
        assert late.status_code == 409
        assert theirs in late.text
        assert f'value="{mine}"' in late.text
        assert "Somebody changed this while you were writing" in late.text
        assert desk.send(late, {}, address).status_code == 303, "saved once more, knowing it"
        assert mine in desk.get(address).text


def test_a_record_that_was_removed_meanwhile_is_gone(app, desk):
    address = f"/desk/contacts/{add_contact(app)}"
    opened = desk.get(address)
    signed_in(app).fill_in(address, {}, "/remove")
    assert desk.send(opened, {}, address).status_code == 404


@pytest.mark.parametrize(("room", "answers"), ROOMS)
def test_an_empty_form_says_what_is_missing_at_each_field(desk, room, answers):
    empty = desk.fill_in(room, {name: "" for name in answers if name != "spoken"}, room)
    assert empty.status_code == 422
    links = re.findall(r'<a href="#([\w-]+)">', empty.text.split('id="problem"')[1].split("</ul>")[0])
    assert links
    for link in links:
        assert f'id="{link}"' in empty.text
    first = next(iter(answers))
    assert first in links


WORST = ["长" * 10_000, "x" * 10_000]


@pytest.mark.parametrize(("room", "answers"), ROOMS)
@pytest.mark.parametrize("text", WORST)
def test_too_long_a_text_is_refused_and_kept(desk, room, answers, text):
    texts = [name for name in answers if name.endswith(("-en", "-zh")) or name in ("phone", "email", "source_url")]
    for name in texts:
        answer = desk.fill_in(room, {**answers, name: text}, room)
        assert answer.status_code == 422, name
        assert text in answer.text, name
        assert f'href="#{name}"' in answer.text, name


@pytest.mark.parametrize(("room", "answers"), ROOMS)
def test_invisible_signs_and_nul_are_taken_out(app, desk, client, room, answers):
    dirty = {name: f"\u202e{value}\u0000\u200b" for name, value in answers.items() if name.endswith("-en")}
    assert desk.fill_in(room, {**answers, **dirty}, room).status_code == 303
    with app.app_context():
        kept = [
            *(value for each in contacts.every() for value in each.names.values()),
            *(value for each in events.every() for value in each.titles.values()),
            *(value for each in facts.of_edition(editions.get(124)) for value in each.labels.values()),
        ]
    assert kept
    assert not re.search("[\u0000\u200b\u202e]", "".join(kept))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ends_time": "09:59"}, "The end must be after the start"),
        ({"ends_time": "10:00"}, "The end must be after the start"),
        ({"ends_day": "2098-04-13"}, "The end must be after the start"),
        ({"starts_time": "25:00"}, "Enter the time at which it starts"),
        ({"starts_time": "٣"}, "Enter the time at which it starts"),
        ({"starts_day": "yesterday"}, "Enter the day on which it starts"),
        ({"starts_day": "0001-01-01"}, "Enter a day between 1957 and 2199"),
        ({"ends_day": "9999-12-31"}, "Enter a day between 1957 and 2199"),
        ({"edition_id": "77"}, "Select an edition from the list"),
        ({"edition_id": "1; drop"}, "Select an edition from the list"),
        ({"edition_id": ""}, "Select an edition from the list"),
    ],
)
def test_an_event_that_cannot_be_is_refused_with_its_answers(desk, change, words):
    answer = desk.fill_in("/desk/events/new", {**EVENT, **change}, "/events/new")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Opening briefing"' in answer.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"phone": "", "email": ""}, "Enter a phone number or an email address"),
        ({"phone": "call us"}, "Enter a phone number such as"),
        ({"email": "nobody"}, "Enter an email address such as"),
        ({"spoken": ["zh", "klingon"]}, "Select languages from the list"),
        ({"names-en": "\u200b\u202e"}, "Enter the name in English"),
    ],
)
def test_a_contact_that_cannot_be_asked_is_refused(desk, change, words):
    answer = desk.fill_in("/desk/contacts/new", {**CONTACT, **change}, "/contacts/new")
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.example", "https://", "https://x@y.example/"])
def test_a_fact_s_source_leads_to_the_web_or_nowhere(desk, address):
    answer = desk.fill_in(f"{FACTS}/new", {**FACT, "source_url": address}, "/facts/new")
    assert answer.status_code == 422


@pytest.mark.parametrize(("room", "answers"), ROOMS)
def test_a_stale_token_keeps_what_was_typed(desk, room, answers):
    answer = desk.fill_in(room, {**answers, "csrf_token": "stale"}, room)
    assert answer.status_code == 422
    for value in (value for name, value in answers.items() if name.endswith("-en")):
        assert value in answer.text


def test_fields_that_were_not_sent_at_all_break_nothing(desk):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.get("/desk/contacts/new").text)[1]
    for room, _ in ROOMS:
        assert desk.post(room, data={"csrf_token": token}).status_code == 422
    only = {"csrf_token": token, "names-en": "A", "email": "a@fair.example", "edition_id": "none"}
    assert desk.post("/desk/contacts/new", data=only).status_code == 303


@pytest.mark.parametrize("path", ["/desk/contacts/99", "/desk/events/99", f"{FACTS}/99", "/desk/editions/99/facts"])
def test_what_is_not_there_is_answered_404(desk, path):
    assert desk.get(path).status_code == 404


def test_a_fact_is_changed_at_its_own_edition_only(app, desk):
    from tests.people import open_edition

    open_edition(app)
    fact = add_fact(app, 124, "Buyers", "1")
    assert desk.get(f"/desk/editions/141/facts/{fact}").status_code == 404


def test_words_in_a_language_that_the_site_no_longer_speaks_are_kept(app, desk):
    contact = add_contact(app, names={"en": "News desk", "ar": "مكتب الأخبار"})
    address = f"/desk/contacts/{contact}"
    assert desk.fill_in(address, {"names-en": "Desk for news"}, address).status_code == 303
    with app.app_context():
        assert contacts.get(contact).names == {"en": "Desk for news", "ar": "مكتب الأخبار"}
