"""Places: counted when they are given, a waiting list behind them, and a line that moves up by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from cantonsite.database import db
from cantonsite.models import Application, AuditEvent, StaffMember
from cantonsite.models.invitation import OutletKind, Status
from cantonsite.services import editions, invitation, places, review, statistics, their_data, waiting_list
from tests.people import applied, chen, deliver, later, link_in, mails, on_roster, open_edition, sign_in, status_link
from tests.strict import Page

APPROVE = {"decision": "approve", "credentials_checked": "y"}
GRACE = 130  # seconds after which a decision has been told
DAY = 24 * 3600


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    on_roster(app, "liu@fair.example", "Liu Wen")
    return app


def limit(site, number: int, **conditions) -> None:
    with site.app_context():
        places.set_limit(editions.get(141), number=number, **conditions, actor=chen())


def person(site, number: int, **answers) -> str:
    return applied(site, email=f"{number}@line.example", family_name=f"Number {number}", **answers)


def approve(site, reference: str, after: float = 0) -> Status:
    with site.app_context(), later(after):
        application = invitation.whole(reference)
        review.approve(application, seen=application.version, actor=chen())
        return status(site, reference)


def status(site, reference: str) -> Status:
    with site.app_context():
        return db.session.scalars(select(Application.status).filter_by(reference=reference)).one()


def withdraw(site, reference: str) -> None:
    with site.app_context():
        application = invitation.whole(reference)
        invitation.withdraw(application, seen=application.version)


def move_up(site, after: float = GRACE) -> bool:
    with site.app_context(), later(after):
        return waiting_list.advance()


def in_line(site, reference: str) -> int:
    with site.app_context():
        return places.place_in_line(invitation.whole(reference))


def test_without_limits_everybody_who_is_approved_comes(site):
    assert [approve(site, person(site, number)) for number in range(3)] == [Status.APPROVED] * 3


def test_who_is_approved_when_all_places_are_taken_waits_in_line(site, client):
    limit(site, 1)
    first, second, third = (person(site, number) for number in range(3))
    assert approve(site, first) is Status.APPROVED
    assert [approve(site, second), approve(site, third)] == [Status.WAITING_LIST] * 2
    assert [in_line(site, second), in_line(site, third)] == [1, 2]
    deliver(site, after=GRACE)
    assert "number 2 in line" in " ".join(mails(site, "2@line.example", "waiting list")[0].text.split())
    with later(GRACE):
        page = client.get(status_link(site, "2@line.example")).text
    assert "You are on the waiting list" in page
    assert "You are number 2 in line." in page


def test_nobody_learns_of_the_line_before_the_decision_may_leave(site, client):
    limit(site, 0)
    approve(site, person(site, 1))
    deliver(site)
    page = client.get(status_link(site, "1@line.example")).text
    assert "waiting list" not in page
    assert "is with the press office" in page


@pytest.mark.parametrize("how", ["withdrawn", "erased", "revoked", "reopened", "more places", "no limit any more"])
def test_the_line_moves_up_by_itself_however_a_place_becomes_free(site, how):
    limit(site, 1)
    first, second, third = (person(site, number) for number in range(3))
    for reference in (first, second, third):
        approve(site, reference)
    assert not move_up(site), "there is no place yet"
    with site.app_context(), later(GRACE):
        application = invitation.whole(first)
        words = {"seen": application.version}
        if how == "withdrawn":
            invitation.withdraw(application, **words)
        elif how == "erased":
            their_data.erase(application, **words)
        elif how == "revoked":
            review.revoke(application, **words, actor=chen(), note="Not a journalist")
        elif how == "reopened":
            review.reopen(application, **words, actor=chen())
        elif how == "more places":
            places.set_limit(editions.get(141), number=2, actor=chen())
        else:
            (only,) = places.limits(editions.get(141).id)
            places.remove(editions.get(141), only.id, actor=chen())
    assert move_up(site, GRACE + 10)
    assert not move_up(site, GRACE + 20)
    assert status(site, second) is Status.APPROVED
    assert status(site, third) is (Status.APPROVED if how == "no limit any more" else Status.WAITING_LIST)
    deliver(site, after=GRACE + 30)
    (told,) = mails(site, "1@line.example", "you are invited")
    assert "A place has become free, and it is yours." in told.text
    if how != "no limit any more":
        assert in_line(site, third) == 1


def test_the_deliverer_moves_the_line_up_and_sends_the_invitation(site):
    limit(site, 1)
    first, second = person(site, 1), person(site, 2)
    approve(site, first), approve(site, second)
    withdraw(site, first)
    with later(GRACE):
        assert site.test_cli_runner().invoke(args=["mail", "deliver", "--once"]).exit_code == 0
    assert status(site, second) is Status.APPROVED
    assert len(mails(site, "2@line.example", "you are invited")) == 1
    assert mails(site, "2@line.example", "waiting list") == [], "what was overtaken is not told"


CONDITIONS = [
    ({"phase": 2}, {"phases": ["1"]}, {"phases": ["1", "2"]}),
    ({"country": "BR"}, {"outlet_country": "SE"}, {"outlet_country": "BR"}),
    ({"outlet_kind": OutletKind.TELEVISION}, {"outlet_kind": "print"}, {"outlet_kind": "television"}),
    (
        {"phase": 1, "country": "BR", "outlet_kind": OutletKind.RADIO},
        {"outlet_kind": "radio", "outlet_country": "BR", "phases": ["3"]},
        {"outlet_kind": "radio", "outlet_country": "BR", "phases": ["1"]},
    ),
]


@pytest.mark.parametrize(("conditions", "others", "meant"), CONDITIONS, ids="-".join)
def test_a_limit_is_for_those_whom_its_conditions_meet(site, conditions, others, meant):
    limit(site, 0, **conditions)
    assert approve(site, person(site, 1, **others)) is Status.APPROVED
    assert approve(site, person(site, 2, **meant)) is Status.WAITING_LIST


def test_who_waits_for_another_place_does_not_hold_up_the_line(site):
    limit(site, 0, country="BR")
    limit(site, 1)
    taken = person(site, 0, outlet_country="SE")
    brazil, sweden = person(site, 1, outlet_country="BR"), person(site, 2, outlet_country="SE")
    for reference in (taken, brazil, sweden):
        approve(site, reference)
    assert [in_line(site, brazil), in_line(site, sweden)] == [1, 2]
    withdraw(site, taken)
    assert move_up(site)
    assert [status(site, brazil), status(site, sweden)] == [Status.WAITING_LIST, Status.APPROVED]


def test_a_place_on_the_waiting_list_is_taken_back_like_any_decision(site):
    limit(site, 0)
    reference = person(site, 1)
    approve(site, reference)
    with site.app_context():
        application = invitation.whole(reference)
        review.undo(application, seen=application.version, actor=chen())
        assert (application.status, application.listed_at, application.decided_at) == (Status.SUBMITTED, None, None)
    assert deliver(site, after=GRACE) > 0
    assert mails(site, "1@line.example", "waiting list") == []
    approve(site, reference, GRACE)
    with site.app_context(), later(3 * GRACE):
        application = invitation.whole(reference)
        review.reopen(application, seen=application.version, actor=chen(), note="We look again.")
        assert application.status is Status.SUBMITTED


def test_fewer_places_take_nothing_from_anybody(site):
    references = [person(site, number) for number in range(3)]
    for reference in references:
        approve(site, reference)
    limit(site, 1)
    assert not move_up(site)
    assert {status(site, reference) for reference in references} == {Status.APPROVED}
    with site.app_context():
        (standing,) = places.of(editions.get(141))
        assert (standing.taken, standing.free, standing.waiting) == (3, 0, 0)


def test_the_last_places_are_given_once_though_reviewers_press_together(site):
    limit(site, 5)
    ids = [person(site, number) for number in range(16)]
    gate = Barrier(4)

    def decide(mine: list[str]) -> None:
        with site.app_context():
            gate.wait()
            for reference in mine:
                application = invitation.whole(reference)
                actor = db.session.scalars(select(StaffMember).filter_by(email="liu@fair.example")).one()
                review.approve(application, seen=application.version, actor=actor)
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decide, [ids[number::4] for number in range(4)]))
    with site.app_context():
        found = db.session.scalars(select(Application.status)).all()
        lines = db.session.scalars(select(AuditEvent.kind).where(AuditEvent.kind.in_(["approved", "listed"]))).all()
    assert sorted(found) == [Status.APPROVED] * 5 + [Status.WAITING_LIST] * 11
    assert sorted(lines) == ["approved"] * 5 + ["listed"] * 11


def test_two_deliverers_give_a_free_place_once(site):
    limit(site, 2)
    references = [person(site, number) for number in range(8)]
    for reference in references:
        approve(site, reference)
    withdraw(site, references[0])
    gate = Barrier(3)

    def advance(_number: int) -> None:
        with site.app_context():
            gate.wait()
            waiting_list.advance()
            db.session.remove()

    with later(GRACE), ThreadPoolExecutor(3) as pool:
        list(pool.map(advance, range(3)))
    assert [status(site, reference) for reference in references[1:4]] == [
        Status.APPROVED,
        Status.APPROVED,
        Status.WAITING_LIST,
    ]
    with site.app_context():
        assert len(db.session.scalars(select(AuditEvent).filter_by(kind="moved_up")).all()) == 1


def test_a_decision_on_many_says_who_waits_for_a_place(site, client):
    limit(site, 2)
    for number in range(3):
        person(site, number)
    sign_in(site, client, "chen@fair.example")
    listed = client.get("/desk/applications")
    page = client.post("/desk/applications/many", data={**Page(listed.text).form("/many").values, "scope": "all"})
    done = client.get(client.send(page, APPROVE, "/many/decide").location)
    assert "3 applications were approved" in done.text
    assert "1 of them waits for a place" in done.text


def test_a_reviewer_reads_behind_the_link_that_it_waits_for_a_place(site, client):
    limit(site, 0)
    person(site, 1)
    deliver(site)
    link = link_in(mails(site, "chen@fair.example")[0], "/review/")
    sent = client.fill_in(link, APPROVE, "/review/")
    assert sent.status_code == 303
    assert "You have approved it, and it waits for a place" in client.get(sent.location).text
    again = client.post(link, data={**Page(client.get(link).text).form("/undo").values, **APPROVE})
    assert again.status_code in (409, 422)


def test_places_are_set_changed_and_removed_at_the_desk(site, client):
    sign_in(site, client, "chen@fair.example")
    path = "/desk/editions/141/places"
    answers = {"places": "40", "phase": "2", "country": "BR", "outlet_kind": "television"}
    opened = client.get(path)
    assert "Nothing is limited" in opened.text
    for number in ("40", "50"):
        sent = client.send(opened, {**answers, "places": number}, "/places")
        assert sent.status_code == 303
    page = client.get(path).text
    assert "Phase 2" in page
    assert "Brazil" in page
    with site.app_context():
        (only,) = places.limits(editions.get(141).id)
        assert (only.number, only.phase, only.country, only.outlet_kind) == (50, 2, "BR", "television")
    gone = client.fill_in(path, {}, "/remove")
    assert gone.status_code == 303
    assert "Nothing is limited" in client.get(path).text


@pytest.mark.parametrize(
    "wrong",
    [{"places": "-1"}, {"places": "many"}, {"places": ""}, {"phase": "9"}, {"country": "XX"}, {"outlet_kind": "x"}],
)
def test_a_number_that_cannot_be_is_said_beside_its_field(site, client, wrong):
    sign_in(site, client, "chen@fair.example")
    path = "/desk/editions/141/places"
    answers = {"places": "40", "phase": "0", "country": "any", "outlet_kind": "any", **wrong}
    data = {**Page(client.get(path).text).form("/places").values, **answers}
    sent = client.post(path, data=data)
    assert sent.status_code == 422
    assert "Error: " in sent.text
    with site.app_context():
        assert places.limits(editions.get(141).id) == []


def test_a_limit_of_another_edition_is_not_removed(site):
    open_edition(site, 142)
    limit(site, 3)
    with site.app_context():
        (only,) = places.limits(editions.get(141).id)
        places.remove(editions.get(142), only.id, actor=chen())
        assert len(places.limits(editions.get(141).id)) == 1


def test_a_place_that_became_free_is_the_lines_and_not_of_whoever_is_approved_next(site):
    limit(site, 1)
    first, second, third = (person(site, number) for number in range(3))
    approve(site, first), approve(site, second)
    with site.app_context(), later(GRACE):
        application = invitation.whole(first)
        invitation.withdraw(application, seen=application.version)
    assert approve(site, third, GRACE + 5) is Status.WAITING_LIST, "the deliverer has not looked yet"
    assert move_up(site, GRACE + 10)
    assert [status(site, second), status(site, third)] == [Status.APPROVED, Status.WAITING_LIST]


def test_whose_place_the_line_cannot_take_is_not_held_up_by_it(site):
    limit(site, 0, country="BR")
    limit(site, 2)
    assert approve(site, person(site, 1, outlet_country="BR")) is Status.WAITING_LIST
    assert approve(site, person(site, 2, outlet_country="SE")) is Status.APPROVED
    assert approve(site, person(site, 3, outlet_country="SE")) is Status.APPROVED


def test_nobody_is_invited_to_an_edition_that_is_over(site):
    limit(site, 1)
    first, second = person(site, 1), person(site, 2)
    approve(site, first), approve(site, second)
    with site.app_context():
        over = editions.get(141).ends_on - editions.today() + timedelta(days=1)
    with site.app_context(), later(over.total_seconds()):
        application = invitation.whole(first)
        their_data.erase(application, seen=application.version)
        assert not waiting_list.advance()
    assert status(site, second) is Status.WAITING_LIST


def test_to_be_moved_up_is_no_decision_that_took_so_long(site):
    """The reviewer said yes at once; how long there was no place says nothing of how long decisions take."""
    limit(site, 1)
    first, second = person(site, 1), person(site, 2)
    approve(site, first), approve(site, second)
    with site.app_context(), later(20 * DAY):
        application = invitation.whole(first)
        invitation.withdraw(application, seen=application.version)
    assert move_up(site, 20 * DAY + 5)
    with site.app_context():
        assert invitation.whole(second).status is Status.APPROVED
        assert statistics.of(editions.get(141)).waits == {0: 2}
