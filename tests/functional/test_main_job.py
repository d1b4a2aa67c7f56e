"""The main job: a journalist applies, a reviewer decides from the mail, the journalist learns of it."""

import pytest

from tests.people import apply, deliver, later, link_in, mails, on_roster, open_edition, review_link, status_link


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    return app


def test_journalist_applies_and_a_reviewer_approves_from_the_link(site, client):
    sent = apply(client)
    assert sent.status_code == 303
    receipt = client.get(sent.location)
    assert "We have your application" in receipt.text
    assert client.get(sent.location).text == receipt.text, "the receipt survives a reload"

    assert deliver(site) == 2
    link, status = review_link(site), status_link(site)
    assert "Marta Elisabet Lindqvist" in client.get(link).text
    approved = client.fill_in(link, {"decision": "approve", "credentials_checked": "y"}, link)
    assert approved.status_code == 303
    assert "You have approved this application" in client.get(link).text

    assert "with the press office" in client.get(status).text, "the decision shows when its mail may leave"
    assert deliver(site, after=130) == 1
    assert link_in(mails(site, "marta@", "you are invited")[0]) == status
    with later(130):
        assert "You are invited" in client.get(status).text


def test_the_same_in_chinese(site, client):
    sent = apply(client, language="zh", given_name="婉清", family_name="何", email="he@lingnan.example")
    assert sent.location.startswith("/zh/invitation/received/")
    deliver(site)
    mail = mails(site, "he@lingnan.example")[0]
    assert "我们已收到" in mail.subject
    assert "我们已收到" in client.get(link_in(mail)).text or "审阅" in client.get(link_in(mail)).text
