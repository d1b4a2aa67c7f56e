"""The press centre for readers: contacts, next events, figures, and the two pages of rules."""

from datetime import timedelta

import pytest

from cantonsite import clock
from cantonsite.database import transaction
from cantonsite.models import Article
from cantonsite.models.media import LICENCE_LABELS
from tests.articles import publish, statements
from tests.people import past_edition
from tests.press import add_contact, add_event, add_fact


def name_contact(app, number: int, contact_id: int) -> None:
    with app.app_context(), transaction() as session:
        session.query(Article).filter_by(number=number).one().contact_id = contact_id


def test_without_contacts_the_office_s_own_phone_and_address_stand_there(client):
    page = client.get("/en/press-centre").text
    assert page.count("press@fair.example") >= 3
    assert "Who answers what" in page


@pytest.mark.parametrize(
    ("hours", "language", "shown"),
    [
        ({"en": "Daily, 9:00 to 17:30"}, "en", "Daily, 9:00 to 17:30, Guangzhou time (UTC+8)"),
        ({"en": "Opening time 9 am to 5 pm."}, "en", "Opening time 9 am to 5 pm, Guangzhou time (UTC+8)"),
        ({"zh": "每天9:00至17:30"}, "zh", "每天9:00至17:30，北京时间（UTC+8）"),
        ({"zh": "办公时间：9时至17时"}, "zh", "办公时间：9时至17时，北京时间（UTC+8）"),
        ({"en": "Daily, 9:00 to 17:30"}, "zh", '<span lang="en">Daily, 9:00 to 17:30, Guangzhou time (UTC+8)</span>'),
        ({"en": "9:00 to 17:30, Beijing time"}, "en", "<span>9:00 to 17:30, Beijing time</span>"),
        ({"zh": "北京时间9:00至17:30"}, "zh", "<span>北京时间9:00至17:30</span>"),
        ({"en": "October and November 2018"}, "en", "<span>October and November 2018</span>"),
    ],
)
def test_hours_stand_with_their_zone_in_their_own_language(app, client, hours, language, shown):
    add_contact(app, hours=hours)
    assert shown in client.get(f"/{language}/press-centre").text


def test_contacts_say_subject_languages_phone_mail_and_hours_with_zone(app, client):
    past_edition(app)
    add_contact(app)
    add_contact(app, edition=124, names={"en": "Desk of 2018"})
    page = client.get("/en/press-centre").text
    people = page.split('id="people"', 1)[1].split("</section>", 1)[0]
    for words in ("News desk", "News and interviews", "Chinese, English, French", "news@fair.example", "(UTC+8)"):
        assert words in people
    assert 'href="tel:+862055500199"' in people
    assert "Desk of 2018" not in page
    chinese = client.get("/zh/press-centre").text
    assert "新闻组" in chinese
    assert '<span lang="en">News and interviews</span>' in chinese
    assert "中文，英语，法语" in chinese


def test_it_shows_the_next_three_events_and_the_newest_figures(app, client):
    past_edition(app)
    for hours in (4, 1, 2, 3):
        at = clock.now() + timedelta(hours=hours)
        add_event(app, titles={"en": f"Event {hours}"}, starts_at=at, ends_at=at + timedelta(minutes=30))
    ago = clock.now() - timedelta(hours=2)
    add_event(app, titles={"en": "Event over"}, starts_at=ago, ends_at=ago + timedelta(hours=1))
    add_fact(app, 124, "Overseas buyers", "189,812")
    page = client.get("/en/press-centre").text
    assert page.index("Event 1") < page.index("Event 2") < page.index("Event 3")
    assert "Event 4" not in page
    assert "Event over" not in page
    assert "189,812" in page
    for path in ("calendar", "embargo-policy", "image-licence"):
        assert f'href="/en/press-centre/{path}"' in page


def test_an_article_names_its_contact_on_screen_on_paper_and_in_plain_text(app, client):
    publish(app, zh={"title": "开门"}, en={})
    plain = client.get("/en/news/48315-doors-open").text
    assert "press@fair.example" in plain
    name_contact(app, 48315, add_contact(app))
    page = client.get("/en/news/48315-doors-open").text
    aside = page.split('class="contact"', 1)[1].split("</section>", 1)[0]
    paper = page.split('class="on-paper ends"', 1)[1].split("</div>", 1)[0]
    for part in (aside, paper, client.get("/en/news/48315.txt").text.rsplit("Press contact", 1)[1]):
        assert "News desk" in part
        assert "+86 20 5550 0199" in part
        assert "news@fair.example" in part
        assert "press@fair.example" not in part
    assert "Answers in: Chinese, English, French" in aside
    assert "新闻组" in client.get("/zh/news/48315.txt").text


def test_a_contact_costs_the_article_s_page_no_statement(app, client):
    publish(app)
    with statements(app) as without:
        client.get("/en/news/48315-doors-open")
    name_contact(app, 48315, add_contact(app))
    with statements(app) as with_one:
        client.get("/en/news/48315-doors-open")
    assert len(with_one) == len(without) <= 3


def test_an_article_whose_contact_was_removed_shows_the_office_s_own(app, client):
    from cantonsite.models.audit import Actor
    from cantonsite.services import contacts

    publish(app)
    contact = add_contact(app)
    name_contact(app, 48315, contact)
    with app.app_context():
        contacts.remove(contact, actor=Actor.COMMAND)
    assert "press@fair.example" in client.get("/en/news/48315-doors-open").text


def test_the_embargo_policy_says_when_how_and_what_if(client):
    page = client.get("/en/press-centre/embargo-policy").text
    for words in ("preview link", "Guangzhou time (UTC+8)", "If an embargo is broken", "+86 20 5550 0124"):
        assert words in page


def test_the_image_licence_names_each_kind_of_terms(app, client):
    page = client.get("/en/press-centre/image-licence").text
    with app.test_request_context():
        assert all(str(label) in page for label in LICENCE_LABELS.values())
    assert "https://creativecommons.org/licenses/by/4.0/" in page


def test_these_pages_are_public_and_kept_by_etag(app, client):
    past_edition(app)
    for path in ("calendar", "embargo-policy", "image-licence", "calendar.ics"):
        page = client.get(f"/en/press-centre/{path}")
        assert "public" in page.headers["Cache-Control"]
        assert "Set-Cookie" not in page.headers
        again = client.get(f"/en/press-centre/{path}", headers={"If-None-Match": page.headers["ETag"]})
        assert again.status_code == 304
