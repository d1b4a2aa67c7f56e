"""Corrections and withdrawals: told on the article, in its history, in the list, in its text, and to machines."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cantonsite.database import Changed, db, transaction
from cantonsite.models import Article, AuditEvent, Correction, PreviewLink
from cantonsite.models.audit import Actor
from cantonsite.services import corrections
from tests.articles import CLOSING, FAIR, canonical, hreflangs, publish, publish_many, statements, structured, words
from tests.following import bring_back, correct, version_of, withdraw

ADDRESS = "/en/news/48315-doors-open"
WRONG = "An earlier version named a wrong hall."
AGAIN = "An earlier version gave a wrong hour."
REASON = "The figures belonged to another edition."
NOON = datetime(2018, 11, 6, 12, tzinfo=FAIR)


@pytest.fixture
def day():
    """Noon of 6 November 2018 at the fair; the clock stands still until it is moved."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_a_correction_stands_on_top_of_its_article_the_newest_first(app, client, day):
    publish(app, en={"title": "Doors open", "standfirst": "In short."}, zh={"title": "开门"})
    correct(app, WRONG)
    day.move_to(NOON + timedelta(days=1))
    correct(app, AGAIN)
    said = words(client.get(ADDRESS).text)
    both = f"Correction, 7 November 2018: {AGAIN} Correction, 6 November 2018: {WRONG}"
    assert both in said
    assert said.index("In short.") < said.index(both) < said.index("One paragraph.")
    assert "Updated 7 November 2018, 12:00" in said
    chinese = client.get(client.get("/zh/news/48315").location).text
    assert WRONG not in chinese


def test_a_correction_belongs_to_the_text_in_its_language(app, client, day):
    publish(app, en={"title": "Doors open"}, zh={"title": "开门"})
    correct(app, "此前版本展馆有误。", language="zh")
    assert "此前版本展馆有误。" in client.get(client.get("/zh/news/48315").location).text
    for path in (ADDRESS, "/en/news/48315/changes", "/en/corrections", "/en/corrections/feed.xml"):
        assert "此前" not in client.get(path).text
    assert "此前版本展馆有误。" in client.get("/zh/corrections").text


def test_the_plain_text_and_the_structured_data_tell_of_it_too(app, client, day):
    publish(app)
    correct(app, WRONG)
    text = client.get("/en/news/48315.txt").text
    assert text.startswith(f"Doors open\n\nCorrection, 6 November 2018: {WRONG}\n\n")
    article = structured(client.get(ADDRESS).text)["NewsArticle"]
    assert article["correction"] == [
        {"@type": "CorrectionComment", "text": WRONG, "datePublished": "2018-11-06T12:00:00+08:00"}
    ]
    assert article["dateModified"] == "2018-11-06T12:00:00+08:00"
    assert article["datePublished"] == "2018-11-04T16:30:00+08:00"
    assert article["publisher"]["correctionsPolicy"] == "http://localhost/en/corrections"


def test_an_article_without_a_correction_costs_no_statement_more(app, client, day):
    publish(app)
    publish(app, 48316, en={"title": "Other doors"})
    client.get(ADDRESS)
    with statements(app) as plain:
        client.get(ADDRESS)
    correct(app, WRONG)
    with statements(app) as corrected:
        client.get(ADDRESS)
    assert len(corrected) == len(plain) + 1
    assert not any("correction" in statement.split("FROM")[1] for statement in plain if "article.number =" in statement)


def test_the_history_tells_what_happened_and_when(app, client, day):
    publish(app, en={"title": "Doors open", "modified_at": CLOSING + timedelta(hours=5)})
    correct(app, WRONG)
    page = client.get("/en/news/48315/changes")
    said = words(page.text)
    order = ["Corrected", WRONG, "Published"]
    assert [said.index(each, said.index("6 November 2018, 12:00")) for each in order] == sorted(
        said.index(each, said.index("6 November 2018, 12:00")) for each in order
    )
    assert "4 November 2018, 16:30" in said
    assert said.count("6 November 2018, 12:00") == 1, "the change of the text is the correction"
    assert f'href="{ADDRESS}"' in page.text
    assert canonical(page.text) == "http://localhost/en/news/48315/changes"
    assert "/en/news/48315/changes" in client.get(ADDRESS).text
    assert client.get("/en/news/48316/changes").status_code == 404


def test_a_text_that_was_changed_without_a_correction_says_so_in_the_history(app, client, day):
    publish(app, en={"title": "Doors open", "modified_at": CLOSING + timedelta(hours=5)}, zh={"title": "开门"})
    page = client.get("/en/news/48315/changes").text
    assert "Text changed" in words(page)
    assert "4 November 2018, 21:30" in words(page)
    assert set(hreflangs(page)) == {"en", "zh-Hans"}
    assert "http://localhost/zh/news/48315/changes" in hreflangs(page).values()


