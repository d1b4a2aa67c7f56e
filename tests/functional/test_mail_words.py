"""What mails say: every kind, in both languages, whole; nothing in them that does not belong there."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from jinja2 import StrictUndefined
from sqlalchemy import select, update

from cantonsite.database import db, transaction
from cantonsite.models import Application, OutgoingMail, StaffMember
from cantonsite.models.invitation import Missing
from cantonsite.models.outbox import MailState
from cantonsite.models.staff import MailRhythm
from cantonsite.services import (
    asking,
    delivery,
    editions,
    gathering,
    invitation,
    known_browsers,
    outbox,
    places,
    reminders,
    review,
    sign_in,
    their_data,
)
from tests import subscribers
from tests.people import applied, apply, deliver, fitting, later, link_in, mails, on_roster, open_edition, reach
from tests.smtp import outgoing, point, serving
from tests.subscribers import subscribe

CHEN, MARTA = "chen@fair.example", "marta@nordisk.example"
PRIVATE = {"phone": "+46 70 555 01 24", "email": MARTA, "nationality": "IS"}
EIGHT = datetime(2027, 3, 2, 0, 0, tzinfo=UTC)  # 8:00 in Guangzhou
NAMES_OF_ICELAND = ("Iceland", "冰岛")
MOST_OCTETS_A_LINE = 998  # RFC 5321, 4.5.3.1.6


@pytest.fixture
def site(app):
    """A site whose templates may not name anything that is not there."""
    app.jinja_env.undefined = StrictUndefined
    open_edition(app)
    return app


def reviewer():
    return db.session.scalars(select(StaffMember)).one()


def decided(site, verb, after=0, **words):
    """A reviewer decides, so many seconds from now, on what is there then; the mail about it leaves."""
    with site.app_context(), later(after):
        application = db.session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
        verb(application, seen=application.version, actor=reviewer(), **words)
    deliver(site, after=after + 200)


def by_applicant(site, verb, **words):
    with site.app_context():
        application = db.session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
        verb(application, seen=application.version, **words)
    deliver(site)


def everything_happens(site, client, language):
    """All that makes the site write mail."""
    apply(client, language, **PRIVATE)
    deliver(site)
    on_roster(site, CHEN, language=language)
    apply(client, language, **PRIVATE)
    deliver(site)
    decided(site, review.ask, 0, missing=[Missing.PROOF, Missing.DATES], note="Which day?")
    by_applicant(site, asking.answer, text="The first.", changes={}, proof_links=["https://nordisk.example/three"])
    decided(site, review.approve, 1000, note="Welcome.")
    decided(site, review.reopen, 2000, note="A mistake of ours.")
    decided(site, review.decline, 3000, note="No proof.")
    decided(site, review.reopen, 4000)
    decided(site, review.approve, 5000)
    decided(site, review.revoke, 6000, note="The assignment ended.")
    with site.app_context():
        invitation.send_status_link(MARTA, language)
        sign_in.ask(CHEN, "a browser")
        known_browsers.ask(reviewer(), "another browser", "Firefox")
    apply(client, language, **{**PRIVATE, "email": "second@nordisk.example"})
    deliver(site)
    by_applicant(site, invitation.withdraw, reason="Ill.")
    with site.app_context():
        invitation.send_returning_link(MARTA, language)
    by_word = {"proof_kind": "editor", "editor_name": "Erik Ed", "editor_email": "erik@nordisk.example"}
    begun = site.test_client()
    page = reach(begun, "check", language, **{**PRIVATE, "email": "third@nordisk.example", **by_word})
    with later(8):
        begun.send(begun.get(f"/{language}/invitation/apply/photo"), {"go": "later"}, "/apply")
        deliver(site)
        assert begun.send(page, fitting(page, {}), "/apply").status_code == 303
    deliver(site, after=20)
    applied(site, language, **{**PRIVATE, "email": "fourth@nordisk.example"})
    decided(site, review.approve, 10)
    by_applicant(site, their_data.erase)
    time_passes(site, language)
    all_places_are_taken(site)
    alerts_are_sent(site, client, language)


def time_passes(site, language):
    """Something is asked and never answered; meanwhile the reviewer gets one mail a day."""
    applied(site, language, **{**PRIVATE, "email": "fifth@nordisk.example"})
    deliver(site)
    decided(site, review.ask, 20, missing=[Missing.PHOTO], note="The face is in the dark.")
    with site.app_context():
        gathering.choose(reviewer(), MailRhythm.DAILY)
    applied(site, language, **{**PRIVATE, "email": "sixth@nordisk.example"})
    deliver(site)
    for days in (1, 8, 15):
        with later(days * 24 * 60 * 60), site.app_context():
            while reminders.advance():
                pass
        deliver(site, after=days * 24 * 60 * 60 + 60)


def all_places_are_taken(site):
    with site.app_context():
        places.set_limit(editions.get(141), number=0, actor=reviewer())
    decided(site, review.approve, 20 * 24 * 60 * 60, note="You are welcome as soon as there is room.")


def alerts_are_sent(site, client, language):
    """Somebody follows at once, somebody by the digest; an article appears and is corrected, another is withdrawn."""
    today = {"title": "Doors open", "standfirst": "Phase one begins."}
    with time_machine.travel(EIGHT - timedelta(hours=2)):
        subscribe(site, client, "once@nordisk.example", language)
        subscribe(site, client, "daily@nordisk.example", language, rhythm="daily")
    with time_machine.travel(EIGHT - timedelta(hours=1)):
        subscribers.ask(client, "once@nordisk.example", language)
        number = subscribers.publish(site, en=today, zh=today)
        gone = subscribers.publish(site, en=today, zh=today)
        subscribers.send(site)
        subscribers.correct(site, number, "At nine, not at ten.", language)
        subscribers.withdraw(site, gone, en="Another fair.", zh="另一个展会。")
        subscribers.send(site)
    with time_machine.travel(EIGHT + timedelta(minutes=1)):
        subscribers.send(site)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_mail_is_whole_in_both_languages(site, client, language):
    everything_happens(site, client, language)
    rows = outgoing(site)
    assert [(row.kind, row.state.value, row.error) for row in rows if row.error not in ("", "gathered")] == []
    assert {row.kind for row in rows if row.state is MailState.SENT} == set(outbox.KINDS), "a kind without a story"
    for mail in mails(site):
        wanted = "en" if mail.recipient == "press@fair.example" else {"en": "en", "zh": "zh-Hans"}[language]
        assert f'<html lang="{wanted}" dir="ltr">' in mail.html, mail.subject
        assert mail.subject.strip()
        for word in ("%(", "{{", "{%", "None", "Undefined"):
            assert word not in mail.subject + mail.text + mail.html
        with_address = [line for line in mail.text.splitlines() if "://" in line]
        assert all(re.fullmatch(r"http://localhost/\S+", line) for line in with_address), mail.text
        assert {line for line in with_address if f'href="{line}"' not in mail.html} == set(), "both parts lead alike"
    about = [mail for mail in mails(site, to=CHEN)]
    assert len(about) == 8
    for mail in about:
        everything = " ".join([mail.subject, mail.text, mail.html, *(value for _, value in mail.headers)])
        for secret in (PRIVATE["phone"], PRIVATE["phone"].replace(" ", ""), MARTA, "second@", *NAMES_OF_ICELAND):
            assert secret not in everything, mail.subject
        assert (
            "Marta Elisabet" in everything or "/desk/sign-in/" in mail.text or re.search(r"^\d{6}\s*$", mail.text, re.M)
        )


def test_journalist_cannot_add_a_header_or_an_address_by_a_name_of_two_lines(app, client):
    with serving() as server:
        open_edition(app)
        on_roster(app, CHEN)
        point(app, server)
        evil = "Marta\r\nBcc: spy@evil.example\r\n\r\nhttp://localhost/review/1.forged\r\n"
        apply(client, given_name=evil, outlet_name=evil)
        deliver(app)
        (mail,) = server.to(CHEN)
        assert {each.recipient for each in server.received} == {CHEN, MARTA}
        assert "Bcc" not in mail.message
        text = mail.message.get_body(("plain",)).get_content()
        alone = [line for line in text.splitlines() if re.fullmatch(r"https?://\S+", line)]
        assert len(alone) == 1, text
        assert "forged" not in alone[0]


def test_journalist_reads_a_long_reason_as_it_was_written(app, client):
    note = "请提供能证明您是记者的材料。" * 130 + " A word of English." * 8
    with serving() as server:
        open_edition(app)
        on_roster(app, CHEN)
        point(app, server)
        applied(app)
        deliver(app)
        decided(app, review.decline, note=note)
        mail = server.to(MARTA)[-1]
        assert note in mail.message.get_body(("plain",)).get_content()
        assert note in mail.message.get_body(("html",)).get_content()
        assert max(len(line) for line in mail.raw.split(b"\r\n")) <= MOST_OCTETS_A_LINE
        assert mail.raw.isascii(), "it passes servers that announce no 8BITMIME"


def test_reviewer_is_not_asked_about_an_application_that_was_withdrawn_meanwhile(site, client):
    on_roster(site, CHEN)
    applied(site)
    by_applicant(site, invitation.withdraw)
    assert mails(site, CHEN) == []
    (row,) = outgoing(site, CHEN)
    assert (row.state, row.error) == (MailState.SKIPPED, "the application is withdrawn")
    assert [row.kind for row in outgoing(site, MARTA) if row.state is MailState.SENT] == ["application_withdrawn"]


def test_journalist_hears_the_last_of_two_decisions_when_the_first_was_held_up(site, client):
    on_roster(site, CHEN)
    applied(site)
    deliver(site)
    with site.app_context():
        application = db.session.scalars(select(Application)).one()
        review.approve(application, seen=application.version, actor=reviewer(), note="The first.")
    with site.app_context(), later(130):
        assert delivery.claim_one() is not None, "a deliverer took it and was killed"
    for verb, words in ((review.reopen, {}), (review.approve, {"note": "The second."})):
        with site.app_context():
            application = db.session.scalars(select(Application)).one()
            verb(application, seen=application.version, actor=reviewer(), **words)
    deliver(site, after=900)
    told = [mail.text for mail in mails(site, MARTA, "you are invited")]
    assert len(told) == 1
    assert "The second." in told[0]


def test_staff_member_gets_no_link_that_has_run_out(site):
    on_roster(site, CHEN)
    with site.app_context():
        sign_in.ask(CHEN, "a browser")
    deliver(site, after=11 * 60)
    (row,) = outgoing(site, CHEN)
    assert (row.state, row.error) == (MailState.SKIPPED, "the link has run out")


def test_one_mail_that_cannot_be_written_does_not_hold_up_the_others(site, client):
    on_roster(site, CHEN)
    applied(site)
    with site.app_context(), transaction() as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.recipient == MARTA).values(kind="no_such_kind"))
    assert deliver(site) == 1
    assert link_in(mails(site, CHEN)[0], "/review/")
    (row,) = outgoing(site, MARTA)
    assert (row.state, row.error) == (MailState.WAITING, "KeyError: 'no_such_kind'")


def test_reviewer_undoes_a_decision_before_its_mail_leaves_and_nobody_learns_of_it(site, client):
    on_roster(site, CHEN)
    applied(site)
    deliver(site)
    with site.app_context():
        application = db.session.scalars(select(Application)).one()
        review.decline(application, seen=application.version, actor=reviewer(), note="No.")
        with later(100):
            review.undo(application, seen=application.version, actor=reviewer())
        review.approve(application, seen=application.version, actor=reviewer())
    deliver(site, after=300)
    with site.app_context(), later(300):
        application = db.session.scalars(select(Application)).one()
        with pytest.raises(review.TooLate):
            review.undo(application, seen=application.version, actor=reviewer())
    kinds = {row.kind: row.state.value for row in outgoing(site, MARTA)}
    assert (kinds["application_declined"], kinds["application_approved"]) == ("skipped", "sent")
