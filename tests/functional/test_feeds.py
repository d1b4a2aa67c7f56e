"""Feeds, the sitemap and robots.txt: well-formed, stable, complete."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from tests.articles import CLOSING, a_row_of, publish, publish_many

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
SECTIONS = ("canton-fair-news", "conference-event", "exhibitor-news", "press-centre")
FEEDS = [
    f"/{language}/{path}"
    for language in ("en", "zh")
    for path in ("feed.xml", *(f"news/{each}/feed.xml" for each in SECTIONS))
]


def read(client, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.data)


def link(element: ElementTree.Element, rel: str) -> str:
    return next(each.get("href") for each in element.findall(f"{ATOM}link") if each.get("rel") == rel)


def entries(feed: ElementTree.Element) -> list[ElementTree.Element]:
    return feed.findall(f"{ATOM}entry")


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_of_an_empty_site_is_sound(app, client, path):
    answer = client.get(path)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1, name
        assert feed.findtext(f"{ATOM}{name}").strip()
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    assert link(feed, "self") == f"http://localhost{path}"
    assert client.get(link(feed, "alternate").removeprefix("http://localhost")).status_code == 200
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == ("en" if path.startswith("/en") else "zh-Hans")


def test_no_two_feeds_have_the_same_id(app, client):
    assert len({read(client, path).findtext(f"{ATOM}id") for path in FEEDS}) == len(FEEDS)


def test_an_entry_has_the_dates_and_words_of_its_article(app, client):
    text = {"title": "Tea & <b>lamps</b>", "standfirst": "In short", "body": "A *b* & c", "author": "Newsroom"}
    publish(app, en={**text, "modified_at": CLOSING + timedelta(days=2)})
    feed = read(client, "/en/feed.xml")
    (entry,) = entries(feed)
    assert entry.findtext(f"{ATOM}title") == "Tea & <b>lamps</b>"
    assert entry.findtext(f"{ATOM}published") == "2018-11-04T16:30:00+08:00"
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated") == "2018-11-06T16:30:00+08:00"
    assert entry.findtext(f"{ATOM}summary") == "In short"
    assert entry.findtext(f"{ATOM}content").strip() == "<p>A <em>b</em> &amp; c</p>"
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert entry.find(f"{ATOM}category").get("term") == "canton-fair-news"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Newsroom"
    assert client.get(link(entry, "alternate").removeprefix("http://localhost")).status_code == 200


def test_ids_never_change_and_are_one_for_each_language(app, client):
    publish(app, en={"title": "One"}, zh={"title": "一"})
    ids = {code: entries(read(client, f"/{code}/feed.xml"))[0].findtext(f"{ATOM}id") for code in ("en", "zh")}
    # Written down: whoever changes them makes every reader's feed show every article again.
    assert ids == {
        "en": "urn:uuid:0e01133e-e6ba-5727-b611-7d8e62030d9a",
        "zh": "urn:uuid:7d3a1c42-3a9b-5e68-8203-f718dee54be4",
    }
    section = entries(read(client, "/en/news/canton-fair-news/feed.xml"))[0]
    assert section.findtext(f"{ATOM}id") == ids["en"]


def test_a_feed_holds_the_newest_twenty_of_its_section(app, client):
    publish_many(app, a_row_of(25))
    publish(app, 48315, section="press-centre", en={"title": "A notice of the press centre"})
    titles = [entry.findtext(f"{ATOM}title") for entry in entries(read(client, "/en/news/canton-fair-news/feed.xml"))]
    assert titles == [f"Notice number {n}" for n in range(25, 5, -1)]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries(read(client, "/en/feed.xml"))}) == 20
    (notice,) = entries(read(client, "/en/news/press-centre/feed.xml"))
    assert notice.findtext(f"{ATOM}title") == "A notice of the press centre"
    assert entries(read(client, "/zh/feed.xml")) == []


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1f", "\x7f", "\ufffe", "\uffff"])
def test_a_control_character_breaks_no_feed(app, client, sign):
    publish(app, en={"title": f"One{sign}Two", "standfirst": sign, "body": f"a{sign}b", "author": f"{sign}x"})
    for path in ("/en/feed.xml", "/en/news/canton-fair-news/feed.xml", "/sitemap.xml"):
        read(client, path)
    title = entries(read(client, "/en/feed.xml"))[0].findtext(f"{ATOM}title")
    assert title.replace(sign, "") == "OneTwo"


def test_what_ends_a_cdata_or_an_element_is_only_text(app, client):
    publish(app, en={"title": "]]> </title><entry/>", "body": "]]> </content> <!--"})
    (entry,) = entries(read(client, "/en/feed.xml"))
    assert entry.findtext(f"{ATOM}title") == "]]> </title><entry/>"


@pytest.mark.parametrize("path", ["/en/", "/en/news", "/en/press-centre", "/zh/news/exhibitor-news"])
def test_listings_name_their_feed(app, client, path):
    hrefs = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]+)"', client.get(path).text)
    assert hrefs
    for href in hrefs:
        read(client, href)


def urls(client) -> dict[str, ElementTree.Element]:
    found = read(client, "/sitemap.xml").findall(f"{MAP}url")
    by_address = {url.findtext(f"{MAP}loc"): url for url in found}
    assert len(by_address) == len(found), "each address once"
    return by_address


def alternates(url: ElementTree.Element) -> dict[str, str]:
    return {each.get("hreflang"): each.get("href") for each in url.findall(LINK)}


def test_the_sitemap_of_an_empty_site_lists_its_pages(app, client):
    answer = client.get("/sitemap.xml")
    assert answer.content_type == "application/xml; charset=utf-8"
    found = urls(client)
    for address, url in found.items():
        assert client.get(address.removeprefix("http://localhost")).status_code == 200, address
        assert address in alternates(url).values()
    assert "http://localhost/en/" in found
    assert "http://localhost/zh/press-centre" in found
    assert not any("press-centre" in address and "/news/" in address for address in found), "no redirect is listed"


def test_the_sitemap_lists_every_text_with_its_languages_and_last_change(app, client):
    publish_many(app, a_row_of(60))
    publish(app, 48315, en={"title": "Both"}, zh={"title": "两种", "modified_at": CLOSING + timedelta(days=1)})
    publish(app, 48316, zh={"title": "一种"})
    found = urls(client)
    assert sum("/news/10" in address for address in found) == 60
    english = found["http://localhost/en/news/48315-both"]
    both = alternates(english)
    assert set(both) == {"en", "zh-Hans"}
    assert alternates(found[both["zh-Hans"]]) == both
    assert english.findtext(f"{MAP}lastmod") == "2018-11-04T16:30:00+08:00"
    assert found[both["zh-Hans"]].findtext(f"{MAP}lastmod") == "2018-11-05T16:30:00+08:00"
    (alone,) = (url for address, url in found.items() if "/48316-" in address)
    assert alternates(alone) == {}


def test_robots_are_told_where_the_sitemap_is_and_what_to_leave_alone(client):
    answer = client.get("/robots.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    for path in ("/desk/", "/review/", "/en/search", "/zh/invitation/status"):
        assert f"Disallow: {path}" in lines
    assert "Disallow: /" not in lines