def test_the_list_names_every_correction_and_every_withdrawal(app, client, day):
    publish_many(app, [{"number": n, "en": {"title": f"Number {n}"}} for n in (48315, 48316, 48317)])
    correct(app, WRONG)
    day.move_to(NOON + timedelta(days=1))
    withdraw(app, 48316, en=REASON)
    page = client.get("/en/corrections").text
    said = words(page)
    assert "Withdrawn 7 November 2018 Number 48316" in said
    assert REASON in said
    assert said.index("Number 48316") < said.index("Number 48315")
    assert WRONG in said
    assert 'href="/en/news/48315-number-48315"' in page
    assert "/news/48316" not in page, "no link leads to what is gone"
    assert "48317" not in page
    assert structured(page)["BreadcrumbList"]["itemListElement"][1]["item"] == "http://localhost/en/corrections"


def test_the_list_goes_on_page_by_page(app, client, day):
    publish(app)
    for n in range(21):
        day.shift(60)
        correct(app, f"Sentence {n:02}.")
    first, second = client.get("/en/corrections").text, client.get("/en/corrections?page=2").text
    assert "Sentence 20." in first
    assert "Sentence 00." not in first
    assert "Sentence 00." in second
    assert canonical(second) == "http://localhost/en/corrections?page=2"
    assert hreflangs(second) == {}
    for page in ("3", "0", "x", "51", "99999"):
        assert client.get(f"/en/corrections?page={page}").status_code == 404


def test_every_page_leads_to_the_list_and_an_empty_one_says_so(app, client):
    assert "Nothing had to be corrected so far" in words(client.get("/en/corrections").text)
    for path in ("/en/", "/zh/news", "/en/privacy", "/en/nowhere", "/en/invitation"):
        assert f'href="/{path[1:3]}/corrections"' in client.get(path).text


OWN = ("/en/news/48315", ADDRESS, "/en/news/48315-wrong", "/en/news/48315.txt", "/en/news/48315/changes")


def test_a_withdrawn_article_is_gone_and_its_addresses_say_why(app, client, day):
    publish(app, en={"title": "Doors open", "standfirst": "In short.", "source": "China News"}, zh={"title": "开门"})
    correct(app, WRONG)
    withdraw(app, en=REASON, zh="数据属于另一届。")
    kit = "/en/news/48315/kit.zip"
    for path in (*OWN, kit):
        answer = client.get(path)
        assert answer.status_code == 410, path
        said = words(answer.text)
        assert "This article was withdrawn" in said
        assert REASON in said
        assert "6 November 2018, 12:00" in said
        assert 'href="/en/corrections"' in answer.text
        assert "press@fair.example" in said
        for gone in ("Doors open", "In short.", "China News", WRONG, "One paragraph."):
            assert gone not in said, path
    assert "数据属于另一届。" in client.get("/zh/news/48315").text


def test_nothing_but_the_list_names_what_was_withdrawn(app, client, day):
    publish(app)
    publish(app, 48316, en={"title": "Another"})
    correct(app, WRONG)
    withdraw(app, en=REASON)
    for path in ("/en/", "/en/news", "/en/search?q=doors", "/en/feed.xml", "/sitemap.xml", "/en/news/48316-another"):
        page = client.get(path)
        assert page.status_code == 200
        assert "48315" not in page.text, path
        assert "Doors open" not in page.text, path
    assert client.get("/en/news").text.count('<article class="story">') == 1
    listed = words(client.get("/en/corrections").text)
    assert "Doors open" in listed
    assert WRONG not in listed, "its earlier corrections are gone with it"


def test_a_reason_in_one_language_is_told_in_all(app, client, day):
    publish(app, en={}, zh={"title": "开门"})
    withdraw(app, en=REASON)
    for path in ("/zh/news/48315", "/zh/corrections"):
        assert f'lang="en">{REASON}<' in client.get(path).text
    assert client.get("/zh/corrections").text.count(REASON) == 1


def test_what_never_was_out_is_not_withdrawn_and_answers_as_what_never_was(app, client, day):
    publish(app, at=NOON + timedelta(hours=1))
    with pytest.raises(corrections.NotOut):
        withdraw(app, en=REASON)
    with app.app_context(), transaction() as session:  # as if somebody had written rows by hand
        article = session.scalar(select(Article))
        article.withdrawn_at = NOON
        session.add(Correction(article_id=article.id, language="en", kind="withdrawal", at=NOON, sentence=REASON))
        session.add(Correction(article_id=article.id, language="en", at=NOON, sentence=WRONG))
    for path in OWN:
        assert client.get(path).status_code == 404
    for path in ("/en/corrections", "/en/corrections/feed.xml"):
        assert REASON not in client.get(path).text
        assert WRONG not in client.get(path).text
        assert "Doors" not in client.get(path).text


def test_an_article_that_is_hidden_again_takes_its_corrections_along(app, client, day):
    publish(app)
    correct(app, WRONG)
    with app.app_context(), transaction() as session:
        session.scalar(select(Article)).published_at = NOON + timedelta(days=9)
    for path in ("/en/corrections", "/en/corrections/feed.xml", "/en/news/48315/changes"):
        assert WRONG not in client.get(path).text
    day.move_to(NOON + timedelta(days=10))
    assert WRONG in client.get("/en/corrections").text


