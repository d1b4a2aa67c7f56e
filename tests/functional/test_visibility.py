"""One rule of who may see an article, on every public route: strangers find nothing of a hidden one, anywhere.

Articles are drawn in every state (tests/hidden.py), and every route in tests/routes.txt is walked (tests/walker.py)
before the hidden ones exist and after: each answer must be the same, to the byte. DRAWS=20 draws more.
"""

import os
import random
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cantonsite.database import db
from cantonsite.models import Article
from cantonsite.models.audit import Actor
from cantonsite.models.news import EDITOR, STRANGER, Section, Viewer
from cantonsite.services import corrections
from tests.conftest import build
from tests.hidden import NEVER, NOW, Drawn, World, add, add_editions, add_waiting_versions, by_number, draw
from tests.walker import Walk, preview_links, walk

SEEDS = range(1, 1 + int(os.environ.get("DRAWS", "1")))
OF_CORRECTIONS = {"/<language:lang>/corrections", "/<language:lang>/corrections/feed.xml"}
NUMBER = "/<language:lang>/news/<int(max=999999999):number>"
OWN = {NUMBER, f"{NUMBER}-<slug>", f"{NUMBER}.txt", f"{NUMBER}/changes", f"{NUMBER}/kit.zip"}
SECTION = "<any('canton-fair-news','conference-event','exhibitor-news'):section>"
# Where an article of a section and an edition must show when it is out
SURFACES = OWN | {
    *("/<language:lang>/", "/<language:lang>/news", f"/<language:lang>/news/{SECTION}", "/<language:lang>/feed.xml"),
    f"/<language:lang>/news/{SECTION[:-10]},'press-centre'):section>/feed.xml",
    *("/<language:lang>/editions/<int:number>", "/<language:lang>/editions/<int:number>/feed.xml"),
    *("/<language:lang>/editions/<int:number>/kit.zip", "/<language:lang>/news/archive/<int:year>/<int:month>"),
    *(
        "/<language:lang>/search",
        "/html/<path:_rest>",
        "/media/<name>",
        "/sitemaps/<int:page>.xml",
        "/sitemap-news.xml",
    ),
}
SECOND = timedelta(seconds=1)


