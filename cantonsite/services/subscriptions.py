"""Who follows the news by mail: ask, confirm, leave. Who leaves is deleted. They change in `rhythm.py`."""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Text, cast, delete, exists, func, select
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..database import db, transaction
from ..models import OutgoingMail, StaffMember, Subscriber
from ..models.alerts import Rhythm, Wanted
from ..models.news import Section
from . import addresses, audit, outbox, site, tokens

SALT = "cantonsite.alerts"
UNCONFIRMED = timedelta(days=7)  # how long an address waits for its owner's yes
HIGHEST_NUMBER = 2**31 - 1  # that an INTEGER of PostgreSQL holds
QUIET_AFTER_MAIL = timedelta(minutes=1)  # a form that is sent twice makes one mail


class UnknownSubscriber(LookupError):
    """The token is forged or mangled."""


class NoLongerSubscribed(LookupError):
    """There is nobody any more behind a token of the right shape."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody wants to be told, how often, and in which language."""

    language: str
    sections: tuple[Section, ...]
    wanted: Wanted
    rhythm: Rhythm

    def columns(self) -> dict[str, object]:
        """As they are kept. All sections are kept as none: one that is added later is then among them."""
        return {
            "language": self.language,
            "sections": [] if set(self.sections) == set(Section) else [each.value for each in self.sections],
            "wants_news": self.wanted is not Wanted.CORRECTIONS,
            "wants_corrections": self.wanted is not Wanted.NEWS,
            "rhythm": self.rhythm,
        }


def ask(email: str, choices: Choices) -> None:
    """Mail a link to this address, by which its owner confirms; nothing else is sent to it before.

    An address that has confirmed gets its manage link instead, and keeps its choices. Neither the answer nor its
    time tells which it was: the mail is written either way, and says what is so when it leaves.
    """
    try:
        _ask(email, choices)
    except IntegrityError:  # the same address, or the same number, was stored at this very moment
        _ask(email, choices)


def _ask(email: str, choices: Choices) -> None:
    from .mails.alerts import AlertConfirm

    now = clock.now()
    with transaction() as session:
        subscriber = by_address(email)
        if subscriber is None:
            subscriber = Subscriber(
                id=_new_number(), email=email, email_key=email.casefold(), nonce=secrets.token_urlsafe(16)
            )
            session.add(subscriber)
        if subscriber.confirmed_at is None:
            subscriber.asked_at = now
            for name, value in choices.columns().items():
                setattr(subscriber, name, value)
        session.flush()
        mine = (OutgoingMail.subscriber_id == subscriber.id, OutgoingMail.kind == AlertConfirm.name)
        lately = exists().where(*mine, OutgoingMail.created_at > now - QUIET_AFTER_MAIL)
        if not session.scalar(select(lately)):
            outbox.enqueue(AlertConfirm, recipient=email, language=choices.language, subscriber=subscriber)


def _new_number() -> int:
    """SQLite would give that of whoever left last once more, whose links would then be taken for forged ones."""
    return 1 + secrets.randbelow(HIGHEST_NUMBER)


def by_address(email: str) -> Subscriber | None:
    """Whoever has this address, confirmed or not."""
    return db.session.scalar(select(Subscriber).where(Subscriber.email_key == email.casefold()))


def get(subscriber_id: int) -> Subscriber | None:
    """One subscriber, or None."""
    return db.session.get(Subscriber, subscriber_id)


def address(page: str, subscriber: Subscriber) -> str:
    """The full address of a subscriber's own page: confirm, manage, or leave, which has no language in it."""
    token = tokens.make(SALT, subscriber.id, subscriber.nonce)
    lang = {} if page == "leave" else {"lang": site.spoken_or_default(subscriber.language)}
    return addresses.absolute(f"alerts.{page}", token=token, **lang)


def find(given: str) -> Subscriber:
    """The subscriber behind a token. Raises UnknownSubscriber, or NoLongerSubscribed when there is none any more."""
    try:
        token = tokens.read(SALT, given)
    except tokens.NotAToken as error:
        raise UnknownSubscriber from error
    subscriber = get(token.id)
    if subscriber is None:
        raise NoLongerSubscribed
    if not token.verify(subscriber.nonce):
        raise UnknownSubscriber
    return subscriber


def confirm(subscriber: Subscriber) -> None:
    """Their yes. A second one changes nothing."""
    with transaction() as session:
        there = session.get(Subscriber, subscriber.id)
        if there is not None and there.confirmed_at is None:
            there.confirmed_at = clock.now()


def leave(subscriber: Subscriber) -> None:
    """Delete the address with all that waits for it or tells of it. A second time changes nothing."""
    with transaction() as session:
        session.execute(delete(Subscriber).where(Subscriber.id == subscriber.id))


def delete_on_request(subscriber: Subscriber, *, actor: StaffMember) -> None:
    """Delete the address because its owner asked the press office to. The history does not name it."""
    with transaction():
        leave(subscriber)
        audit.record("subscriber_deleted", actor=actor, subscriber=subscriber.id)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many have confirmed, in all and by what they chose; and how many have not confirmed yet."""

    confirmed: int
    unconfirmed: int
    sections: dict[Section, int]
    languages: dict[str, int]
    rhythms: dict[Rhythm, int]
    wanted: dict[Wanted, int]


def tally() -> Tally:
    """Count the subscribers. Who chose all sections counts in each."""
    kinds = (Subscriber.language, Subscriber.rhythm, Subscriber.wants_news, Subscriber.wants_corrections)
    as_text = cast(Subscriber.sections, Text)  # PostgreSQL cannot compare JSON
    rows = (
        select(func.min(Subscriber.id), func.count(), *kinds)
        .where(Subscriber.confirmed_at.is_not(None))
        .group_by(as_text, *kinds)
    )
    groups = db.session.execute(rows).all()
    one_of_each = {each.id: each for each in db.session.scalars(_with_ids([row[0] for row in groups]))}
    counted: Counter = Counter()
    for row in groups:
        one, number = one_of_each[row[0]], row[1]
        for key in (*one.followed, one.language, one.rhythm, one.wanted):
            counted[key] += number
    return Tally(
        confirmed=sum(row[1] for row in groups),
        unconfirmed=db.session.scalar(select(func.count()).where(Subscriber.confirmed_at.is_(None))) or 0,
        sections={each: counted[each] for each in Section},
        languages={code: counted[code] for code in sorted({row.language for row in groups})},
        rhythms={each: counted[each] for each in Rhythm},
        wanted={each: counted[each] for each in Wanted},
    )


def _with_ids(ids: list[int]):
    return select(Subscriber).where(Subscriber.id.in_(ids))
