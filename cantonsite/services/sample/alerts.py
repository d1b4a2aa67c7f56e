"""The sample's subscribers, and a send that has reached them."""

import secrets
from datetime import timedelta

from sqlalchemy import exists, select, update

from ... import clock
from ...database import db, transaction
from ...models import Article, ArticleText, Bulletin, OutgoingMail, Subscriber
from ...models.alerts import BulletinKind, Rhythm, Wanted
from ...models.news import Section
from ...models.outbox import MailState
from .. import outbox, subscriptions
from ..mails.alerts import ArticleAlert

SUBSCRIBERS = (
    ("sample.desk@outlet.example", "en", tuple(Section), Wanted.BOTH, Rhythm.AT_ONCE),
    ("yangli.bianji@outlet.example", "zh", (Section.EXHIBITOR_NEWS, Section.PRESS_CENTRE), Wanted.BOTH, Rhythm.DAILY),
)


def fill() -> int:
    """Put them into a site that has none; returns how many subscribers were added."""
    if db.session.scalar(select(exists().where(Subscriber.id > 0))):
        return 0
    now = clock.now()
    with transaction() as session:
        for number, (email, language, sections, wanted, rhythm) in enumerate(SUBSCRIBERS):
            choices = subscriptions.Choices(language, sections, wanted, rhythm)
            asked = now - timedelta(days=30 - number)
            dates = {"asked_at": asked, "confirmed_at": asked + timedelta(minutes=5)}
            nonce = secrets.token_urlsafe(16)
            session.add(Subscriber(email=email, email_key=email, nonce=nonce, **choices.columns(), **dates))
        session.flush()
        _send()
    return len(SUBSCRIBERS)


def _send() -> None:
    """The newest English article has reached its one reader."""
    with transaction() as session:
        reader = session.scalar(select(Subscriber).where(Subscriber.language == "en"))
        newest = (
            select(Article)
            .join(ArticleText)
            .where(ArticleText.language == "en", Article.visible(clock.now()))
            .order_by(Article.published_at.desc())
            .limit(1)
        )
        article = session.scalar(newest)
        if article is None:
            return
        began = article.published_at - timedelta(days=14)  # so long ago that no digest speaks of it
        about = {"kind": BulletinKind.ARTICLE, "article_id": article.id, "language": "en"}
        progress = {"started_at": began, "all_written_at": began, "after_id": reader.id, "written": 1}
        bulletin = Bulletin(**about, **progress)
        session.add(bulletin)
        session.flush()
        outbox.enqueue_for_many(ArticleAlert, bulletin_id=bulletin.id, subscribers=[reader])
        theirs = update(OutgoingMail).where(OutgoingMail.bulletin_id == bulletin.id)
        session.execute(theirs.values(state=MailState.SENT, created_at=began, due_at=began, ended_at=began, attempts=1))
