"""flask news import: pages of the old site become articles, twice the same, and old addresses lead to them."""

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cantonsite.database import db
from cantonsite.models import Article, ArticleText, AuditEvent
from cantonsite.models.audit import Actor
from cantonsite.models.writing import VersionKind
from cantonsite.services import old_site, versions, writing
from tests.articles import FAIR, words
from tests.people import past_edition

PAGES = Path(__file__).parents[1] / "data" / "old_site"
OPENING, FORUM, EXHIBITOR = PAGES / "opening.txt", PAGES / "forum.txt", PAGES / "exhibitor-gbk.html"
OLD_PATH = "/html/cantonfair/en/info/2018-11/48315.shtml"
SEED = Path(__file__).parents[3] / "shared" / "seeds" / "canton-fair-news-article.txt"
TITLE = "Doors open on the first phase of the autumn session"


@pytest.fixture
def bring_in(app):
    """Run the command; what it printed, and its exit code."""

    def run(*arguments: object):
        return app.test_cli_runner().invoke(args=["news", "import", *map(str, arguments)])

    return run


def stored(app) -> list[Article]:
    with app.app_context():
        return list(db.session.scalars(select(Article).options(selectinload(Article.texts)).order_by(Article.number)))


def texts(app) -> dict[tuple[int, str], ArticleText]:
    with app.app_context():
        rows = db.session.execute(select(Article.number, ArticleText).join(ArticleText)).all()
        return {(number, text.language): text for number, text in rows}


def page_as(folder: Path, name: str, *changes: tuple[str, str], of: Path = OPENING) -> Path:
    """A page like one of the fixtures, with some words changed."""
    text = of.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_page_of_the_old_site_becomes_an_article(app, client, bring_in):
    past_edition(app)
    done = bring_in(OPENING, "--language", "en", "--date", "2018-10-15 09:30", "--old-path", OLD_PATH)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Article 48315" in done.stdout
    assert "1 added" in done.stdout
    moved = client.get(OLD_PATH)
    assert (moved.status_code, moved.location) == (
        301,
        "/en/news/48315-doors-open-on-the-first-phase-of-the-autumn-session",
    )
    said = words(client.get(moved.location).text)
    assert TITLE in said
    assert "15 October 2018, 09:30" in said
    assert "Edition 124th, autumn 2018" in said
    assert "the way through the Green Lane and back" in said, "a sentence that was broken in the middle is whole"
    assert "Canton Fair Press Centre" in said
    for furniture in ("Font size", "Title Content", "Home>>"):
        assert furniture not in said
    assert TITLE in client.get("/en/news/canton-fair-news").text


def test_an_import_is_told_to_the_audit(app, bring_in):
    bring_in(OPENING, "--number", 7)
    with app.app_context():
        kinds = [event.kind for event in db.session.scalars(select(AuditEvent))]
    assert kinds.count("article_imported") == 1


@pytest.mark.parametrize(
    "options", [(), ("--number", 48315), ("--old-path", OLD_PATH), ("--number", 5, "--old-path", OLD_PATH)]
)
def test_twice_changes_nothing(app, bring_in, options):
    assert "1 added" in bring_in(OPENING, *options).stdout
    before = [(each.number, each.published_at, each.texts[0].old_path) for each in stored(app)]
    again = bring_in(OPENING, *options)
    assert again.exit_code == 0
    assert again.stdout.splitlines()[-1] == "1 unchanged."
    assert [(each.number, each.published_at, each.texts[0].old_path) for each in stored(app)] == before
    assert [text.modified_at for text in texts(app).values()] == [None]


def test_the_same_page_as_html_is_the_same_article(app, bring_in):
    bring_in(OPENING)
    assert "1 unchanged" in bring_in(PAGES / "opening.html").stdout


def test_a_changed_text_is_updated_and_says_when(app, client, bring_in, tmp_path):
    bring_in(OPENING, "--old-path", OLD_PATH, "--date", "2018-10-15")
    changed = page_as(tmp_path, "changed.txt", ("four gates instead of two", "five gates instead of two"))
    assert "1 updated" in bring_in(changed, "--old-path", OLD_PATH).stdout
    page = client.get(client.get(OLD_PATH).location).text
    assert "five gates" in page
    assert "<dt>Updated</dt>" in page
    assert "15 October 2018" in page, "the date of publication stays"
    assert "1 article" in client.get("/en/search?q=five gates").text
    assert "No article" in client.get("/en/search?q=four gates").text
    assert "1 unchanged" in bring_in(changed, "--old-path", OLD_PATH).stdout


