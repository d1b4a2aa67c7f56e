"""The block list: addresses and domains whose applications are marked at the desk. It refuses nobody unread."""

import re
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..database import db, transaction
from ..models import Application, Block, StaffMember
from . import audit

DOMAIN = re.compile(r"(?=.{3,253}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
MOST = 1000


class NotAPattern(ValueError):
    """It is neither an address nor a domain."""


class BlockedAlready(ValueError):
    """The same address or domain is on the list."""


def pattern(typed: str) -> str:
    """An address or a domain in the form in which it is kept. Raises NotAPattern."""
    wanted = "".join(typed.split()).casefold().removeprefix("https://").removeprefix("http://")
    wanted = wanted.removeprefix("@").removeprefix("www.").rstrip("/.")
    name, at, domain = wanted.rpartition("@")
    if (at and not name) or "@" in name or not DOMAIN.fullmatch(domain):
        raise NotAPattern
    return wanted


def every() -> list[Block]:
    """The whole list, in order of address."""
    return list(db.session.scalars(select(Block).order_by(Block.pattern).limit(MOST)))


def add(typed: str, reason: str, *, actor: StaffMember) -> None:
    """Put an address or a whole domain on the list, and say why. Raises NotAPattern, BlockedAlready."""
    wanted = pattern(typed)
    try:
        with transaction() as session:
            session.add(Block(pattern=wanted, reason=reason, added_at=clock.now(), staff_id=actor.id))
            session.flush()
            audit.record("blocked", actor=actor, domain=_domain(wanted))
    except IntegrityError as error:
        raise BlockedAlready from error


def remove(block_id: int, *, actor: StaffMember) -> None:
    """Take an entry off the list. Nothing if it is not there any more."""
    with transaction() as session:
        gone = session.scalar(delete(Block).where(Block.id == block_id).returning(Block.pattern))
        if gone:
            audit.record("unblocked", actor=actor, domain=_domain(gone))


def _domain(pattern: str) -> str:
    """What history keeps of an entry: whoever is taken off the list is named nowhere any more."""
    return pattern.rpartition("@")[2]


def matching(application: Application) -> list[Block]:
    """The entries that an application falls under: its address, the domain of it or of its website, and those above.

    An address with a tag (name+tag@…) reaches the same mailbox as without, and a domain may be written in two ways.
    """
    local, _at, domain = application.email_key.rpartition("@")
    host = (urlsplit(application.outlet_website).hostname or "").casefold().removeprefix("www.").rstrip(".")
    names = {f"{each}@{way}" for each in (local, local.partition("+")[0]) for way in _both_ways(domain)}
    for way in _both_ways(domain) | _both_ways(host):
        parts = way.split(".")
        names.update(".".join(parts[start:]) for start in range(max(0, len(parts) - 1)))
    return list(db.session.scalars(select(Block).where(Block.pattern.in_(names)).order_by(Block.pattern)))


def _both_ways(domain: str) -> set[str]:
    """A domain as people write it and as the network does (RFC 3490): 新闻.example and xn--efvy88h.example."""
    try:
        in_ascii = domain.encode("idna")
        return {domain, in_ascii.decode("ascii"), in_ascii.decode("idna")}
    except UnicodeError:  # a label is empty or too long
        return {domain}
