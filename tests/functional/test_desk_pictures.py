"""Pictures and kit files at the desk: upload, what is refused, crops, order, and that no upload is lost."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from cantonsite.database import db
from cantonsite.models import AuditEvent, KitFile, Picture, StoredFile
from cantonsite.models.staff import Role
from cantonsite.services import files
from tests.articles import publish, words
from tests.drawings import PLACE, files_of, from_a_telephone, in_the_library, jpeg
from tests.people import later, on_roster, past_edition, sign_in
from tests.strict import Page

NEW = "/desk/pictures/new"
SAID = {"alts-en": "Red and blue", "alts-zh": "红与蓝", "captions-en": "At the gate.", "credit": "Chen Yulan"}


@pytest.fixture
def editor(app, client):
    on_roster(app, "editor@fair.example", role=Role.EDITOR)
    sign_in(app, client, "editor@fair.example")
    return client


def upload(data: bytes, name: str = "IMG 4711.jpg") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)


def send(client, path: str, answers: dict) -> TestResponse:
    """Send a form with a large file. The body is made here: werkzeug's client would leave its own file open."""
    page = client.get(path) if path == NEW else None
    form = Page(page.text).form(NEW).values if page and page.status_code == 200 else {}
    boundary, body = encode_multipart(MultiDict({**form, **answers}))
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def stored(app, model) -> int:
    with app.app_context():
        return db.session.query(model).count()


def the_picture(app) -> Picture:
    with app.app_context():
        return db.session.query(Picture).one()


def test_an_editor_adds_a_picture_and_offers_it(app, editor):
    past_edition(app)
    answers = {**SAID, "file": upload(from_a_telephone()), "edition": "124", "in_library": "y", "focus": "3"}
    done = editor.fill_in(NEW, {**answers, "licence": "cc-by-4.0", "kind": "photo", "taken_on": "2018-10-15"}, NEW)
    assert (done.status_code, done.location) == (303, "/desk/pictures/1")
    picture = the_picture(app)
    assert (picture.name, picture.focus, picture.alts) == ("IMG 4711", 3, {"en": "Red and blue", "zh": "红与蓝"})
    assert picture.taken_on.isoformat() == "2018-10-15"
    page = editor.get(done.location)
    assert "The picture was added." in page.text
    for said in ("Red and blue", "At the gate.", 'value="Chen Yulan"', 'value="124" ', "2018-10-15"):
        assert said in page.text.replace('value="124">', 'value="124" >'), said
    assert re.search(r'<option selected value="124"', page.text)
    for src in re.findall(r'src="(/desk/media/[^"]+)"', page.text):
        assert editor.get(src).headers["Cache-Control"] == "no-store"
        assert PLACE.encode() not in editor.get(src).data
    assert editor.get("/en/press-centre/media/1").status_code == 200


