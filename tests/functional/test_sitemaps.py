"""Sitemaps as a schema and a crawler see them: every visible text and page, the last two days' news, large sites."""

from datetime import datetime, timedelta

import pytest
import time_machine
from lxml import etree
from sqlalchemy import insert, select

from cantonsite.database import db, transaction
from cantonsite.models import Article, ArticleText
from cantonsite.services import sitemaps
from tests.articles import CLOSING, FAIR, canonical, hreflangs, publish
from tests.following import correct, sound, withdraw
from tests.people import past_edition

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
NOON = datetime(2018, 11, 6, 12, tzinfo=FAIR)


def urls(client, path: str = "/sitemap.xml") -> dict[str, etree._Element]:
    """What a sitemap lists, by address, once the schema has found nothing."""
    found = sound(client, path, "sitemap.xsd").findall(f"{MAP}url")
    by_address = {url.findtext(f"{MAP}loc"): url for url in found}
    assert len(by_address) == len(found), "each address once"
    return by_address


def alternates(url: etree._Element) -> dict[str, str]:
    return {each.get("hreflang"): each.get("href") for each in url.findall(LINK)}


def path_of(address: str) -> str:
    return address.removeprefix("http://localhost")


def fill(app, count: int, begins: datetime = CLOSING) -> None:
    """So many articles at once, a minute apart; the last is the newest."""
    with app.app_context(), transaction() as session:
        at = [begins + timedelta(minutes=n) for n in range(count)]
        rows = [
            {"number": 50_000 + n, "section": "canton-fair-news", "published_at": at[n], "is_embargoed": False}
            for n in range(count)
        ]
        session.execute(insert(Article), rows)
        ids = list(session.scalars(select(Article.id).order_by(Article.number)))
        text = {"language": "en", "title": "A", "slug": "a", "body": "x"}
        session.execute(insert(ArticleText), [{"article_id": each, **text} for each in ids])


def test_every_address_answers_and_says_the_same_of_itself(app, client):
    past_edition(app)
    publish(app, edition=124, en={"title": "Both"}, zh={"title": "两种"})
    publish(app, 48316, zh={"title": "一种"}, at=CLOSING - timedelta(days=900))
    found = urls(client)
    for address, url in found.items():
        page = client.get(path_of(address))
        assert page.status_code == 200, address
        assert "X-Robots-Tag" not in page.headers, address
        assert canonical(page.text) == address
        told = {code: href for code, href in alternates(url).items() if code != "x-default"}
        by_year = "/news/archive/" in address
        assert by_year or hreflangs(page.text) == told, address
        for other in told.values():
            assert {**alternates(found[other])} == alternates(url), "both ways"
    for path in ("/en/", "/zh/corrections", "/en/editions/124", "/en/news/archive", "/zh/press-centre/media"):
        assert f"http://localhost{path}" in found
    archive = {path_of(address) for address in found if "/archive/" in address}
    both = {f"/{code}/news/archive/2018{month}" for code in ("en", "zh") for month in ("", "/11")}
    assert archive == both | {"/zh/news/archive/2016", "/zh/news/archive/2016/5"}, "only where there is news"
    assert not [address for address in found if "search" in address or "/apply" in address or "desk" in address]


def test_the_front_page_has_a_way_in_for_readers_of_any_language(client):
    assert alternates(urls(client)["http://localhost/en/"])["x-default"] == "http://localhost/"


def test_the_last_change_is_that_of_the_text_or_of_its_correction(app, client):
    publish(app, en={"title": "Both"}, zh={"title": "两种", "modified_at": CLOSING + timedelta(days=1)})
    with time_machine.travel(NOON, tick=False):
        correct(app, "A wrong hall.")
    found = {address[17:19]: url for address, url in urls(client).items() if "/48315-" in address}
    assert found["en"].findtext(f"{MAP}lastmod") == "2018-11-06T12:00:00+08:00"
    assert found["zh"].findtext(f"{MAP}lastmod") == "2018-11-05T16:30:00+08:00"


def test_what_is_hidden_or_withdrawn_is_in_no_sitemap(app, client):
    with time_machine.travel(NOON) as day:
        publish(app, 48315, en={"title": "Seen"})
        publish(app, 48316, en={"title": "Gone"})
        publish(app, 48317, at=NOON + timedelta(hours=1), en={"title": "Coming"})
        before = {path: client.get(path).data for path in ("/sitemap.xml", "/sitemap-news.xml")}
        withdraw(app, 48316, en="A reason.")
        for path in before:
            text = client.get(path).text
            assert "48315" in text
            assert "48316" not in text
            assert "48317" not in text
        day.shift(3700)
        assert "48317-coming" in client.get("/sitemap.xml").text


