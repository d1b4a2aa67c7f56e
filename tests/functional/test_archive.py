"""The archive by year and month: what it counts, what it lists, and what it never tells of."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from cantonsite import clock
from tests.articles import FAIR, a_row_of, publish, publish_many, statements

NOVEMBER = datetime(2018, 11, 4, 16, 30, tzinfo=FAIR)


def test_years_and_months_are_counted_in_each_language(app, client):
    publish(app, 1001, at=NOVEMBER, en={"title": "One"}, zh={"title": "一"})
    publish(app, 1002, at=NOVEMBER - timedelta(days=30), en={"title": "Two"})
    publish(app, 1003, at=NOVEMBER.replace(year=2017), zh={"title": "三"})
    years = client.get("/en/news/archive").text
    assert 'href="/en/news/archive/2018">2018</a></dt><dd>2 articles' in years
    assert "/en/news/archive/2017" not in years
    months = client.get("/en/news/archive/2018").text
    assert 'href="/en/news/archive/2018/11">November 2018</a></dt><dd>1 article' in months
    assert 'href="/en/news/archive/2018/10">October 2018</a>' in months
    month = client.get("/en/news/archive/2018/11").text
    assert ">One</a>" in month
    assert "Two" not in month
    assert "/zh/news/archive/2017" in client.get("/zh/news/archive").text
    assert client.get("/en/news/archive/2017").status_code == 404


def test_a_month_begins_at_midnight_at_the_fair(app, client):
    publish(app, 1001, at=datetime(2018, 10, 31, 15, 59, 59, tzinfo=UTC), en={"title": "Last of October"})
    publish(app, 1002, at=datetime(2018, 10, 31, 16, 0, tzinfo=UTC), en={"title": "First of November"})
    publish(app, 1003, at=datetime(2018, 12, 31, 16, 0, tzinfo=UTC), en={"title": "First of the year"})
    assert "Last of October" in client.get("/en/news/archive/2018/10").text
    assert "First of November" in client.get("/en/news/archive/2018/11").text
    assert client.get("/en/news/archive/2018/12").status_code == 404
    assert "First of the year" in client.get("/en/news/archive/2019/1").text


@pytest.mark.parametrize("hidden", ["scheduled", "draft", "withdrawn"])
def test_a_hidden_article_is_neither_counted_nor_listed(app, client, hidden):
    publish(app, 1001, at=NOVEMBER, en={"title": "Seen"})
    paths = ("/en/news/archive", "/en/news/archive/2018", "/en/news/archive/2018/11")
    before = [client.get(path) for path in paths]
    moment = {"scheduled": clock.now() + timedelta(hours=1), "draft": None, "withdrawn": NOVEMBER}[hidden]
    publish(app, 1002, at=moment, en={"title": "Unseen"})
    if hidden == "withdrawn":
        from cantonsite.database import transaction
        from cantonsite.models import Article

        with app.app_context(), transaction() as session:
            session.query(Article).filter_by(number=1002).one().withdrawn_at = clock.now()
    after = [client.get(path) for path in paths]
    assert [page.data for page in after] == [page.data for page in before]
    assert [page.headers["ETag"] for page in after] == [page.headers["ETag"] for page in before]
    year = (moment or clock.now()).astimezone(FAIR).year
    if hidden == "scheduled":
        assert client.get(f"/en/news/archive/{year}").status_code == 404


def test_a_scheduled_article_is_counted_from_its_moment_on(app, client):
    due = clock.now() + timedelta(hours=1)
    publish(app, 1001, at=due, en={"title": "Due"})
    address = f"/en/news/archive/{due.astimezone(FAIR).year}"
    with time_machine.travel(due - timedelta(seconds=1), tick=False):
        assert client.get(address).status_code == 404
    with time_machine.travel(due, tick=False):
        assert "1 article" in client.get(address).text


def test_a_long_month_is_read_page_by_page_to_its_end(app, client):
    publish_many(app, a_row_of(45))
    first = client.get("/en/news/archive/2018/11").text
    assert "Page 1 of 3" in first
    assert "Notice number 45<" in first
    assert "Notice number 1<" in client.get("/en/news/archive/2018/11?page=3").text
    assert client.get("/en/news/archive/2018/11?page=4").status_code == 404
    assert client.get("/en/news/archive/2018/11?page=0").status_code == 404
    assert client.get("/en/news/archive/2018/11?page=x").status_code == 404


@pytest.mark.parametrize("path", ["1999", "0", "1956", "9999", "2147483647", "2018/0", "2018/13", "2018/2147483647"])
def test_where_nothing_was_published_the_archive_says_so(app, client, path):
    publish(app, at=NOVEMBER)
    answer = client.get(f"/en/news/archive/{path}")
    assert answer.status_code == 404
    assert 'href="/en/news/archive"' in answer.text.split("<main")[1]


@pytest.mark.parametrize("path", ["-1", "2018/x", "2018/1/1", "9" * 40, "2018.5"])
def test_other_addresses_are_none(client, path):
    assert client.get(f"/en/news/archive/{path}").status_code == 404


def test_an_empty_archive_is_a_page(client):
    assert "Nothing has been published" in client.get("/en/news/archive").text


def test_counting_takes_one_statement(app, client):
    publish_many(app, a_row_of(30))
    with statements(app) as seen:
        client.get("/en/news/archive")
    assert len(seen) == 1
    with statements(app) as seen:
        client.get("/en/news/archive/2018/11")
    assert len(seen) == 2


def test_listings_lead_to_the_archive(app, client):
    publish(app)
    for path in ("/en/news", "/en/news/canton-fair-news", "/en/"):
        assert 'href="/en/news/archive"' in client.get(path).text


def test_the_last_page_of_a_listing_says_where_older_ones_are(app, client):
    publish_many(app, a_row_of(1001))
    assert "Older ones are in the archive" in client.get("/en/news?page=50").text
    assert "Older ones are in the archive" not in client.get("/en/news?page=49").text


def test_arabic_counts_what_it_shows(tmp_path, sqlite_template):
    import shutil

    from tests.conftest import build

    shutil.copy(sqlite_template, tmp_path / "cantonsite.sqlite3")
    site = build(tmp_path, LANGUAGES="en zh ar")
    publish(site, 1001, at=NOVEMBER, en={"title": "One"}, zh={"title": "一"})
    publish(site, 1002, at=NOVEMBER, zh={"title": "二"})
    page = site.test_client().get("/ar/news/archive/2018/11").text
    assert ">One</a>" in page
    assert "二" not in page
