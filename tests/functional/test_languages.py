"""A third language by a line of configuration: what it opens, how articles fall back, and what stays as it was."""

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from cantonsite import config, create_app
from cantonsite.database import db
from tests.articles import a_row_of, canonical, hreflangs, publish, publish_many, statements, words
from tests.conftest import SETTINGS, build
from tests.people import apply, deliver, link_in, mails, open_edition

XHTML, ATOM = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ARABIC = {"title": "افتتاح المعرض", "standfirst": "موجز", "body": "فقرة واحدة."}
NOTE = "هذا المقال غير متوفر باللغة العربية. وهذا نصه باللغة الإنجليزية."


@pytest.fixture
def app(tmp_path: Path, database_url: str, sqlite_template: Path) -> Iterator[Flask]:
    """The site with Arabic beside English and Chinese."""
    if not database_url:
        shutil.copy(sqlite_template, tmp_path / "cantonsite.sqlite3")
    app = build(tmp_path, database_url, LANGUAGES="en zh ar")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def without_arabic(app: Flask) -> Iterator[Flask]:
    """The same site and database with another line of configuration."""
    other = build(Path(app.instance_path), app.config["DATABASE_URL"])
    yield other
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


# The line of configuration


def test_a_language_that_the_site_does_not_speak_is_an_unknown_address(app, client, without_arabic):
    publish(app, ar=ARABIC)
    assert client.get("/ar/").status_code == 200
    without = without_arabic.test_client()
    for path in ("/ar/", "/ar/news", "/ar/news/48315", "/ar/invitation", "/ar/feed.xml", "/fr/"):
        page = without.get(path)
        assert page.status_code == 404
        assert "There is no page at this address" in page.text


def test_nothing_leads_to_a_language_that_the_site_does_not_speak(app, without_arabic):
    publish(app, en={}, ar=ARABIC)
    publish(app, 48316, ar=ARABIC)
    without = without_arabic.test_client()
    pages = ("/en/", "/en/news", "/en/news/48315-doors-open", "/sitemap.xml", "/robots.txt", "/en/search?q=موجز")
    for path in pages:
        page = without.get(path)
        assert page.status_code == 200
        assert "/ar/" not in page.text, path
        assert ARABIC["title"] not in page.text or "search" in path
    assert without.get("/en/news/48316").status_code == 404


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("en zh ar", []),
        ("ar en", []),
        ("en", []),
        ("en fr", ["“fr” is not a language of the site"]),
        ("zh ar", ["“en” is missing"]),
        ("", ["“en” is missing"]),
    ],
)
def test_a_bad_line_is_named_with_its_mend(said, found):
    problems = config.problems_of_languages({"LANGUAGES": said})
    assert [problem.what for problem in problems] == found
    assert all(problem.mend for problem in problems)


def test_a_language_without_a_catalogue_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "TRANSLATIONS", tmp_path)
    problems = config.problems_of_languages({"LANGUAGES": "en zh"})
    assert [problem.what for problem in problems] == ["“zh” has no compiled catalogue"]


def test_the_site_refuses_to_start_with_an_unknown_language(tmp_path):
    with pytest.raises(config.ConfigurationError, match="“fr” is not a language"):
        create_app({**SETTINGS, "LANGUAGES": "en fr"}, instance_path=str(tmp_path))


def test_the_languages_stand_in_the_order_of_the_setting(tmp_path):
    app = create_app({**SETTINGS, "LANGUAGES": "ar en"}, instance_path=str(tmp_path))
    page = app.test_client().get("/ar/privacy").text
    assert page.index('hreflang="ar"') < page.index('hreflang="en"')
    assert 'hreflang="zh-Hans"' not in page


# Pages


@pytest.mark.parametrize(
    "path",
    ["", "news", "press-centre", "invitation", "invitation/apply", "search", "privacy", "accessibility", "nowhere"],
)
def test_pages_run_from_right_to_left(app, client, path):
    open_edition(app)
    page = client.get(f"/ar/{path}").text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<a href="/en/' in page
    assert 'lang="zh-Hans" hreflang="zh-Hans">中文</a>' in page
    assert 'lang="ar" hreflang="ar" aria-current="true">العربية</a>' in page


def test_english_and_chinese_pages_lead_to_arabic_ones(client):
    for code in ("en", "zh"):
        page = client.get(f"/{code}/press-centre").text
        assert 'href="/ar/press-centre" lang="ar" hreflang="ar">العربية</a>' in page
        assert 'dir="ltr">' in page


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("ar", "ar"), ("ar-EG", "ar"), ("ar-SA,ar;q=0.9,en;q=0.8", "ar"), ("fa,ar;q=0.2", "ar"), ("fr", "en")],
)
def test_the_way_in_leads_to_arabic(client, accepted, language):
    assert client.get("/", headers={"Accept-Language": accepted}).location == f"/{language}/"


