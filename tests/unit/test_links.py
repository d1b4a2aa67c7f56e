"""What a mailed link's token is made of, and when a link is dead."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cantonsite.models import Link, StaffMember
from cantonsite.models.link import Purpose
from cantonsite.services import addresses, links, tokens

KEY, FORMER = "a key for tests, longer than thirty-two characters", "the key that was used before this one was made"
NOW = datetime(2026, 4, 14, 12, tzinfo=UTC)


def app(key: str = KEY, fallbacks: tuple[str, ...] = ()) -> Flask:
    app = Flask("links")
    app.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=list(fallbacks), BASE_URL="https://press.example.org")
    app.add_url_rule("/review/<token>", "review.show", lambda token: token)
    return app


def link(number: int = 7, nonce: str = "nonce", **columns) -> Link:
    return Link(id=number, nonce=nonce, purpose=Purpose.REVIEW, expires_at=NOW + timedelta(days=1), **columns)


def token(of: Link, key: str = KEY, fallbacks: tuple[str, ...] = ()) -> str:
    with app(key, fallbacks).app_context():
        return links.token(of)


@pytest.mark.parametrize("number", [1, 999_999_999_999_999])
def test_a_token_is_short_and_made_of_signs_that_mail_leaves_alone(number):
    assert re.fullmatch(r"[A-Za-z0-9._-]{20,59}", token(link(number)))


def test_a_token_depends_on_row_nonce_and_key_and_on_nothing_else():
    assert token(link()) == token(link())
    others = {token(link()), token(link(8)), token(link(nonce="other")), token(link(), FORMER)}
    assert len({each.split(".", 1)[1] for each in others}) == 4


def test_the_newest_key_signs_though_former_ones_still_read():
    assert token(link(), KEY, (FORMER,)) == token(link(), KEY)
    old = token(link(), FORMER)
    with app(KEY, (FORMER,)).app_context():
        assert tokens.read(links.SALT, old).verify("nonce")
    with app(KEY).app_context():
        assert not tokens.read(links.SALT, old).verify("nonce")


def test_a_link_is_dead_when_revoked_expired_or_its_holder_was_struck_off():
    assert not link().is_dead(NOW)
    assert link().is_dead(NOW + timedelta(days=1))
    assert link(revoked_at=NOW).is_dead(NOW)
    assert not link(staff=StaffMember(struck_off_at=None)).is_dead(NOW)
    assert link(staff=StaffMember(struck_off_at=NOW)).is_dead(NOW)


def test_mailed_addresses_come_from_the_settings_and_never_from_the_request():
    site = app()
    with site.test_request_context("/", headers={"Host": "evil.example"}):
        assert addresses.absolute("review.show", token="7.x") == "https://press.example.org/review/7.x"
        assert addresses.origin() == "https://press.example.org"
