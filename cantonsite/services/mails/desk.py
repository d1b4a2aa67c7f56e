"""Mail that lets staff come to the desk."""

from typing import Any

from ... import clock
from ...database import db
from ...models import SignIn
from .. import addresses, sign_in
from ..outbox import Mail, Overtaken, register


@register
class SignInLink(Mail):
    """The link that signs in. Written for every address that asks, and leaves only to those on the roster."""

    name = "sign_in"

    def language(self) -> str:
        reader = sign_in.member(self.row.recipient)
        return reader.language if reader else self.row.language

    def context(self) -> dict[str, Any]:
        asked = db.session.get(SignIn, self.row.details["sign_in"])
        reviewer = sign_in.member(self.row.recipient)
        if asked is None or reviewer is None:
            raise Overtaken("not on the roster")
        if asked.used_at or asked.expires_at <= clock.now():
            raise Overtaken("the link has run out")
        address = addresses.absolute("desk_sign_in.confirm", token=sign_in.token(asked))
        return {"reviewer": reviewer, "address": address, "minutes": sign_in.LIFE_MINUTES}