def test_dates_are_in_the_form_of_each_language(app, client):
    publish(app, en={}, zh={"title": "开幕"}, ar=ARABIC)
    assert "4 November 2018, 16:30" in words(client.get("/en/news/48315", follow_redirects=True).text)
    assert "2018年11月4日 16:30" in words(client.get("/zh/news/48315", follow_redirects=True).text)
    assert "4 نوفمبر 2018، 16:30 بتوقيت قوانغتشو (UTC+8)" in words(
        client.get("/ar/news/48315", follow_redirects=True).text
    )


def test_another_zone_is_named_after_its_city(app, client):
    publish(app)
    app.config["TIMEZONE"] = "Asia/Kolkata"
    assert "Kolkata time (UTC+5:30)" in client.get("/en/").text
    app.config["TIMEZONE"] = "Europe/Paris"  # where the offset is another one in summer
    assert "Paris time." in client.get("/en/").text
    assert "بتوقيت باريس" in client.get("/ar/").text


def test_chinese_sentences_follow_each_other_without_a_space(client):
    assert "。本站时间均为北京时间（UTC+8）。" in client.get("/zh/").text


# Articles that fall back


def test_an_article_in_arabic_is_an_arabic_page(app, client):
    publish(app, en={}, ar=ARABIC)
    page = client.get("/ar/news/48315", follow_redirects=True).text
    assert f"<h1>{ARABIC['title']}</h1>" in page
    assert NOTE not in page
    assert canonical(page).startswith("http://localhost/ar/news/48315-")
    assert set(hreflangs(page)) == {"en", "ar"}
    assert '<meta property="og:locale" content="ar_AR">' in page
    assert '"inLanguage": "ar"' in page


def test_an_article_without_arabic_falls_back_to_english_with_a_word_about_it(app, client):
    publish(app, en={"standfirst": "In short", "author": "Newsroom"}, zh={"title": "开幕"})
    assert client.get("/ar/news/48315").location == "/ar/news/48315-doors-open"
    page = client.get("/ar/news/48315-doors-open").text
    assert NOTE in page
    assert '<h1 lang="en" dir="ltr">Doors open</h1>' in page
    assert '<p class="standfirst" lang="en" dir="ltr">In short</p>' in page
    assert '<div class="prose" lang="en" dir="ltr">' in page
    assert '<bdi lang="en" dir="ltr">Newsroom</bdi>' in page
    assert "تاريخ النشر" in page
    assert canonical(page) == "http://localhost/en/news/48315-doors-open"
    assert hreflangs(page) == {}
    assert '"inLanguage": "en"' in page
    assert '<a href="/en/news/48315-doors-open" lang="en" hreflang="en">English</a>' in page
    assert '<a href="/zh/news/48315-kai-mu" lang="zh-Hans"' in page


def test_its_plain_text_is_english_throughout(app, client):
    publish(app, en={"source": "China News"})
    answer = client.get("/ar/news/48315.txt")
    assert "Source: China News" in answer.text
    assert "Press contact: Canton Fair Press Office" in answer.text
    assert "/en/news/48315-doors-open" in answer.headers["Link"]


def test_english_and_chinese_do_not_fall_back(app, client):
    publish(app, en={})
    publish(app, 48316, zh={"title": "开幕"})
    missing = client.get("/zh/news/48315")
    assert missing.status_code == 404
    assert "/en/news/48315-doors-open" in missing.text
    assert client.get("/en/news/48316").status_code == 404
    assert "Doors open" not in client.get("/zh/news").text
    assert "开幕" not in client.get("/en/news").text
    assert client.get("/ar/news/48316").status_code == 404  # Arabic falls back to English alone
    publish(app, 48317, ar=ARABIC)
    assert client.get("/en/news/48317").status_code == 404
    assert "/ar/news/48317-" in client.get("/en/news/48317").text


def test_listings_show_what_there_is_in_arabic_and_the_rest_in_english(app, client):
    publish(app, en={"standfirst": "In short"})
    publish(app, 48316, en={"title": "Halls are named"}, ar=ARABIC)
    publish(app, 48317, zh={"title": "开幕"})
    for path in ("/ar/", "/ar/news", "/ar/news/canton-fair-news"):
        page = client.get(path).text
        assert ARABIC["title"] in page
        assert "Halls are named" not in page
        assert "开幕" not in page
        assert '<a href="/ar/news/48315-doors-open" lang="en" dir="ltr">Doors open</a>' in page
        assert "(باللغة الإنجليزية)" in page
        assert '<a href="/zh/news/48317' not in page


def test_the_press_centre_falls_back_too(app, client):
    publish(app, section="press-centre", en={"title": "Passes"})
    assert '<a href="/ar/news/48315-passes" lang="en" dir="ltr">Passes</a>' in client.get("/ar/press-centre").text


def test_pages_of_a_listing_count_each_article_once(app, client):
    publish_many(app, a_row_of(25))
    publish_many(app, a_row_of(5, first=2001, ar=ARABIC))
    first, second = client.get("/ar/news").text, client.get("/ar/news?page=2").text
    assert first.count('class="story"') == 20
    assert second.count('class="story"') == 10
    assert client.get("/ar/news?page=3").status_code == 404


