"""An editor's day in one browser without a script: import, write with pictures, schedule, correct, find, withdraw."""

import io
import re
import time
import urllib.request
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageDraw

from tests.browser.live import ADMINISTRATOR
from tests.browser.person import fill_in, follow, press, sign_in
from tests.following import feeds, read, sound

FAIR = ZoneInfo("Asia/Shanghai")
APPEARS_WITHIN_SECONDS = 130
OLD_PAGE = """Home>>News>>Exhibitor News
Canton Fair News
Conference & Event
Exhibitor News
Press Centre
Invitation of Journalist

Title Content


{title}

Source: Author:

Font size: A+ A  A-

{first}

{second}

Canton Fair Press Centre
"""
ENGLISH = {
    "en-title": "Night shuttle for the press begins",
    "en-standfirst": "A shuttle runs between the halls and the metro until midnight.",
    "en-body": "The first shuttle leaves at eight in the evening.\n\n[picture 2]\n\nIt stops at every gate.",
    "en-source": "Canton Fair Press Centre",
}
CHINESE = {
    "zh-title": "媒体夜间班车开通",
    "zh-standfirst": "班车往返展馆与地铁站，运行至午夜。",
    "zh-body": "首班车晚上八时发车。\n\n班车停靠展馆各个入口。",
    "zh-source": "广交会新闻中心",
}


def old_pages(folder, many: int) -> list[str]:
    """Saved pages of the old site, each about another stand."""
    for number in range(1, many + 1):
        title = f"Stand {number} of the tool makers shows its workbench"
        first = f"Stand {number} has brought a workbench that folds away. It weighs {number + 20} kilograms."
        second = f"Visitors find it in hall {number % 20 + 1}, beside the stairs."
        text = OLD_PAGE.format(title=title, first=first, second=second)
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return [str(file) for file in sorted(folder.glob("*.txt"))]


def drawing(colour: str) -> bytes:
    """A picture of its own, as a camera's file would be uploaded."""
    image = Image.new("RGB", (1500, 1000), colour)
    ImageDraw.Draw(image).ellipse((500, 250, 1000, 750), fill="white")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_editor_s_day(live, browse, tmp_path, database):
    site = live(database)
    said = site.flask("news", "import", *old_pages(tmp_path, 60), "--date", "2018-11-01")
    assert "60 added" in said
    page, reader = browse(at=site), browse(at=site)
    sign_in(page, ADMINISTRATOR["en"])

    number = begin(page)
    add_pictures(page, number)
    due = schedule(page, number)
    assert reader.goto(f"/en/news/{number}").status == 404, "nobody sees it before its time"
    withdraw_another(page, reader)
    wait_until_it_appears(reader, number, due)
    correct(page, reader, number)
    find(reader, "en", "shuttle", "Night shuttle for the press begins")
    find(reader, "zh", "班车", "媒体夜间班车开通")
    machines_can_read_all_of_it(site)


def begin(page) -> int:
    """Write the article in two languages; returns its number."""
    page.goto("/desk/articles")
    follow(page.locator("main a", has_text="Write an article").first)
    fill_in(page, {"title": "Night shuttle", "language": "en", "section": "press-centre"})
    assert press(page) == 200
    number = int(re.search(r"/articles/(\d+)/write", page.url)[1])
    assert write(page, "save", **ENGLISH, **CHINESE) == 200
    return number


def write(page, act: str, **answers: str) -> int:
    """Fill in the page of writing and press one of its buttons."""
    for name, answer in answers.items():
        page.locator(f"[name='{name}']").fill(answer)
    with page.expect_navigation() as navigation:
        page.locator(f"button[name=act][value={act}]").click()
    return navigation.value.status


def add_pictures(page, number: int) -> None:
    """Two pictures, each with its words in both languages."""
    for place, colour in enumerate(("#7a1420", "#1c4a5a"), 1):
        page.goto(f"/desk/articles/{number}/pictures")
        follow(page.locator("main a", has_text="Add a new picture").first)
        page.locator("main [type=file]").set_input_files(
            {"name": f"shuttle-{place}.jpg", "mimeType": "image/jpeg", "buffer": drawing(colour)}
        )
        fill_in(page, {"credit": "Canton Fair Press Centre", "focus": "5", "licence": "press"})
        page.locator("[name='alts-en']").fill(f"A shuttle at gate {place}")
        page.locator("[name='alts-zh']").fill(f"停在{place}号门的班车")
        assert press(page) == 200, page.locator("main").inner_text()
    page.goto(f"/desk/articles/{number}/pictures")
    assert page.locator("main img").count() >= 2