def test_a_second_language_joins_the_same_number(app, client, bring_in):
    bring_in(PAGES / "forum.txt", "--number", 48315)
    chinese = PAGES / "exhibitor-gbk.html"
    section = old_site.read(chinese.read_bytes()).section
    assert section == "exhibitor-news"
    refused = bring_in(chinese, "--number", 48315)
    assert refused.exit_code == 1
    assert "another section" in refused.stderr
    bring_in(chinese, "--number", 48400)
    done = bring_in(chinese, "--number", 48400, "--language", "en")
    assert "1 updated" in done.stdout
    assert set(texts(app)) == {(48315, "en"), (48400, "zh"), (48400, "en")}
    assert "hreflang" in client.get(client.get("/zh/news/48400").location).text
    assert len(stored(app)) == 2


def test_the_language_is_seen_from_the_text(app, bring_in):
    bring_in(OPENING, EXHIBITOR)
    assert sorted(code for _, code in texts(app)) == ["en", "zh"]


def test_a_page_that_is_none_is_refused_and_the_others_are_imported(app, client, bring_in, tmp_path):
    nowhere, empty, binary = tmp_path / "nowhere.txt", tmp_path / "empty.txt", tmp_path / "picture.jpg"
    empty.write_bytes(b"")
    binary.write_bytes(bytes(range(256)) * 50)
    done = bring_in(OPENING, PAGES / "not-a-page.txt", nowhere, tmp_path, empty, binary, FORUM)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "2 added, 5 refused."
    for file, reason in (
        (PAGES / "not-a-page.txt", "No breadcrumb line"),
        (nowhere, "No such file or directory"),
        (tmp_path, "Is a directory"),
        (empty, "The file is empty"),
        (binary, "The file is binary"),
    ):
        assert f"{file}: {reason}" in done.stderr
    assert "Traceback" not in done.output
    assert len(stored(app)) == 2


@pytest.mark.parametrize("file", ["not-a-page.txt", "nowhere.txt", "."])
def test_nothing_is_stored_of_a_page_that_is_none(app, bring_in, file):
    done = bring_in(PAGES / file)
    assert done.exit_code == 1
    assert done.stdout == "1 refused.\n"
    assert done.stderr.count("\n") == 1
    assert stored(app) == []


def test_a_file_that_is_too_large_is_refused_without_being_read_whole(app, bring_in, tmp_path):
    large = tmp_path / "large.txt"
    with large.open("wb") as opened:
        opened.truncate(10**9)
    done = bring_in(large)
    assert done.exit_code == 1
    assert "larger than 2 MB" in done.stderr


def test_a_title_that_is_too_long_is_refused(app, bring_in, tmp_path):
    done = bring_in(page_as(tmp_path, "long.txt", (TITLE, f"{TITLE} " * 9)))
    assert done.exit_code == 1
    assert "longer than 200 characters" in done.stderr or "no title" in done.stderr
    assert stored(app) == []


def test_number_and_old_path_belong_to_one_file(app, bring_in):
    for option in (("--number", "7"), ("--old-path", OLD_PATH)):
        done = bring_in(OPENING, FORUM, *option)
        assert done.exit_code == 2
        assert "belong to one file" in done.stderr
    assert stored(app) == []


def test_without_a_file_the_command_says_how_it_is_used(bring_in):
    done = bring_in()
    assert done.exit_code == 2
    assert "Missing argument" in done.stderr


def test_the_number_comes_from_the_old_path_unless_it_is_given(app, bring_in):
    bring_in(OPENING, "--old-path", OLD_PATH)
    bring_in(FORUM, "--old-path", "/html/cantonfair/en/info/2018-11/48316.html", "--number", "12")
    bring_in(EXHIBITOR)
    assert [(each.number, each.texts[0].old_path) for each in stored(app)] == [
        (12, "/html/cantonfair/en/info/2018-11/48316.html"),
        (48315, OLD_PATH),
        (48316, None),
    ]


def test_an_article_is_known_again_by_its_old_path_alone(app, bring_in):
    bring_in(OPENING, "--old-path", OLD_PATH, "--number", "12")
    assert "1 unchanged" in bring_in(OPENING, "--old-path", OLD_PATH).stdout
    assert [each.number for each in stored(app)] == [12]


