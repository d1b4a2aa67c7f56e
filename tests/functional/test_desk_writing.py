"""Writing at the desk: drafts, four buttons, versions, two editors at once, previews for outsiders."""

import re
from datetime import datetime, timedelta

import pytest

from cantonsite import clock
from cantonsite.database import transaction
from cantonsite.models.audit import Actor
from cantonsite.models.staff import Role
from cantonsite.services import writing
from tests.articles import FAIR, publish, words
from tests.people import later, on_roster, past_edition, sign_in

TEXT = {
    "en-title": "Halls open two days early",
    "en-standfirst": "The fair opens three halls to the press before the first day.",
    "en-body": "The first paragraph ends.\n\nThe second one too.",
    "en-source": "Canton Fair",
}
CHINESE = {
    "zh-title": "展馆提前两天开放",
    "zh-standfirst": "三个展馆提前开放。",
    "zh-body": "第一段。\n\n第二段。",
    "zh-source": "广交会",
}


@pytest.fixture
def desk(app):
    """A signed-in editor."""
    past_edition(app)
    on_roster(app, "editor@fair.example", name="Edita Editor", role=Role.EDITOR)
    browser = app.test_client()
    sign_in(app, browser, "editor@fair.example")
    return browser


def begin(desk, title: str = "Halls open") -> int:
    """A new draft; its number."""
    page = desk.get("/desk/articles/new")
    made = desk.send(page, {"title": title, "language": "en", "section": "canton-fair-news"}, "/desk/articles/new")
    assert made.status_code == 303, words(made.text)
    return int(re.search(r"/desk/articles/(\d+)/write", made.location)[1])


def write(desk, number: int, act: str = "save", **answers):
    """Fill in the page of writing and press a button."""
    page = desk.get(f"/desk/articles/{number}/write")
    return desk.send(page, {**TEXT, "act": act, **answers}, f"/{number}/write")


def test_an_article_is_written_and_published_in_two_languages(desk, client):
    number = begin(desk)
    assert client.get(f"/en/news/{number}").status_code == 404
    write(desk, number, **CHINESE)
    assert client.get(f"/en/news/{number}").status_code == 404, "a saved draft is for the desk alone"
    release(desk, number, write(desk, number, "publish", **CHINESE))
    page = client.get(f"/en/news/{number}-halls-open-two-days-early")
    assert "The second one too." in page.text
    assert client.get(f"/zh/news/{number}", follow_redirects=True).status_code == 200


def release(desk, number: int, answer):
    """Let it go, all the same if the checks found something."""
    assert answer.status_code == 303
    if "/release" in answer.location:
        page = desk.get(answer.location)
        answer = desk.send(page, {}, f"/{number}/release")
        assert answer.status_code == 303
    assert answer.location.endswith(f"/desk/articles/{number}")
    return desk.get(answer.location)


def test_what_is_scheduled_appears_by_itself(desk, client):
    number = begin(desk)
    at = (clock.now() + timedelta(minutes=1)).astimezone(FAIR)
    at = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    when = {"day": at.date().isoformat(), "time": at.strftime("%H:%M")}
    page = release(desk, number, write(desk, number, "schedule", **when))
    assert "It goes out by itself on" in page.text
    listing = client.get("/en/news")
    assert "Halls open two days early" not in listing.text
    with later((at - clock.now()).total_seconds() + 1):
        assert (
            "Halls open two days early"
            in client.get("/en/news", headers={"If-None-Match": listing.headers["ETag"]}).text
        )
        assert client.get(f"/en/news/{number}-halls-open-two-days-early").status_code == 200


def test_a_scheduled_article_can_be_made_a_draft_again(desk, client):
    number = begin(desk)
    tomorrow = clock.now().astimezone(FAIR) + timedelta(days=1)
    page = release(desk, number, write(desk, number, "schedule", day=tomorrow.date().isoformat(), time="10:00"))
    assert desk.send(page, {}, "/put-back").status_code == 303
    with later(2 * 86400):
        assert client.get(f"/en/news/{number}").status_code == 404


