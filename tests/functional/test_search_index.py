"""The index of the search: who is found and when, what narrows it, how it is written, and that both databases agree."""

import random
import shutil
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.languages import LANGUAGES
from cantonsite.models import Article, SearchEntry
from cantonsite.models.news import Section
from cantonsite.services import backup, publishing
from cantonsite.services.search import index as search_index
from cantonsite.services.search.finding import search
from tests.articles import CLOSING, FAIR, TEXT, a_row_of, publish, publish_many, statements, words
from tests.conftest import build
from tests.functional.test_search import found, heading, marked
from tests.people import later, open_edition, past_edition

SECOND = timedelta(seconds=1)


def entries(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(SearchEntry))


def change(app, number: int = 48315, **values) -> None:
    """Change an article's columns behind the index's back."""
    with app.app_context(), transaction() as session:
        article = session.scalar(select(Article).where(Article.number == number))
        for name, value in values.items():
            setattr(article, name, value)


def indexed(app) -> list[tuple]:
    """Everything that the index knows."""
    with app.app_context():
        columns = (SearchEntry.key, SearchEntry.article_id, SearchEntry.language, SearchEntry.title)
        rows = db.session.execute(select(*columns).order_by(SearchEntry.key)).all()
        plain = db.session.execute(select(search_index.FTS.c.rowid, search_index.FTS.c.plain).order_by("rowid")).all()
    return [tuple(row) for row in (*rows, *plain)]


ENDINGS = [
    ("opening", True),
    ("opens", True),
    ("opened", True),
    ("open", True),
    ("ope", True),
    ("openi", True),
    ("op", False),
    ("pening", False),
    ("ope exhibitors", False),
    ("exhibitors ope", True),
    ("exhibition", False),
    ('"opening of the"', True),
    ('"opening the"', False),
    ('"hall opening"', False),
    ("buyers 25000", True),
    ("25,000", True),
    ("fair's", True),
    ("124th", True),
    ("124", True),
]


def test_endings_beginnings_and_phrases(app, client):
    publish(app, en={"title": "Opening of the 124th fair’s hall", "body": "Exhibitors meet 25,000 buyers."})
    for query, there in ENDINGS:
        assert bool(found(client, query)) is there, query
        assert bool(marked(client, query)) is there, query


CHINESE = [
    ("广", True),
    ("会", True),
    ("馆", True),
    ("届", True),
    ("广交会", True),
    ("交会绿", True),
    ("第124届广交会", True),
    ("124", True),
    ("绿色 广交会", True),
    ('"交会 绿色"', True),
    ("广会", False),
    ("会广", False),
    ("闭", False),
    ("robot 广交会", True),
    ("robots", True),
    ("ＲＯＢＯＴ", True),
    ("125届", False),
]


def test_chinese_of_one_character_or_more_and_latin_words_inside_it(app, client):
    publish(app, zh={"title": "第124届广交会绿色展馆", "body": "有robots。"})
    for query, there in CHINESE:
        assert bool(found(client, query)) is there, query
        assert bool(marked(client, query)) is there, query


FIGURES = [
    ("189,812", True),
    ("189812", True),
    ("189,812名", True),
    ("189812名采购商", True),
    ('"共有189,812"', True),
    ("812", False),
    ("25,000", True),
    ("25000", True),
    ("25,000m²", True),
    ("1100", True),
]


def test_figures_with_commas_are_found_whatever_follows_them(app, client):
    publish(app, zh={"title": "共有189,812名采购商", "body": "展馆25,000m²，新增1,100，其中不少在外。"})
    for query, there in FIGURES:
        assert bool(found(client, query)) is there, query
        assert bool(marked(client, query)) is there, query


def test_a_chinese_headline_is_found_as_it_was_copied(app, client):
    title = "第124届广交会闭幕，采购商189,812名：开放、合作"
    publish(app, zh={"title": title, "body": "无。"})
    for query in (title, f"“{title}”", "闭幕，采购商", "开放、合作", "广交会闭幕，采"):
        assert found(client, query) == [title], query
    assert found(client, "幕采购") == []