def test_an_upload_is_kept_while_another_answer_is_wrong(app, editor):
    wrong = editor.fill_in(NEW, {**SAID, "credit": "", "alts-en": "", "file": upload(jpeg())}, NEW)
    assert wrong.status_code == 422
    said = words(wrong.text)
    for line in ("Say in English what the picture shows", "Enter the credit", "IMG 4711.jpg", "It is kept"):
        assert line in said
    assert "红与蓝" in wrong.text
    assert stored(app, Picture) == 0
    done = editor.send(wrong, SAID, NEW)
    assert done.status_code == 303
    assert the_picture(app).name == "IMG 4711"
    with app.app_context():
        assert files.get(files.key_of(jpeg())) is None, "what was kept meanwhile is gone"


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "", "Choose a picture"),
        (b"words", "words.jpg", "must be a JPEG, PNG or WEBP"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "IMG_1.HEIC", "Make a JPEG of it"),
        (jpeg()[:5000], "half.jpg", "cut off"),
        (b"", "empty.jpg", "The file is empty"),
        (jpeg() + b"\0" * 20 * 1024 * 1024, "large.jpg", "20 MB or smaller"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_all_answers_kept(app, editor, data, name, says):
    wrong = send(editor, NEW, {**SAID, "file": upload(data, name)})
    assert wrong.status_code == 422
    assert says in words(wrong.text)
    assert 'href="#file"' in wrong.text
    assert "At the gate." in wrong.text
    assert stored(app, StoredFile) == 0


def test_far_too_much_is_refused_and_nothing_but_this_form_takes_so_much(app, editor):
    publish(app)
    large = b"\0" * 22 * 1024 * 1024
    refused = send(editor, NEW, {**SAID, "file": upload(large)})
    assert refused.status_code == 413
    assert "That was too much at once" in refused.text
    three = 3 * 1024 * 1024
    assert send(editor, "/desk/editions/new", {"file": upload(large[:three])}).status_code == 413
    assert send(app.test_client(), NEW, {"file": upload(large[:three])}).status_code == 413


def test_a_stale_form_loses_nothing_that_was_typed(app, editor):
    sent = editor.fill_in(NEW, {**SAID, "file": upload(jpeg()), "csrf_token": "stale"}, NEW)
    assert sent.status_code == 422
    assert "At the gate." in sent.text
    assert stored(app, StoredFile) == 0, "nothing is kept for a form that may be another site's"


def test_a_changed_focus_is_shown_at_once(app, editor):
    picture_id = in_the_library(app, jpeg(2000, 700))
    before = set(files_of(app, picture_id))
    here = f"/desk/pictures/{picture_id}"
    done = editor.fill_in(here, {"focus": "1", "credit": "Another"}, here)
    assert done.status_code == 303
    assert len(set(files_of(app, picture_id)) - before) == 5
    picture = the_picture(app)
    assert (picture.focus, picture.credit, picture.name) == (1, "Another", "opening")
    wrong = editor.fill_in(here, {"focus": "11"}, here)
    assert wrong.status_code == 422


def test_a_picture_in_use_is_not_deleted(app, editor):
    publish(app)
    picture_id = in_the_library(app, article=48315)
    page = editor.get(f"/desk/pictures/{picture_id}")
    assert "Doors open" in page.text
    assert "/delete" not in page.text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    sent = editor.post(f"/desk/pictures/{picture_id}/delete", data={"csrf_token": token})
    assert "Take it out there first" in editor.get(sent.location).text
    editor.post("/desk/articles/48315/pictures/place", data={"csrf_token": token, "act": f"detach-{picture_id}"})
    done = editor.fill_in(f"/desk/pictures/{picture_id}", {}, "/delete")
    assert done.location == "/desk/pictures"
    assert stored(app, Picture) == stored(app, StoredFile) == 0
    assert editor.get(f"/desk/pictures/{picture_id}").status_code == 404


def test_pictures_of_an_article_are_taken_ordered_and_taken_out(app, editor):
    publish(app)
    ids = [in_the_library(app, jpeg(width), name=f"picture{width}") for width in (701, 702)]
    here = "/desk/articles/48315/pictures"

    def press(act: str) -> list[str]:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', editor.get(here).text)[1]
        assert editor.post(f"{here}/place", data={"csrf_token": token, "act": act}).status_code in (303, 400, 404)
        own = editor.get(here).text.split('id="own"')[1].split("</section>")[0]
        return re.findall(r">(picture\d+)</a>", own)

    press(f"attach-{ids[0]}")
    press(f"attach-{ids[0]}")
    assert press(f"attach-{ids[1]}") == ["picture701", "picture702"]
    assert press(f"up-{ids[1]}") == ["picture702", "picture701"]
    assert press(f"up-{ids[1]}") == ["picture702", "picture701"]
    assert press(f"down-{ids[1]}") == ["picture701", "picture702"]
    for nonsense in ("", "up", "up-x", "attach-999", "delete-1", "up--1"):
        assert press(nonsense) == ["picture701", "picture702"]
    assert press(f"detach-{ids[0]}") == ["picture702"]
    assert "1" in re.findall(r"\[picture (\d)\]</b>", editor.get(here).text)
    with app.app_context():
        kinds = [event.kind for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert kinds.count("picture_attached") == 2
    assert kinds[-1] == "picture_detached"


def test_a_new_picture_goes_into_the_article_that_asked_for_it(app, editor):
    publish(app)
    link = re.search(r'href="(/desk/pictures/new\?article=48315)"', editor.get("/desk/articles/48315/pictures").text)[1]
    done = editor.fill_in(link, {**SAID, "file": upload(jpeg())}, NEW)
    assert done.location == "/desk/articles/48315/pictures"
    assert "<figure>" in editor.get("/en/news/48315-doors-open").text


def test_files_of_a_kit_come_and_go(app, editor):
    publish(app)
    past_edition(app)
    for page, form in (("/desk/articles/48315/pictures", "/kit-files"), ("/desk/editions/124/kit", "/kit")):
        no_file = editor.fill_in(page, {"title": "x"}, form)
        assert "Choose a file" in words(no_file.text)
        unfit = editor.fill_in(page, {"title": "x", "file": upload(b"MZ", "a.exe")}, form)
        assert "The file must be a PDF" in words(unfit.text)
        wrong = editor.fill_in(page, {"file": upload(b"%PDF-1.7", "../a.pdf")}, form)
        assert wrong.status_code == 422
        assert "Enter a title" in words(wrong.text)
        assert "It is kept" in words(wrong.text)
        assert editor.send(wrong, {"title": "The programme"}, form).status_code == 303
        assert "The programme a.pdf , 1 kB" in words(editor.get(page).text)
        assert editor.fill_in(page, {}, "/remove").status_code == 303
        assert stored(app, KitFile) == stored(app, StoredFile) == 0


def test_a_picture_that_a_form_of_a_kit_held_is_forgotten_with_what_it_told(app, editor):
    publish(app)
    page, form = "/desk/articles/48315/pictures", "/kit-files"
    unfit = editor.fill_in(page, {"title": "x", "file": upload(jpeg()[:900], "a.jpg")}, form)
    assert "a part of the file is missing" in words(unfit.text)
    wrong = editor.fill_in(page, {"file": upload(from_a_telephone(), "a.jpg")}, form)
    assert editor.send(wrong, {"title": "The hall"}, form).status_code == 303
    with app.app_context():
        (kept,) = db.session.scalars(select(StoredFile.data))
    assert PLACE.encode() not in kept


def test_the_list_at_the_desk_finds_what_lacks_words(app, editor):
    in_the_library(app, jpeg(701), name="whole", captions={"en": "Said in both"})
    in_the_library(app, jpeg(702), alts={"en": "Only English"}, captions={"en": "Said in one"}, in_library=False)

    def found(query: str) -> list[str]:
        return re.findall(r"Said in \w+", words(editor.get(f"/desk/pictures{query}").text))

    assert found("") == ["Said in one", "Said in both"]
    assert found("?without_alt=y") == ["Said in one"]
    assert found("?where=in") == ["Said in both"]
    assert found("?where=out&licence=press") == ["Said in one"]
    assert found("?q=nothing") == []


def test_what_nobody_finished_is_forgotten_after_a_day(app, editor):
    editor.fill_in(NEW, {**SAID, "credit": "", "file": upload(jpeg(701))}, NEW)
    assert stored(app, StoredFile) == 1
    with later(25 * 3600), app.app_context():
        files.sweep()
    assert stored(app, StoredFile) == 0


def test_an_editor_sees_the_files_of_a_picture_that_nobody_else_may_see(app, editor):
    name = files_of(app, in_the_library(app, in_library=False))[0]
    assert editor.get(f"/desk/media/{name}").status_code == 200
    assert app.test_client().get(f"/desk/media/{name}").status_code == 303
    assert app.test_client().get(f"/media/{name}").status_code == 404
