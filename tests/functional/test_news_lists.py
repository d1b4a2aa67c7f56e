"""Listings, page by page; what a scheduled article shows (nothing); and how few statements a page needs."""

from datetime import timedelta

import pytest
import time_machine

from cantonsite import clock
from tests.articles import a_row_of, publish, publish_many, statements
from tests.people import past_edition

OLD_PATH = "/html/cantonfair/en/info/2018-11/48315.shtml"


def test_twenty_stand_on_a_page_the_newest_first(app, client):
    publish_many(app, a_row_of(45))
    first, second, third = (client.get(f"/en/news?page={n}").text for n in (1, 2, 3))
    assert first.index("Notice number 45<") < first.index("Notice number 44<") < first.index("Notice number 26<")
    assert "Notice number 25<" not in first
    assert "Notice number 25<" in second
    assert "Notice number 6<" in second
    assert "Notice number 5<" in third
    assert "Notice number 1<" in third
    assert "Page 2 of 3" in second
    assert 'href="/en/news"' in second, "page 1 has the address without a number"
    assert 'href="/en/news?page=3"' in second


@pytest.mark.parametrize("path", ["/en/news", "/en/news/canton-fair-news", "/zh/news"])
@pytest.mark.parametrize("page", ["0", "2", "3", "51", "99999", "1000000", "-1", "abc", "1.0", "", "１", "9" * 5000])
def test_a_page_that_does_not_exist_is_not_found(app, client, path, page):
    publish_many(app, a_row_of(20))
    assert client.get(f"{path}?page={page}").status_code == 404


def test_lists_end_at_page_50(app, client):
    publish_many(app, a_row_of(1025))
    last = client.get("/en/news?page=50")
    assert last.status_code == 200
    assert "Page 50 of 50" in last.text
    assert "page=51" not in last.text
    assert client.get("/en/news?page=51").status_code == 404


def test_stories_of_the_same_moment_keep_their_order(app, client):
    publish_many(app, [{"number": 1001 + n, "en": {"title": f"At once {n}."}} for n in range(25)])
    seen = [client.get(f"/en/news?page={n}").text for n in (1, 2)]
    assert sum(page.count("At once ") for page in seen) == 25
    assert "At once 24." in seen[0]
    assert "At once 0." in seen[1]


def test_the_press_centre_lists_its_notices_and_only_those(app, client):
    publish_many(app, a_row_of(21, section="press-centre"))
    publish(app, 48315, en={"title": "Not a notice"})
    page = client.get("/en/press-centre").text
    assert "Notice number 21<" in page
    assert "Notice number 1<" not in page
    assert "Not a notice" not in page
    assert "Notice number 1<" in client.get("/en/press-centre?page=2").text
    assert client.get("/en/press-centre?page=3").status_code == 404


SURFACES = (
    *("/en/", "/en/news", "/en/news/canton-fair-news", "/en/search?q=embargoed", "/en/search?q=embargoed&sort=newest"),
    *(
        "/zh/search?q=embargoed",
        "/en/feed.xml",
        "/en/news/canton-fair-news/feed.xml",
        "/sitemap.xml",
        "/en/news/1001-before",
    ),
)


def test_a_scheduled_article_is_nowhere_until_its_moment_and_then_everywhere(app, client):
    past_edition(app)
    due = clock.now() + timedelta(hours=1)
    publish(app, 1001, edition=124, en={"title": "Before"})
    publish(app, 48315, edition=124, at=due, old_path=OLD_PATH, en={"title": "Embargoed"}, zh={"title": "Embargoed"})
    own = ("/en/news/48315", "/en/news/48315-embargoed", "/en/news/48315.txt", "/zh/news/48315-embargoed", OLD_PATH)
    with time_machine.travel(due - timedelta(seconds=1), tick=False):
        for path in SURFACES:
            shown = client.get(path).text.replace("“embargoed”", "").replace("q=embargoed", "")
            assert "Embargoed" not in shown, path
            assert "48315" not in shown, path
        for path in own:
            answer = client.get(path)
            assert answer.status_code == 404, path
            assert "Embargoed" not in answer.text, path
    with time_machine.travel(due, tick=False):
        for path in SURFACES:
            assert "48315" in client.get(path).text, path
        assert [client.get(path).status_code for path in own] == [301, 200, 200, 200, 301]


def test_a_translation_is_not_advertised_before_its_article_is_due(app, client):
    due = clock.now() + timedelta(hours=1)
    publish(app, 48315, at=due, zh={"title": "定时"})
    page = client.get("/en/news/48315")
    assert page.status_code == 404
    assert "/zh/news/48315-" not in page.text


def test_an_article_without_a_moment_is_a_draft_and_nowhere(app, client):
    publish(app, 48315, at=None, en={"title": "Draft"})
    assert client.get("/en/news/48315-draft").status_code == 404
    for path in ("/en/", "/en/news", "/en/feed.xml", "/sitemap.xml"):
        assert "Draft" not in client.get(path).text


def counted(app, client, path: str) -> int:
    with statements(app) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


PAGES = ("/en/news/1005-notice-number-5", "/en/news/canton-fair-news", "/en/news", "/en/press-centre", "/en/")


def test_pages_need_as_few_statements_among_2000_articles_as_among_10(app, client):
    past_edition(app)
    publish_many(app, a_row_of(10, edition=124))
    few = {path: counted(app, client, path) for path in PAGES}
    publish_many(app, a_row_of(1990, first=2001, edition=124))
    many = {path: counted(app, client, path) for path in PAGES}
    assert few == many
    assert many["/en/news/1005-notice-number-5"] <= 3
    assert many["/en/news/canton-fair-news"] <= 3