def test_one_character_at_the_end_of_a_run_beside_a_number(app, client):
    publish(app, zh={"title": "届时124", "body": "第125届。"})
    assert found(client, "第124") == []
    assert found(client, "第125届") == ["届时124"]


def test_arabic_with_and_without_its_article_and_vowel_signs(app, client):
    app.config["SPOKEN"] = {code: LANGUAGES[code] for code in ("en", "zh", "ar")}
    with app.app_context(), transaction() as session:
        article = Article(number=1, section=Section.PRESS_CENTRE, published_at=CLOSING, texts=[])
        publishing.write_text(article, "ar", **{**TEXT, "title": "المعرض الدولي أعلن", "body": "نص."})
        session.add(article)
        publishing.index(article)
    for query in ("المعرض", "معرض", "أعلن", "اعلن", "أَعلَن", "معر"):
        with app.test_request_context():
            assert [hit.story.title for hit in search(query, language="ar").hits] == ["المعرض الدولي أعلن"], query


def test_drafts_and_what_waits_are_neither_found_nor_counted(app, client):
    publish(app, 1, at=clock.now() + timedelta(minutes=5), en={"title": "Later lamp"})
    publish(app, 2, at=None, en={"title": "Draft lamp"})
    publish(app, 3, at=clock.now() - timedelta(minutes=5), en={"title": "Earlier lamp"})
    assert found(client, "lamp") == ["Earlier lamp"]
    assert heading(client, "lamp") == "1 article with “lamp”"
    with later(301):
        assert found(client, "lamp") == ["Later lamp", "Earlier lamp"]


def test_what_is_due_this_very_minute_waits_for_its_second(app, client):
    with_seconds = datetime(2026, 3, 3, 12, 0, 30, tzinfo=FAIR)
    publish(app, at=with_seconds, en={"title": "On the second"})
    with time_machine.travel(with_seconds - SECOND, tick=False):
        assert found(client, "second") == []
        assert heading(client, "second") == "No article with “second”"
    with time_machine.travel(with_seconds, tick=False):
        assert found(client, "second") == ["On the second"]


def test_what_was_withdrawn_is_not_found_until_it_returns(app, client):
    publish(app, en={"title": "A lamp"})
    change(app, withdrawn_at=clock.now())
    assert found(client, "lamp") == []
    assert "lamp</mark>" not in client.get("/en/search?q=lamp").text
    app.test_cli_runner().invoke(args=["news", "reindex"])
    change(app, withdrawn_at=None)
    assert found(client, "lamp") == ["A lamp"]


def test_what_is_found_follows_every_change_of_a_text(app, client):
    publish(app, en={"title": "A lamp", "body": "Bright."})
    with app.app_context(), transaction() as session:
        article = session.scalar(select(Article))
        session.refresh(article, ["texts"])
        publishing.write_text(article, "en", title="A kettle", body="Hot.")
        article.published_at += timedelta(days=400)
        publishing.index(article)
    assert found(client, "lamp") == found(client, "bright") == []
    assert found(client, "kettle hot") == ["A kettle"]
    assert entries(app) == 1


def test_the_index_is_part_of_the_transaction(app, client):
    publish(app, en={"title": "A lamp"})
    before = indexed(app)
    with app.app_context(), suppress(ZeroDivisionError), transaction() as session:
        article = session.scalar(select(Article))
        session.refresh(article, ["texts"])
        publishing.write_text(article, "en", title="A kettle")
        publishing.index(article)
        raise ZeroDivisionError
    assert indexed(app) == before
    assert found(client, "lamp") == ["A lamp"]
    assert found(client, "kettle") == []


def test_an_article_that_is_forgotten_or_deleted_is_not_found(app, client):
    publish(app, 1, en={"title": "First lamp"})
    publish(app, 2, en={"title": "Second lamp"})
    with app.app_context(), transaction() as session:
        search_index.forget(session.scalar(select(Article).where(Article.number == 1)))
        session.execute(Article.__table__.delete().where(Article.number == 2))
    assert found(client, "lamp") == []
    assert app.test_cli_runner().invoke(args=["news", "reindex"]).exit_code == 0
    assert found(client, "lamp") == ["First lamp"]


