"""flask demo fill: an empty site becomes one on which every page has something to show."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from cantonsite.database import db
from cantonsite.models import Application, Article, ArticleText, AuditEvent, Edition, OutgoingMail, StaffMember
from cantonsite.models.news import Section
from cantonsite.services import sample
from tests.articles import words

KINDS = (Article, ArticleText, Edition, StaffMember, Application, AuditEvent, OutgoingMail)


@pytest.fixture
def fill(app):
    return lambda: app.test_cli_runner().invoke(args=["demo", "fill"])


def counts(app) -> dict[str, int]:
    with app.app_context():
        return {kind.__tablename__: db.session.scalar(select(func.count()).select_from(kind)) for kind in KINDS}


def test_the_sample_fills_every_page_and_twice_changes_nothing(app, client, fill):
    done = fill()
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Added ")
    before = counts(app)
    assert before["article"] >= 24
    assert before["edition"] == 3
    assert "nothing was changed" in fill().stdout
    assert counts(app) == before
    for path in (
        "/en/news?page=2",
        "/zh/news?page=2",
        "/en/news/canton-fair-news?page=2",
        "/zh/news/canton-fair-news?page=2",
    ):
        assert client.get(path).status_code == 200, path
    for language in ("en", "zh"):
        for section in Section:
            page = client.get(f"/{language}/news/{section.value}", follow_redirects=True)
            assert page.text.count('<article class="story">') >= 2, (language, section)
        assert client.get(f"/{language}/feed.xml").text.count("<entry>") == 20


def test_every_sample_article_can_be_read_and_nothing_is_left_to_fill_in(app, client, fill):
    fill()
    addresses = re.findall(r"<loc>http://localhost(/\w\w/news/\d[^<]+)</loc>", client.get("/sitemap.xml").text)
    assert len(addresses) == len([text for text in sample.read_all() if text.language in ("en", "zh")])
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, address
        said = words(page.text)
        assert not re.search(r"[{}]|TODO|lorem", said, re.IGNORECASE), address
    languages = {address[1:3] for address in addresses}
    assert languages == {"en", "zh"}


def test_nothing_of_the_sample_lies_in_the_future(app, client, fill):
    with time_machine.travel(datetime(2027, 3, 1, 16, 5, tzinfo=UTC)):  # five past midnight at the fair
        fill()
        with app.app_context():
            late = db.session.scalar(
                select(func.count()).select_from(Article).where(Article.published_at > datetime.now(UTC))
            )
        assert late == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is about the calendar
@pytest.mark.parametrize(
    "day", ["2026-04-10", "2026-05-01", "2026-05-04", "2026-10-29", "2026-11-03", "2026-12-31", "2028-02-29"]
)
def test_applications_are_open_whatever_the_day(app, client, fill, day):
    with time_machine.travel(datetime.fromisoformat(f"{day}T04:00:00+00:00")):
        assert fill().exit_code == 0
        assert 'name="given_name"' in client.get("/en/invitation/apply").text


def test_sample_people_are_recognisably_samples_in_several_scripts(app, fill):
    fill()
    with app.app_context():
        people = list(db.session.scalars(select(Application)))
        staff = list(db.session.scalars(select(StaffMember)))
    assert all(person.email.endswith(".example") for person in (*people, *staff))
    scripts = ("[a-z]", "[\u4e00-\u9fff]", "[\u0600-\u06ff]", "[\u0400-\u04ff]")
    for script in scripts:
        assert any(re.search(script, person.given_name) for person in people), script
    assert len({person.status for person in people}) >= 3


def test_what_is_there_already_stays(app, client, fill):
    from tests.articles import publish

    publish(app, 7, en={"title": "My own"})
    fill()
    with app.app_context():
        assert db.session.scalars(select(Article.number)).all() == [7]
