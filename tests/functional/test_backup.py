"""A backup of one database is restored into another, and the site goes on from there."""

import shutil

import pytest

from cantonsite.database import db
from cantonsite.services import sample
from tests.conftest import build
from tests.functional.test_migrations import rows
from tests.people import apply, on_roster


@pytest.fixture
def filled(app):
    with app.app_context():
        sample.fill()
        db.session.remove()
    return app


def run(app, *words):
    return app.test_cli_runner().invoke(args=["backup", *(str(word) for word in words)])


def test_a_backup_is_restored_into_an_empty_sqlite_site_which_then_goes_on(filled, tmp_path, sqlite_template):
    made = run(filled, "make", tmp_path / "site.backup")
    assert made.exit_code == 0, made.output
    assert (tmp_path / "site.backup").stat().st_mode & 0o077 == 0
    with filled.app_context():
        before = rows()
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "cantonsite.sqlite3")
    other = build(folder)
    assert run(other, "restore", tmp_path / "site.backup").exit_code == 0
    with other.app_context():
        assert rows() == before
    assert "Canton Fair" in other.test_client().get("/en/").text


def test_a_restored_site_takes_new_rows(filled, tmp_path):
    run(filled, "make", tmp_path / "site.backup")
    refused = run(filled, "restore", tmp_path / "site.backup")
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert run(filled, "restore", tmp_path / "site.backup", "--replace").exit_code == 0
    on_roster(filled, "new@fair.example")
    with filled.app_context():
        from cantonsite.services import editions

        number = str(editions.open_editions()[0].number)
    assert apply(filled.test_client(), edition=number).status_code == 303


def test_a_file_that_is_no_backup_is_refused_with_words(filled, tmp_path):
    (tmp_path / "junk").write_bytes(b"junk")
    for file in ("junk", "missing"):
        refused = run(filled, "restore", tmp_path / file, "--replace")
        assert refused.exit_code == 1
        assert file in refused.output
    with filled.app_context():
        assert all(number for name, number in rows().items() if name in ("article", "application"))
