"""The pages of editions: dates, phases, figures, events, contacts then, and its news."""

from datetime import UTC, datetime, timedelta

import pytest

from cantonsite import clock
from tests.articles import CLOSING, a_row_of, publish, publish_many
from tests.people import open_edition, past_edition
from tests.press import add_contact, add_event, add_fact


def test_all_editions_are_listed_the_newest_first(app, client):
    past_edition(app)
    open_edition(app)
    page = client.get("/en/editions").text
    assert page.index("/en/editions/141") < page.index("/en/editions/124")
    assert "124th, autumn 2018" in page
    assert "第124届" in client.get("/zh/editions").text


def test_without_an_edition_the_list_says_so(client):
    assert "not fixed yet" in client.get("/en/editions").text


def test_an_edition_says_what_is_known_of_it(app, client):
    past_edition(app)
    add_fact(app, 124, "Overseas buyers", "189,812")
    add_fact(app, 124, "Export turnover", "USD 29.86 billion", source_url="https://fair.example/figures")
    add_contact(app, edition=124, names={"en": "Press office then"}, subjects={"en": "The 124th"})
    add_contact(app, names={"en": "Desk of today"})
    moments = {"starts_at": datetime(2018, 11, 4, 7, tzinfo=UTC), "ends_at": datetime(2018, 11, 4, 8, tzinfo=UTC)}
    add_event(app, edition=124, titles={"en": "Closing press conference"}, **moments)
    publish(app, edition=124)
    page = client.get("/en/editions/124").text
    assert "124th Canton Fair" in page
    assert page.count("Phase ") == 3
    assert page.index("189,812") < page.index("USD 29.86 billion"), "in their order"
    assert "Canton Fair</span>, 4 November 2018" in page
    assert 'href="https://fair.example/figures"' in page
    assert "Press office then" in page
    assert "Desk of today" not in page
    assert "Closing press conference" in page
    assert "4 November 2018, 15:00–16:00" in page
    assert "Doors open" in page


def test_facts_are_shown_in_the_reader_s_language_or_in_english(app, client):
    past_edition(app)
    add_fact(app, 124, "Overseas buyers", "189,812")
    page = client.get("/zh/editions/124").text
    assert '<span lang="en">Overseas buyers</span>' in page


def test_the_news_of_an_edition_come_page_by_page(app, client):
    past_edition(app)
    add_fact(app, 124, "Overseas buyers", "189,812")
    publish_many(app, a_row_of(25, edition=124))
    publish(app, 9001, en={"title": "Of no edition"})
    first, second = client.get("/en/editions/124").text, client.get("/en/editions/124?page=2").text
    assert "Notice number 25<" in first
    assert "Notice number 1<" in second
    assert "189,812" not in second
    assert "Of no edition" not in first + second
    assert client.get("/en/editions/124?page=3").status_code == 404


def test_a_hidden_article_of_an_edition_leaves_no_trace(app, client):
    past_edition(app)
    publish(app, 1001, edition=124, en={"title": "Seen"})
    before = client.get("/en/editions/124")
    publish(app, 1002, edition=124, at=clock.now() + timedelta(hours=1), en={"title": "Unseen"})
    after = client.get("/en/editions/124")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


@pytest.mark.parametrize("path", ["125", "0", "2147483647", "9" * 30, "x", "124/x"])
def test_an_edition_that_is_none_is_answered_404(app, client, path):
    past_edition(app)
    assert client.get(f"/en/editions/{path}").status_code == 404


def test_an_article_leads_to_its_edition(app, client):
    past_edition(app)
    publish(app, edition=124)
    assert 'href="/en/editions/124"' in client.get("/en/news/48315-doors-open").text


def test_related_are_of_the_edition_first_then_of_the_section_and_by_shared_words(app, client):
    past_edition(app)
    publish(app, 1001, edition=124, en={"title": "Ceramics orders rise"})
    publish(app, 1002, edition=124, section="exhibitor-news", en={"title": "Halls close"}, at=CLOSING)
    publish(app, 1003, en={"title": "Robots on show"}, at=CLOSING + timedelta(days=9))
    publish(app, 1004, en={"title": "More orders for ceramics"}, at=CLOSING - timedelta(days=900))
    publish(app, 1005, section="conference-event", en={"title": "Ceramics orders elsewhere"})
    band = client.get("/en/news/1001-ceramics-orders-rise").text.split('aria-labelledby="related"', 1)[1]
    assert band.index("Halls close") < band.index("More orders for ceramics") < band.index("Robots on show")
    assert "Ceramics orders elsewhere" not in band
    assert "Related news" in band


def test_a_hidden_article_is_related_to_nothing(app, client):
    publish(app, 1001, en={"title": "Ceramics orders rise"})
    before = client.get("/en/news/1001-ceramics-orders-rise")
    publish(app, 1002, at=clock.now() + timedelta(hours=1), en={"title": "Ceramics orders fall"})
    publish(app, 1003, at=None, en={"title": "Ceramics orders stay"})
    assert client.get("/en/news/1001-ceramics-orders-rise").data == before.data