@pytest.fixture
def app(tmp_path, database_url, sqlite_template):
    """The site in three languages, one of which falls back to another."""
    if not database_url:
        shutil.copy(sqlite_template, tmp_path / "cantonsite.sqlite3")
    app = build(tmp_path, database_url, LANGUAGES="en zh ar")
    add_editions(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def differing(before: Walk, after: Walk) -> set[str]:
    """The addresses whose answers are not the same any more, in whatever manner they are asked for."""
    assert before.answers.keys() == after.answers.keys(), "the same was asked"
    return {path for path, manner in before.answers if before.answers[path, manner] != after.answers[path, manner]}


def tell(walked: Walk, marks: set[str]) -> set[str]:
    """The addresses whose answers say one of these words, which the address itself does not say."""
    words = {mark: mark.encode() for mark in marks}
    return {
        path
        for (path, _manner), answer in walked.answers.items()
        if any(mark not in path and word in answer.says for mark, word in words.items())
    }


def own(walked: Walk, articles: list[Drawn]) -> set[str]:
    """The articles' own addresses."""
    ours = {path for path, rule in walked.routes.items() if rule in OWN}
    return {path for path in ours for each in articles if f"/news/{each.number}" in path}


def old(walked: Walk, articles: list[Drawn]) -> set[str]:
    """Where the articles stood on the old site."""
    stood = {each.old_path(code) for each in articles for code in each.languages}
    return stood & walked.routes.keys()


def of_rules(walked: Walk, rules: set[str]) -> set[str]:
    return {path for path, rule in walked.routes.items() if rule in rules}


@pytest.mark.parametrize("seed", SEEDS)
def test_strangers_find_no_byte_of_what_is_hidden(app, seed):
    world = draw(seed)
    with time_machine.travel(NOW, tick=False):
        add(app, world.visible)
        before = walk(app, world)
        add(app, world.hidden)
        add(app, world.withdrawn)
        add_waiting_versions(app, world.visible)
        after = walk(app, world, before)
    of_withdrawn, lists = own(after, world.withdrawn), of_rules(after, OF_CORRECTIONS)

    stood = old(after, world.withdrawn)
    assert differing(before, after) - of_withdrawn - stood - lists == set(), "what is hidden changes nothing"
    for each in world.hidden:
        assert tell(after, each.marks) == set(), each
    for each in world.visible:
        assert tell(after, {each.mark("version", code) for code in each.languages}) == set(), "a version that waits"
        assert of_rules(after, OWN) & tell(after, {each.mark("body", code) for code in each.languages}), (
            "they are there"
        )

    for each in world.withdrawn:
        reasons = {each.mark("reason", code) for code in each.languages}
        titles = {each.mark("title", code) for code in each.languages}
        assert tell(after, each.marks - reasons - titles - {str(each.number)}) == set(), each
        assert tell(after, titles | {str(each.number)}) <= lists
        assert {after.plain(path).status for path in old(after, [each])} == {301}
        assert tell(after, titles) & lists
        assert tell(after, reasons) <= lists | own(after, [each])
        for path in own(after, [each]):
            assert after.plain(path).status == 410, path
            assert any(reason.encode() in after.plain(path).body for reason in reasons), path


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hidden_number_answers_like_one_that_never_was(app, client, seed):
    world = draw(seed)
    with time_machine.travel(NOW, tick=False):
        add(app, world.visible)
        add(app, world.hidden)
        for each in world.hidden:
            for ending in ("", f"-doors-{each.mark('title', 'en')}", ".txt", "/changes", "/kit.zip"):
                hidden, never = (client.get(f"/en/news/{number}{ending}") for number in (each.number, NEVER))
                assert hidden.status_code == never.status_code == 404
                assert hidden.data.replace(str(each.number).encode(), str(NEVER).encode()) == never.data
                assert dict(hidden.headers) == dict(never.headers)


def test_an_article_is_hidden_a_second_before_its_moment_and_everywhere_a_second_after(app):
    there = Drawn(7310001, Section.EXHIBITOR_NEWS, 140, ("en", "zh"), NOW - timedelta(hours=1))
    coming = Drawn(7310002, Section.CANTON_FAIR_NEWS, 140, ("en", "zh"), NOW, embargoed=True)
    world = World([there], [coming])
    add(app, [there])
    with time_machine.travel(NOW + 2 * SECOND, tick=False):
        never_was = walk(app, world)
    add(app, [coming])
    with time_machine.travel(NOW - SECOND, tick=False):
        before = walk(app, world, fresh=False)
        assert tell(before, coming.marks) == set()

    with time_machine.travel(NOW + SECOND, tick=False):
        out = walk(app, world, before, fresh=False)
        shown = tell(out, coming.marks)
        assert {out.routes[path] for path in shown} >= SURFACES
        assert_asked_anew(before, out, shown)
        with app.app_context():
            article = by_number(coming.number)
            reasons = {code: coming.mark("reason", code) for code in coming.languages}
            corrections.withdraw(coming.number, seen=article.version, reasons=reasons, actor=Actor.COMMAND)

    with time_machine.travel(NOW + 2 * SECOND, tick=False):
        gone = walk(app, world, out, fresh=False)
        assert_asked_anew(out, gone, shown)
        still = {coming.mark("reason", code) for code in coming.languages}
        titles = {coming.mark("title", code) for code in coming.languages} | {str(coming.number)}
        assert tell(gone, coming.marks - still - titles) == set()
        assert tell(gone, titles) <= of_rules(gone, OF_CORRECTIONS)
        elsewhere = gone.routes.keys() - of_rules(gone, OF_CORRECTIONS | OWN) - old(gone, [coming])
        assert {path for path in elsewhere if never_was.plain(path) != gone.plain(path)} == set()


def assert_asked_anew(before: Walk, after: Walk, paths: set[str]) -> None:
    """What a browser keeps of these pages from before is not good any more."""
    for path in paths:
        assert before.plain(path) != after.plain(path), path
        if (path, "If-None-Match") in after.answers:
            assert after.answers[path, "If-None-Match"].status != 304, path
            assert before.plain(path).etag != after.plain(path).etag, path


def test_a_preview_link_opens_one_article_and_nothing_of_another(app, client):
    world = draw(2)
    first, second = world.hidden[0], world.hidden[1]
    with time_machine.travel(NOW, tick=False):
        add(app, [first, second])
        link = preview_links(app)[first.number]
        for path in (link, *(f"{link}/{code}" for code in ("en", "zh"))):
            page = client.get(path)
            assert page.status_code == 200
            assert first.mark("version", first.languages[0]) in page.text or first.mark("body", "zh") in page.text
            assert not [mark for mark in second.marks if mark in page.text]
        assert client.get(f"{link}/media/{first.keys[0]}.jpg").data == first.file("bytes")
        for key in (second.keys[0], second.keys[1], first.keys[1], "0" * 32):
            assert client.get(f"{link}/media/{key}.jpg").status_code == 404
        forged = f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}"
        for path in (forged, f"{forged}/en", f"{forged}/media/{first.keys[0]}.jpg"):
            assert client.get(path).status_code == 404


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rule_is_the_same_in_sql_and_in_python(app, seed):
    world, dice = draw(seed), random.Random(seed)
    odd = [replace(each, number=each.number + 200, withdrawn_at=NOW + SECOND) for each in world.visible]
    add(app, [*world.all, *odd])
    with app.app_context():
        every = db.session.scalars(select(Article)).all()
        viewers = [STRANGER, EDITOR, Viewer(previews=0), *(Viewer(previews=article.id) for article in every)]
        moments = [
            NOW,
            NOW - SECOND,
            NOW + SECOND,
            *(NOW + timedelta(days=dice.randint(-4000, 500)) for _ in range(10)),
        ]
        for viewer in viewers:
            for now in moments:
                in_sql = set(db.session.scalars(select(Article.number).where(Article.visible(now, viewer))))
                assert in_sql == {article.number for article in every if article.may_see(viewer, now)}, (viewer, now)