def test_an_old_path_can_be_given_later(app, client, bring_in):
    bring_in(OPENING, "--number", "48315")
    assert client.get(OLD_PATH).status_code == 404
    assert "1 updated" in bring_in(OPENING, "--old-path", OLD_PATH).stdout
    assert client.get(OLD_PATH).status_code == 301


def test_the_old_path_of_another_article_is_refused(app, bring_in):
    bring_in(OPENING, "--old-path", OLD_PATH)
    for options in (("--number", "12"), ("--number", "13")):
        done = bring_in(FORUM, "--old-path", OLD_PATH, *options)
        assert done.exit_code == 1
        assert "belongs to article 48315 already" in done.stderr
    assert [each.number for each in stored(app)] == [48315]


@pytest.mark.parametrize(
    "path",
    [
        "48315",
        "/en/news/48315",
        "https://evil.example/html/a/1.html",
        "/html/../1.html",
        "/html/a/x.shtml",
        "/html/a/1.shtml?x",
        "/html/a/1.shtml\n",
    ],
)
def test_what_is_no_old_path_is_refused(app, bring_in, path):
    done = bring_in(OPENING, "--old-path", path)
    assert done.exit_code == 1
    assert "is not a path of the old site" in done.stderr
    assert stored(app) == []


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2018-11-04", datetime(2018, 11, 4, 12, tzinfo=FAIR)),
        ("2018-11-04 16:30", datetime(2018, 11, 4, 16, 30, tzinfo=FAIR)),
        ("2018-11-04T16:30", datetime(2018, 11, 4, 16, 30, tzinfo=FAIR)),
        ("2018-11-04 00:00", datetime(2018, 11, 4, 0, 0, tzinfo=FAIR)),
    ],
)
def test_dates_are_meant_at_the_fair(app, bring_in, given, meant):
    assert bring_in(OPENING, "--date", given).exit_code == 0
    assert [each.published_at for each in stored(app)] == [meant]


@pytest.mark.parametrize("given", ["4.11.2018", "2018-13-01", "yesterday", ""])
def test_what_is_no_date_is_refused(app, bring_in, given):
    done = bring_in(OPENING, "--date", given)
    assert done.exit_code == 2
    assert stored(app) == []


def test_a_date_on_the_page_counts_unless_one_is_given(app, bring_in):
    bring_in(FORUM)
    assert [each.published_at.astimezone(FAIR).date() for each in stored(app)] == [date(2018, 11, 2)]
    assert "1 updated" in bring_in(FORUM, "--number", stored(app)[0].number, "--date", "2018-11-03").stdout
    assert [each.published_at.astimezone(FAIR).date() for each in stored(app)] == [date(2018, 11, 3)]


def test_without_any_date_it_is_published_now(app, bring_in):
    evening = datetime(2018, 11, 4, 20, 0, tzinfo=UTC)
    with time_machine.travel(evening, tick=False):
        done = bring_in(OPENING)
    assert [article.published_at for article in stored(app)] == [evening]
    assert "published 2018-11-05" in done.stdout, "the day at the fair"


@pytest.mark.parametrize(
    ("day", "belongs"),
    [("2018-10-14", False), ("2018-10-15", True), ("2018-11-04", True), ("2018-11-18", True), ("2018-11-19", False)],
)
def test_the_edition_follows_from_the_date(app, bring_in, day, belongs):
    past_edition(app)
    bring_in(OPENING, "--date", day)
    assert [each.edition_id is not None for each in stored(app)] == [belongs]


def test_the_edition_follows_a_date_that_is_given_later(app, bring_in):
    past_edition(app)
    bring_in(OPENING, "--number", "5")
    bring_in(OPENING, "--number", "5", "--date", "2018-11-04")
    assert [each.edition_id is not None for each in stored(app)] == [True]


@pytest.mark.parametrize("number", ["0", "-5", "1000000000", "x"])
def test_numbers_that_no_address_can_have_are_refused(app, bring_in, number):
    assert bring_in(OPENING, "--number", number).exit_code == 2
    assert stored(app) == []


def test_many_files_show_how_far_it_is_one_does_not(app, bring_in, tmp_path):
    assert "Importing" not in bring_in(OPENING).output
    many = [page_as(tmp_path, f"{n}.txt", (TITLE, f"{TITLE}, part {n}")) for n in range(30)]
    done = bring_in(*many)
    assert "Importing" in done.stderr
    assert done.stdout == "30 added.\n"


