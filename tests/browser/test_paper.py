"""On paper an article is a press release: letterhead, the terms, the text, "Ends", a contact; no menu, no search."""

import pytest

from tests.browser.live import REVIEWER

LEFT_OUT = (".skip", ".demo", ".tools", ".menu", ".crumbs", ".search", ".related", ".colophon")
PRINTED = (".name", ".letterhead", "h1", ".standfirst", ".meta dl", ".prose", ".ends")


@pytest.fixture(params=["en", "zh"])
def article(request, browse):
    page = browse()
    page.goto(f"/{request.param}/news/48201")
    return page


def test_an_article_is_printed_as_a_press_release(article):
    for selector in (".letterhead", ".ends"):
        assert not article.locator(selector).is_visible(), f"{selector} is only for paper"
    article.emulate_media(media="print", color_scheme="dark")
    for selector in PRINTED:
        assert article.locator(selector).first.is_visible(), selector
    for selector in LEFT_OUT:
        for part in article.locator(selector).all():
            assert not part.is_visible(), selector
    letterhead, ends = (article.locator(each).inner_text() for each in (".letterhead", ".ends"))
    assert "+86 20 5550 0124" in letterhead
    assert "press@cantonfair.example" in letterhead
    assert "press@cantonfair.example" in ends
    assert article.url in ends, "paper says where it is on the web"
    assert article.locator("html").evaluate("html => getComputedStyle(html).backgroundColor") == "rgb(255, 255, 255)"
    assert article.locator(".prose p").first.evaluate("p => getComputedStyle(p).color") == "rgb(0, 0, 0)"


def test_nothing_is_cut_off_on_paper(article):
    article.emulate_media(media="print")
    article.set_viewport_size({"width": 627, "height": 900})  # A4 without its margins, at 96 pixels an inch
    assert article.evaluate("document.documentElement.scrollWidth <= innerWidth")
    paper = article.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF-")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type/Page/") <= 2, "a short article takes a page or two"


@pytest.mark.parametrize("path", ["/en/", "/en/invitation", "/zh/press-centre", "/en/search?q=fair"])
def test_other_pages_can_be_printed_too(browse, path):
    page = browse()
    page.goto(path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 627, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    assert page.locator("h1").first.is_visible() or path == "/en/"
    for selector in (".menu", ".search", ".tools"):
        for part in page.locator(selector).all():
            assert not part.is_visible(), selector


def test_on_paper_each_figure_of_the_desk_has_its_table(browse, at_the_desk):
    page = browse(storage_state=at_the_desk(REVIEWER["en"]))
    page.goto("/desk/figures/124")
    assert not page.locator(".charted table").first.is_visible(), "on a screen the days are shown when asked for"
    page.emulate_media(media="print")
    for table in page.locator(".charted table").all():
        assert table.is_visible()
        assert table.evaluate("table => table.getBoundingClientRect().height") > 40
    assert not page.locator(".charted summary").first.is_visible()
