"""The search, on both databases: what is found, in which order, what is marked, and what odd queries do."""

import re

import pytest

from tests.articles import CLOSING, a_row_of, publish, publish_many, words


def found(client, query: str = "", path: str = "/en/search", **more: str) -> list[str]:
    """The titles of the hits, in order, with the marked words in [ ]."""
    page = client.get(path, query_string={"q": query, **more})
    assert page.status_code == 200
    titles = re.findall(r"<h3><a [^>]*>(.*?)</a>", page.text)
    return [re.sub(r"</?mark>", "", title) for title in titles]


def heading(client, query: str, **more: str) -> str:
    page = client.get("/en/search", query_string={"q": query, **more}).text
    return re.search(r'<h2 class="head" id="found">(.*?)</h2>', page, re.DOTALL)[1].strip()


def marked(client, query: str, path: str = "/en/search") -> list[str]:
    return re.findall(r"<mark>(.*?)</mark>", client.get(path, query_string={"q": query}).text)


@pytest.fixture
def lamps(app):
    """Three articles: lamp in the title, in the body, in both."""
    publish_many(
        app,
        [
            {"number": 1, "at": CLOSING.replace(day=1), "en": {"title": "A lamp for halls", "body": "Light."}},
            {"number": 2, "at": CLOSING.replace(day=3), "en": {"title": "Kettles", "body": "Beside a lamp they boil."}},
            {"number": 3, "at": CLOSING.replace(day=2), "en": {"title": "Lamp makers", "body": "One lamp each."}},
        ],
    )


def test_title_content_or_both(lamps, client):
    assert sorted(found(client, "lamp")) == ["A lamp for halls", "Kettles", "Lamp makers"]
    assert sorted(found(client, "lamp", **{"in": "title"})) == ["A lamp for halls", "Lamp makers"]
    assert sorted(found(client, "lamp", **{"in": "content"})) == ["Kettles", "Lamp makers"]
    assert sorted(found(client, "lamp", **{"in": "nonsense"})) == ["A lamp for halls", "Kettles", "Lamp makers"]


def test_best_or_newest_first(lamps, client):
    assert found(client, "lamp") == ["Lamp makers", "A lamp for halls", "Kettles"]
    assert found(client, "lamp", sort="newest") == ["Kettles", "Lamp makers", "A lamp for halls"]
    assert found(client, "lamp", sort="worst") == found(client, "lamp")


def test_all_words_must_occur_in_any_order_and_anywhere(lamps, client):
    assert found(client, "halls lamp") == ["A lamp for halls"]
    assert found(client, "kettles beside") == ["Kettles"], "one word in the title, one in the body"
    assert found(client, "halls kettles") == []


def test_a_phrase_in_quotes_stands_together(lamps, client):
    assert found(client, '"lamp for"') == ["A lamp for halls"]
    assert found(client, "“lamp for”") == ["A lamp for halls"]
    assert found(client, '"for lamp"') == []
    assert found(client, '"lamp for') == ["A lamp for halls"], "a quote left open is no quote"


def test_leaving_out_quotes_is_offered_where_it_asks_for_something_else(lamps, client):
    offer = "Search for the words without the quotes"
    for query in ('"for lamp"', "„for lamp“", "«for lamp»", "＂for lamp＂", '"kettle'):
        page = client.get("/en/search", query_string={"q": query, "in": "content"}).text
        assert (offer in page) is (query != '"kettle'), query


def test_the_heading_counts(lamps, client):
    assert heading(client, "lamp") == "3 articles with “lamp”"
    assert heading(client, "kettles") == "1 article with “kettles”"
    assert heading(client, "lamp", **{"in": "title"}) == "2 articles with “lamp” in the title"
    assert heading(client, "lamp", **{"in": "content"}) == "2 articles with “lamp” in the content"
    assert heading(client, "zebra") == "No article with “zebra”"


def test_nothing_found_gives_advice(lamps, client):
    page = client.get("/en/search?q=zebra&in=title")
    assert page.status_code == 200
    assert "Use fewer words" in page.text
    assert 'href="/en/search?q=zebra"' in page.text
    assert "press@fair.example" in words(page.text)


def test_words_are_marked_in_title_and_snippet(lamps, client):
    assert marked(client, "lamp") == ["Lamp", "lamp", "lamp", "lamp"]


def test_the_snippet_shows_the_place_where_the_word_stands(app, client):
    publish(app, en={"body": f"{'Early words. ' * 80}\n\nThen a *zeppelin* came.\n\n{'Late words. ' * 80}"})
    text = words(client.get("/en/search?q=ZEPPELIN").text)
    assert "Then a zeppelin came." in text
    assert re.search(r"… .{0,120}zeppelin.{0,150} …", text)


