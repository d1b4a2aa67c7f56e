"""Pictures for readers: in articles and in the media library, and their files, which hidden articles keep back."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Article, Picture, StaffMember, StoredFile
from cantonsite.models.audit import Actor
from cantonsite.models.media import Licence, PictureKind
from cantonsite.models.staff import Role
from cantonsite.services import kit_files, pictures, previews
from tests.articles import publish, statements, structured, words
from tests.drawings import PLACE, drawn, files_of, from_a_telephone, in_the_library, jpeg, opened, saved
from tests.people import later, on_roster, past_edition

ADDRESS = "/en/news/48315-doors-open"
UNKNOWN = f"/media/{'0' * 32}.jpg"


def alike(answer):
    """What must not differ between a file that is hidden and one that never was."""
    path = answer.request.path.encode()
    headers = {k: v for k, v in answer.headers if k not in ("ETag", "Date", "Content-Length")}
    return answer.status_code, headers, answer.data.replace(path, b"")


def test_an_article_shows_its_pictures_at_their_places(app, client):
    body = "First words.\n\n[picture 2]\n\nSecond words.\n[Picture 9]\nThird words.\n\n[picture 2]"
    publish(app, en={"body": body}, zh={"title": "开幕", "body": "第一段。\n\n[picture 1]"})
    for name in ("one", "two", "three"):
        in_the_library(
            app, jpeg(700 + len(name)), 48315, alts={"en": f"Alt of {name}"}, captions={"en": f"About {name}."}
        )
    page = client.get(ADDRESS)
    order = re.findall(r"About \w+|(?:First|Second|Third) words", words(page.text))
    assert order == ["About one", "First words", "About two", "Second words", "Third words", "About three"]
    assert "[picture" not in page.text.lower()
    for path in ("/en/feed.xml", "/en/news/48315.txt", "/en/search?q=words", "/zh/search?q=第一", "/en/", "/zh/"):
        assert "[picture" not in client.get(path).text.lower(), path
    assert client.get("/en/search?q=picture").text.count("Doors open") == 0
    assert page.text.count('loading="lazy"') == 2


def test_a_figure_says_all_that_a_browser_and_a_reader_need(app, client):
    publish(app, en={}, zh={"title": "开幕"})
    in_the_library(app, jpeg(1400, 900), 48315)
    page = client.get(ADDRESS).text
    figure = page.split("<figure>")[1].split("</figure>")[0]
    widths = re.findall(r"/media/[0-9a-f]{32}\.(webp|jpg) (\d+)w", figure)
    assert widths == [(kind, width) for kind in ("webp", "jpg") for width in ("320", "640", "960", "1280")]
    assert 'width="1280" height="823"' in figure
    assert 'alt="Red on the left, blue on the right"' in figure
    assert "Two colours at the opening." in figure
    assert "Chen Yulan" in figure
    for name in re.findall(r"/media/[0-9a-f]{32}\.\w+", figure):
        assert client.get(name).status_code == 200
    chinese = client.get("/zh/news/48315-kai-mu").text
    assert 'alt="左红右蓝"' in chinese
    share = re.search(r'<meta property="og:image" content="http://localhost(/media/[^"]+)">', page)[1]
    assert opened(client.get(share).data).size == (1200, 630)


def test_machines_learn_credit_and_terms(app, client):
    publish(app)
    picture_id = in_the_library(app, article=48315)
    (image,) = structured(client.get(ADDRESS).text)["NewsArticle"]["image"]
    assert image["@type"] == "ImageObject"
    assert client.get(image["contentUrl"].removeprefix("http://localhost")).status_code == 200
    assert (image["width"], image["height"], image["creditText"]) == (1280, 823, "Chen Yulan")
    assert image["license"] == "http://localhost/en/press-centre/image-licence"
    assert image["acquireLicensePage"] == f"http://localhost/en/press-centre/media/{picture_id}"
    plain = client.get("/en/news/48315.txt").text
    assert "Picture: Two colours at the opening. (Chen Yulan)" in plain


def test_pictures_cost_one_statement_and_none_where_there_are_none(app, client):
    publish(app)
    client.get(ADDRESS)
    with statements(app) as without:
        client.get(ADDRESS)
    in_the_library(app, article=48315)
    client.get(ADDRESS)
    with statements(app) as having:
        client.get(ADDRESS)
    assert len(having) == len(without) + 1


def test_a_kept_page_changes_when_its_pictures_do(app, client):
    publish(app)
    assert "<figure>" not in client.get(ADDRESS).text
    picture_id = in_the_library(app, article=48315)
    assert "<figure>" in client.get(ADDRESS).text
    with app.app_context():
        pictures.detach(48315, picture_id, actor=Actor.COMMAND)
    assert "<figure>" not in client.get(ADDRESS).text


def test_a_file_that_only_an_article_shows_is_asked_for_again_and_is_gone_with_it(app, client):
    publish(app)
    picture_id = in_the_library(app, article=48315, in_library=False)
    client.set_cookie("text_size", "large")
    for name in files_of(app, picture_id):
        answer = client.get(f"/media/{name}")
        again = client.get(f"/media/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        for each in (answer, again):
            assert each.headers["Cache-Control"] == "public, no-cache"
            assert "Vary" not in each.headers
    in_the_library(app)  # the same content, now given away
    assert "immutable" in client.get(f"/media/{name}").headers["Cache-Control"]
    with app.app_context(), transaction() as session:
        session.scalar(select(Article)).withdrawn_at = clock.now()
        session.execute(update(Picture).values(in_library=False))
    gone = client.get(f"/media/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert gone.status_code == 404
    assert "immutable" not in gone.headers["Cache-Control"]


def test_a_file_may_be_kept_for_ever_and_used_elsewhere(app, client):
    picture_id = in_the_library(app)
    for name in files_of(app, picture_id):
        answer = client.get(f"/media/{name}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Encoding" not in answer.headers
        assert "Vary" not in answer.headers
        kind = {"jpg": "image/jpeg", "webp": "image/webp", "png": "image/png"}[name.split(".")[1]]
        assert answer.mimetype == kind
        opened(answer.data).load()
        again = client.get(f"/media/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    head = client.head(f"/media/{name}")
    assert head.headers["Content-Length"] == str(len(answer.data))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("opening day", "attachment; filename=opening-day.jpg; filename*=UTF-8''opening%20day.jpg"),
        ("开幕", "attachment; filename=kai-mu.jpg; filename*=UTF-8''%E5%BC%80%E5%B9%95.jpg"),
    ],
)
def test_a_download_is_called_as_the_picture_is(app, client, name, said):
    picture_id = in_the_library(app, name=name)
    with app.app_context():
        from cantonsite.services import media

        original = media.downloads(media.in_library(picture_id, "en"))[-1]
    assert client.get(f"/media/{original.name}?download").headers["Content-Disposition"] == said
    assert "Content-Disposition" not in client.get(f"/media/{original.name}").headers


def test_no_file_of_a_picture_tells_where_it_was_taken(app, client):
    for name in files_of(app, in_the_library(app, from_a_telephone())):
        assert PLACE.encode() not in client.get(f"/media/{name}").data
    with app.app_context():
        assert all(PLACE.encode() not in data for data in db.session.scalars(select(StoredFile.data)))


@pytest.mark.parametrize("fate", ["draft", "scheduled", "embargoed", "withdrawn"])
def test_the_files_of_a_hidden_article_are_as_those_that_never_were(app, client, fate):
    publish(app)
    picture_id = in_the_library(app, jpeg(1500, 1000), 48315, in_library=False)
    names = files_of(app, picture_id)
    assert all(client.get(f"/media/{name}").status_code == 200 for name in names)
    with app.app_context(), transaction() as session:
        article = session.scalar(select(Article))
        article.published_at = None if fate == "draft" else clock.now() + timedelta(hours=1)
        article.is_embargoed = fate == "embargoed"
        if fate == "withdrawn":
            article.published_at, article.withdrawn_at = clock.now() - timedelta(days=1), clock.now()
    for name in names:
        for query in ("", "?download"):
            assert alike(client.get(f"/media/{name}{query}")) == alike(client.get(UNKNOWN + query))
        asked = {"If-None-Match": f'"{name[:32]}"'}
        assert alike(client.get(f"/media/{name}", headers=asked)) == alike(client.get(UNKNOWN, headers=asked))
        assert client.head(f"/media/{name}").status_code == 404
    assert client.get(f"/en/press-centre/media/{picture_id}").status_code == 404
    assert "opening" not in client.get("/en/press-centre/media").text
    kit, never = client.get("/en/news/48315/kit.zip"), client.get("/en/news/48316/kit.zip")
    if fate != "withdrawn":
        assert (kit.status_code, kit.data) == (404, never.data.replace(b"48316", b"48315"))
    else:
        assert kit.status_code == 410
    if fate in ("scheduled", "embargoed"):
        with later(3700):
            assert all(client.get(f"/media/{name}").status_code == 200 for name in names)


def test_a_name_that_no_file_has_is_not_found(app, client):
    name = files_of(app, in_the_library(app))[0]
    for wrong in (
        name[:32],
        f"{name}x",
        f"{name[:32]}.gif",
        f"{name[:32]}.txt",
        "x",
        f"{name[1:]}",
        f"{name[:32]}.png",
    ):
        assert client.get(f"/media/{wrong}").status_code == 404, wrong


def test_the_library_is_narrowed_by_words_edition_kind_and_year(app, client):
    past_edition(app)
    in_the_library(app, jpeg(500, 300), name="red", captions={"en": "A red carpet", "zh": "红地毯"}, edition=124)
    in_the_library(app, jpeg(501, 300), name="plan", captions={"en": "100% of the halls"}, kind=PictureKind.GRAPHIC)
    in_the_library(app, jpeg(502, 300), name="secret", captions={"en": "A hidden carpet"}, in_library=False)

    def found(query: str) -> list[str]:
        page = client.get(f"/en/press-centre/media{query}").text
        return re.findall(r"<p>(A red carpet|100% of the halls|A hidden carpet)</p>", page)

    year = clock.now().year
    assert found("") == ["100% of the halls", "A red carpet"]
    assert found("?q=CARPET") == ["A red carpet"]
    assert found("?q=地毯") == ["A red carpet"]
    assert found("?q=100%25") == ["100% of the halls"]
    assert found("?q=hidden") == []
    for of_the_way_it_is_stored in ("zh", "{", "%22", "u5730"):
        assert found(f"?q={of_the_way_it_is_stored}") == [], of_the_way_it_is_stored
    assert found("?edition=124") == ["A red carpet"]
    assert found("?kind=graphic") == ["100% of the halls"]
    assert found(f"?year={year}") == ["100% of the halls", "A red carpet"]
    assert found("?edition=x&kind=x&year=1957&page=1") == ["100% of the halls", "A red carpet"]
    assert client.get("/en/press-centre/media?page=2").status_code == 404
    assert "红地毯" in client.get("/zh/press-centre/media").text


def test_a_picture_s_page_tells_how_to_use_it(app, client):
    past_edition(app)
    picture_id = in_the_library(app, jpeg(3000, 2000), edition=124, licence=Licence.CC_BY)
    page = client.get(f"/en/press-centre/media/{picture_id}")
    text = words(page.text)
    for said in ("Two colours at the opening.", "Chen Yulan", "CC BY 4.0", "124th Canton Fair"):
        assert said in text
    assert "https://creativecommons.org/licenses/by/4.0/" in page.text
    rows = re.findall(r"(Low resolution|High resolution|Original) (\d+ × \d+) pixels, JPEG, ([\d.]+ [kM]B)", text)
    assert [row[:2] for row in rows] == [
        ("Low resolution", "1280 × 853"),
        ("High resolution", "2560 × 1707"),
        ("Original", "3000 × 2000"),
    ]
    for href in re.findall(r'href="(/media/[^"]+\?download=)"', page.text):
        assert client.get(href).headers["Content-Disposition"].startswith("attachment")
    assert structured(page.text)["ImageObject"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert client.get(f"/en/press-centre/media/{picture_id + 1}").status_code == 404


def test_another_focus_makes_only_the_crops_anew(app, client):
    picture_id = in_the_library(app, jpeg(2000, 700))
    before = set(files_of(app, picture_id))
    with app.app_context():
        said = {"alts": {"en": "x"}, "captions": {}, "credit": "y", "licence": Licence.ASK, "kind": PictureKind.LOGO}
        pictures.change(
            picture_id, focus=1, edition=None, name="n", in_library=True, taken_on=None, **said, actor=Actor.COMMAND
        )
    after = set(files_of(app, picture_id))
    assert len(before - after) == len(after - before) == 5
    assert all(client.get(f"/media/{name}").status_code == 404 for name in before - after)
    with app.app_context():
        assert db.session.query(StoredFile).count() == len(after), "what nobody uses is gone"


def test_one_content_is_stored_once_and_goes_with_its_last_user(app):
    first, second = in_the_library(app), in_the_library(app)
    with app.app_context():
        stored = db.session.query(StoredFile).count()
        pictures.remove(first, actor=Actor.COMMAND)
        assert db.session.query(StoredFile).count() == stored
        pictures.remove(second, actor=Actor.COMMAND)
        assert db.session.query(StoredFile).count() == 0


def test_a_picture_that_stands_in_an_article_stays(app):
    publish(app)
    picture_id = in_the_library(app, article=48315)
    with app.app_context(), pytest.raises(pictures.PictureInUse):
        pictures.remove(picture_id, actor=Actor.COMMAND)


def test_the_front_page_shows_the_first_picture_of_its_lead(app, client):
    publish(app)
    assert "<picture>" not in client.get("/en/").text
    in_the_library(app, article=48315)
    assert client.get("/en/").text.count("<picture>") == 1


def test_a_file_for_a_kit_must_be_what_its_name_says(app):
    publish(app)
    with app.app_context():
        for name, data in (
            ("a.exe", b"MZ"),
            ("a.pdf", b"MZ"),
            ("a.txt", b"\xff\xfe"),
            ("a", b"x"),
            ("a.docx", b"x"),
            ("a.mp4", b"x"),
            ("a.jpg", jpeg()[:900]),
            ("a.png", jpeg()),
            ("a.webp", b"RIFF\x04\x00\x00\x00WEBP"),
        ):
            with pytest.raises(kit_files.UnfitFile):
                kit_files.made(data, name)
        for name, data in (
            ("a.PDF", b"%PDF-1.7"),
            ("b.txt", "字".encode()),
            ("c.zip", b"PK\x03\x04"),
            ("d.mp3", b"ID3"),
        ):
            assert kit_files.made(data, name)[0] == data
        for kind in ("PNG", "JPEG", "WEBP"):
            data, media_type = kit_files.made(saved(drawn(90, 60), kind), f"e.{kind}")
            assert media_type == f"image/{kind.lower()}"
            assert (opened(data).format, opened(data).size) == (kind, (90, 60))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\a b.pdf", "a b.pdf"),
        ("..\\..", "file."),
        ("a\0b\n\x1f.txt", "a b .txt"),
        (".txt", "file.txt"),
        ("x" * 400 + ".pdf", "x" * 114 + ".pdf"),
    ],
)
def test_names_of_files_lose_their_folders(given, kept):
    assert kit_files.clean_name(given).replace("  ", " ") == kept.replace("b .txt", "b.txt")


def test_the_holder_of_a_preview_link_sees_the_pictures_and_nobody_else_does(app, client):
    publish(app, at=clock.now() + timedelta(hours=1))
    names = files_of(app, in_the_library(app, article=48315, in_library=False))
    on_roster(app, "editor@fair.example", role=Role.EDITOR)
    with app.app_context():
        actor = db.session.scalar(select(StaffMember))
        link = previews.issue(db.session.scalar(select(Article)), label="A colleague", actor=actor)
        path, token, link_id = "/preview/" + previews.token(link), previews.token(link), link.id
    page = client.get(path).text
    shown = re.findall(r'/preview/[^/" ]+/media/([0-9a-f]{32}\.\w+)', page)
    assert len(shown) > 8
    assert set(shown) <= set(names)
    assert not re.search(r'"/media/', page)
    for name in names:
        assert client.get(f"/preview/{token}/media/{name}").headers["Cache-Control"] == "no-store"
        assert client.get(f"/media/{name}").status_code == 404
        assert client.get(f"/preview/{token}x/media/{name}").status_code == 404
    publish(app, 48316, at=clock.now() + timedelta(hours=1))
    other = files_of(app, in_the_library(app, jpeg(333), 48316, in_library=False))[0]
    assert client.get(f"/preview/{token}/media/{other}").status_code == 404, "of another article"
    with app.app_context():
        previews.revoke(db.session.scalar(select(Article).where(Article.number == 48315)), link_id, actor=actor)
    assert client.get(f"/preview/{token}/media/{names[0]}").status_code == 404
