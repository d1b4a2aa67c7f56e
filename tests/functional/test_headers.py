"""What every answer carries: security, caching, compression, and links that no Host header can forge."""

import gzip
import re

import pytest

from cantonsite.http.headers import CONTENT_SECURITY_POLICY
from tests.articles import canonical, publish, structured
from tests.conftest import build, migrate
from tests.people import apply, on_roster, open_edition, sign_in

PUBLIC = (
    *("/en/", "/zh/", "/en/news", "/en/news/canton-fair-news", "/en/press-centre", "/en/news/48315-doors-open"),
    *(
        "/en/news/48315.txt",
        "/en/search?q=doors",
        "/en/feed.xml",
        "/sitemap.xml",
        "/robots.txt",
        "/en/privacy",
        "/en/accessibility",
    ),
)
PRIVATE = (
    "/en/invitation/apply",
    "/en/invitation/status",
    "/desk/sign-in",
    "/desk",
    "/healthz",
    "/review/nonsense",
    "/nowhere",
)


@pytest.fixture(autouse=True)
def article(app):
    publish(app)


def test_every_answer_has_the_security_headers(client):
    for path in (*PUBLIC, *PRIVATE, "/", "/en", "/en/news/48315", "/static/nothing.css", "/text-size"):
        for method in ("GET", "HEAD", "POST", "OPTIONS", "DELETE"):
            headers = client.open(path, method=method).headers
            assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "strict-origin"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
            assert "Strict-Transport-Security" not in headers, "this test site is not served over https"
    assert client.get("/static/site.css").headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get("/en/").headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_every_route_answers_with_the_security_headers(app, client):
    values = {
        "lang": "en",
        "_lang": "en",
        "section": "canton-fair-news",
        "number": 48315,
        "slug": "x",
        "filename": "site.css",
        "name": "outlet",
        "_rest": "x",
    }
    seen = 0
    for rule in app.url_map.iter_rules():
        filled = {name: values.get(name, 1 if "int" in rule.rule else "x") for name in rule.arguments}
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, filled, method=next(iter(rule.methods)))
        for method in rule.methods:
            client.open(path, method=method)  # the strict client looks at the headers
            seen += 1
    assert seen > 50


def test_public_pages_may_be_kept_and_are_asked_for_again(client):
    for path in PUBLIC:
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert answer.headers["Vary"] == "Accept-Encoding, Cookie"
        assert "Set-Cookie" not in answer.headers
        assert "X-Robots-Tag" not in answer.headers
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert again.data == b""
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert again.headers["Cache-Control"] == "public, no-cache"
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_private_pages_are_kept_by_nobody(client):
    for path in PRIVATE:
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "ETag" not in answer.headers
        assert "Content-Encoding" not in answer.headers, "a secret beside a reader's own words is not compressed"