@pytest.mark.parametrize(
    ("day", "time", "says"),
    [("", "10:00", "Enter the day"), ("tomorrow", "", "Enter the day"), ("2027-01-05", "noon", "Enter the time")],
)
def test_a_moment_that_is_none_keeps_the_text_and_says_what_is_missing(desk, day, time, says):
    number = begin(desk)
    answer = write(desk, number, "schedule", day=day, time=time)
    assert answer.status_code == 422
    assert says in answer.text
    assert "The second one too." in answer.text
    assert "The second one too." in desk.get(f"/desk/articles/{number}/write").text, "and it is saved"


def test_a_moment_that_has_passed_is_refused_and_the_text_is_saved(desk, client):
    number = begin(desk)
    page = release(desk, number, write(desk, number, "schedule", day="2020-01-01", time="10:00"))
    assert "that moment has passed" in page.text
    assert client.get(f"/en/news/{number}").status_code == 404


def test_saving_what_is_out_changes_nothing_for_readers_until_it_is_published(desk, client):
    number = begin(desk)
    release(desk, number, write(desk, number, "publish"))
    write(desk, number, **{"en-body": "A changed text."})
    address = f"/en/news/{number}-halls-open-two-days-early"
    assert "A changed text." not in client.get(address).text
    assert "Changes were saved that readers do not see yet" in desk.get(f"/desk/articles/{number}").text
    assert "A changed text." in desk.get(f"/desk/articles/{number}/preview/en").text
    release(desk, number, write(desk, number, "publish", **{"en-body": "A changed text."}))
    page = client.get(address).text
    assert "A changed text." in page
    assert "Updated" in page


def test_a_correction_publishes_the_change_with_its_sentence(desk, client):
    number = begin(desk)
    release(desk, number, write(desk, number, "publish"))
    write(desk, number, **{"en-body": "There were 189,812 visitors."})
    page = desk.get(f"/desk/articles/{number}/correct")
    sentence = "An earlier version gave a wrong number of visitors."
    assert desk.send(page, {"language": "en", "sentence": sentence}, "/correct").status_code == 303
    shown = client.get(f"/en/news/{number}-halls-open-two-days-early").text
    assert sentence in shown
    assert "There were 189,812 visitors." in shown


def test_a_withdrawn_article_answers_gone_with_the_reason_and_can_come_back(desk, client):
    number = begin(desk)
    release(desk, number, write(desk, number, "publish"))
    page = desk.get(f"/desk/articles/{number}/withdraw")
    assert desk.send(page, {"reason-en": ""}, "/withdraw").status_code == 422
    assert desk.send(page, {"reason-en": "It was about another fair."}, "/withdraw").status_code == 303
    gone = client.get(f"/en/news/{number}-halls-open-two-days-early")
    assert gone.status_code == 410
    assert "It was about another fair." in gone.text
    assert "The second one too." not in gone.text
    back = desk.send(desk.get(f"/desk/articles/{number}"), {}, "/bring-back")
    assert back.status_code == 303
    assert client.get(f"/en/news/{number}-halls-open-two-days-early").status_code == 200


def test_two_editors_at_once_see_both_texts_and_lose_neither(app, desk):
    number = begin(desk)
    on_roster(app, "second@fair.example", name="Second Editor", role=Role.EDITOR)
    other = app.test_client()
    sign_in(app, other, "second@fair.example")
    mine, theirs = desk.get(f"/desk/articles/{number}/write"), other.get(f"/desk/articles/{number}/write")
    assert (
        other.send(theirs, {**TEXT, "en-body": "Written by the second editor.", "act": "save"}, "/write").status_code
        == 303
    )
    answer = desk.send(mine, {**TEXT, "en-body": "Written by the first editor.", "act": "save"}, "/write")
    assert answer.status_code == 409
    assert "Written by the first editor." in answer.text
    assert "Written by the second editor." in answer.text
    assert desk.send(answer, {"act": "save"}, "/write").status_code == 303, "and saving again keeps what was typed"
    texts = desk.get(f"/desk/articles/{number}/write").text
    assert "Written by the first editor." in texts
    history = desk.get(f"/desk/articles/{number}/versions/en")
    assert "Second Editor" in history.text


