"""Mail by a real SMTP server that refuses, delays, hangs up, hangs, or is away: nothing is lost, nobody else waits."""

import pytest
from aiosmtpd.smtp import AuthResult

from cantonsite import extensions
from cantonsite.models.outbox import MailState
from cantonsite.models.staff import Role
from cantonsite.services import delivery, outbox
from tests.people import applied, apply, deliver, on_roster, open_edition, sign_in
from tests.smtp import Hold, certificate, drop, outgoing, point, refuse, serving, tls, wait

MARTA, CHEN, ADA = "marta@nordisk.example", "chen@fair.example", "ada@fair.example"
EVERYBODY = {MARTA, CHEN, ADA}


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def site(app, server):
    """A journalist is about to apply; two reviewers will be told."""
    open_edition(app)
    on_roster(app, CHEN)
    on_roster(app, ADA, "Ada Obi", role=Role.ADMINISTRATOR)
    on_roster(app, "ada.reviews@fair.example", "Ada Obi")
    point(app, server)
    return app


def the_mail(app, recipient):
    (row,) = outgoing(app, recipient)
    return row


def test_everybody_gets_one_mail_of_their_own_over_one_connection(site, client, server):
    applied(site)
    assert deliver(site) == 3
    assert {each.recipient for each in server.received} == {MARTA, CHEN, "ada.reviews@fair.example"}
    assert len({each.connection for each in server.received}) == 1
    (mail,) = server.to(MARTA)
    assert mail.message.get_all("Message-ID") == [the_mail(site, MARTA).message_id]
    assert mail.message["To"] == MARTA
    assert mail.message["From"] == "Press Office <press@fair.example>"
    assert mail.message["Reply-To"] == "press@fair.example"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message.get_all("Date") is not None
    assert [part.get_content_type() for part in mail.message.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
    ]


def test_journalist_finds_later_mails_about_the_application_in_one_thread(site, client, server):
    applied(site)
    apply(client)
    deliver(site)
    first, second = server.to(MARTA)
    assert second.message["References"] == second.message["In-Reply-To"] == first.id
    assert "References" not in first.message


def test_reviewer_whose_address_is_refused_does_not_keep_the_mail_from_others(site, client, server):
    server.at("RCPT", refuse("550 5.1.1 No such person here"), only=CHEN)
    applied(site)
    assert deliver(site) == 2
    failed = the_mail(site, CHEN)
    assert (failed.state, failed.error, failed.attempts) == (MailState.FAILED, "550 5.1.1 No such person here", 1)
    assert len(server.to(MARTA)) == 1

    deliver(site, after=3 * 24 * 3600)
    assert server.asked.count(("RCPT", CHEN)) == 1, "a refusal for good is not tried again by itself"

    server.at("RCPT", None, only=CHEN)
    with site.app_context():
        assert outbox.send_again(failed.id)
        assert not outbox.send_again(the_mail(site, MARTA).id), "what was sent is not sent again"
    deliver(site)
    assert [each.id for each in server.to(CHEN)] == [failed.message_id]


def test_administrator_sees_at_the_desk_what_failed_and_why(site, client, server):
    server.at("RCPT", refuse("550 5.1.1 No such person here"), only=MARTA)
    applied(site)
    deliver(site)
    point(site, server, host="")  # the link to the desk is read in the mailbox
    sign_in(site, client, ADA)
    page = client.get("/desk/mail?state=failed")
    assert MARTA in page.text
    assert "No such person here" in page.text


def test_journalist_gets_the_mail_once_a_busy_server_takes_it(site, client, server):
    server.at("DATA", refuse("451 4.7.1 Greylisted, come back"), only=MARTA)
    applied(site)
    assert deliver(site) == 2
    held = the_mail(site, MARTA)
    assert (held.state, held.error) == (MailState.WAITING, "451 4.7.1 Greylisted, come back")
    server.at("DATA", None, only=MARTA)
    assert deliver(site, after=6 + 18) == 0, "it waits for twenty seconds"
    assert deliver(site, after=6 + 22) == 1
    assert [each.id for each in server.to(MARTA)] == [held.message_id]
    assert the_mail(site, MARTA).error == ""


def test_site_gives_up_two_days_after_the_first_try_and_says_so(site, client, server):
    server.at("RCPT", refuse("450 4.2.0 Mailbox full"), only=MARTA)
    applied(site)
    deliver(site)
    moment = 6
    for number, pause in enumerate(delivery.PAUSES, 1):
        assert (the_mail(site, MARTA).attempts, the_mail(site, MARTA).state) == (number, MailState.WAITING)
        moment += pause.total_seconds() + 1
        deliver(site, after=moment)
    assert 46 * 3600 < moment < 49 * 3600
    failed = the_mail(site, MARTA)
    assert (failed.state, failed.error) == (MailState.FAILED, "450 4.2.0 Mailbox full")


