"""The addresses that others rely on: where each leads, in which language, and that none is forgotten."""

from pathlib import Path

import pytest

from tests.articles import publish

WRITTEN_DOWN = Path(__file__).parents[1] / "routes.txt"


def test_the_addresses_of_the_site_are_those_written_down(app):
    """An address that goes away, or a new one, is a decision: change tests/routes.txt with it."""
    here = {f"{','.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule.rule}" for rule in app.url_map.iter_rules()}
    written = set(WRITTEN_DOWN.read_text(encoding="utf-8").splitlines())
    assert sorted(here - written) == [], "not written down"
    assert sorted(written - here) == [], "gone"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("en", "en"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hans-CN", "zh"),
        ("zh-TW", "zh"),
        ("ZH-cn", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("zh;q=0.2,en;q=0.8", "en"),
        ("fr", "en"),
        ("fr,zh;q=0.5", "zh"),
        ("zh;q=0", "en"),
        ("*", "en"),
        ("de;q=0.9,*;q=0.1", "en"),
        (";;;,,q=x", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_way_in_leads_to_the_browser_s_language(client, accepted, language):
    answer = client.get("/", headers={} if accepted is None else {"Accept-Language": accepted})
    assert (answer.status_code, answer.location) == (302, f"/{language}/")
    assert "Accept-Language" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "code", "leads_to"),
    [
        ("/en", 308, "/en/"),
        ("/zh", 308, "/zh/"),
        ("/en/news/", 308, "/en/news"),
        ("/en/news/?page=2", 308, "/en/news?page=2"),
        ("/zh/press-centre/", 308, "/zh/press-centre"),
        ("/en/invitation/", 308, "/en/invitation"),
        ("/en/news/48315-doors-open/", 308, "/en/news/48315-doors-open"),
        ("/en/news/press-centre", 301, "/en/press-centre"),
        ("/zh/news/press-centre", 301, "/zh/press-centre"),
        ("/en/news/48315", 301, "/en/news/48315-doors-open"),
    ],
)
def test_where_addresses_lead(app, client, asked, code, leads_to):
    publish(app)
    answer = client.get(asked)
    assert answer.status_code == code
    assert answer.location.removeprefix("http://localhost") == leads_to


@pytest.mark.parametrize(
    "path",
    [
        *("/fr/", "/fr/news", "/EN/", "/en-GB/", "/english/", "/nowhere", "/en/nowhere", "/en/news/unknown-section"),
        *("/en/news/Canton-Fair-News", "/en/news/unknown/feed.xml", "/en/news/48315x", "/nowhere/", "/en/nowhere/"),
        *("/news", "/.env", "/wp-login.php", "/en/news/feed.xml", "/%00", "/%ff", "/en/%0d%0aX: y", "/" + "a" * 5000),
    ],
)
def test_there_is_nothing_at_other_addresses(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.text or path.startswith("/zh")


def test_a_path_with_two_slashes_leads_nowhere_else(client):
    for path in ("//evil.example", "//evil.example/", "//evil.example//en/", "///evil.example"):
        answer = client.get("/", environ_overrides={"PATH_INFO": path})
        assert (answer.location or "/").removeprefix("http://localhost").startswith("/")
        assert not (answer.location or "/").startswith("//")
        assert answer.status_code in (404, 308)


@pytest.mark.parametrize(
    "query",
    [
        "_external=1&_scheme=javascript",
        "_scheme=x",
        "_method=POST",
        "endpoint=x",
        "_anchor=x",
        "lang=fr",
        "self=1",
        "x=%ff",
    ],
)
def test_no_query_confuses_the_language_switch(client, query):
    for path in ("/en/news", "/en/", "/en/search", "/en/nowhere", "/en/privacy"):
        page = client.get(f"{path}?{query}")
        assert page.status_code in (200, 404)
        assert 'href="javascript' not in page.text
        assert 'hreflang="zh-Hans"' in page.text


def test_the_language_switch_stays_on_the_page(client):
    page = client.get("/en/search?q=halls&in=title&x=1&x=2").text
    assert 'href="/zh/search?q=halls&amp;in=title&amp;x=1&amp;x=2" lang="zh-Hans"' in page
    assert 'href="/zh/press-centre" lang="zh-Hans"' in client.get("/en/press-centre").text


@pytest.mark.parametrize(
    "path", ["/en/", "/zh/news", "/zh/privacy", "/en/accessibility", "/zh/nowhere", "/zh/press-centre"]
)
def test_pages_name_their_language(client, path):
    assert f'<html lang="{"en" if path.startswith("/en") else "zh-Hans"}" dir="ltr">' in client.get(path).text


def test_the_site_is_alive_and_ready(client):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"