def test_the_news_of_the_last_two_days_is_told_in_google_s_protocol(app, client):
    publish(app, 48315, at=NOON, en={"title": "Tea & <lamps>"}, zh={"title": "茶与灯"})
    publish(app, 48314, at=NOON - timedelta(days=2, seconds=1), en={"title": "Old"})
    with time_machine.travel(NOON + timedelta(minutes=5)):
        correct(app, "A wrong hall.")
        tree = sound(client, "/sitemap-news.xml", "sitemap.xsd")
    found = {url.findtext(f"{MAP}loc"): url.find(f"{NEWS}news") for url in tree}
    assert len(found) == 2
    english = found["http://localhost/en/news/48315-tea-lamps"]
    assert english.findtext(f"{NEWS}title") == "Tea & <lamps>"
    assert english.findtext(f"{NEWS}publication_date") == "2018-11-06T12:00:00+08:00", "the original date"
    assert english.findtext(f"{NEWS}publication/{NEWS}language") == "en"
    assert english.findtext(f"{NEWS}publication/{NEWS}name") == "Canton Fair Press Office"
    (chinese,) = (news for address, news in found.items() if "/zh/" in address)
    assert chinese.findtext(f"{NEWS}publication/{NEWS}language") == "zh-cn"
    assert chinese.findtext(f"{NEWS}publication/{NEWS}name") == "广交会新闻中心"


def test_news_stays_for_two_days_to_the_second(app, client):
    publish(app, at=NOON)
    for hours, seconds, listed in ((0, -1, 0), (0, 1, 1), (48, -1, 1), (48, 1, 0)):
        with time_machine.travel(NOON + timedelta(hours=hours, seconds=seconds), tick=False):
            assert len(sound(client, "/sitemap-news.xml", "sitemap.xsd")) == listed, (hours, seconds)


def test_no_more_than_a_thousand_are_told_as_news(app, client):
    fill(app, 1005, begins=NOON)
    with time_machine.travel(NOON + timedelta(minutes=1005)):
        tree = sound(client, "/sitemap-news.xml", "sitemap.xsd")
    assert len(tree) == 1000
    assert tree[0].findtext(f"{MAP}loc") == "http://localhost/en/news/51004-a", "the newest"


def test_robots_are_told_of_both(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert "Sitemap: http://localhost/sitemap-news.xml" in lines


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\uffff", "]]>", "&", '"'])
def test_no_sign_breaks_a_sitemap(app, client, sign):
    publish(app, at=NOON, en={"title": f"One{sign}Two"})
    with time_machine.travel(NOON + timedelta(hours=1)):
        urls(client)
        sound(client, "/sitemap-news.xml", "sitemap.xsd")


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-news.xml"])
def test_a_crawler_is_told_that_nothing_is_new(app, client, path):
    publish(app)
    first = client.get(path)
    assert first.content_type == "application/xml; charset=utf-8"
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("page", ["0", "2", "50001", "99999999999999999999", "-1", "x"])
def test_parts_that_are_not_there_answer_404(app, client, page):
    publish(app)
    assert client.get(f"/sitemaps/{page}.xml").status_code == 404


def test_a_large_site_is_told_part_by_part(app, client):
    fill(app, sitemaps.MOST_IN_ONE)
    assert len(urls(client)) > sitemaps.MOST_IN_ONE
    publish(app, 48315, at=CLOSING + timedelta(days=90), en={"title": "The last"}, zh={"title": "最后"})
    publish(app, 48316, at=datetime(2999, 1, 1, tzinfo=FAIR), en={"title": "Hidden"})
    index = sound(client, "/sitemap.xml", "sitemap-index.xsd")
    parts = [each.findtext(f"{MAP}loc") for each in index]
    assert parts == [f"http://localhost/sitemaps/{n}.xml" for n in range(1, 6)]
    assert index[-1].findtext(f"{MAP}lastmod") == "2019-02-02T16:30:00+08:00"
    assert index[0].findtext(f"{MAP}lastmod") < index[1].findtext(f"{MAP}lastmod")
    seen: set[str] = set()
    for address in parts:
        found = set(urls(client, path_of(address)))
        assert not found & seen
        seen |= found
    numbers = {address for address in seen if "/en/news/5" in address or "/en/news/6" in address}
    assert len(numbers) == sitemaps.MOST_IN_ONE
    assert "http://localhost/en/news/48315-the-last" in seen
    assert "http://localhost/zh/corrections" in seen
    assert not [address for address in seen if "48316" in address]
    assert client.get("/sitemaps/6.xml").status_code == 404
    with app.app_context():
        assert db.session.scalar(select(Article.number).where(Article.number == 48316)), "it is there, and hidden"
