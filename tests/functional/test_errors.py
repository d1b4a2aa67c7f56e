"""Error pages: plain words in both languages, the right status, a contact to reach, even when all is broken."""

import re

import pytest
from flask import abort
from sqlalchemy import text

from cantonsite.database import db
from tests.articles import publish, words
from tests.conftest import build

CODES = (400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)


@pytest.fixture
def failing(app, client):
    """A site with one more page, which answers with whatever error is asked for."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/<any(en,zh):lang>/fail/<int:code>", "fail", abort)
    app.add_url_rule("/<any(en,zh):lang>/crash", "crash", lambda: 1 / 0)
    return client


def heading(page: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", page)[1]


def test_every_error_has_a_page_of_its_own_in_both_languages(failing):
    headings = set()
    for code in CODES:
        english, chinese = failing.get(f"/en/fail/{code}"), failing.get(f"/zh/fail/{code}")
        assert english.status_code == chinese.status_code == code
        for page in (english.text, chinese.text):
            said = words(page)
            assert "press@fair.example" in said
            assert "+86 20 5550 0124" in said
            assert str(code) in said
            assert '<meta name="robots" content="noindex">' in page
            headings.add(heading(page))
        assert re.search("[\u4e00-\u9fff]", heading(chinese.text)), f"{code} has no Chinese words"
        assert not re.search("[\u4e00-\u9fff]", heading(english.text))
    assert len(headings) == 2 * len(CODES)


def test_every_error_page_says_what_to_do_next(failing):
    for code in CODES:
        main = failing.get(f"/en/fail/{code}").text.split("<main", 1)[1]
        assert re.search(r'<p class="standfirst">[^<]{20,}</p>', main), code
        assert 'href="/en/"' in main


def test_an_error_without_a_page_of_its_own_has_the_general_one(failing):
    assert failing.get("/en/fail/418").status_code == 418
    assert failing.get("/en/fail/502").status_code == 502


def test_a_page_that_is_not_there_offers_the_search(client):
    page = client.get("/en/news/1-nothing").text
    assert 'role="search"' in page.split("<main", 1)[1]


def test_what_is_nowhere_is_answered_in_the_language_of_its_address(client):
    assert '<html lang="zh-Hans"' in client.get("/zh/nowhere").text
    assert '<html lang="en"' in client.get("/nowhere").text


def test_a_fault_of_ours_is_a_page_without_its_details(failing):
    for language in ("en", "zh"):
        page = failing.get(f"/{language}/crash")
        assert page.status_code == 500
        assert "ZeroDivision" not in page.text
        assert "press@fair.example" in words(page.text)


def test_a_broken_database_still_gives_a_page(app, client):
    publish(app)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE article_text RENAME TO gone"))
    for path in (
        "/en/",
        "/zh/news",
        "/en/news/48315",
        "/en/search?q=doors",
        "/en/feed.xml",
        "/sitemap.xml",
        "/html/a/1.shtml",
    ):
        page = client.get(path)
        assert page.status_code == 500, path
        assert "press@fair.example" in words(page.text)
        assert "article_text" not in page.text
    assert client.get("/en/privacy").status_code == 200
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO article_text"))
    assert client.get("/en/").status_code == 200, "and it recovers by itself"


def test_a_database_that_is_away_still_gives_a_page(tmp_path):
    for url in (
        "postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1",
        f"sqlite:///{tmp_path}/no/such/folder/x",
    ):
        site = build(tmp_path, url)
        site.config["PROPAGATE_EXCEPTIONS"] = False
        client = site.test_client()
        page = client.get("/en/news")
        assert page.status_code in (500, 503)
        assert "press@fair.example" in words(page.text)
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert client.get("/en/privacy").status_code == 200


def test_too_much_at_once_is_413(client):
    answer = client.post("/text-size", data={"size": "larger", "next": "/" + "x" * 3_000_000})
    assert answer.status_code == 413
    assert "That was too much at once" in answer.text
    assert client.post("/text-size", data={f"f{n}": "" for n in range(5000)}).status_code in (413, 422)


def test_a_method_that_is_not_allowed_says_which_are(client):
    answer = client.post("/en/news")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_errors_are_kept_by_nobody_for_long(failing):
    for path in ("/en/fail/500", "/nowhere", "/en/news/1-nothing"):
        assert failing.get(path).headers["Cache-Control"] in ("no-store", "public, no-cache")