def test_slow_server_gets_each_mail_once(site, client, server):
    server.at("KEPT", wait(1.2), only=MARTA)
    applied(site)
    assert deliver(site) == 3
    assert len(server.to(MARTA)) == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_journalist_gets_one_mail_when_the_server_hung_up_before_it_had_it(site, client, server, step):
    server.at(step, drop(), only=MARTA)
    applied(site)
    deliver(site)
    held = the_mail(site, MARTA)
    assert held.state is MailState.WAITING
    assert held.error.startswith("SMTPServerDisconnected")
    assert len(server.to(CHEN)) == 1, "the next mail opens a new connection"
    server.at(step, None, only=MARTA)
    deliver(site, after=60)
    assert sorted(each.recipient for each in server.received) == sorted({MARTA, CHEN, "ada.reviews@fair.example"})


def test_journalist_can_tell_a_repeat_when_the_server_hung_up_after_it_had_the_mail(site, client, server):
    server.at("KEPT", drop(), only=MARTA)
    applied(site)
    assert deliver(site) == 2
    server.at("KEPT", None, only=MARTA)
    assert deliver(site, after=60) == 1
    first, repeat = server.to(MARTA)
    assert first.id == repeat.id == the_mail(site, MARTA).message_id
    assert first.message["Subject"] == repeat.message["Subject"]
    assert len(server.to(CHEN)) == 1


def test_reviewers_get_their_mail_while_the_server_hangs_on_the_journalists(site, client, server, monkeypatch):
    monkeypatch.setattr(extensions, "SMTP_TIMEOUT_SECONDS", 1)
    monkeypatch.setattr(extensions, "SMTP_ANSWER_SECONDS", 1)
    hanging = Hold()
    server.at("RCPT", hanging, only=MARTA)
    applied(site)
    assert deliver(site) == 2
    assert hanging.reached.is_set()
    assert "timed out" in the_mail(site, MARTA).error
    server.at("RCPT", None, only=MARTA)
    assert deliver(site, after=60) == 1


def test_deliverer_leaves_a_server_that_never_greets(site, client, server, monkeypatch):
    monkeypatch.setattr(extensions, "SMTP_TIMEOUT_SECONDS", 1)
    server.at("EHLO", Hold())
    applied(site)
    assert deliver(site) == 0
    assert sorted(row.attempts for row in outgoing(site)) == [0, 0, 1], "the others would have fared no better"


def test_nothing_is_lost_while_the_server_is_down(site, client, server):
    server.down()
    applied(site)
    for after in (6, 7, 8, 9):
        assert deliver(site, after=after) == 0
    assert [row.state for row in outgoing(site)] == [MailState.WAITING] * 3
    assert all("refused" in row.error for row in outgoing(site))
    server.up()
    assert deliver(site, after=60) == 3
    assert {each.id for each in server.received} == {row.message_id for row in outgoing(site)}
    assert len(server.received) == 3


def test_deliverer_outlives_a_server_that_hangs_up_at_the_goodbye(site, client, server):
    server.at("QUIT", drop())
    applied(site)
    assert deliver(site) == 3
    assert len(server.received) == 3


def test_mail_waits_while_the_password_is_wrong(app, client):
    with serving(authenticator=lambda *_: AuthResult(success=False, handled=False), auth_require_tls=False) as server:
        open_edition(app)
        point(app, server, MAIL_USERNAME="press", MAIL_PASSWORD="wrong")
        apply(client)
        assert deliver(app) == 0
        waiting = the_mail(app, MARTA)
        assert (waiting.state, waiting.error[:3]) == (MailState.WAITING, "535")


@pytest.mark.parametrize("how", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_server_whose_certificate_nobody_signed_gets_no_mail(app, client, monkeypatch, how):
    with certificate() as path:
        option = {"MAIL_USE_TLS": "tls_context", "MAIL_USE_SSL": "ssl_context"}[how]
        with serving(**{option: tls(path)}) as server:
            open_edition(app)
            point(app, server, host="localhost", **{how: True})
            apply(client)
            assert deliver(app) == 0
            assert server.received == []
            waiting = the_mail(app, MARTA)
            assert waiting.state is MailState.WAITING
            assert "certificate verify failed: self-signed certificate" in waiting.error

            monkeypatch.setenv("SSL_CERT_FILE", path)  # the machine's administrator trusts it
            point(app, server, host="127.0.0.1", **{how: True})
            assert deliver(app, after=60) == 0
            assert "IP address mismatch" in " ".join(row.error for row in outgoing(app)), "its name counts too"
            point(app, server, host="localhost", **{how: True})
            assert deliver(app, after=180) == 2
            assert len(server.to(MARTA)) == 1
