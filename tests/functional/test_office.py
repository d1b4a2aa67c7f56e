"""How the office works: wordings of refusals, the block list, and mail to reviewers in their rhythm."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from sqlalchemy import func, select

from cantonsite import clock
from cantonsite.database import db
from cantonsite.models import OutgoingMail, Wording
from cantonsite.models.reasons import Reason
from cantonsite.models.staff import MailRhythm, Role
from cantonsite.services import delivery, gathering, reasons, review, staff
from cantonsite.services.mails.reviewer import MOST_IN_ONE
from tests.people import applied, chen, deliver, later, mails, newest, on_roster, open_edition, sign_in

HOUR, DAY = 3600, 24 * 3600
CHEN = "chen@fair.example"


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    on_roster(app, "admin@fair.example", name="Ada Min", role=Role.ADMINISTRATOR)
    return app


@pytest.fixture
def admin(site, client):
    sign_in(site, client, "admin@fair.example")
    return client


HOSTILE = ["{{ 7 * 7 }} {% raise %}", "%s %(reference)s %", "<script>alert(1)</script> & <b>", "{0.__class__} ${x}"]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_template_language_runs_on_what_staff_write(site, admin, words):
    path = "/desk/wordings/rule-3/en"
    page = admin.fill_in(path, {"text": words, "step": "preview"}, "/rule-3/en")
    assert page.status_code == 200
    with site.app_context():
        assert db.session.scalar(select(func.count()).select_from(Wording)) == 0, "a preview stores nothing"
    assert admin.fill_in(path, {"text": words, "step": "save"}, "/rule-3/en").status_code == 303
    applied(site)
    with site.app_context():
        application = newest()
        review.decline(application, seen=1, actor=chen(), reasons=[Reason.RULE_3])
    deliver(site, after=300)
    mail = mails(site, "marta@")[0]
    assert words in mail.text
    assert "<script" not in mail.html


def test_a_wording_is_shown_in_the_mail_before_it_is_stored(site, admin):
    page = admin.fill_in("/desk/wordings/rule-1/zh", {"text": "我的措辞", "step": "preview"}, "/rule-1/zh").text
    assert "我的措辞" in page[page.index('id="preview"') :]


def test_an_empty_wording_goes_back_to_the_one_that_comes_with_the_rule(site, admin):
    path = "/desk/wordings/rule-3/en"
    admin.fill_in(path, {"text": "Mine.", "step": "save"}, "/rule-3/en")
    assert "Mine." in admin.get("/desk/wordings").text
    admin.fill_in(path, {"text": "", "step": "save"}, "/rule-3/en")
    with site.app_context():
        assert reasons.own("en") == {}


def test_what_somebody_was_told_does_not_change_with_the_wording(site, admin):
    applied(site)
    with site.app_context():
        review.decline(newest(), seen=1, actor=chen(), reasons=[Reason.RULE_3])
    admin.fill_in("/desk/wordings/rule-3/en", {"text": "Another wording.", "step": "save"}, "/rule-3/en")
    deliver(site, after=300)
    assert "Another wording." not in mails(site, "marta@")[0].text


def test_a_wording_that_is_too_long_is_refused(site, admin):
    refused = admin.fill_in("/desk/wordings/rule-1/en", {"text": "x" * 1001, "step": "save"}, "/rule-1/en")
    assert (refused.status_code, "1000 characters or fewer" in refused.text) == (422, True)
    assert admin.get("/desk/wordings/rule-9/en").status_code == 404
    assert admin.get("/desk/wordings/rule-1/xx").status_code == 404


def test_the_block_list_is_kept_at_the_desk(site, admin):
    add = {"pattern": "Mills.example", "reason": "Sells invitations."}
    assert admin.fill_in("/desk/blocks", add, "/desk/blocks").status_code == 303
    assert admin.fill_in("/desk/blocks", add, "/desk/blocks").status_code == 422, "it is on the list already"
    assert admin.fill_in("/desk/blocks", {"pattern": "nonsense", "reason": "x"}, "/desk/blocks").status_code == 422
    assert "mills.example" in admin.get("/desk/blocks").text
    assert admin.fill_in("/desk/blocks", {}, "/remove").status_code == 303
    assert "mills.example" not in admin.get("/desk/blocks").text


def arrive(site, number: int, start: int = 0) -> None:
    for each in range(start, start + number):
        applied(site, email=f"{each}@many.example", given_name=f"Number{each}")


def test_a_handful_arrives_in_single_mails(site):
    arrive(site, 5)
    deliver(site)
    assert len(mails(site, CHEN)) == 5


def test_more_than_a_handful_in_ten_minutes_are_gathered_into_one_mail_with_a_link_for_each(site, client):
    arrive(site, 12)
    deliver(site)
    assert mails(site, CHEN) == []
    deliver(site, after=601)
    (one,) = mails(site, CHEN)
    assert "12 applications await a decision" in one.subject
    for each in range(12):
        assert f"Number{each} " in one.text
        assert f"{each}@many.example" not in one.text + one.html, "no identity data"
    links = re.findall(r"http://localhost(/review/\S+)", one.text)
    assert len(links) == 12
    assert client.get(links[0]).status_code == 200
    deliver(site, after=1300)
    assert len(mails(site, CHEN)) == 1


def test_more_than_one_mail_can_hold_go_into_several_with_a_link_for_each(site):
    arrive(site, MOST_IN_ONE + 20)
    deliver(site)
    deliver(site, after=601)
    links = [link for mail in mails(site, CHEN) for link in re.findall(r"http://localhost(/review/\S+)", mail.text)]
    assert len(mails(site, CHEN)) == 2
    assert len(links) == len(set(links)) == MOST_IN_ONE + 20


def test_those_that_were_decided_meanwhile_are_not_in_the_gathered_mail(site):
    arrive(site, 7)
    deliver(site)
    with site.app_context():
        application = newest()
        review.approve(application, seen=application.version, actor=chen())
    deliver(site, after=601)
    (one,) = mails(site, CHEN)
    assert "6 applications" in one.subject
    assert "Number6" not in one.text


def test_each_application_is_in_exactly_one_mail_when_two_deliverers_work_at_once(site):
    arrive(site, 30)

    def work(_):
        with site.app_context():
            while delivery.deliver_due():
                pass
            delivery.let_go()

    for after in (6, 601):
        with later(after), ThreadPoolExecutor(2) as pool:
            list(pool.map(work, range(2)))
    told = " ".join(mail.text for mail in mails(site, CHEN))
    assert [told.count(f"Number{each} ") for each in range(30)] == [1] * 30


@pytest.mark.parametrize(("rhythm", "none_after", "one_after"), [("hourly", 1, HOUR + 1), ("daily", HOUR, DAY + 1)])
def test_a_reviewer_chooses_one_mail_an_hour_or_a_day(site, client, rhythm, none_after, one_after):
    noon = clock.now().replace(hour=4, minute=0, second=30)
    with time_machine.travel(noon):
        sign_in(site, client, CHEN)
        assert client.fill_in("/desk/my-mail", {"rhythm": rhythm}, "/desk/my-mail").status_code == 303
        arrive(site, 3)
        deliver(site, after=none_after)
        assert [mail for mail in mails(site, CHEN) if "desk" not in mail.subject] == []
        deliver(site, after=one_after)
    gathered = [mail for mail in mails(site, CHEN) if "await" in mail.subject]
    assert len(gathered) == 1
    assert all(f"Number{each} " in gathered[0].text for each in range(3))


@pytest.mark.parametrize("rhythm", [MailRhythm.AT_ONCE, MailRhythm.HOURLY])
def test_who_became_an_editor_is_written_to_about_no_application_any_more(site, rhythm):
    with site.app_context():
        gathering.choose(chen(), rhythm)
    arrive(site, 3)
    with site.app_context():
        staff.change(chen(), name="Chen Yulan", role=Role.EDITOR, language="en", actor=chen())
    deliver(site)
    deliver(site, after=HOUR + 1)
    assert mails(site, CHEN) == []


def test_what_is_older_than_the_promise_is_named_once_a_day(site):
    arrive(site, 2)
    deliver(site)
    for day in (12, 12.01, 13):
        with later(day * DAY), site.app_context():
            while gathering.advance():
                pass
        deliver(site, after=day * DAY + 60)
    late = [mail for mail in mails(site, CHEN) if "older than the promise" in mail.subject]
    assert 1 <= len(late) <= 2
    with site.app_context():
        days = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.kind == "gathered_applications")
        assert db.session.scalar(days) == len(late)


def test_the_rhythm_is_at_once_from_the_start(site):
    with site.app_context():
        assert chen().mail_rhythm is MailRhythm.AT_ONCE