def test_the_etag_changes_with_the_page(app, client):
    before = client.get("/en/news").headers["ETag"]
    publish(app, 48316, en={"title": "Another"})
    after = client.get("/en/news", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_public_pages_are_compressed_for_those_who_can_read_it(client):
    for path in PUBLIC:
        plain = client.get(path)
        packed = client.get(path, headers={"Accept-Encoding": "br, gzip;q=0.8"})
        if len(plain.data) < 500:
            assert "Content-Encoding" not in packed.headers
            continue
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        assert packed.headers["ETag"] != plain.headers["ETag"], "two representations"
        asked = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
        assert client.get(path, headers=asked).status_code == 304
        assert client.get(path, headers={**asked, "If-None-Match": plain.headers["ETag"]}).status_code == 200
        for refusing in ("", "identity", "gzip;q=0", "br"):
            assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": refusing}).headers


@pytest.mark.parametrize(
    "path", ["/en/", "/en/news/48315-doors-open", "/en/feed.xml", "/en/news/48315", "/static/site.css"]
)
def test_head_answers_as_get_does_without_a_body(client, path):
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.data == b""
    for name in ("ETag", "Content-Type", "Cache-Control", "Content-Length", "Location"):
        assert head.headers.get(name) == get.headers.get(name), name


def test_other_methods_are_refused_with_a_page_that_says_what_is_allowed(client):
    for path in PUBLIC:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = client.open(path, method=method)
            assert answer.status_code == 405
            assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
            assert answer.headers["Cache-Control"] == "no-store"


def test_public_pages_set_no_cookie_for_those_who_have_one(app, client):
    open_edition(app)
    on_roster(app)
    client.get("/en/invitation/apply")
    apply(client)
    assert client.get_cookie("session")
    sign_in(app, client, "chen@fair.example")
    for path in PUBLIC:
        assert "Set-Cookie" not in client.get(path).headers, path


def test_static_files_have_a_version_and_never_change_under_it(client):
    (href,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/en/").text)
    assert re.fullmatch(r"/static/site\.css\?v=[0-9a-f]{12}", href)
    answer = client.get(href, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Set-Cookie" not in answer.headers
    assert client.get("/static/site.css").headers["Cache-Control"] == "public, no-cache"
    assert client.get(f"{href}x").status_code == 200
    assert client.get("/static/nothing.css?v=1").headers["Cache-Control"] == "public, no-cache"
    again = {"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]}
    assert client.get(href, headers=again).status_code == 304
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "[::1]", "127.0.0.2", "a b", "@"]
)
def test_another_host_gets_a_plain_400(client, host):
    for path in ("/", "/en/", "/en/news/48315", "/nowhere", "/desk"):
        answer = client.get(path, environ_overrides={"HTTP_HOST": host})
        assert answer.status_code == 400
        assert "does not answer for that host" in answer.text
        assert "evil" not in answer.text
        assert "href" not in answer.text


def test_links_come_from_the_settings_even_if_the_host_lies(client):
    for host in ("127.0.0.1", "127.0.0.1:9999", "localhost:1"):
        page = client.get("/en/news/48315-doors-open", headers={"Host": host, "X-Forwarded-Host": "evil.example"})
        assert page.status_code == 200
        assert canonical(page.text) == "http://localhost/en/news/48315-doors-open"
        assert structured(page.text)["NewsArticle"]["url"] == canonical(page.text)
        for path in ("/en/news/48315-doors-open", "/en/news/48315.txt", "/en/feed.xml", "/sitemap.xml", "/robots.txt"):
            text = client.get(path, headers={"Host": host, "X-Forwarded-Host": "evil.example"}).text
            assert host not in text.replace("http://localhost/", "") or host == "localhost:1"
            assert "localhost:1" not in text
            assert "evil.example" not in text
    assert client.get("/", headers={"Host": "127.0.0.1:9999"}).location == "/en/"


def test_production_speaks_https_and_trusts_its_own_host_only(tmp_path):
    (tmp_path / "production").mkdir()
    settings = {"ENVIRONMENT": "production", "BASE_URL": "https://press.fair.example", "MAIL_SERVER": "localhost"}
    site = build(tmp_path / "production", DOCUMENT_KEYS="1:" + "k" * 43, **settings)
    migrate(site)
    publish(site, 48315, en={"title": "Doors open"}, zh={"title": "开幕"})
    client = site.test_client()
    own = {"base_url": "https://press.fair.example"}
    page = client.get("/en/news/48315-doors-open", **own)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert canonical(page.text) == "https://press.fair.example/en/news/48315-doors-open"
    assert "https://press.fair.example/en/feed.xml" in client.get("/en/feed.xml", **own).text
    assert "http://" not in client.get("/robots.txt", **own).text
    assert client.get("/mailbox", **own).status_code == 404
    for host in ("localhost", "127.0.0.1", "evil.example"):
        assert client.get("/en/", headers={"Host": host}).status_code == 400
    sized = client.post("/text-size", data={"size": "larger", "next": "/en/"}, **own)
    assert "Secure" in sized.headers["Set-Cookie"]
