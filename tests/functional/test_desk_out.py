"""What editors do at the desk to articles that are out: correct, withdraw, bring back, each once, in plain words."""

import pytest
from sqlalchemy import func, select

from cantonsite.database import db
from cantonsite.models import Correction
from cantonsite.models.staff import Role
from tests.articles import words
from tests.people import later, on_roster, sign_in
from tests.subscribers import publish, withdraw, write

WRONG = "An earlier version named a wrong hall."
REASON = "The figures belonged to another edition."
ENGLISH = {"title": "Halls open", "body": "There were 198,000 visitors.\n\nThe doors are open."}
CHINESE = {"title": "展馆开放", "body": "展馆开放。"}


@pytest.fixture
def desk(app):
    """A signed-in editor."""
    on_roster(app, "editor@fair.example", name="Edita Editor", role=Role.EDITOR)
    browser = app.test_client()
    sign_in(app, browser, "editor@fair.example")
    return browser


def save(desk, number: int, **answers: str):
    """Save on the page of writing what differs from what stands there."""
    page = desk.get(f"/desk/articles/{number}/write")
    fields = {name.replace("_", "-", 1): value for name, value in answers.items() if name != "act"}
    return desk.send(page, {**fields, "act": answers.get("act", "save")}, "/write")


def said(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Correction))


def test_a_correction_that_is_sent_twice_is_told_once(app, desk):
    number = publish(app, en=ENGLISH)
    page = desk.get(f"/desk/articles/{number}/correct")
    presses = [desk.send(page, {"language": "en", "sentence": f" {WRONG} "}, "/correct") for _ in range(2)]
    assert [(each.status_code, each.location) for each in presses] == [(303, f"/desk/articles/{number}")] * 2
    assert said(app) == 1


def test_another_correction_meanwhile_is_no_second_press(app, desk):
    number = publish(app, en=ENGLISH)
    page = desk.get(f"/desk/articles/{number}/correct")
    desk.send(page, {"language": "en", "sentence": "An earlier version gave a wrong hour."}, "/correct")
    overtaken = desk.send(page, {"language": "en", "sentence": WRONG}, "/correct")
    assert overtaken.status_code == 409
    assert WRONG in overtaken.text
    assert said(app) == 1


def test_a_withdrawal_that_is_sent_twice_is_told_once(app, desk):
    number = publish(app, en=ENGLISH, zh=CHINESE)
    page = desk.get(f"/desk/articles/{number}/withdraw")
    reasons = {"reason-en": REASON, "reason-zh": "数据属于另一届。"}
    presses = [desk.send(page, reasons, "/withdraw") for _ in range(2)]
    assert [(each.status_code, each.location) for each in presses] == [(303, f"/desk/articles/{number}")] * 2
    assert desk.send(page, {**reasons, "reason-en": "Another reason."}, "/withdraw").status_code == 409
    assert said(app) == 2, "one in each language"


def test_an_article_that_is_brought_back_twice_is_back_once(app, desk):
    number = publish(app, en=ENGLISH)
    withdraw(app, number, en=REASON)
    page = desk.get(f"/desk/articles/{number}")
    assert [desk.send(page, {}, "/bring-back").status_code for _ in range(2)] == [303, 303]
    assert said(app) == 2


def test_a_withdrawn_article_is_written_but_neither_published_nor_scheduled(app, desk, client):
    number = publish(app, en=ENGLISH)
    withdraw(app, number, en=REASON)
    page = desk.get(f"/desk/articles/{number}/write").text
    assert 'value="publish"' not in page
    assert "Kept for the desk. Readers see nothing." in page
    to_publish = save(desk, number, act="publish", en_body="A new text.").location
    for path in (to_publish, f"/desk/articles/{number}/release?act=schedule&day=2099-01-01&time=10:00"):
        answer = desk.send(desk.get(path), {}, "/release")
        shown = words(desk.get(answer.location).text)
        assert "It was withdrawn, and nothing of it goes out." in shown
        assert "It is out" not in shown
    assert client.get(f"/en/news/{number}").status_code == 410
    assert "A new text." in desk.get(f"/desk/articles/{number}/write").text, "the text is saved"


def test_texts_that_are_saved_together_are_of_one_age(app, desk):
    number = write(app, en=ENGLISH, zh=CHINESE)
    for path in (f"/desk/articles/{number}", f"/desk/articles/{number}/write"):
        assert "older than another language" not in desk.get(path).text
    save(desk, number, en_body="A changed text.")
    for path in (f"/desk/articles/{number}", f"/desk/articles/{number}/write"):
        assert desk.get(path).text.count("older than another language") == 1


def test_a_change_that_goes_out_with_the_correction_of_another_language_stays_in_the_history(app, desk, client):
    number = publish(app, en=ENGLISH, zh=CHINESE)
    for time in (1, 2):
        with later(600 * time):
            save(desk, number, en_body=f"There were {time} visitors.", zh_body=f"观众{time}人。")
            page = desk.get(f"/desk/articles/{number}/correct")
            desk.send(page, {"language": "en", "sentence": f"Number {time} was wrong."}, "/correct")
    assert words(client.get(f"/zh/news/{number}/changes").text).count("文本已修改") == 2
    english = words(client.get(f"/en/news/{number}/changes").text)
    assert "Text changed" not in english, "there the correction says it"
    with later(1200):
        assert "(Corrected)" not in desk.get(f"/desk/articles/{number}/versions/zh").text
        assert "(Corrected)" in desk.get(f"/desk/articles/{number}/versions/en").text


