"""Deliverers as real processes: killed between any two steps, two at once, told to stop, without a database."""

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Application, OutgoingMail
from cantonsite.models.outbox import MailState
from cantonsite.services import delivery, outbox
from cantonsite.services.mails.applicant import ApplicationReceived, StatusLinkRequested
from tests.conftest import SETTINGS
from tests.people import applied, later, on_roster, open_edition
from tests.smtp import HOST, Hold, outgoing, point, refuse, serving

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90  # a busy machine takes its time; an idle one does not wait
MARTA = "marta@nordisk.example"


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def site(app, server):
    """Two reviewers; mail leaves by the server."""
    open_edition(app)
    on_roster(app)
    on_roster(app, "ada@fair.example", "Ada Obi")
    point(app, server)
    return app


@contextmanager
def deliverer(app, server, *options):
    """A deliverer in a process of its own."""
    settings = {**SETTINGS, "MAIL_SERVER": HOST, "MAIL_PORT": server.port, "DATABASE_URL": app.config["DATABASE_URL"]}
    environment = {f"CANTONSITE_{name}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "mail", "deliver", *options],
        cwd=ROOT,
        env={**os.environ, **environment, "CANTONSITE_INSTANCE": app.instance_path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def eventually(true):
    """Wait until it is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def end_leases(app):
    """Five minutes later."""
    with app.app_context(), transaction() as session:
        held = update(OutgoingMail).where(OutgoingMail.lease_until.is_not(None))
        session.execute(held.values(lease_until=clock.now() - timedelta(seconds=1)))


def due_now(app):
    """Four seconds later: people take their time to fill in the form, a fast machine does not wait for it."""
    with app.app_context(), transaction() as session:
        session.execute(update(OutgoingMail).values(due_at=clock.now()))


def write(app, recipients):
    """One mail to each, about the one application."""
    with app.app_context(), transaction() as session:
        about = session.query(Application).one()
        for recipient in recipients:
            outbox.enqueue(ApplicationReceived, recipient=recipient, language="en", application=about)


def kill_at(site, server, step):
    """Kill a deliverer when its conversation about the journalist's mail has come this far."""
    hold = Hold()
    server.at(step, hold)
    with deliverer(site, server) as process:
        assert hold.reached.wait(PATIENCE_SECONDS)
        process.kill()
        assert process.wait() == -9
    server.at(step, None)
    hold.released.set()


def kill_before_it_is_noted(site, server):
    """Kill a deliverer that has the server's word for it, but cannot write it down: the rows are locked."""
    hold = Hold()
    server.at("KEPT", hold)
    with deliverer(site, server) as process:
        assert hold.reached.wait(PATIENCE_SECONDS)
        with site.app_context(), transaction() as session:
            session.execute(update(OutgoingMail).values(kind=OutgoingMail.kind))
            hold.released.set()
            time.sleep(0.3)
            process.kill()
            process.wait()
    server.at("KEPT", None)


def test_every_mail_arrives_though_the_deliverer_is_killed_at_every_step(site, client, server):
    applied(site)
    for number, step in enumerate(("RCPT", "DATA", "KEPT"), 1):
        kill_at(site, server, step)
        (held,) = outgoing(site, MARTA)
        assert (held.state, held.attempts) == (MailState.WAITING, number)
        assert held.lease_until > clock.now() + timedelta(minutes=4), "nobody else may send it until the lease ends"
        end_leases(site)
    kill_before_it_is_noted(site, server)
    assert {row.state for row in outgoing(site)} == {MailState.WAITING}
    end_leases(site)
    with deliverer(site, server, "--once") as process:
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert said == "3 sent.\n"

    assert {row.state for row in outgoing(site)} == {MailState.SENT}
    ids = Counter((each.recipient, each.id) for each in server.received)
    expected = {(row.recipient, row.message_id): 3 if row.recipient == MARTA else 1 for row in outgoing(site)}
    assert ids == expected, "only what the server had already taken is repeated, under the same Message-ID"


def test_two_deliverers_send_each_of_two_hundred_mails_once(site, client, server):
    applied(site)
    write(site, [f"reader{number}@nordisk.example" for number in range(197)])
    due_now(site)
    both = Hold(until=2)
    server.at("EHLO", both)
    with deliverer(site, server, "--once") as one, deliverer(site, server, "--once") as other:
        assert both.reached.wait(PATIENCE_SECONDS)
        both.released.set()
        assert [one.wait(PATIENCE_SECONDS), other.wait(PATIENCE_SECONDS)] == [0, 0]
        said = [process.stdout.read() for process in (one, other)]
    sent = outgoing(site)
    assert {(row.state, row.attempts, row.error) for row in sent} == {(MailState.SENT, 1, "")}, said
    shares = sorted(int(words.split()[0]) for words in said)
    assert sum(shares) == 200
    assert shares[0] > 20, "both took part"
    assert Counter(each.id for each in server.received) == {row.message_id: 1 for row in sent}
    assert len(sent) == 200


def test_deliverer_that_is_told_to_stop_finishes_the_mail_in_hand_and_no_other(site, client, server):
    applied(site)
    hold = Hold()
    server.at("KEPT", hold)
    with deliverer(site, server) as process:
        assert hold.reached.wait(PATIENCE_SECONDS)
        process.terminate()
        time.sleep(0.3)
        assert process.poll() is None
        hold.released.set()
        assert process.wait(5) == 0
    assert len(server.received) == 1
    assert sorted((row.state.value, row.attempts) for row in outgoing(site)) == [
        ("sent", 1),
        ("waiting", 0),
        ("waiting", 0),
    ]


def test_deliverer_outlives_a_database_that_is_away_and_stops_when_idle(site, client, server):
    applied(site)
    with deliverer(site, server) as process:
        eventually(lambda: len(server.received) == 3)
        with site.app_context(), transaction() as session:
            session.execute(text("ALTER TABLE outgoing_mail RENAME TO away"))
            if db.engine.dialect.name == "postgresql":
                others = "datname = current_database() AND pid <> pg_backend_pid()"
                session.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
        assert "The database does not answer" in process.stdout.readline()
        with site.app_context(), transaction() as session:
            session.execute(text("ALTER TABLE away RENAME TO outgoing_mail"))
        write(site, ["later@nordisk.example"])
        eventually(lambda: server.to("later@nordisk.example"))
        eventually(lambda: outgoing(site, "later@")[0].state is MailState.SENT)
        process.terminate()
        assert process.wait(5) == 0


def test_deliverer_forgets_a_reading_whose_database_was_restarted_meanwhile(site):
    with site.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("a file is not restarted")
        mine = db.session.scalar(text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        delivery.let_go()
        assert db.session.scalar(text("SELECT 1")) == 1
        db.session.remove()


def test_deliver_once_goes_on_past_a_hundred_mails_that_do_not_leave(site, client, server):
    with site.app_context(), transaction():
        for number in range(101):
            outbox.enqueue(StatusLinkRequested, recipient=f"nobody{number}@nordisk.example", language="en")
    applied(site)
    server.at("RCPT", refuse("550 No such person here"), only=MARTA)
    with later(6):
        said = site.test_cli_runner().invoke(args=["mail", "deliver", "--once"])
    assert (said.exit_code, said.output) == (0, "2 sent.\n")
    states = Counter(row.state.value for row in outgoing(site))
    assert states == {"skipped": 101, "failed": 1, "sent": 2}


def test_half_configured_site_keeps_its_mail_instead_of_sending_it_nowhere(site, client):
    applied(site)
    site.config.update(ENVIRONMENT="production", MAIL_SERVER="")
    said = site.test_cli_runner().invoke(args=["mail", "deliver", "--once"])
    assert said.exit_code == 1
    assert "MAIL_SERVER: is missing" in said.output
    assert {(row.state, row.attempts) for row in outgoing(site)} == {(MailState.WAITING, 0)}
    assert not Path(site.instance_path, "mailbox").exists()
