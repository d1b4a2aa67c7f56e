"""What is logged holds no token of a mailed link."""

import logging
import re
from pathlib import Path

import pytest

from cantonsite.http.errors import TokensMasked
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


@pytest.mark.parametrize(
    "rule", [each for each in (Path(__file__).parents[1] / "routes.txt").read_text().splitlines() if "<token>" in each]
)
def test_every_address_with_a_token_is_logged_without_it(rule):
    path = re.sub(r"<[^>]+>", "en", rule.split()[-1].replace("<token>", "12.aaaaaaaaaaaaaaaaaaaaaaaa"))
    record = logging.LogRecord("x", logging.ERROR, "", 0, "Exception on %s", (path,), None)
    assert TokensMasked().filter(record)
    assert "aaaa" not in record.getMessage()
