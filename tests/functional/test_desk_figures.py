"""Figures at the desk: counted right, beside the edition before, with those that were deleted."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cantonsite.database import db, transaction
from cantonsite.models import Application
from cantonsite.models.invitation import Missing
from cantonsite.services import asking, editions, retention, review, statistics
from tests.people import applied, chen, later, newest, on_roster, open_edition, past_edition, sign_in

DAY = 24 * 3600


@pytest.fixture
def site(app):
    past_edition(app)
    open_edition(app)
    on_roster(app)
    return app


def figures(site, number: int = 141) -> statistics.Figures:
    with site.app_context():
        return statistics.of(editions.get(number))


def test_applications_are_counted_by_day_country_kind_and_status(site):
    for number, country in enumerate(["BR", "BR", "SE"]):
        applied(site, email=f"{number}@x.example", outlet_country=country)
    with site.app_context():
        review.approve(newest(), seen=1, actor=chen())
        today = editions.today()
    found = figures(site)
    assert found.total == 3
    assert found.days == {today: 3}
    assert found.by["outlet_country"] == {"BR": 2, "SE": 1}
    assert found.by["status"] == {"submitted": 2, "approved": 1}
    assert found.by["applicant_kind"] == {"short_term": 3}
    assert found.by_reviewer == {"Chen Yulan": {"approved": 1}}
    assert (found.median_wait, found.waits) == (0, {0: 1})


def test_waiting_time_has_a_median_and_a_ninth_decile(site):
    for number in range(10):
        applied(site, email=f"{number}@x.example")
        with site.app_context():
            application = newest()
            review.approve(application, seen=1, actor=chen())
            with transaction() as session:
                since = newest().decided_at - timedelta(days=number, minutes=1)
                session.execute(update(Application).where(Application.id == newest().id).values(waiting_since=since))
    found = figures(site)
    assert (found.median_wait, found.wait_of(0.9)) == (4, 8)


def test_those_that_were_deleted_still_count(site):
    applied(site)
    with site.app_context():
        retention.remove(db.session.scalars(select(Application)).all())
        assert db.session.scalar(select(Application)) is None
    found = figures(site)
    assert found.total == 1
    assert found.by["outlet_country"] == {"SE": 1}


def test_the_page_has_a_picture_and_a_table_for_each_figure(site, client):
    for number in range(3):
        applied(site, email=f"{number}@x.example")
    with site.app_context():
        review.decline(newest(), seen=1, actor=chen(), note="No.")
    sign_in(site, client, "chen@fair.example")
    assert client.get("/desk/figures").location == "/desk/figures/141"
    page = client.get("/desk/figures/141").text
    assert page.count("<svg") == page.count('role="img"') == 8
    assert page.count("<table") == 8
    assert "style=" not in page
    assert "Chen Yulan" in page
    assert "Nobody has applied for this edition yet" in client.get("/desk/figures/124").text
    assert client.get("/desk/figures/999").status_code == 404


def test_an_edition_is_compared_at_the_same_days_before_the_fair(site):
    applied(site)
    with site.app_context():
        edition = editions.get(141)
        assert statistics.series(statistics.of(edition), edition, [150, 60, 0]) == [0, 1, 1]


def test_the_number_of_statements_does_not_grow_with_the_applications(site):
    from sqlalchemy import event

    counted = []
    for number in range(2):
        for each in range(number * 5 + 1):
            applied(site, email=f"{number}-{each}@x.example", outlet_country="BR")
        with site.app_context():
            edition, seen = editions.get(141), []
            event.listen(db.engine, "before_cursor_execute", lambda *given, seen=seen: seen.append(given[2]))
            statistics.of(edition)
            counted.append(len(seen))
    assert counted[0] == counted[1] <= 5


def test_how_long_decisions_took_stays_the_same_when_the_applications_are_deleted(site):
    applied(site)
    with site.app_context():
        application = newest()
        review.ask(application, seen=application.version, actor=chen(), missing=[Missing.OTHER], note="Who?")
    with site.app_context(), later(9 * DAY):
        application = newest()
        asking.answer(application, seen=application.version, text="It is I.", changes={})
    with site.app_context(), later(10 * DAY + 60):
        application = newest()
        review.approve(application, seen=application.version, actor=chen())
    assert figures(site).waits == {1: 1}, "the time that the applicant took is not ours"
    with site.app_context():
        retention.remove(db.session.scalars(select(Application)).all())
    assert figures(site).waits == {1: 1}


def test_a_decision_that_was_taken_back_is_no_decision(site):
    applied(site)
    with site.app_context():
        review.decline(newest(), seen=1, actor=chen(), note="No.")
        review.undo(newest(), seen=2, actor=chen())
        review.approve(newest(), seen=3, actor=chen())
    assert figures(site).by_reviewer == {"Chen Yulan": {"approved": 1}}


def test_decisions_count_for_their_reviewer_when_their_applications_are_deleted(site):
    for number in range(3):
        applied(site, email=f"{number}@x.example")
        with site.app_context():
            review.decline(newest(), seen=1, actor=chen(), note="No.")
            if number:
                review.undo(newest(), seen=2, actor=chen())
                review.approve(newest(), seen=3, actor=chen())
    before = figures(site).by_reviewer
    assert before == {"Chen Yulan": {"approved": 2, "declined": 1}}
    for _ in range(3):
        with site.app_context():
            retention.remove([newest()])
        assert figures(site).by_reviewer == before


def test_within_three_days_counts_those_that_took_one(site, client):
    for number in range(3):
        applied(site, email=f"{number}@x.example")
        with site.app_context(), later(number * DAY + 60):
            review.approve(newest(), seen=1, actor=chen())
    sign_in(site, client, "chen@fair.example")
    page = client.get("/desk/figures/141").text.partition('id="waits"')[2]
    table = page.partition("<table")[2].partition("</table")[0]
    rows = dict(re.findall(r"<th scope=\"row\">(.*?)</th>\s*<td[^>]*>(\d+)<", table))
    assert [rows[f"Within {words}"] for words in ("1 day", "2 days", "3 days", "7 days")] == ["1", "2", "3", "3"]
    assert rows["Longer"] == "0"


def test_the_table_names_every_country_though_the_picture_shows_the_most(site, client):
    codes = ["BR", "SE", "DE", "FR", "IT", "ES", "PT", "GB", "US", "CA", "MX", "AR", "CL", "JP", "KR", "SG", "ID", "PH"]
    for number, code in enumerate(codes):
        applied(site, email=f"{number}@x.example", outlet_country=code)
    sign_in(site, client, "chen@fair.example")
    section = client.get("/desk/figures/141").text.partition('id="country"')[2].partition("</section>")[0]
    picture, _svg, beside = section.partition("</svg>")
    assert "All others" in picture
    assert "All others" not in beside
    assert beside.count('<th scope="row">') == len(codes)


def test_the_comparison_has_a_row_for_today(site, client):
    applied(site)
    with later(3 * DAY):
        sign_in(site, client, "chen@fair.example")
        page = client.get("/desk/figures/141").text.partition('id="compared"')[2]
    row = page.partition('<th scope="row">57</th>')[2].partition("</tr>")[0]
    assert re.findall(r">(\d+|–)</td>", row) == ["1", "0"]
    (now_line,) = re.findall(r'<polyline points="([^"]*)"', page)
    assert now_line.split()[-1] == "223.2,20.0"
