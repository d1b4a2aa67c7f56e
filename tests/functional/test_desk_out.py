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
    fields = {name.replace("_", "-"): value for name, value in answers.items() if name != "act"}
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
    for answers in ({"act": "publish"}, {"act": "schedule", "day": "2099-01-01", "time": "10:00"}):
        answer = save(desk, number, en_body="A new text.", **answers)
        if "/release" in answer.location:
            answer = desk.send(desk.get(answer.location), {}, "/release")
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
