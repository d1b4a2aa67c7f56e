"""Writing at the desk: drafts, four buttons, versions, two editors at once, previews for outsiders."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import AuditEvent, StaffMember
from cantonsite.models.audit import Actor
from cantonsite.models.news import Section
from cantonsite.models.staff import Role
from cantonsite.services import beginning, writing
from tests.articles import FAIR, publish, words
from tests.people import later, on_roster, past_edition, sign_in
from tests.press import add_contact

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


def in_days(days: int) -> dict[str, str]:
    """Ten past nine at the fair, so many days from now, as it is typed."""
    return {"day": (clock.now().astimezone(FAIR) + timedelta(days=days)).date().isoformat(), "time": "09:10"}


def typed_moment(page) -> tuple[str, ...]:
    """What stands in the fields of the moment."""
    return tuple(re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page.text)[1] for name in ("day", "time"))


def button(page, act: str = "schedule") -> str:
    """The words of a button on the page of writing."""
    return " ".join(re.search(rf'<button[^>]*value="{act}"[^>]*>([^<]*)</button>', page.text)[1].split())


def long_form(moment: dict[str, str]) -> str:
    """How the site writes a day and a time."""
    day = date.fromisoformat(moment["day"])
    return f"{day.day} {day:%B} {day.year}, {moment['time']}"


def complete(app, desk, number: int) -> None:
    """What the checks before publication ask for besides the texts."""
    add_contact(app)
    page = desk.get(f"/desk/articles/{number}")
    contact = re.search(r'<option value="(\d+)">News desk', page.text)[1]
    assert desk.send(page, {"contact": contact}, "/place").status_code == 303


def test_the_button_names_the_moment_and_the_zone_before_it_is_pressed(app, desk, client):
    number = begin(desk)
    complete(app, desk, number)
    page = desk.get(f"/desk/articles/{number}/write")
    day, time = typed_moment(page)
    assert button(page) == f"Schedule for {long_form({'day': day, 'time': time})}, Guangzhou time (UTC+8)"
    answer = desk.send(page, {**TEXT, **CHINESE, "act": "schedule"}, "/write")
    assert answer.location.endswith(f"/desk/articles/{number}"), "the button said it, and nothing was found"
    assert f"It goes out by itself on {long_form({'day': day, 'time': time})}" in desk.get(answer.location).text


def test_a_moment_that_no_button_has_named_is_named_before_anything_is_scheduled(app, desk):
    number, moment = begin(desk), in_days(3)
    complete(app, desk, number)
    answer = write(desk, number, "schedule", **CHINESE, **moment)
    assert "/release" in answer.location
    page = desk.get(answer.location)
    assert f"Schedule for {long_form(moment)}, Guangzhou time (UTC+8)" in words(page.text)
    assert "At that moment it goes out by itself" in words(page.text)
    assert "Nobody outside the desk sees it" in desk.get(f"/desk/articles/{number}").text, "it is a draft still"
    desk.send(page, {}, "/release")
    assert f"It goes out by itself on {long_form(moment)}" in desk.get(f"/desk/articles/{number}").text
    assert button(desk.get(f"/desk/articles/{number}/write")).startswith(f"Schedule for {long_form(moment)}")


@pytest.mark.parametrize("act", ["save", "preview"])
def test_a_typed_moment_survives_save_and_preview(desk, act):
    number, moment = begin(desk), in_days(5)
    write(desk, number, act, **moment, embargoed="y")
    page = desk.get(f"/desk/articles/{number}/write")
    assert typed_moment(page) == tuple(moment.values())
    assert button(page).startswith(f"Schedule for {long_form(moment)}")
    assert re.search(r'<input[^>]*checked[^>]*name="embargoed"', page.text)


def test_a_typed_moment_that_has_passed_is_not_proposed_again(desk):
    number, at = begin(desk), clock.now().astimezone(FAIR) + timedelta(minutes=20)
    moment = {"day": at.date().isoformat(), "time": at.strftime("%H:%M")}
    write(desk, number, **moment)
    assert typed_moment(desk.get(f"/desk/articles/{number}/write")) == tuple(moment.values())
    with later(1800):
        assert typed_moment(desk.get(f"/desk/articles/{number}/write")) > tuple(moment.values())


def test_a_moment_without_a_day_leads_back_to_where_one_is_typed(desk):
    number = begin(desk)
    answer = desk.get(f"/desk/articles/{number}/release?act=schedule&day=tomorrow")
    assert answer.location.endswith(f"/desk/articles/{number}/write")


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


def test_the_same_button_pressed_twice_answers_as_once(desk):
    number = begin(desk)
    page = desk.get(f"/desk/articles/{number}/write")
    for act in ("save", "preview", "publish"):
        answers = {**TEXT, "en-title": f" Pressed\u200b twice: {act} ", "act": act}
        first, second = (desk.send(page, answers, "/write") for _ in range(2))
        assert (second.status_code, second.location) == (first.status_code, first.location) == (303, first.location)
        page = desk.get(f"/desk/articles/{number}/write")
        assert "Somebody" not in page.text
    checks = desk.get(first.location)
    for _ in range(2):
        assert desk.send(checks, {}, "/release").location.endswith(f"/desk/articles/{number}")
        after = desk.get(f"/desk/articles/{number}").text
        assert "It is out: readers see it." in after
        assert "Somebody has changed" not in after


def test_scheduling_pressed_twice_schedules_once(app, desk):
    number = begin(desk)
    complete(app, desk, number)
    page = desk.get(f"/desk/articles/{number}/write")
    for _ in range(2):
        answer = desk.send(page, {**TEXT, **CHINESE, "act": "schedule"}, "/write")
        assert answer.location.endswith(f"/desk/articles/{number}")
        shown = desk.get(answer.location).text
        assert "It goes out by itself on" in shown
        assert "Somebody" not in shown
    with app.app_context():
        scheduled = select(func.count()).select_from(AuditEvent).where(AuditEvent.kind == "article_scheduled")
        assert db.session.scalar(scheduled) == 1


def test_begin_pressed_twice_makes_one_draft(app, desk):
    page = desk.get("/desk/articles/new")
    answers = {"title": "Halls open", "language": "en", "section": "canton-fair-news"}
    first, second = (desk.send(page, answers, "/desk/articles/new") for _ in range(2))
    assert first.location == second.location
    other = desk.send(page, {**answers, "title": "Another one"}, "/desk/articles/new")
    assert other.location != first.location, "what was typed anew from the same page is another article"
    assert desk.send(desk.get("/desk/articles/new"), answers, "/desk/articles/new").location != first.location


def test_articles_begun_at_once_get_one_draft_for_each_form(app, desk):
    def draft(once: str) -> int:
        with app.app_context():
            member = db.session.scalars(select(StaffMember)).one()
            texts = {"en": {"title": "At once"}}
            return beginning.begin(once, actor=member, section=Section.PRESS_CENTRE, texts=texts).number

    with ThreadPoolExecutor(4) as at_once:
        numbers = list(at_once.map(draft, ["one", "two"] * 4))
    assert len(set(numbers)) == 2
    assert numbers == numbers[:2] * 4


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


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("L’ÉLAN DE CANTON", "l'élan"),
        ("L’élan de Canton", "ÉLAN"),
        ("Ярмарка открыта", "ЯРМАРКА"),
        ("İSTANBUL AT THE FAIR", "istanbul"),
        ("Ten per cent – 10% – of it", "10%"),
        ("广交会开幕", "开幕"),
    ],
)
def test_the_list_finds_words_however_they_are_written(desk, title, asked):
    number = begin(desk, title)
    begin(desk, "Another 105 of them")
    page = desk.get("/desk/articles", query_string={"q": asked}).text
    assert re.findall(r"/desk/articles/(\d+)\"", page) == [str(number)]


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
