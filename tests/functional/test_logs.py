"""What is logged holds no token of a mailed link."""

import logging

import pytest

from cantonsite.services import review
from tests.people import apply, deliver, on_roster, open_edition, review_link


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    return app


def test_an_error_behind_a_mailed_link_is_logged_without_its_token(site, client, caplog, monkeypatch):
    apply(client)
    deliver(site)
    link = review_link(site)
    page = client.get(link)
    site.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(review, "approve", lambda *_, **__: 1 / 0)
    with caplog.at_level(logging.ERROR):
        broken = client.send(page, {"decision": "approve", "credentials_checked": "y"}, link)
    assert broken.status_code == 500
    assert "Exception on /review/…" in caplog.text
    assert link.rsplit("/", 1)[1] not in caplog.text