def test_markup_in_texts_is_shown_not_obeyed(app, client):
    publish(app, en={"title": "<b>bold</b> & co", "body": "a <i>slanted</i> word"})
    page = client.get("/en/search?q=bold").text
    assert "&lt;b&gt;<mark>bold</mark>&lt;/b&gt; &amp; co" in page
    assert marked(client, "<b>") == ["b", "b"]


@pytest.mark.parametrize("query", ["展馆", "绿色展馆", "广交", "闭幕", "第124届", "　展馆　绿色　"])
def test_two_chinese_characters_are_found_inside_a_sentence(app, client, query):
    publish(app, zh={"title": "广交会绿色展馆", "body": "第124届广交会于星期日闭幕。"})
    publish(app, 48316, zh={"title": "别的新闻", "body": "这里没有那两个字。"})
    assert found(client, query, "/zh/search") == ["广交会绿色展馆"]
    assert marked(client, query, "/zh/search")
    assert found(client, "绿闭", "/zh/search") == []


ODD = {
    "100%": "Full to 100% today",
    "a_b": "The file a_b.pdf",
    "fair's": "The fair's own",
    "fair’s": "The fair's own",
    "o'brien": "O’Brien speaks",
    "c:\\new": "The path C:\\new",
    "🏮": "A lantern 🏮 festival",
    "ＡＢＣ１２３": "Stand ABC123",
    "abc１２３": "Stand ABC123",
    "xyz": "Stand ＸＹＺ in wide letters",
    "strasse": "Handel auf der Großen Straße",
    "STRASSE": "Handel auf der Großen Straße",
    "straße": "Handel auf der Großen Straße",
    "GROẞEN": "Handel auf der Großen Straße",
    "ярмарка": "ЯРМАРКА В ГУАНЧЖОУ",
    "Гуанчжоу": "ЯРМАРКА В ГУАНЧЖОУ",
    "istanbul": "İstanbul ve IĞDIR",
    "İSTANBUL": "İstanbul ve IĞDIR",
    "ığdır": "İstanbul ve IĞDIR",
    "ΦΩΣ": "το φως",
    "2018-2019": "Figures 2018–2019",
    "cafe\u0301": "Café on the roof",
    "ﬁnal": "The final day",
    "a\x00b.": "Fifth: ab.",
    "\u202efifth\u202c": "Fifth: ab.",
    "fif\u200bth": "Fifth: ab.",
    "وصلت": "هل وصلت؟",
    "cafe": "Café on the roof",
    "final days": "The final day",
}


@pytest.fixture
def odd(app):
    titles = list(dict.fromkeys(ODD.values()))
    publish_many(app, [{"number": 1 + n, "en": {"title": title, "body": "-"}} for n, title in enumerate(titles)])


def test_odd_queries_find_what_they_name_and_mark_it(odd, client):
    for query, title in ODD.items():
        hits = [hit.replace("&#39;", "'") for hit in found(client, query)]
        assert hits == [title], query
        assert marked(client, query), query


@pytest.mark.parametrize(
    "query",
    [
        "a%c",
        "abc_123",
        "'; drop table article; --",
        "' or '1'='1",
        "[zz",
        "fifth NOT ab",
        "fifth OR zz",
        "fifth NEAR(zz)",
    ],
)
def test_signs_and_words_that_mean_something_to_databases_mean_nothing_here(odd, client, query):
    assert found(client, query) == []


@pytest.mark.parametrize(
    "query",
    ['fifth*"', "fifth*", "^fifth", "-fifth", "+fifth", "fifth:*", "fifth & ab", "{fifth} : ab", "(fifth)"],
)
def test_operators_are_read_past(odd, client, query):
    assert found(client, query) == ["Fifth: ab."]


@pytest.mark.parametrize("query", ["AND", "OR", "NOT", "NEAR(a b)", "col:", "title:"])
def test_operators_alone_are_words_like_any_other(app, client, query):
    publish(app, en={"title": "And or not: near a b col title", "body": "."})
    assert len(found(client, query)) == 1


@pytest.mark.parametrize(
    "query", ["%", "_", "%%%", "__", "\\", "(.*)", "*", "؟", "&", "-", "...", "?!", "。", "^", ":"]
)
def test_signs_alone_are_told_to_be_no_words(odd, client, query):
    page = client.get("/en/search", query_string={"q": query})
    assert page.status_code == 200
    assert "There is no word in" in page.text
    assert "Or read by section" in page.text


