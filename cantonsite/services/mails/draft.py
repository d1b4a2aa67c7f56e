"""Mail to whoever is writing an application, or wants to begin one from the last."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...database import db
from ...models import Application, ApplicationDraft
from ...models.link import Purpose
from .. import addresses, drafts, links, site
from ..outbox import Mail, Overtaken, register


@register
class GoOn(Mail):
    """The address at which to go on with an application."""

    name = "go_on"

    def context(self) -> dict[str, Any]:
        draft = drafts.get(self.row.details["draft"])
        if draft is None:
            raise Overtaken("the application was sent or deleted")
        language = site.spoken_or_default(self.row.language)
        address = addresses.absolute("draft.go_on", lang=language, token=drafts.token(draft))
        return {"address": address, "days": ApplicationDraft.LIFE.days}


@register
class BeginAgain(Mail):
    """The address at which to begin from the last application. Written for every address; leaves to those on file."""

    name = "begin_again"

    def context(self) -> dict[str, Any]:
        last = self._last()
        if last is None:
            raise Overtaken("no application with this address")
        token = links.token(links.issue(Purpose.BEGIN_AGAIN, last))
        language = site.spoken_or_default(self.row.language)
        address = addresses.absolute("returning.show", lang=language, token=token)
        return {"application": self._last(), "address": address}

    def recipient(self) -> str:
        return self._last().email

    def _last(self) -> Application | None:
        newest = select(Application).options(joinedload(Application.edition)).order_by(Application.id.desc()).limit(1)
        newest = newest.where(Application.lead_id.is_(None))  # the members of their crew have no address of their own
        return db.session.scalar(newest.where(Application.email_key == self.row.recipient))
