"""Words of another script within a text: what is marked, as what, and what is left alone."""

import pytest

from cantonsite.services.markdown import to_html, to_parts, to_text
from cantonsite.services.scripts import marked, runs


@pytest.mark.parametrize(
    ("text", "language", "html"),
    [
        ("Doors open", "en", "Doors open"),
        ("Tom & Co <b>", "en", "Tom &amp; Co &lt;b&gt;"),
        ("Café — “naïve” €5", "en", "Café — “naïve” €5"),
        ("The 广交会 & more", "en", 'The <span lang="zh-Hans">广交会</span> &amp; more'),
        ("广交会 fair", "zh", "广交会 fair"),
        ("《南方日报》、广州", "en", '<span lang="zh-Hans">《南方日报》、广州</span>'),
        ("第124届", "en", '<span lang="zh-Hans">第124届</span>'),
        ("(广州)", "en", '(<span lang="zh-Hans">广州</span>)'),
        ("東京の会", "en", '<span lang="ja">東京の会</span>'),
        ("كانتون 广交会", "ar", 'كانتون <span lang="zh-Hans">广交会</span>'),
        ("by معرض كانتون الدولي.", "en", 'by <span lang="ar" dir="rtl">معرض كانتون الدولي</span>.'),
        ("广交会与معرض", "zh", '广交会与<span lang="ar" dir="rtl">معرض</span>'),
        ("Ярмарка", "en", "Ярмарка"),
        ("由Bureau of Commerce主办", "zh", '由<span lang="en">Bureau of Commerce</span>主办'),
        ("معرض China Import and Export Fair.", "ar", 'معرض <span lang="en">China Import and Export Fair</span>.'),
        (
            "China’s Hall 3 of the Fair, by night 2018年",
            "zh",
            '<span lang="en">China’s Hall 3 of the Fair, by night</span> 2018年',
        ),
        ("The doors of the fair", "zh", '<span lang="en">The doors of the fair</span>'),
        ("《Nordisk Handelsblad》记者", "zh", "《Nordisk Handelsblad》记者"),
        ("Le Monde、Ministère of Été", "zh", "Le Monde、Ministère of Été"),
        ("Canton Fair App 下载，OF、THE", "zh", "Canton Fair App 下载，OF、THE"),
        ("广交会 and the fair", "en", '<span lang="zh-Hans">广交会</span> and the fair'),
    ],
)
def test_words_of_another_script_are_marked(text, language, html):
    assert marked(text, language) == html


def test_markdown_marks_them_too_but_not_in_code_or_addresses():
    html = to_html('[广州](https://a.example/广 "广") `广` *广*', "en")
    assert html.count("<span") == 2
    assert "<code>广</code>" in html
    assert 'title="广"' in html


def test_english_in_a_chinese_text_is_marked_but_not_in_code_or_addresses():
    body = (
        "[说明 the rules of it](https://a.example/the%20fair 'of the fair') `the end of it` <https://a.example/the-of>"
    )
    html = to_html(body, "zh")
    assert html.count("<span") == 1
    assert '说明 <span lang="en">the rules of it</span></a>' in html
    assert "<code>the end of it</code>" in html
    assert "<span" in to_html("The whole paragraph is of another language.", "zh")


@pytest.mark.parametrize("piece", ["a", "a ", "a.a", "a'", "the ", "a@", "a, ", "1 ", "& ", "é of "])
def test_half_a_megabyte_of_latin_letters_is_read_once(piece):
    assert "".join(words for words, _code in runs((piece * 500_000)[:500_000], "zh")) == (piece * 500_000)[:500_000]


def test_without_a_language_nothing_is_marked():
    assert "<span" not in to_html("The 广交会")


def test_parts_are_marked_as_the_whole():
    assert "".join(part for part in to_parts("A 广\n\nB", "en") if isinstance(part, str)) == to_html("A 广\n\nB", "en")


def test_plain_text_holds_no_marks():
    assert to_text("The **广交会**") == "The 广交会"


def test_nobody_writes_attributes_of_their_own():
    assert to_html('<span lang="zh" onclick="x">a</span>', "en").startswith("<p>&lt;span")
