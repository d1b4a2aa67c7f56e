"""Mails to subscribers: the one by which they confirm, and those of the sends to many."""

from typing import Any

from ...database import db
from ...languages import LANGUAGES
from ...models import Bulletin, OutgoingMail, Subscriber
from .. import addresses, alerts, site, subscriptions
from ..outbox import Mail, Overtaken, register


class ToSubscriber(Mail):
    """What mails to subscribers share: they go to whoever has not left, as they have chosen by now."""

    def __init__(self, row: OutgoingMail):
        super().__init__(row)
        self.subscriber = db.session.get(Subscriber, row.subscriber_id) if row.subscriber_id else None

    def recipient(self) -> str:
        return self.subscriber.email if self.subscriber else self.row.recipient

    def language(self) -> str:
        return self.subscriber.language if self.subscriber else self.row.language

    def context(self) -> dict[str, Any]:
        if self.subscriber is None:
            raise Overtaken("left")
        pages = {page: subscriptions.address(page, self.subscriber) for page in ("confirm", "manage", "leave")}
        return {"subscriber": self.subscriber, "pages": pages}


@register
class AlertConfirm(ToSubscriber):
    """Whoever asks for alerts is asked whether it was they; who has said yes already is shown where to change them."""

    name = "alert_confirm"


class Bulk(ToSubscriber):
    """What the mails of a send to many share: what they tell is looked up anew, and how to leave stands in a header.

    Another rhythm holds back none that is written: it would be told in no other mail.
    """

    def context(self) -> dict[str, Any]:
        shared = super().context()
        bulletin = db.session.get_one(Bulletin, self.row.bulletin_id)
        if bulletin.stopped_at:
            raise Overtaken("stopped")
        told = alerts.of(bulletin)
        mine = alerts.for_each(bulletin, told, [self.subscriber])[self.subscriber.id]
        if not mine:
            raise Overtaken("chose otherwise" if told else "nothing to tell")
        return {**shared, **self.subject([self._entry(alert) for alert in mine])}

    def subject(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        """What its templates show of the one thing, or of the many, that it tells."""
        return entries[0]

    def _entry(self, alert: alerts.Alert) -> dict[str, Any]:
        text = alert.told_to(self.subscriber.language)
        # The article's page in the reader's language, which shows the text that theirs falls back to
        here = self.subscriber.language if self.subscriber.language in site.spoken() else text.language
        where = {"lang": site.spoken_or_default(here), "number": alert.number, "slug": text.slug}
        return {
            "alert": alert,
            "text": text,
            "address": addresses.absolute("news.article", **where),
            "text_lang": LANGUAGES[text.language].html,
            "text_dir": LANGUAGES[text.language].direction,
        }

    def headers(self) -> dict[str, str]:
        return {
            "List-Unsubscribe": f"<{subscriptions.address('leave', self.subscriber)}>",  # RFC 2369
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
            "List-Id": f"<alerts.{addresses.host()}>",  # RFC 2919
            "Precedence": "bulk",
        }


@register
class ArticleAlert(Bulk):
    """An article has appeared."""

    name = "article_alert"


@register
class CorrectionAlert(Bulk):
    """An article was corrected, or withdrawn."""

    name = "correction_alert"


@register
class AlertDigest(Bulk):
    """All that has appeared since the last one."""

    name = "digest"

    def subject(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        newest_first = sorted(entries, key=lambda each: each["alert"].at, reverse=True)
        corrections = [each for each in newest_first if each["alert"].correction]
        return {"articles": [each for each in newest_first if not each["alert"].correction], "corrections": corrections}
