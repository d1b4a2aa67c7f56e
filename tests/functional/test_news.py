"""An article as readers get it: its page, its plain text, its structured data, and what stands beside it."""

from datetime import datetime, timedelta

import pytest

from tests.articles import CLOSING, FAIR, canonical, hreflangs, publish, publish_many, structured, words
from tests.people import past_edition

BODY = "The 124th Canton Fair closed on **Sunday**.\n\nIts halls were full."
FULL = {
    "title": "Green halls at the 124th fair",
    "standfirst": "Stands were built from parts that had served before.",
    "body": BODY,
    "source": "China News",
    "author": "Newsroom",
    "sign_off": "Canton Fair Press Centre",
}
ADDRESS = "/en/news/48315-green-halls-at-the-124th-fair"
CHINESE = {"title": "第124届广交会绿色展馆", "body": "广交会于星期日闭幕。"}


def test_an_article_shows_all_that_is_known_of_it(app, client):
    past_edition(app)
    publish(app, edition=124, en=FULL)
    page = client.get(ADDRESS)
    said = words(page.text)
    assert page.status_code == 200
    assert "<title>Green halls at the 124th fair" in page.text
    assert "Published 4 November 2018, 16:30 Guangzhou time (UTC+8)" in said
    assert '<time datetime="2018-11-04T16:30:00+08:00">' in page.text
    assert "Source China News" in said
    assert "Author Newsroom" in said
    assert "Edition 124th, autumn 2018" in said
    assert "<strong>Sunday</strong>" in page.text
    assert "Canton Fair Press Centre" in said
    assert "press@fair.example" in said
    assert "Canton Fair News" in page.text.split('aria-label="Breadcrumb"', 1)[1].split("</nav>", 1)[0]


def test_what_is_not_known_has_no_label(app, client):
    publish(app)
    page = client.get("/en/news/48315-doors-open")
    said = words(page.text)
    for label in ("Source", "Author", "Edition", "Updated"):
        assert f"<dt>{label}</dt>" not in page.text
    assert "signoff" not in page.text
    assert "Published 4 November 2018" in said


def test_moments_are_shown_at_the_fair_not_in_utc(app, client):
    publish(app, at=datetime(2018, 11, 4, 0, 30, tzinfo=FAIR), en={}, zh={})
    assert "4 November 2018, 00:30" in words(client.get("/en/news/48315-doors-open").text)
    assert "2018年11月4日 00:30" in words(client.get("/zh/news/48315-doors-open").text)


def test_the_number_decides_and_the_slug_is_put_right(app, client):
    publish(app, en=FULL)
    for asked in (
        "/en/news/48315",
        "/en/news/48315-green",
        "/en/news/48315-green-halls-at-the-124th-fair2",
        "/en/news/48315--",
    ):
        answer = client.get(asked)
        assert (answer.status_code, answer.location) == (301, ADDRESS), asked
    assert client.get("/en/news/48316").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999999", "9999999999", "9" * 40, "9" * 5000, "-1", "1e3", "0x10"])
def test_a_number_that_no_article_has_is_answered_404(app, client, number):
    for ending in ("", "-slug", ".txt"):
        assert client.get(f"/en/news/{number}{ending}").status_code == 404


def test_related_articles_are_of_the_same_edition_and_never_the_article_itself(app, client):
    past_edition(app)
    publish(app, 48315, edition=124, en=FULL)
    publish_many(
        app,
        [
            {"number": 48320 + n, "edition": 124, "at": CLOSING + timedelta(hours=n), "en": {"title": f"Same fair {n}"}}
            for n in range(4)
        ],
    )
    publish(app, 48400, en={"title": "Another fair"})
    page = client.get(ADDRESS).text
    band = page.split('aria-labelledby="related"', 1)[1]
    assert [n for n in range(4) if f"Same fair {n}" in band] == [1, 2, 3], "the three newest"
    assert "Another fair" not in band
    assert "Green halls" not in band.split("</section>", 1)[0]


def test_related_articles_of_one_without_an_edition_are_of_its_section(app, client):
    publish(app, 48315)
    publish(app, 48316, en={"title": "Same section"})
    publish(app, 48317, section="exhibitor-news", en={"title": "Other section"})
    band = client.get("/en/news/48315-doors-open").text.split('aria-labelledby="related"', 1)[1]
    assert "Same section" in band
    assert "Other section" not in band


def test_an_article_alone_has_no_related_ones(app, client):
    publish(app)
    assert 'id="related"' not in client.get("/en/news/48315-doors-open").text


def test_translations_point_at_each_other(app, client):
    publish(app, en=FULL, zh=CHINESE)
    english = client.get(ADDRESS).text
    links = hreflangs(english)
    assert links["en"] == canonical(english) == f"http://localhost{ADDRESS}"
    chinese = client.get(links["zh-Hans"].removeprefix("http://localhost"))
    assert chinese.status_code == 200
    assert 'lang="zh-Hans"' in chinese.text
    assert hreflangs(chinese.text) == links
    assert canonical(chinese.text) == links["zh-Hans"]
    assert links["zh-Hans"].removeprefix("http://localhost") in english.split("<main", 1)[1]