def test_reindexing_writes_the_same_again_however_often(app, client):
    publish_many(app, a_row_of(7, zh={"title": "广交会 notice"}))
    before = indexed(app)
    for _ in range(2):
        done = app.test_cli_runner().invoke(args=["news", "reindex"])
        assert done.exit_code == 0, done.output
        assert "7 articles indexed." in done.output
        assert indexed(app) == before
    with app.app_context():
        search_index.reindex(most=3)  # stopped after its first part
    assert indexed(app) == before
    assert len(found(client, "notice")) == 7


def test_the_migration_fills_the_index_as_the_desk_does(app):
    from flask_migrate import downgrade, upgrade

    publish_many(app, a_row_of(3, zh={"title": "广交会", "body": "- 一\n- 二"}))
    publish(app, 5, at=None)
    before = indexed(app)
    with app.app_context():
        downgrade(revision="0002")
        upgrade()
    assert indexed(app) == before


def test_a_restored_backup_is_searched(app, client, tmp_path):
    publish(app, en={"title": "A lamp"})
    with app.app_context():
        backup.make(tmp_path / "backup")
    publish(app, 2, en={"title": "Another lamp"})
    with app.app_context():
        backup.restore(tmp_path / "backup", replace=True)
    assert found(client, "lamp") == ["A lamp"]


@pytest.fixture
def several(app):
    open_edition(app)
    past_edition(app)
    year = {n: datetime(n, 6, 1, tzinfo=FAIR) for n in (2016, 2017, 2018)}
    publish_many(
        app,
        [
            {"number": 1, "at": year[2016], "en": {"title": "One lamp"}},
            {"number": 2, "at": year[2017], "section": "exhibitor-news", "edition": 124, "en": {"title": "Two lamps"}},
            {"number": 3, "at": year[2018], "edition": 124, "zh": {"title": "三 lamps"}},
            {"number": 4, "at": datetime(2016, 12, 31, 23, 59, tzinfo=FAIR), "en": {"title": "Four lamps"}},
            {"number": 5, "at": datetime(2017, 1, 1, 0, 0, tzinfo=FAIR), "en": {"title": "Five lamps"}},
        ],
    )


NARROWED = [
    ({}, ["三 lamps", "Two lamps", "Five lamps", "Four lamps", "One lamp"]),
    ({"section": "exhibitor-news"}, ["Two lamps"]),
    ({"edition": "124"}, ["三 lamps", "Two lamps"]),
    ({"edition": "141"}, []),
    ({"year": "2017"}, ["Two lamps", "Five lamps"]),
    ({"year": "2016"}, ["Four lamps", "One lamp"]),
    ({"language": "zh"}, ["三 lamps"]),
    ({"language": "en", "edition": "124"}, ["Two lamps"]),
    (
        {"section": "nonsense", "edition": "x", "year": "1", "language": "tlh"},
        ["三 lamps", "Two lamps", "Five lamps", "Four lamps", "One lamp"],
    ),
]


def test_a_search_is_narrowed_by_section_edition_year_and_language(several, client):
    for narrowed, titles in NARROWED:
        assert found(client, "lamp", sort="newest", **narrowed) == titles, narrowed


def test_the_form_offers_what_there_is_and_keeps_what_was_chosen(several, client):
    page = client.get("/en/search?q=lamp&year=2017&sort=newest&section=exhibitor-news").text
    form = page.split('role="search"', 1)[1].split("</form>", 1)[0]
    assert '<option selected value="2017">' in form
    assert '<option selected value="exhibitor-news">' in form
    assert ">2016<" in form
    assert ">2015<" not in form
    assert "124th Canton Fair" in form
    assert "<details open>" in form
    assert "Only: Exhibitor News · 2017." in words(page)
    assert "<details>" in client.get("/en/search?q=lamp").text


def test_pages_keep_what_the_search_is_narrowed_to(app, client):
    publish_many(app, a_row_of(45))
    page = client.get("/en/search?q=notice&year=2018&language=en").text
    assert 'href="/en/search?q=notice&amp;year=2018&amp;language=en&amp;page=2"' in page
    assert len(found(client, "notice", year="2018", page="3")) == 5