def test_an_article_comes_back_and_its_history_keeps_both(app, client, day):
    publish(app)
    withdraw(app, en=REASON)
    day.shift(3600)
    bring_back(app)
    assert client.get(ADDRESS).status_code == 200
    assert REASON not in client.get("/en/corrections").text
    assert REASON not in client.get("/en/corrections/feed.xml").text
    said = words(client.get("/en/news/48315/changes").text)
    assert said.index("Published again") < said.index(REASON) < said.index("4 November 2018")
    day.shift(3600)
    withdraw(app, en="It was wrong after all.")
    page = client.get(ADDRESS)
    assert "It was wrong after all." in page.text
    assert REASON not in page.text
    assert words(client.get("/en/corrections").text).count("Doors open") == 1


def test_two_who_decide_at_once_do_not_overtake_each_other(app, client, day):
    publish(app)
    with app.app_context():
        seen = version_of(48315)
        corrections.withdraw(48315, seen=seen, reasons={"en": REASON}, actor=Actor.COMMAND)
        for verb in (
            lambda: corrections.withdraw(48315, seen=seen, reasons={"en": "Other"}, actor=Actor.COMMAND),
            lambda: corrections.bring_back(48315, seen=seen, actor=Actor.COMMAND),
        ):
            with pytest.raises(Changed):
                verb()
        with pytest.raises(ValueError, match="reason"):
            corrections.withdraw(48315, seen=seen, reasons={"en": "  "}, actor=Actor.COMMAND)
        assert db.session.scalar(select(func.count()).select_from(Correction)) == 1
    bring_back(app)
    with pytest.raises(corrections.NotOut):
        bring_back(app)


def test_each_step_stands_in_the_audit_and_previews_die(app, day):
    publish(app)
    with app.app_context(), transaction() as session:
        article = session.scalar(select(Article))
        session.add(PreviewLink(nonce="n", article_id=article.id, label="A friend", created_at=NOON))
    correct(app, WRONG)
    withdraw(app, en=REASON)
    bring_back(app)
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        kinds = [event.kind for event in events if event.kind.startswith("article_")]
        assert kinds == ["article_corrected", "article_withdrawn", "article_brought_back"]
        assert db.session.scalar(select(PreviewLink.revoked_at)) is not None


def test_a_sentence_is_words_and_never_markup(app, client, day):
    publish(app)
    evil = "</script><script>alert(1)</script> & <b>"
    correct(app, evil)
    for path in (ADDRESS, "/en/news/48315/changes", "/en/corrections"):
        assert "<script>alert" not in client.get(path).text
    assert structured(client.get(ADDRESS).text)["NewsArticle"]["correction"][0]["text"] == evil


def test_history_and_list_may_be_kept_and_are_asked_for_again(app, client, day):
    publish(app)
    correct(app, WRONG)
    for path in ("/en/corrections", "/en/news/48315/changes", "/en/corrections/feed.xml"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in answer.headers
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    withdraw(app, en=REASON)
    gone = client.get(ADDRESS)
    assert gone.headers["Cache-Control"] == "public, no-cache"
    assert 'name="robots" content="noindex"' in gone.text


def test_the_front_page_says_who_we_are(client):
    office = structured(client.get("/en/").text)["Organization"]
    assert office["url"] == "http://localhost/"
    assert office["correctionsPolicy"] == "http://localhost/en/corrections"
    assert office["contactPoint"]["email"] == "press@fair.example"
    assert office["contactPoint"]["telephone"]
    assert office["contactPoint"]["availableLanguage"] == ["en", "zh-Hans"]
    assert "logo" not in office


PAGES = (
    *("/en/", "/en/news", "/en/news/exhibitor-news", "/en/press-centre", "/en/editions", "/en/news/archive"),
    *("/en/privacy", "/en/accessibility", "/en/corrections", "/en/press-centre/calendar", "/en/press-centre/media"),
    *("/en/press-centre/embargo-policy", "/en/press-centre/image-licence", "/en/invitation"),
)


@pytest.mark.parametrize("path", PAGES)
def test_every_public_page_names_its_address_and_its_languages(app, client, path):
    page = client.get(f"{path}?utm_source=x").text
    assert canonical(page) == f"http://localhost{path}"
    assert hreflangs(page) == {
        "en": f"http://localhost{path}",
        "zh-Hans": f"http://localhost{path.replace('/en', '/zh', 1)}",
    }
    if path != "/en/":
        crumbs = structured(page)["BreadcrumbList"]["itemListElement"]
        assert len(crumbs) >= 2
        assert [crumb["position"] for crumb in crumbs] == list(range(1, len(crumbs) + 1))
        assert crumbs[-1]["item"] == f"http://localhost{path}"


def test_pages_that_nobody_should_keep_name_no_canonical_address(app, client):
    for path in ("/en/search?q=x", "/en/search", "/en/invitation/apply", "/en/nowhere", "/desk/sign-in", "/en/alerts"):
        page = client.get(path).text
        assert 'rel="canonical"' not in page, path
        assert "ld+json" not in page, path
