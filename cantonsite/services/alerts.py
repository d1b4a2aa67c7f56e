"""What alerts tell, and whom each reaches: one rule for a send, for a digest, and for the mail when it leaves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from .. import clock
from ..database import db
from ..languages import DEFAULT, LANGUAGES
from ..models import Article, ArticleText, Bulletin, Correction, OutgoingMail, Subscriber
from ..models.alerts import BulletinKind
from ..models.news import Section
from ..models.writing import CorrectionKind

DIGEST_LOOKS_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Told:
    """How an article is named to readers of one language."""

    language: str
    title: str
    standfirst: str
    slug: str


@dataclass(frozen=True, slots=True)
class Alert:
    """An article that has appeared, or a correction of one, or its withdrawal."""

    bulletin_id: int
    started_at: datetime
    number: int
    section: Section
    at: datetime
    correction: CorrectionKind | None
    sentence: str
    language: str  # of the sentence, or of the text that has appeared
    texts: dict[str, Told]
    readers: frozenset[str]  # the languages whose readers are told in this one

    @property
    def is_withdrawal(self) -> bool:
        return self.correction is CorrectionKind.WITHDRAWAL

    def told_to(self, language: str) -> Told:
        """The text that readers of this language know. Raises KeyError for a language that it does not reach."""
        return self.texts[_shown(language, self.texts) or language]

    def reaches(self, subscriber: Subscriber) -> bool:
        """Whether it is for this subscriber, who must have confirmed before it appeared. Rhythm is another question."""
        if subscriber.confirmed_at is None or subscriber.confirmed_at > self.started_at:
            return False
        wanted = subscriber.wants_corrections if self.correction else subscriber.wants_news
        followed = not subscriber.sections or self.section.value in subscriber.sections
        return wanted and followed and subscriber.language in self.readers


def of(bulletin: Bulletin) -> list[Alert]:
    """What a send tells now, the oldest first: one thing, or for a digest all that began since the last digest.

    Nothing that was stopped, and nothing that readers may not see at this moment.
    """
    if bulletin.kind is not BulletinKind.DIGEST:
        return _gathered(Bulletin.id == bulletin.id)
    earlier = aliased(Bulletin)
    last = select(func.max(earlier.id)).where(earlier.kind == BulletinKind.DIGEST, earlier.id < bulletin.id)
    since = Bulletin.id > func.coalesce(last.scalar_subquery(), 0)
    recent = Bulletin.started_at > bulletin.started_at - DIGEST_LOOKS_BACK
    return _gathered(since, Bulletin.id < bulletin.id, Bulletin.kind != BulletinKind.DIGEST, recent)


def for_each(bulletin: Bulletin, told: list[Alert], subscribers: Sequence[Any]) -> dict[int, list[Alert]]:
    """What of this a send tells each of these subscribers, by their ids."""
    if bulletin.kind is BulletinKind.DIGEST:
        return _unmailed(told, subscribers)
    return {each.id: [alert for alert in told if alert.reaches(each)] for each in subscribers}


def waiting_for(subscriber: Subscriber) -> list[Alert]:
    """What has been begun and waits for a daily reader's next digest, while no batch is being written.

    A send that has not come to them yet is left out: it finds them as they are then.
    """
    passed = or_(Bulletin.all_written_at.is_not(None), Bulletin.after_id >= subscriber.id)
    over = and_(Bulletin.kind == BulletinKind.DIGEST, or_(passed, Bulletin.stopped_at.is_not(None)))
    last = select(func.max(Bulletin.id)).where(over).scalar_subquery()
    recent = Bulletin.started_at > clock.now() - DIGEST_LOOKS_BACK
    told = _gathered(Bulletin.id > func.coalesce(last, 0), Bulletin.kind != BulletinKind.DIGEST, passed, recent)
    return _unmailed(told, [subscriber])[subscriber.id]


def _unmailed(told: list[Alert], subscribers: Sequence[Any]) -> dict[int, list[Alert]]:
    """What of this reaches each of these subscribers and had no mail of its own to them.

    Such a mail was written for whoever wanted it at once when the send came to them, whatever they chose since.
    """
    rows = select(OutgoingMail.bulletin_id, OutgoingMail.subscriber_id).where(
        OutgoingMail.bulletin_id.in_({alert.bulletin_id for alert in told}),
        OutgoingMail.subscriber_id.in_([each.id for each in subscribers]),
    )
    mailed = {(row.bulletin_id, row.subscriber_id) for row in db.session.execute(rows)}
    return {
        each.id: [alert for alert in told if alert.reaches(each) and (alert.bulletin_id, each.id) not in mailed]
        for each in subscribers
    }


def _gathered(*which: ColumnElement[bool]) -> list[Alert]:
    stands = or_(
        Correction.id.is_(None), Correction.kind != CorrectionKind.WITHDRAWAL, Article.withdrawn_at.is_not(None)
    )
    rows = db.session.execute(
        select(
            *(Bulletin.id.label("bulletin_id"), Bulletin.language, Bulletin.started_at),
            *(Article.id.label("article_id"), Article.number, Article.section, Article.published_at),
            *(Correction.kind.label("correction"), Correction.at, Correction.sentence),
        )
        .outerjoin(Correction, Correction.id == Bulletin.correction_id)
        .join(Article, Article.id == func.coalesce(Bulletin.article_id, Correction.article_id))
        .where(Bulletin.stopped_at.is_(None), Correction.visible(clock.now()), stands, *which)
        .order_by(Bulletin.id)
    ).all()
    texts = _texts({row.article_id for row in rows})
    reasons = _reasons({row.article_id for row in rows if row.correction is CorrectionKind.WITHDRAWAL})
    return [_alert(row, texts.get(row.article_id, {}), reasons.get((row.article_id, row.at), ())) for row in rows]


def _alert(row, texts: dict[str, Told], reasons: Collection[str]) -> Alert:
    return Alert(
        bulletin_id=row.bulletin_id,
        started_at=row.started_at,
        number=row.number,
        section=row.section,
        at=row.at or row.published_at,
        correction=row.correction,
        sentence=row.sentence or "",
        language=row.language,
        texts=texts,
        readers=readers_of(row.language, texts, reasons),
    )


def readers_of(language: str, texts: Collection[str], reasons: Collection[str] = ()) -> frozenset[str]:
    """The languages whose readers are told in `language` of an article that has these texts.

    Readers are told of the text that they are shown: their own, or the one that theirs falls back to. The reason of
    a withdrawal, given in some languages only, is told to the other ones too: in English, else in any.
    """
    told = {}
    for code in LANGUAGES:
        shown = _shown(code, texts)
        if shown and reasons and shown not in reasons:
            shown = DEFAULT if DEFAULT in reasons else min(reasons)
        told[code] = shown
    return frozenset(code for code, shown in told.items() if shown == language)


def _shown(language: str, texts: Collection[str]) -> str | None:
    fallback = LANGUAGES[language].falls_back if language in LANGUAGES else None
    return next((code for code in (language, fallback) if code in texts), None)


def _texts(article_ids: Collection[int]) -> dict[int, dict[str, Told]]:
    columns = (ArticleText.language, ArticleText.title, ArticleText.standfirst, ArticleText.slug)
    found: dict[int, dict[str, Told]] = {}
    if article_ids:
        rows = select(ArticleText.article_id, *columns).where(ArticleText.article_id.in_(article_ids))
        for article_id, *text in db.session.execute(rows):
            found.setdefault(article_id, {})[text[0]] = Told(*text)
    return found


def _reasons(article_ids: Collection[int]) -> dict[tuple[int, datetime], set[str]]:
    """The languages in which each withdrawal has its reason."""
    found: dict[tuple[int, datetime], set[str]] = {}
    if article_ids:
        withdrawals = select(Correction.article_id, Correction.at, Correction.language).where(
            Correction.article_id.in_(article_ids), Correction.kind == CorrectionKind.WITHDRAWAL
        )
        for row in db.session.execute(withdrawals):
            found.setdefault((row.article_id, row.at), set()).add(row.language)
    return found