def test_an_article_in_one_language_names_no_other(app, client):
    publish(app, en=FULL)
    page = client.get(ADDRESS).text
    assert hreflangs(page) == {}
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    assert "hreflang" not in main
    assert 'href="/zh/news/canton-fair-news"' in page, "the language switch leads to its section"


def test_an_article_of_another_language_is_not_found_but_linked(app, client):
    publish(app, zh=CHINESE)
    for asked in ("/en/news/48315", "/en/news/48315-anything"):
        page = client.get(asked)
        assert page.status_code == 404
        main = page.text.split("<main", 1)[1].split("</main>", 1)[0]
        assert "This article is not there in English" in main
        assert 'href="/zh/news/48315-' in main
        assert "中文" in main
    assert client.get("/en/news/48315.txt").status_code == 404


def test_the_plain_text_is_the_whole_release(app, client):
    past_edition(app)
    publish(app, edition=124, en=FULL)
    answer = client.get("/en/news/48315.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.startswith("Green halls at the 124th fair\n\nStands were built from parts")
    for part in ("4 November 2018, 16:30", "UTC+8", "Source: China News", "Author: Newsroom", "124th, autumn 2018"):
        assert part in answer.text
    assert "closed on Sunday.\n\nIts halls were full." in answer.text, "no markup"
    assert "Canton Fair Press Centre" in answer.text
    assert f"http://localhost{ADDRESS}" in answer.text
    assert answer.headers["Link"] == f'<http://localhost{ADDRESS}>; rel="canonical"'


def test_structured_data_says_the_same_as_the_page(app, client):
    past_edition(app)
    publish(app, edition=124, en={**FULL, "modified_at": CLOSING + timedelta(days=1)})
    page = client.get(ADDRESS).text
    data = structured(page)
    article = data["NewsArticle"]
    assert article["headline"] == FULL["title"]
    assert article["datePublished"] == "2018-11-04T16:30:00+08:00"
    assert article["dateModified"] == "2018-11-05T16:30:00+08:00"
    assert f'datetime="{article["datePublished"]}"' in page
    assert f'datetime="{article["dateModified"]}"' in page
    assert f'content="{article["datePublished"]}"' in page, "Open Graph has the same date"
    assert article["description"] == FULL["standfirst"]
    assert article["author"]["name"] == "Newsroom"
    assert article["publisher"]["@type"] == "Organization"
    assert article["inLanguage"] == "en"
    assert article["url"] == article["mainEntityOfPage"] == canonical(page)
    crumbs = data["BreadcrumbList"]["itemListElement"]
    assert [crumb["position"] for crumb in crumbs] == [1, 2, 3, 4]
    assert [crumb["name"] for crumb in crumbs] == ["Home", "News", "Canton Fair News", FULL["title"]]
    assert all(crumb["item"].startswith("http://localhost/en/") for crumb in crumbs)


def test_without_a_standfirst_the_first_words_describe_the_article(app, client):
    publish(app, en={"body": "*First* words of the [article](https://fair.example).\n\n- and a list"})
    page = client.get("/en/news/48315-doors-open").text
    assert structured(page)["NewsArticle"]["description"] == "First words of the article. and a list"


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", "<!--<script>", '" onload="x', "A & B <i>"])
def test_a_title_cannot_break_out_of_any_place(app, client, title):
    publish(app, en={"title": title, "standfirst": title, "author": title, "source": title})
    publish(app, 48316, en={"title": title, "standfirst": title})
    page = client.get(client.get("/en/news/48315").location)
    assert page.status_code == 200, "and the strict client found no script"
    assert structured(page.text)["NewsArticle"]["headline"] == title
    for path in ("/en/", "/en/news", f"/en/search?q={title[:8]}"):
        assert client.get(path).status_code == 200


def test_markup_in_a_body_is_text_and_scripts_have_no_way_in(app, client):
    body = (
        "<script>alert(1)</script> <b onclick=x>bold</b>\n\n[one](javascript:alert(1)) [two](data:text/html,x) "
        "[three](https://fair.example) <https://auto.example>\n\n# Head\n\n| a | b |\n| - | -: |\n| 1 | 2 |\n\n![x](https://evil.example/x.gif)"
    )
    publish(app, en={"body": body})
    page = client.get("/en/news/48315-doors-open").text
    prose = page.split('<div class="prose">', 1)[1].split("</article>", 1)[0]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in prose
    assert 'href="javascript' not in prose
    assert 'href="data' not in prose
    assert '<a href="https://fair.example"' in prose
    assert "<table>" in prose
    assert "<h2>Head</h2>" in prose, "the page has its one h1"
    assert "<img" not in prose


def test_front_page_and_listings_show_it_in_the_reader_s_language(app, client):
    publish(app, en=FULL, zh=CHINESE)
    for path in ("/en/", "/en/news", "/en/news/canton-fair-news"):
        page = client.get(path).text
        assert ADDRESS in page
        assert CHINESE["title"] not in page
    assert CHINESE["title"] in client.get("/zh/news").text
    assert ADDRESS not in client.get("/en/news/exhibitor-news").text


def test_an_empty_site_has_every_page(app, client):
    for path in (
        "/en/",
        "/zh/",
        "/en/news",
        "/en/news/conference-event",
        "/en/press-centre",
        "/en/search",
        "/zh/search?q=x",
    ):
        assert client.get(path).status_code == 200
