"""Markdown: what becomes HTML, what never does, and the plain words of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantonsite.services.markdown import opening, to_html, to_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Two *soft* and **strong**", "<p>Two <em>soft</em> and <strong>strong</strong></p>"),
        ("# One\n\n## Two", "<h2>One</h2>\n<h2>Two</h2>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("A & B", "<p>A &amp; B</p>"),
    ],
)
def test_what_press_releases_use_becomes_html(text, html):
    assert to_html(text).strip() == html


def test_tables_are_tables():
    html = to_html("| Phase | Dates |\n| :-- | --: |\n| 1 | 15–19 April |")
    assert "<th>Phase</th>" in html
    assert "<td>15–19 April</td>" in html
    assert "style" not in html, "the page's policy forbids inline styles"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=alert(1)>b</b>",
        "<!-- comment -->",
        "<a href='javascript:alert(1)'>x</a>",
        "![x](https://evil.example/x.gif)",
    ],
)
def test_html_in_the_text_stays_text(text):
    html = to_html(text)
    for tag in ("<script", "<img", "<b", "<!--", "<a"):
        assert tag not in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
    ],
)
def test_no_link_leads_to_a_script(address):
    for text in (f"[x]({address})", f"[x](<{address}>)", f"[x]\n\n[x]: {address}", f"<{address}>"):
        assert "href=" not in to_html(text), text


@pytest.mark.parametrize(
    "address",
    [
        "https://fair.example/a?b=c&d",
        "http://fair.example",
        "mailto:press@fair.example",
        "tel:+862055500124",
        "/en/news",
    ],
)
def test_links_that_lead_somewhere_stay(address):
    assert f'href="{address.replace("&", "&amp;")}"' in to_html(f"[x]({address})")


@given(st.text(max_size=300))
def test_whatever_is_written_only_known_tags_come_out(text):
    html = to_html(text).lower()
    for bad in ("<script", "<style", "<iframe", "<img", "javascript:alert", " onerror=", "<!--"):
        assert bad not in html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("One *two* `three` [four](https://x.example)", "One two three four"),
        ("# Head\n\nBody", "Head\n\nBody"),
        ("- a\n- b\n\nafter", "- a\n\n- b\n\nafter"),
        ("- \n\nafter", "after"),
        ("- - deep", "- deep"),
        ("- a\n\n  more of a", "- a\n\nmore of a"),
        ("soft\nbreak, hard  \nbreak", "soft break, hard\nbreak"),
        ("```\ncode <b>\n```", "code <b>"),
        ("| a | b |\n| - | - |\n| 1 | 2 |", "a\n\nb\n\n1\n\n2"),
        ("a \\* b &amp; c", "a * b & c"),
        ("", ""),
        ("***", ""),
    ],
)
def test_plain_words(text, plain):
    assert to_text(text) == plain


@given(st.text(max_size=300))
def test_plain_words_never_hold_what_a_database_refuses(text):
    assert "\0" not in to_text(text)


def test_a_list_without_its_dashes_reads_as_prose():
    assert to_text("Dates:\n\n- 15 April\n- 23 April", item="").split() == ["Dates:", "15", "April", "23", "April"]
    assert opening("Dates:\n\n- 15 April\n- 23 April") == "Dates: 15 April 23 April"


def test_the_opening_is_cut_at_a_word():
    assert opening("short *text*") == "short text"
    cut = opening("word " * 100)
    assert cut.endswith("word…")
    assert len(cut) <= 201
    assert opening("字" * 300) == "字" * 200 + "…"
    assert opening("# Head\n\nThen\nlines") == "Head Then lines"