def test_every_save_is_a_version_and_any_one_is_restored(desk):
    number = begin(desk)
    write(desk, number, **{"en-body": "One."})
    write(desk, number, **{"en-body": "Two."})
    page = desk.get(f"/desk/articles/{number}/versions/en?left=2&right=3")
    assert "<del>One.</del>" in page.text
    assert "<ins>Two.</ins>" in page.text
    assert desk.send(page, {}, "/versions/en/2/restore").status_code == 303
    assert "One." in desk.get(f"/desk/articles/{number}/write").text
    assert "Restored" in desk.get(f"/desk/articles/{number}/versions/en").text


def test_saving_what_has_not_changed_adds_no_version(desk):
    number = begin(desk)
    write(desk, number)
    write(desk, number)
    assert "Version 3" not in desk.get(f"/desk/articles/{number}/versions/en").text


def test_an_imported_text_stays_in_the_versions(app, desk):
    publish(app, 48315, en={"body": "As it was imported."})
    write(desk, 48315, **{"en-body": "As it was rewritten."})
    assert "As it was <del>imported.</del>" in desk.get("/desk/articles/48315/versions/en?left=1&right=2").text


def test_a_preview_link_opens_the_real_page_until_publication(app, desk, client):
    number = begin(desk)
    write(desk, number)
    page = desk.get(f"/desk/articles/{number}")
    desk.send(page, {"label": "Nordisk Handelsblad"}, "/previews")
    address = re.search(r'http://localhost(/preview/[^"<]+)', desk.get(f"/desk/articles/{number}").text)[1]
    preview = client.get(address)
    assert preview.status_code == 200
    assert "The second one too." in preview.text
    assert preview.headers["Cache-Control"] == "no-store"
    assert "ld+json" not in preview.text
    release(desk, number, write(desk, number, "publish"))
    dead = client.get(address)
    assert dead.status_code == 410
    assert f"/en/news/{number}-halls-open-two-days-early" in dead.text


def test_a_preview_link_can_be_revoked(desk, client):
    number = begin(desk)
    write(desk, number)
    desk.send(desk.get(f"/desk/articles/{number}"), {"label": "Somebody"}, "/previews")
    page = desk.get(f"/desk/articles/{number}")
    address = re.search(r'http://localhost(/preview/[^"<]+)', page.text)[1]
    assert desk.send(page, {}, "/revoke").status_code == 303
    assert client.get(address).status_code == 410
    assert client.get(address[:-3] + "xyz").status_code == 404


def test_half_a_text_never_goes_out_by_itself(desk, client):
    number = begin(desk)
    write(desk, number, **{"zh-title": "只有标题"})
    release(desk, number, write(desk, number, "publish", **{"zh-title": "只有标题"}))
    assert "只有标题" not in client.get("/zh/news").text
    assert client.get(f"/zh/news/{number}").status_code == 404


def test_nothing_to_publish_is_said(desk, client):
    number = begin(desk)
    answer = write(desk, number, "publish", **{"en-body": ""})
    assert client.get(f"/en/news/{number}").status_code == 404
    assert answer.status_code == 303


def test_what_was_pasted_is_cleaned_and_said(desk):
    number = begin(desk)
    dirty = "A line with\u200b an invisible sign.\r\n\r\n\r\n\r\nAnd\u00a0another."
    answer = write(desk, number, **{"en-body": dirty})
    page = desk.get(answer.location)
    assert "Cleaned" in page.text
    assert "\u200b" not in page.text