def schedule(page, number: int) -> datetime:
    """Let it go out at the next full minute that leaves time to press the button."""
    due = (datetime.now(FAIR) + timedelta(seconds=75)).replace(second=0, microsecond=0)
    page.goto(f"/desk/articles/{number}/write")
    moment = {"day": due.date().isoformat(), "time": due.strftime("%H:%M")}
    assert write(page, "schedule", **moment) == 200
    if "/release" in page.url:
        with page.expect_navigation():
            page.locator("main button", has_text="Schedule for").click()
    assert "It goes out by itself on" in page.locator("main").inner_text()
    return due


def wait_until_it_appears(reader, number: int, due: datetime) -> None:
    """Nothing runs when the moment comes; the next who asks sees it."""
    deadline = time.monotonic() + APPEARS_WITHIN_SECONDS
    while (
        reader.goto("/en/press-centre").status != 200 or not reader.locator("main a", has_text="Night shuttle").count()
    ):
        assert time.monotonic() < deadline, "it never appeared"
        reader.wait_for_timeout(1000)
    assert datetime.now(FAIR) >= due
    follow(reader.locator("main a", has_text="Night shuttle").first)
    assert reader.locator("main figure img").count() == 2
    assert reader.locator("main figure img").first.evaluate("img => img.complete && img.naturalWidth > 0")
    assert "[picture 2]" not in reader.locator("main").inner_text()


def correct(page, reader, number: int) -> None:
    """Change the text and say what was wrong; readers see both."""
    page.goto(f"/desk/articles/{number}/write")
    assert write(page, "save", **{"en-body": ENGLISH["en-body"].replace("eight", "nine")}) == 200
    page.goto(f"/desk/articles/{number}/correct")
    sentence = "An earlier version said that the first shuttle leaves at eight."
    fill_in(page, {"language": "en", "sentence": sentence})
    assert press(page) == 200
    reader.goto(f"/en/news/{number}")
    assert sentence in reader.locator("main").inner_text()
    assert "at nine in the evening" in reader.locator("main").inner_text()
    for path in (f"/en/news/{number}/changes", "/en/corrections"):
        assert reader.goto(path).status == 200
        assert sentence in reader.locator("main").inner_text(), path


def find(reader, language: str, word: str, title: str) -> None:
    """By a word, in its own language."""
    reader.goto(f"/{language}/")
    reader.locator(".masthead input[name=q]").fill(word)
    follow(reader.locator(".masthead .search button"))
    assert reader.locator("main .stories a").filter(has_text=title).count() == 1, reader.locator("main").inner_text()
    assert reader.locator("main mark").count() > 0


def withdraw_another(page, reader) -> None:
    """One of the imported pages: its address says why it is gone."""
    page.goto("/desk/articles?q=Stand+7+workbench")
    follow(page.locator("main th a", has_text="Stand 7 of"))
    number = int(page.url.rsplit("/", 1)[1])
    assert reader.goto(f"/en/news/{number}").status == 200
    page.goto(f"/desk/articles/{number}/withdraw")
    page.locator("[name='reason-en']").fill("The stand was not at the fair.")
    assert press(page) == 200
    assert reader.goto(f"/en/news/{number}").status == 410
    assert "The stand was not at the fair." in reader.locator("main").inner_text()
    reader.goto("/en/news/exhibitor-news")
    assert reader.locator("main a", has_text="Stand 7 of").count() == 0


class FeedReader:
    """A program that asks the site without a browser."""

    def __init__(self, url: str):
        self.url = url

    def get(self, path: str) -> SimpleNamespace:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            kind = answer.headers["Content-Type"]
            return SimpleNamespace(status_code=answer.status, content_type=kind, data=answer.read())


def machines_can_read_all_of_it(site) -> None:
    """Every feed in every language, and both sitemaps, after all that the editor has done."""
    program = FeedReader(site.url)
    entries = {path: read(program, path).entries for language in ("en", "zh", "ar") for path in feeds(language)}
    assert "Night shuttle for the press begins" in [entry.title for entry in entries["/en/feed.xml"]]
    assert "媒体夜间班车开通" in [entry.title for entry in entries["/zh/news/press-centre/feed.xml"]]
    assert any("leaves at eight" in entry.content[0].value for entry in entries["/en/corrections/feed.xml"])
    assert not [entry for entry in entries["/en/news/exhibitor-news/feed.xml"] if "Stand 7 of" in entry.title]
    for path in ("/sitemap.xml", "/sitemap-news.xml"):
        assert len(sound(program, path, "sitemap.xsd")) > 0, path