def test_the_page_of_a_correction_shows_every_word_that_it_makes_public_and_whose_it_is(app, desk, client):
    number = publish(app, en=ENGLISH, zh=CHINESE)
    plain = desk.get(f"/desk/articles/{number}/correct")
    assert "No change of the text is waiting" in plain.text
    on_roster(app, "second@fair.example", name="Second Editor", role=Role.EDITOR)
    colleague = app.test_client()
    sign_in(app, colleague, "second@fair.example")
    save(colleague, number, zh_body="展馆尚未开放。")
    save(desk, number, en_body="There were 189,812 visitors.\n\nThe doors are open.")
    overtaken = desk.send(plain, {"language": "en", "sentence": WRONG}, "/correct")
    assert overtaken.status_code == 409
    assert WRONG in overtaken.text
    for page in (overtaken, desk.get(f"/desk/articles/{number}/correct")):
        for shown in ("<del>198,000</del>", "<ins>189,812</ins>", "<ins>尚未</ins>", "Edita Editor", "Second Editor"):
            assert shown in page.text
        assert "The doors are open." not in words(page.text), "what stays is not repeated"
        assert "English: no standfirst" in words(page.text), "and what the checks found"
    desk.send(overtaken, {}, "/correct")
    assert "189,812" in client.get(f"/en/news/{number}", follow_redirects=True).text
    assert "尚未" in client.get(f"/zh/news/{number}", follow_redirects=True).text


def test_a_save_while_a_correction_is_written_goes_out_only_after_it_was_shown(app, desk, client):
    number = publish(app, en=ENGLISH)
    page = desk.get(f"/desk/articles/{number}/correct")
    save(desk, number, en_body="A colleague's unfinished")
    assert desk.send(page, {"language": "en", "sentence": WRONG}, "/correct").status_code == 409
    assert "unfinished" not in client.get(f"/en/news/{number}", follow_redirects=True).text


def test_a_language_that_is_emptied_stays_public_and_every_page_says_so(app, desk, client):
    number = publish(app, en=ENGLISH, zh=CHINESE)
    empty = {f"zh_{name}": "" for name in ("title", "standfirst", "body", "source", "author", "sign_off")}
    answer = save(desk, number, act="publish", en_body="A new text.", **empty)
    assert "/release" in answer.location, "it is said before"
    for path in (answer.location, f"/desk/articles/{number}", f"/desk/articles/{number}/correct"):
        page = words(desk.get(path).text)
        assert "中文 was emptied, and readers go on seeing its published text" in page
        assert "let it go out without" not in page
    done = desk.send(desk.get(answer.location), {}, "/release")
    after = words(desk.get(done.location).text)
    assert "It is out: readers see it." in after
    assert "But for 中文: it was emptied, and its published text stays as it was." in after
    assert "展馆开放。" in client.get(f"/zh/news/{number}", follow_redirects=True).text


def test_when_every_language_is_emptied_nothing_can_be_published(app, desk):
    number = publish(app, en=ENGLISH)
    answer = save(desk, number, act="publish", en_title="", en_body="")
    page = desk.get(answer.location)
    assert "English was emptied" in words(page.text)
    assert "Publish now all the same" not in page.text


def test_a_text_that_is_older_and_needs_no_change_is_said_to(app, desk, client):
    number = publish(app, en=ENGLISH, zh=CHINESE)
    with later(600):
        save(desk, number, en_title="Halls open early")
        page = desk.get(f"/desk/articles/{number}")
        assert "中文 is older than English" in words(page.text)
        confirm = f"/desk/articles/{number}/texts/zh/confirm"
        assert [desk.send(page, {}, confirm).status_code for _ in range(2)] == [303, 303], "a second press is no error"
        shown = words(desk.get(f"/desk/articles/{number}").text)
        assert "中文 is older than English" not in shown
        assert shown.count("readers see an earlier version") == 1, "nothing of the Chinese text waits"
        assert "Version 3 – " in words(desk.get(f"/desk/articles/{number}/versions/zh").text)


@pytest.mark.parametrize(("language", "first"), [("en", "Halls open"), ("zh", "展馆开放")])
def test_an_editor_reads_the_title_in_their_own_language_first(app, language, first):
    number = publish(app, ar={"title": "فتح القاعات", "body": "فتحت القاعات."}, en=ENGLISH, zh=CHINESE)
    on_roster(app, "own@fair.example", name="Own", role=Role.EDITOR, language=language)
    browser = app.test_client()
    sign_in(app, browser, "own@fair.example")
    assert f'dir="auto">{first}</h1>' in browser.get(f"/desk/articles/{number}").text
    assert f'dir="auto">{first}</a>' in browser.get("/desk/articles").text
    assert f'<span dir="auto">{first}</span>' in browser.get(f"/desk/articles/{number}/pictures").text