def test_what_was_cleaned_is_said_of_title_and_standfirst_too(desk):
    number = begin(desk, "Halls\u200b open")
    assert "Cleaned: 1 invisible character." in desk.get(f"/desk/articles/{number}/write").text
    answer = write(desk, number, **{"en-title": "Halls\u202e open", "en-standfirst": "Two days\u200b early\ufeff."})
    page = desk.get(answer.location)
    assert "Cleaned: 3 invisible characters." in page.text
    assert 'value="Halls open"' in page.text
    assert "Two days early." in page.text


def test_what_was_taken_out_of_the_text_is_quoted(desk):
    number = begin(desk)
    body = "第一段。\n\n扫描下方二维码预约采访\n\n长按识别二维码关注我们\n\n第二段。"
    page = desk.get(write(desk, number, **{**CHINESE, "zh-body": body}).location)
    assert "Cleaned: 1 line of the page around it (“长按识别二维码关注我们”)" in page.text
    assert page.text.count("长按识别二维码关注我们") == 1, "nowhere else"
    assert "扫描下方二维码预约采访" in page.text


@pytest.mark.parametrize("token", [None, "stale"])
def test_a_stale_token_loses_nothing_that_was_typed(desk, token):
    number = begin(desk)
    answer = write(desk, number, csrf_token=token)
    assert answer.status_code == 422
    assert "The second one too." in answer.text
    assert desk.send(answer, {"act": "save"}, "/write").status_code == 303


def test_an_ended_session_gives_the_text_back(app, desk):
    number = begin(desk)
    page = desk.get(f"/desk/articles/{number}/write")
    desk.post("/desk/sign-out", data={"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]})
    answer = desk.send(page, {**TEXT, "act": "save"}, "/write")
    assert answer.status_code == 401
    assert "The second one too." in answer.text


def test_a_text_of_many_characters_is_refused_with_all_kept(desk):
    number = begin(desk)
    answer = write(desk, number, **{"en-body": "字" * 100_001})
    assert answer.status_code == 422
    assert "100000 characters or fewer" in answer.text
    assert "字" * 100_001 in answer.text


def test_the_list_finds_articles_by_words_number_section_and_state(app, desk):
    number = begin(desk, "A draft about ceramics")
    publish(app, 48315, en={"title": "Doors open"}, at=datetime(2018, 11, 4, 10, tzinfo=FAIR))
    assert "A draft about ceramics" in desk.get("/desk/articles").text
    drafts = desk.get("/desk/articles?state=draft").text
    assert "A draft about ceramics" in drafts
    assert "Doors open" not in drafts
    found = desk.get("/desk/articles?q=CERAMICS").text
    assert "A draft about ceramics" in found
    assert "Doors open" not in found
    assert "Doors open" in desk.get("/desk/articles?q=48315").text
    assert "No article was found" in desk.get("/desk/articles?q=nothing-such&section=exhibitor-news&edition=124").text
    assert str(number) in drafts


def test_the_place_of_an_article_changes_at_once(app, desk, client):
    publish(app, 48315)
    page = desk.get("/desk/articles/48315")
    assert desk.send(page, {"section": "exhibitor-news", "edition": "124"}, "/place").status_code == 303
    assert "Doors open" in client.get("/en/news/exhibitor-news").text
    overtaken = desk.send(page, {"section": "conference-event"}, "/place")
    assert overtaken.status_code == 409


def test_a_save_is_whole_or_not_at_all(app, desk):
    number = begin(desk)

    def broken_half_way() -> None:
        with transaction():
            seen = writing.find(number).version
            writing.save(number, seen=seen, texts={"en": {"title": "x", "body": "y"}}, actor=Actor.COMMAND)
            raise ValueError("broken")

    with app.app_context(), pytest.raises(ValueError, match="broken"):
        broken_half_way()
    assert "Version 2" not in desk.get(f"/desk/articles/{number}/versions/en").text