def test_a_file_name_with_signs_of_its_own_is_a_file_name(app, bring_in, tmp_path):
    odd = tmp_path / "a page [1] – 展馆 %s.txt"
    shutil.copy(OPENING, odd)
    assert bring_in(odd).exit_code == 0
    missing = bring_in(tmp_path / "%s {0} 馆.txt")
    assert missing.exit_code == 1
    assert "%s {0} 馆.txt: No such file" in missing.stderr


def test_an_old_address_that_nothing_stood_at_is_not_found(app, client, bring_in):
    bring_in(OPENING, "--old-path", OLD_PATH)
    for path in (
        "/html/",
        "/html/x",
        OLD_PATH + "x",
        OLD_PATH.upper(),
        "/html/%00",
        "/html/%ff",
        "/html/" + "a" * 3000,
        "/html/%27--",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get(f"{OLD_PATH}?from=mail").status_code == 301
    assert client.head(OLD_PATH).status_code == 301


@pytest.mark.skipif(
    not SEED.exists(), reason=f"the saved page {SEED.name} is no part of the repository and not beside it"
)
def test_the_page_that_this_began_with_can_be_read(app, client, bring_in):
    done = bring_in(SEED, "--language", "en", "--date", "2018-11-04", "--old-path", OLD_PATH)
    assert done.exit_code == 0, done.output
    page = client.get(client.get(OLD_PATH).location)
    assert page.status_code == 200
    assert "Font size" not in re.sub(r"<[^>]+>", "", page.text.split('<div class="prose">', 1)[1])


def test_each_language_keeps_its_own_old_address(app, client, bring_in):
    english, chinese = "/html/cantonfair/en/info/2018-11/48315.shtml", "/html/cantonfair/cn/info/2018-11/48316.shtml"
    number = ["--number", "48315"]
    assert bring_in(OPENING, *number, "--old-path", english).exit_code == 0
    assert bring_in(OPENING, *number, "--language", "zh", "--old-path", chinese).exit_code == 0
    assert client.get(english).location.startswith("/en/news/48315-")
    assert client.get(chinese).location.startswith("/zh/news/48315-")


def at_the_desk(app, number: int, body: str) -> None:
    """An editor corrects the English text of an article that is out."""
    with app.app_context():
        found = writing.find(number)
        text = {**versions.written(found)["en"], "body": body}
        saved = writing.save(number, seen=found.version, texts={"en": text}, actor=Actor.COMMAND)
        told = ("en", "An earlier version named another hall.")
        writing.publish(number, seen=saved.version, actor=Actor.COMMAND, correction=told)


@pytest.mark.parametrize("options", [(), ("--number", "48315"), ("--old-path", OLD_PATH)])
def test_what_was_corrected_at_the_desk_outlives_the_same_page(app, client, bring_in, options):
    bring_in(OPENING, "--old-path", OLD_PATH, "--date", "2018-10-15")
    at_the_desk(app, 48315, "The corrected text.")
    done = bring_in(OPENING, *options)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "1 unchanged."
    assert [each.number for each in stored(app)] == [48315], "and it is no second article"
    assert "The corrected text." in client.get(client.get(OLD_PATH).location).text


def test_a_changed_page_is_refused_where_the_desk_wrote_and_the_others_come_in(app, client, bring_in, tmp_path):
    bring_in(OPENING, "--old-path", OLD_PATH, "--date", "2018-10-15")
    at_the_desk(app, 48315, "The corrected text.")
    changed = page_as(tmp_path, "changed.txt", ("four gates instead of two", "five gates instead of two"))
    done = bring_in(changed, "--old-path", OLD_PATH)
    assert done.exit_code == 1
    assert f"{changed}: It says something else than article 48315 (en)" in done.stderr
    assert "The corrected text." in client.get(client.get(OLD_PATH).location).text
    assert bring_in(OPENING, FORUM).stdout.splitlines()[-1] == "1 added, 1 unchanged."


def test_a_page_that_changed_keeps_both_texts_as_versions(app, bring_in, tmp_path):
    bring_in(OPENING, "--number", "48315")
    changed = page_as(tmp_path, "changed.txt", ("four gates instead of two", "five gates instead of two"))
    bring_in(changed, "--number", "48315")
    with app.app_context():
        found = writing.find(48315)
        kept = [versions.get(found, "en", each.number) for each in versions.every(found, "en")]
        assert [each.kind for each in kept] == [VersionKind.IMPORTED] * 2
        assert "five gates" in kept[0].content["body"]
        assert "four gates" in kept[1].content["body"]
        assert found.version == 2, "an editor who had it open is told"
