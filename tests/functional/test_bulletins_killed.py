"""Sends to two thousand by deliverers that are real processes: killed, two at once, and a decision in the midst."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Bulletin, OutgoingMail
from cantonsite.models.outbox import MailState
from tests.functional.test_mail_killed import PATIENCE_SECONDS, deliverer, end_leases, eventually
from tests.people import apply, on_roster, open_edition
from tests.smtp import Hold, outgoing, point, serving
from tests.subscribers import publish, subscribe_many

MANY = 2000


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def site(app, server):
    point(app, server)
    subscribe_many(app, MANY)
    publish(app)
    return app


def written(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(OutgoingMail))


def sent(app):
    with app.app_context():
        ended = select(func.count()).where(OutgoingMail.state == MailState.SENT)
        return db.session.scalar(ended)


def everybody_has_exactly_one(app, server, *, repeated=0):
    """One row and one mail each; a killed deliverer's last mail may come twice, under the same Message-ID."""
    rows = outgoing(app, "reader")
    assert len(rows) == len({row.subscriber_id for row in rows}) == MANY
    assert {row.state for row in rows} == {MailState.SENT}
    arrived = Counter((each.recipient, each.id) for each in server.received if "reader" in each.recipient)
    assert arrived.keys() == {(row.recipient, row.message_id) for row in rows}
    assert sum(arrived.values()) - MANY <= repeated
    with app.app_context():
        bulletin = db.session.scalars(select(Bulletin)).one()
        assert (bulletin.written, bulletin.all_written_at is not None) == (MANY, True)


def while_mails_arrive(server, true):
    """Wait until it is so, for as long as something goes on: a busy machine takes its time for two thousand."""
    seen, deadline = -1, 0.0
    while not true():
        if len(server.received) > seen:
            seen, deadline = len(server.received), time.monotonic() + PATIENCE_SECONDS
        assert time.monotonic() < deadline, f"waited in vain after {seen} mails"
        time.sleep(0.05)


def kill(process):
    process.kill()
    assert process.wait() == -9


def test_two_thousand_get_exactly_one_though_deliverers_are_killed_and_work_side_by_side(site, client, server):
    def reached(number):
        return lambda: len(server.received) >= number

    def batches(number):
        return lambda: written(site) >= number

    moments = [batches(1), reached(1), batches(600), reached(500), reached(900)]
    for is_time in moments:  # between any two statements, as it comes
        with deliverer(site, server) as process:
            while_mails_arrive(server, is_time)
            kill(process)
        end_leases(site)
    with site.app_context():
        bulletin = db.session.scalars(select(Bulletin)).one()
        assert bulletin.written == written(site), "a batch and its cursor stand together"

    hold = Hold()  # and exactly when the server has a mail that nobody has noted as sent
    server.at("KEPT", hold)
    with deliverer(site, server) as process:
        assert hold.reached.wait(PATIENCE_SECONDS)
        kill(process)
    server.at("KEPT", None)
    hold.released.set()
    end_leases(site)
    with deliverer(site, server) as one, deliverer(site, server) as other:
        while_mails_arrive(server, lambda: sent(site) == MANY)
        assert one.poll() is None
        assert other.poll() is None
    everybody_has_exactly_one(site, server, repeated=len(moments) + 1)


def test_killed_while_a_batch_is_written_leaves_whole_batches(site, client, server):
    server.at("RCPT", Hold())  # nothing leaves meanwhile
    for number in range(3):
        with deliverer(site, server) as process:
            eventually(lambda so_far=number: written(site) > so_far * 200)
            kill(process)
        end_leases(site)
        with site.app_context():
            bulletin = db.session.scalars(select(Bulletin)).one()
            last = db.session.scalar(select(func.max(OutgoingMail.subscriber_id)))
            assert (bulletin.written, bulletin.written % 200, bulletin.after_id) == (written(site), 0, last)
        with site.app_context(), transaction() as session:  # let the next one write before it sends
            later = clock.now() + timedelta(hours=1)
            session.execute(update(OutgoingMail).values(due_at=later))


def test_decision_that_is_made_in_the_midst_of_a_send_leaves_next(site, client, server):
    open_edition(site)
    on_roster(site)
    with deliverer(site, server):
        eventually(lambda: len(server.received) >= 150)
        hold = Hold()
        server.at("DATA", hold)
        assert hold.reached.wait(PATIENCE_SECONDS)  # one mail is in hand
        apply(client)
        with site.app_context(), transaction() as session:  # which took four seconds in this process alone
            mine = update(OutgoingMail).where(OutgoingMail.priority < OutgoingMail.BULK)
            session.execute(mine.values(due_at=clock.now()))
        so_far = len(server.received)
        server.at("DATA", None)
        hold.released.set()
        eventually(lambda: server.to("marta@nordisk.example") and server.to("chen@fair.example"))
    order = [each.recipient for each in server.received[so_far:]]
    first = order[:4]
    assert {"marta@nordisk.example", "chen@fair.example"} <= set(first), first
    assert written(site) > 200