@pytest.mark.parametrize("query", ["", " ", "\t\n", '"', '""', '" "', "\x00", "\u202e", "“”", "\u3000"])
def test_a_query_without_words_is_the_empty_search_page(odd, client, query):
    page = client.get("/en/search", query_string={"q": query})
    assert page.status_code == 200
    assert 'id="found"' not in page.text
    assert "Or read by section" in page.text


def test_a_very_long_query_is_cut_and_says_so(lamps, client):
    page = client.get("/en/search", query_string={"q": "lamp " + "x" * 10_000})
    assert page.status_code == 200
    assert "we searched with the first 200 characters" in page.text
    assert len(page.text) < 20_000, "and is not repeated in every link"
    many = client.get("/en/search", query_string={"q": "lamp " * 2_000})
    assert many.status_code == 200
    assert "Lamp makers" in words(many.text).replace(" makers", " makers")


def test_words_beyond_the_eighth_are_told_to_be_left_out(lamps, client):
    told = "Only your first eight words were looked for."
    eight = "a lamp makers one each “one lamp” “lamp each” “lamp makers”"
    for query in (eight, f"LAMP makers {eight}"):
        assert told not in client.get("/en/search", query_string={"q": query}).text, query
    assert told in client.get("/en/search", query_string={"q": f"{eight} zebra"}).text
    assert told in client.get("/en/search", query_string={"q": "b c d e f g h i j"}).text, "even if nothing is found"


def test_bytes_that_are_no_text_are_no_fault_of_the_site(lamps, client):
    for query in ("q=%ff%fe", "q=%ED%A0%80", "q=lamp&q=zebra", "q[]=lamp", "in=title", "q=%F0%9F%8F"):
        assert client.get(f"/en/search?{query}").status_code == 200


def test_pages_of_results(app, client):
    publish_many(app, a_row_of(45))
    assert len(found(client, "notice")) == 20
    assert len(found(client, "notice", page="3")) == 5
    second = client.get("/en/search?q=notice&in=title&sort=newest&page=2").text
    assert "Notice</mark> number 25<" in second
    links = re.findall(r'href="(/en/search\?[^"]+)"', second.split("<main", 1)[1])
    assert "/en/search?q=notice&amp;in=title&amp;sort=newest" in links
    assert "/en/search?q=notice&amp;in=title&amp;sort=newest&amp;page=3" in links


@pytest.mark.parametrize("page", ["4", "50", "51", "0", "-1", "abc", "99999999999999999999"])
def test_beyond_the_last_page_of_results_is_no_page(app, client, page):
    publish_many(app, a_row_of(45))
    assert client.get("/en/search", query_string={"q": "notice", "page": page}).status_code == 404


def test_more_than_a_thousand_are_not_counted(app, client):
    publish_many(app, a_row_of(1001))
    assert heading(client, "notice") == "More than 1,000 articles with “notice”"
    assert client.get("/en/search?q=notice&page=50").status_code == 200
    assert client.get("/en/search?q=notice&page=51").status_code == 404


def test_an_article_is_found_once_in_the_reader_s_language_else_in_another(app, client):
    publish(app, en={"title": "Robots at stand 12", "body": "."}, zh={"title": "12号展位的机器人 robots", "body": "。"})
    publish(app, 48316, zh={"title": "只有中文 robots", "body": "。"})
    assert found(client, "robots") == ["Robots at stand 12", "只有中文 robots"]
    assert found(client, "robots", "/zh/search") == ["只有中文 robots", "12号展位的机器人 robots"]
    assert found(client, "机器人") == ["12号展位的机器人 robots"]
    page = client.get("/en/search?q=机器人").text
    assert 'href="/zh/news/48315-' in page
    assert 'lang="zh-Hans"' in page.split("<main", 1)[1]


def test_source_author_and_standfirst_belong_to_the_content(app, client):
    publish(app, en={"standfirst": "Stood first", "author": "Newsroom", "source": "Xinhua", "sign_off": "Press desk"})
    for query in ("stood", "newsroom", "xinhua", "press desk"):
        assert found(client, query, **{"in": "content"}) == ["Doors open"]
        assert found(client, query, **{"in": "title"}) == []


def test_the_form_keeps_what_was_asked(lamps, client):
    page = client.get("/en/search", query_string={"q": 'lamp "for"', "in": "title", "sort": "newest"}).text
    form = page.split('role="search"', 1)[1].split("</form>", 1)[0]
    assert 'value="lamp &#34;for&#34;"' in form
    assert 'value="title" checked' in form
    assert 'value="newest" checked' in form


def test_results_are_not_for_search_engines(lamps, client):
    assert '<meta name="robots" content="noindex">' in client.get("/en/search?q=lamp").text
