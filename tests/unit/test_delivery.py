"""The outbox's claim, its pauses, and what counts as a refusal for good."""

import os
import signal
import smtplib
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from cantonsite import clock
from cantonsite.commands import mail
from cantonsite.database import db, transaction
from cantonsite.models import Application, OutgoingMail
from cantonsite.models.outbox import MailState
from cantonsite.services import delivery, outbox
from cantonsite.services.mails.applicant import ApplicationApproved, StatusLinkRequested
from tests.people import apply, later, open_edition
from tests.smtp import outgoing


def write(recipient="nobody@nordisk.example", **when):
    return outbox.enqueue(StatusLinkRequested, recipient=recipient, language="en", **when)


@pytest.fixture
def site(app):
    with app.app_context():
        yield app


def test_deliverer_claims_the_mail_that_has_been_due_for_longest(site):
    second = write(not_before=clock.now() - timedelta(seconds=1))
    first = write(not_before=clock.now() - timedelta(seconds=2))
    write(not_before=clock.now() + timedelta(hours=1))
    assert [delivery.claim_one().id, delivery.claim_one().id, delivery.claim_one()] == [first.id, second.id, None]


def test_claimed_mail_is_free_again_once_its_lease_has_run_out(site):
    write()
    claim = delivery.claim_one()
    with later(delivery.LEASE.total_seconds() - 5):
        assert delivery.claim_one() is None
    with later(delivery.LEASE.total_seconds() + 5):
        again = delivery.claim_one()
    assert (again.id, again.attempts) == (claim.id, 2)
    delivery._try_later(claim, "too late to say so")
    (row,) = outgoing(site)
    assert row.lease_until == again.lease_until, "whose lease ran out has no say any more"
    assert row.error == ""


def test_either_the_claim_or_the_undo_wins(site, client):
    open_edition(site)
    apply(client)
    about = db.session.scalars(select(Application)).one()
    with later(6):
        delivery.deliver_due()
        decision = {"recipient": about.email, "language": "en", "application": about}
        outbox.enqueue(ApplicationApproved, **decision)
        assert outbox.cancel(about, [ApplicationApproved])
        assert delivery.claim_one() is None
        outbox.enqueue(ApplicationApproved, **decision)
        assert delivery.claim_one() is not None
        assert not outbox.cancel(about, [ApplicationApproved])
    states = [row.state for row in outgoing(site) if row.kind == ApplicationApproved.name]
    assert states == [MailState.SKIPPED, MailState.WAITING]


def test_deliverer_goes_on_when_a_claimed_mail_was_purged(site):
    write()
    claim = delivery.claim_one()
    with transaction() as session:
        session.execute(delete(OutgoingMail))
    with delivery.Channel() as channel:
        assert delivery._deliver(claim, channel) == 0


def test_message_id_is_fixed_when_the_mail_is_written_and_shared_by_none(site):
    ids = [write().message_id for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(each.endswith("@localhost>") for each in ids)


@pytest.mark.parametrize(
    ("error", "for_good"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such person")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"mailbox busy")}), False),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (530, b"sign in first")}), False),
        (smtplib.SMTPSenderRefused(550, b"not here", "press@fair.example"), True),
        (smtplib.SMTPSenderRefused(530, b"sign in first", "press@fair.example"), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError("timed out"), False),
    ],
)
def test_only_a_refusal_of_the_mail_itself_is_for_good(error, for_good):
    assert delivery.is_permanent(error) is for_good


def test_desk_shows_an_error_on_one_line_that_every_database_can_keep():
    error = smtplib.SMTPDataError(554, b"5.7.1 no\x00\n5.7.1 \xff really not" + b"!" * 1000)
    words = delivery._words(error)
    assert words.startswith("554 5.7.1 no 5.7.1 \ufffd really not!!")
    assert len(words) == delivery.MOST_ERROR_TEXT
    assert words.isprintable()


def test_pauses_grow_and_last_two_days():
    assert [pause.total_seconds() for pause in delivery.PAUSES[:6]] == [20, 60, 300, 900, 3600, 10800]
    assert list(delivery.PAUSES) == sorted(delivery.PAUSES)
    assert timedelta(hours=46) < sum(delivery.PAUSES, timedelta()) <= timedelta(hours=48)


def test_subject_of_several_lines_becomes_one(site, monkeypatch):
    monkeypatch.setattr(StatusLinkRequested, "context", lambda self: {"entries": []})
    monkeypatch.setattr(StatusLinkRequested, "recipient", lambda self: self.row.recipient)
    subject = "Yes\r\nBcc: spy@evil.example\x85X-Evil: 1\u2028X: 2"
    monkeypatch.setattr(delivery, "render_template", lambda name, **_: subject)
    sent = delivery.compose(write()).as_bytes()
    head = sent.split(b"\r\n\r\n")[0]
    assert b"\nBcc:" not in head
    assert b"\nX" not in head


def test_signal_ends_a_pause_of_the_deliverer_at_once():
    with mail._told_to_stop() as told:
        assert not told()
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
        began = time.monotonic()
        assert told(60)
        assert time.monotonic() - began < 30
        assert told(), "and is not forgotten"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