def test_nothing_found_offers_ways_on_that_lead_somewhere(several, client):
    page = client.get("/en/search", query_string={"q": "“lamp one” 2", "in": "title", "year": "2018"}).text
    main = page.split("<main", 1)[1]
    for link in (
        'href="/en/search?q=%E2%80%9Clamp+one%E2%80%9D+2&amp;in=title"',
        'href="/en/search?q=%E2%80%9Clamp+one%E2%80%9D+2&amp;year=2018"',
        'href="/en/search?q=lamp+one+2&amp;in=title&amp;year=2018"',
        'href="/en/search?q=lamp&amp;in=title&amp;year=2018"',
    ):
        assert link in main, link


def test_odd_and_endless_queries_are_answered(several, client):
    for query in ("lamp " * 2_000, "x" * 10_000, "\x00", "\u202elamp\u202c", '"' * 500, "*" * 300, "' " * 90):
        for more in ({}, {"in": "title"}, {"in": "content", "sort": "newest"}):
            assert client.get("/en/search", query_string={"q": query, **more}).status_code == 200, query


def test_a_long_text_is_found_by_its_last_words(app, client):
    publish(app, en={"body": "Words and words. " * 600 + "Then a zeppelin came."})
    assert len("Words and words. " * 600) > 10_000
    assert found(client, '"a zeppelin came"') == ["Doors open"]


def test_a_search_takes_few_statements(app, client):
    publish_many(app, a_row_of(45))
    with statements(app) as seen:
        client.get("/en/search?q=notice&page=2")
    assert len(seen) <= 6, seen


VOCABULARY = (
    *"the open opening opened hall halls fair's 124th lamp e-mail O’Brien 25,000 $ $25 €25".split(),  # noqa: SIM905
    *("广交会", "展馆", "绿色", "会", "معرض", "المعرض", "١٢٤", "हिन्दी", "绿色，展馆"),
)
QUERIES = [
    *("the", "open", "ope", "hall", "广交", "广交会", "会", "展", "معرض", "25000", "e-mail", "o'brien", "124", "lam"),
    *('"the open"', '"hall lamp"', '"广交会 展馆"', "the hall open", "fair 广交会", "第", "zz", '"opening the" hal'),
    *("हिन्", "हिन्दी", "124 معر", "绿色，展馆", "色展", '"the 124th'),
    *("$", "$25", "25", "$ 25,000", "€", "€25", "the $"),
]


def test_both_databases_give_the_same_answers_in_the_same_order(tmp_path, postgres, sqlite_template, request):
    """Texts drawn by chance, asked in every way, on both databases side by side."""
    from tests.conftest import _named, _run

    name = "search_beside"
    _run(postgres, f"CREATE DATABASE {name} TEMPLATE template_site")
    request.addfinalizer(lambda: _run(postgres, f"DROP DATABASE {name} WITH (FORCE)"))
    (tmp_path / "one").mkdir()
    shutil.copy(sqlite_template, tmp_path / "one" / "cantonsite.sqlite3")
    both = [build(tmp_path / "one"), build(tmp_path / "two", _named(postgres, name))]
    chance = random.Random(124)

    def some(most: int) -> str:
        return " ".join(chance.choices(VOCABULARY, k=chance.randint(1, most)))

    drawn = [
        {
            "number": 1000 + n,
            "at": CLOSING + timedelta(minutes=chance.randint(0, 200_000)),
            "section": chance.choice(["canton-fair-news", "exhibitor-news"]),
            **{code: {"title": some(4), "body": some(30)} for code in chance.choice([["en"], ["zh"], ["en", "zh"]])},
        }
        for n in range(120)
    ]
    answers = []
    for app in both:
        publish_many(app, drawn)
        answers.append({})
        with app.app_context():
            for query in QUERIES:
                for within in ("", "title", "content"):
                    for newest in (True, False):
                        results = search(query, language="zh", within=within, newest_first=newest)
                        shown = [(hit.story.number, hit.story.language, hit.title, hit.snippet) for hit in results.hits]
                        answers[-1][query, within, newest] = (results.total, shown)
            db.session.remove()
            db.engine.dispose()
    for asked, answer in answers[0].items():
        assert answers[1][asked] == answer, asked
    assert sum(total > 0 for total, _ in answers[0].values()) > 90