def test_falling_back_needs_no_more_statements(app, client):
    publish_many(app, a_row_of(25))
    for page in ("news", "", "press-centre", "news/1005-notice-number-5"):
        numbers = []
        for code in ("en", "ar"):
            with statements(app) as seen:
                assert client.get(f"/{code}/{page}").status_code == 200
            numbers.append(len(seen))
        assert numbers[0] == numbers[1], page


def test_the_language_switch_leads_to_the_same_article(app, client):
    publish(app, en={})
    page = client.get("/en/news/48315-doors-open").text
    assert '<a href="/ar/news/48315-doors-open" lang="ar" hreflang="ar">' in page
    assert '<a href="/zh/news/canton-fair-news" lang="zh-Hans"' in page
    assert (
        '<a href="/en/news/48315-doors-open" lang="en" hreflang="en">' in client.get("/ar/news/48315-doors-open").text
    )


def test_a_found_article_opens_on_the_page_that_shows_it(app, client):
    publish(app, en={})
    publish(app, 48316, zh={"title": "Doors 开幕"})
    page = client.get("/ar/search?q=doors").text
    assert "/ar/news/48315-doors-open" in page
    assert "/zh/news/48316-" in page


def test_the_feed_holds_both_and_names_the_language_of_each(app, client):
    publish(app, en={})
    publish(app, 48316, ar=ARABIC)
    feed = ET.fromstring(client.get("/ar/feed.xml").data)
    assert feed.get(LANG) == "ar"
    entries = {entry.find(f"{ATOM}title").text: entry for entry in feed.iter(f"{ATOM}entry")}
    assert entries["Doors open"].get(LANG) == "en"
    assert entries["Doors open"].find(f"{ATOM}link").get("href") == "http://localhost/en/news/48315-doors-open"
    assert entries[ARABIC["title"]].get(LANG) in (None, "ar")
    english = ET.fromstring(client.get("/en/feed.xml").data)
    ids = [entry.find(f"{ATOM}id").text for entry in english.iter(f"{ATOM}entry")]
    assert ids == [entries["Doors open"].find(f"{ATOM}id").text]


def test_the_sitemap_names_texts_only_in_their_own_language(app, client):
    publish(app, en={})
    publish(app, 48316, en={"title": "Halls"}, ar=ARABIC)
    xml = client.get("/sitemap.xml").text
    assert "/ar/news/48315" not in xml
    assert "/ar/news/48316-" in xml
    assert "<loc>http://localhost/ar/press-centre</loc>" in xml
    tree = ET.fromstring(xml.encode())
    twins = [url for url in tree if "48316-halls" in url[0].text]
    assert {link.get("hreflang") for link in twins[0].iter(f"{XHTML}link")} == {"en", "ar"}


# Words of another script


def test_words_of_another_script_are_marked_where_they_stand(app, client):
    body = "The fair (广交会) and **معرض كانتون**."
    publish(app, en={"title": "Names of the 广交会", "body": body}, zh={"title": "广交会", "body": "广交会开幕。"})
    page = client.get("/en/news/48315", follow_redirects=True).text
    assert '<h1>Names of the <span lang="zh-Hans">广交会</span></h1>' in page
    assert (
        '(<span lang="zh-Hans">广交会</span>) and <strong><span lang="ar" dir="rtl">معرض كانتون</span></strong>' in page
    )
    assert "<title>Names of the 广交会 –" in page
    assert "<p>广交会开幕。</p>" in client.get("/zh/news/48315", follow_redirects=True).text
    assert 'Names of the <span lang="zh-Hans">广交会</span></a>' in client.get("/en/news").text


# Mail and the desk


def test_an_applicant_is_answered_in_arabic(app, client):
    open_edition(app)
    wrong = apply(client, "ar", given_name="", email="x")
    assert wrong.status_code == 422
    assert "<title>خطأ: " in wrong.text
    assert apply(client, "ar", given_name="ليلى", family_name="حداد", email="layla@outlet.example").status_code == 303
    deliver(app)
    mail = mails(app, "layla@outlet", "وصلنا طلبك")[0]
    assert '<html lang="ar" dir="rtl">' in mail.html
    assert '<html lang="ar" dir="rtl">' in client.get(link_in(mail, "/status/")).text


def test_a_mail_in_a_language_that_is_no_longer_spoken_leads_to_an_english_page(app, client, without_arabic):
    open_edition(app)
    apply(client, "ar", email="layla@outlet.example")
    deliver(without_arabic)
    link = link_in(mails(without_arabic, "layla@outlet", "وصلنا طلبك")[0], "/status/")
    assert link.startswith("/en/")
    assert without_arabic.test_client().get(link).status_code == 200


def test_the_desk_speaks_english_and_chinese_whatever_the_public_pages_speak(app, client):
    page = client.get("/desk/sign-in", headers={"Accept-Language": "ar"}).text
    assert '<html lang="en" dir="ltr">' in page
    assert '<html lang="zh-Hans" dir="ltr">' in client.get("/desk/sign-in", headers={"Accept-Language": "zh"}).text
