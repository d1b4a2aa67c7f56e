"""The whole loop as one person in one browser without a script: read, apply, decide, learn of it."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.live import REVIEWER, ROOT
from tests.browser.person import MARTA, WANQING, apply, fill_in, follow, follow_link, newest_mail, press, read_mail

OLD_SITE = ROOT / "tests" / "data" / "old_site"


@dataclass(frozen=True)
class Reader:
    """One who walks the loop, and the words that are expected in this language."""

    language: str
    file: str
    old_path: str
    title: str
    word_of_title: str
    word_of_content: str
    answers: dict[str, Any]
    received: str
    with_us: str
    approved: str
    invited: str


ENGLISH = Reader(
    language="en",
    file="opening.txt",
    old_path="/html/cantonfair/en/info/2018-11/48990.shtml",
    title="Doors open on the first phase of the autumn session",
    word_of_title="doors",
    word_of_content="shuttle",
    answers=MARTA,
    received="We have your application",
    with_us="Your application is with the press office",
    approved="You have approved this application",
    invited="You are invited",
)
CHINESE = Reader(
    language="zh",
    file="exhibitor-gbk.html",
    old_path="/html/cantonfair/cn/info/2018-11/48991.shtml",
    title="琺瑯茶壶换上新釉色",
    word_of_title="茶壶",
    word_of_content="洗碗",
    answers=WANQING,
    received="我们已收到您的申请",
    with_us="新闻中心正在审阅您的申请",
    approved="您已批准这份申请",
    invited="您已获得邀请",
)


@pytest.mark.parametrize(
    ("database", "reader"),
    [("sqlite", ENGLISH), ("postgresql", CHINESE)],
    ids=["in English on SQLite", "in Chinese on PostgreSQL"],
)
def test_one_person_walks_the_whole_loop(live, browse, database, reader):
    site = live(database)
    number = reader.old_path.rsplit("/", 1)[1].removesuffix(".shtml")
    options = ["--date", "2018-11-01", "--number", number, "--old-path", reader.old_path]
    site.flask("news", "import", str(OLD_SITE / reader.file), *options)
    page = browse(at=site)

    read_the_article(page, reader)
    find_the_article(page, reader)
    enlarge_the_text(page, reader)

    apply(page, reader.language, reader.answers)
    assert page.locator("h1").inner_text() == reader.received
    reference = page.locator(".receipt b").inner_text()
    assert page.reload().status == 200
    assert page.locator(".receipt b").inner_text() == reference, "the receipt survives a reload"

    read_mail(page, reader.answers["email"], reference)
    follow_link(page, "/invitation/status/")
    status = page.url
    assert page.locator("h1").inner_text() == reader.with_us

    read_mail(page, REVIEWER[reader.language], reference)
    follow_link(page, "/review/")
    assert reader.answers["outlet_name"] in page.locator("main").inner_text()
    before = newest_mail(page, reader.answers["email"])
    page.go_back()
    fill_in(page, {"decision": "approve", "credentials_checked": True})
    assert press(page, "#your-decision ~ form button") == 200
    assert page.locator("h1").inner_text() == reader.approved

    page.goto(status)
    assert page.locator("h1").inner_text() == reader.with_us, "the decision shows when its mail may leave"
    read_mail(page, reader.answers["email"], other_than=before)
    assert reference in page.locator("main").inner_text()
    follow_link(page, "/invitation/status/")
    assert page.url == status
    assert page.locator("h1").inner_text() == reader.invited


def read_the_article(page, reader):
    assert page.goto(reader.old_path).status == 200, "the old address leads to the article"
    assert page.locator("h1").inner_text() == reader.title
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-Hans"}[reader.language]


def find_the_article(page, reader):
    for within, word in (("title", reader.word_of_title), ("content", reader.word_of_content)):
        page.goto(f"/{reader.language}/")
        page.locator(".masthead input[name=q]").fill(word)
        page.locator(f".masthead input[name=in][value={within}]").check()
        follow(page.locator(".masthead .search button"))
        found = page.locator("main .stories a").filter(has_text=reader.title)
        assert found.count() == 1, page.locator("main").inner_text()
        assert word.casefold() in [each.casefold() for each in page.locator("main mark").all_inner_texts()]
    page.goto(f"/{reader.language}/search?q={reader.word_of_content}&in=title")
    assert page.locator("main .stories a").filter(has_text=reader.title).count() == 0, "the title has no such word"
    page.goto(f"/{reader.language}/search?q={reader.word_of_content}")
    follow(page.locator("main .stories a").filter(has_text=reader.title))


def enlarge_the_text(page, reader):
    def size() -> float:
        return page.locator(".prose p, .story p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")

    article, before = page.url, size()
    follow(page.locator(".tools button[value=larger]"))
    assert page.url == article, "the reader stays on the page"
    assert size() > before * 1.1
    larger = size()
    page.reload()
    assert size() == larger, "it is remembered"
    page.goto(f"/{reader.language}/news/48201")
    assert size() == larger, "also on the next article"
    follow(page.locator(".tools button[value=normal]"))
    assert size() == before


def test_a_reviewer_asks_the_applicant_answers_and_the_reviewer_declines(site, browse):
    reference = site.applied(email="asked@nordisk.example")
    review, page = site.review_path(reference), browse()

    page.goto(review)
    fill_in(page, {"decision": "ask", "missing": ["own_work", "other"], "note": "Which of these did you write?"})
    press(page, "#your-decision ~ form button")
    assert page.locator("h1").inner_text() == "You have asked for information"

    read_mail(page, "asked@nordisk.example", "something more")
    assert "Which of these did you write?" in page.locator("main").inner_text()
    follow_link(page, "/invitation/status/")
    assert "Links to work of your own" in page.locator("main").inner_text()
    fill_in(page, {"text": "The second one.", "proof_links": "https://nordisk.example/three"})
    press(page, "#asked ~ form button")
    assert page.locator("h1").inner_text() == "Your application is with the press office"

    read_mail(page, REVIEWER["en"], f"{reference}: the applicant has answered")
    follow_link(page, "/review/")
    assert page.url.endswith(review), "the same link as in the first mail"
    words = page.locator("main").inner_text()
    assert "The second one." in words
    assert "https://nordisk.example/three" in words
    fill_in(page, {"decision": "decline", "note": "Rule 3: no piece carries your name."})
    press(page, "#your-decision ~ form button")
    assert page.locator("h1").inner_text() == "You have declined this application"

    read_mail(page, "asked@nordisk.example", "cannot invite")
    assert "Rule 3: no piece carries your name." in page.locator("main").inner_text()
    follow_link(page, "/invitation/status/")
    assert page.locator("h1").inner_text() == "We cannot invite you this time"
    assert "Rule 3: no piece carries your name." in page.locator("main").inner_text()
    assert site.kept(reference)["history"] == ["submitted", "asked", "answered", "declined"]


def test_a_decision_is_taken_back_before_its_mail_leaves(site, browse):
    reference, page = site.applied(email="undone@nordisk.example"), browse()
    page.goto(site.review_path(reference))
    fill_in(page, {"decision": "decline", "note": "Rule 2."})
    press(page, "#your-decision ~ form button")
    page.locator("#undo-reference").fill(reference[-7:].lower())
    press(page, "#undo ~ form button")
    assert page.locator("#your-decision").is_visible(), "the decision can be made anew"
    assert site.kept(reference)["history"] == ["submitted", "declined", "undone"]

    fill_in(page, {"decision": "approve", "credentials_checked": True})
    press(page, "#your-decision ~ form button")
    read_mail(page, "undone@nordisk.example", "you are invited")
    assert not newest_mail(page, "undone@nordisk.example", "cannot invite"), "nobody learned of the first decision"
