"""Press kits: what is in them, whom they are for, and that two of one content are the same."""

import hashlib
import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest

from cantonsite import clock
from cantonsite.models.audit import Actor
from cantonsite.models.media import Licence
from cantonsite.services import editions, facts, kit_files, pictures
from tests.articles import publish, words
from tests.drawings import PLACE, from_a_telephone, in_the_library, jpeg, opened, saved
from tests.people import past_edition

KIT = "/en/news/48315/kit.zip"


def unpacked(answer) -> dict[str, bytes]:
    """The files of a kit by name, without its folder."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    kit = zipfile.ZipFile(BytesIO(answer.data))
    assert kit.testzip() is None
    assert len({name.split("/")[0] for name in kit.namelist()}) == 1, "one folder"
    return {name.split("/", 1)[1]: kit.read(name) for name in kit.namelist()}


def give(app, name="programme.pdf", data=b"%PDF-1.7 programme", **owner) -> int:
    with app.app_context():
        return kit_files.add(data, name=name, title="Programme", **owner, actor=Actor.COMMAND)


@pytest.fixture
def article(app):
    publish(app, en={"body": "Words.\n\n[picture 1]"}, zh={"title": "开幕", "body": "正文。"})
    in_the_library(app, jpeg(2000, 1000), 48315, name="opening day", licence=Licence.CC_BY)
    give(app, article=48315)


def test_a_kit_holds_texts_pictures_captions_terms_files_and_sums(app, client, article):
    files = unpacked(client.get(KIT))
    assert list(files) == [
        "48315-doors-open.en.txt",
        "48315-kai-mu.zh.txt",
        "pictures/01-opening day.jpg",
        "files/programme.pdf",
        "captions.txt",
        "LICENCE.txt",
        "SHA256SUMS",
    ]
    assert "Words." in files["48315-doors-open.en.txt"].decode()
    assert "来源" in files["48315-kai-mu.zh.txt"].decode() or "发布" in files["48315-kai-mu.zh.txt"].decode()
    assert opened(files["pictures/01-opening day.jpg"]).size == (2000, 1000)
    assert files["files/programme.pdf"] == b"%PDF-1.7 programme"
    captions = files["captions.txt"].decode()
    for said in ("01-opening day.jpg (2000 × 1000)", "Two colours at the opening.", "开幕式上的两种颜色。", "左红右蓝"):
        assert said in captions
    assert captions.count("Chen Yulan") == 2
    assert "CC BY 4.0" in captions
    assert "[English]" in files["LICENCE.txt"].decode()
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "SHA256SUMS"}


@pytest.mark.parametrize(
    ("name", "kind"), [("a.JPG", "JPEG"), ("a.jpeg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")]
)
def test_a_picture_among_the_files_of_a_kit_tells_no_more_than_its_pixels(app, client, name, kind):
    publish(app)
    original = opened(from_a_telephone(900, 600))
    give(app, name=name, data=saved(original, kind, exif=original.getexif(), xmp=original.info["xmp"]), article=48315)
    given_out = unpacked(client.get(KIT))[f"files/{name}"]
    assert PLACE.encode() not in given_out
    picture = opened(given_out)
    assert (picture.format, picture.size) == (kind, (600, 900)), "upright, as a telephone shows it"
    assert dict(picture.getexif()) == {}
    assert not {"exif", "xmp", "comment", "icc_profile"} & set(picture.info)


def test_the_same_kit_has_the_same_bytes_whatever_the_language(client, article):
    first = client.get(KIT)
    assert client.get("/zh/news/48315/kit.zip").data == first.data
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Content-Disposition"].startswith("attachment; filename=canton-fair-news-48315.zip")
    assert first.headers["Content-Length"] == str(len(first.data))
    again = client.get(KIT, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_kit_changes_with_what_is_in_it(app, client, article):
    before = client.get(KIT).headers["ETag"]
    give(app, name="PROGRAMME.pdf", data=b"%PDF-1.7 another", article=48315)
    after = client.get(KIT, headers={"If-None-Match": before})
    assert "files/PROGRAMME-2.pdf" in unpacked(after)


def test_the_article_offers_its_kit_only_when_there_is_more_than_the_text(app, client):
    publish(app)
    page = "/en/news/48315-doors-open"
    assert "kit.zip" not in client.get(page).text
    file_id = give(app, article=48315)
    assert "Press kit (zip, 1 kB)" in words(client.get(page).text)
    with app.app_context():
        kit_files.remove(file_id, article=48315, actor=Actor.COMMAND)
    assert "kit.zip" not in client.get(page).text
    picture_id = in_the_library(app, jpeg(3000, 2000), 48315)
    shown = re.search(r"Press kit \(zip, (\d+) kB\)", words(client.get(page).text))[1]
    assert abs(len(client.get(KIT).data) / 1000 - int(shown)) < 10
    with app.app_context():
        pictures.detach(48315, picture_id, actor=Actor.COMMAND)
    assert set(unpacked(client.get(KIT))) == {"48315-doors-open.en.txt", "LICENCE.txt", "SHA256SUMS"}


def test_the_kit_of_an_edition_holds_what_everybody_may_see_of_it(app, client):
    past_edition(app)
    publish(app, edition=124)
    publish(app, 48316, edition=124, en={"title": "Not yet"}, at=clock.now() + timedelta(days=1))
    in_the_library(app, jpeg(600, 400), 48315, name="shown", in_library=False)
    in_the_library(app, jpeg(601, 400), 48316, name="hidden", in_library=False)
    in_the_library(app, jpeg(602, 400), name="offered", edition=124)
    in_the_library(app, jpeg(603, 400), name="inside", edition=124, in_library=False)
    give(app, name="map.pdf", edition=124)
    with app.app_context():
        said = {"labels": {"en": "Buyers"}, "values": {"en": "189,812"}, "sources": {"en": "The fair"}}
        facts.add(editions.get(124), **said, as_of=clock.now().date(), actor=Actor.COMMAND)
    answer = client.get("/en/editions/124/kit.zip")
    files = unpacked(answer)
    assert sorted(files) == [
        *("LICENCE.txt", "SHA256SUMS", "captions.txt", "facts.en.txt", "files/map.pdf"),
        *("news/48315-doors-open.en.txt", "pictures/01-shown.jpg", "pictures/02-offered.jpg"),
    ]
    assert b"Buyers: 189,812" in files["facts.en.txt"]
    assert b"Not yet" not in b"".join(files.values())
    assert "/en/editions/124/kit.zip" in client.get("/en/editions/124").text
    assert client.get("/en/editions/125/kit.zip").status_code == 404
