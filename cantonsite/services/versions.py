"""The versions of an article's texts: each save adds one, none is ever changed."""

from datetime import datetime
from itertools import takewhile

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from .. import clock
from ..database import db, transaction
from ..models import Article, ArticleText, ArticleVersion, StaffMember
from ..models.audit import Actor
from ..models.writing import VersionKind

FIELDS = ("title", "standfirst", "body", "source", "author", "sign_off")
MOST_LISTED = 200


class NoVersion(LookupError):
    """There is no such version of this article."""


def content_of(text: ArticleText) -> dict[str, str]:
    """What an editor writes of a text, by field."""
    return {name: getattr(text, name) for name in FIELDS}


def keep(
    article: Article,
    language: str,
    content: dict[str, str],
    *,
    kind: VersionKind,
    actor: StaffMember | Actor,
    at: datetime,
) -> ArticleVersion:
    """Add a version, in the transaction that is open. What one verb keeps bears one moment, in every language."""
    by_staff = isinstance(actor, StaffMember)
    with transaction() as session:
        of_text = (ArticleVersion.article_id == article.id, ArticleVersion.language == language)
        last = session.scalar(select(func.max(ArticleVersion.number)).where(*of_text)) or 0
        version = ArticleVersion(
            article_id=article.id,
            language=language,
            number=last + 1,
            kind=kind,
            saved_at=at,
            staff_id=actor.id if by_staff else None,
            saved_by=actor.name if by_staff else "",
            content={name: content.get(name, "") for name in FIELDS},
        )
        session.add(version)
        session.flush()
    return version


def keep_what_stood_there(article: Article, language: str, *, at: datetime) -> None:
    """A version of a text that has none, before it is changed: an import keeps none, and it could not be restored."""
    there = next((text for text in article.texts if text.language == language), None)
    if there is not None and not every(article, language):
        keep(article, language, content_of(there), kind=VersionKind.IMPORTED, actor=Actor.COMMAND, at=at)


def newest(article: Article) -> dict[str, ArticleVersion]:
    """The newest version in each language."""
    last = (
        select(func.max(ArticleVersion.id))
        .where(ArticleVersion.article_id == article.id)
        .group_by(ArticleVersion.language)
    )
    found = db.session.scalars(select(ArticleVersion).where(ArticleVersion.id.in_(last)))
    return {version.language: version for version in found}


def written(article: Article) -> dict[str, dict[str, str]]:
    """What the editor goes on with: the newest version in each language, else the text that stands."""
    there = {text.language: content_of(text) for text in article.texts}
    return there | {language: version.content for language, version in newest(article).items()}


def unpublished(article: Article) -> list[str]:
    """The languages of an article that is out whose newest version readers do not see yet."""
    if not article.is_out(clock.now()):
        return []
    there = {text.language: content_of(text) for text in article.texts}
    return [language for language, content in written(article).items() if content != there.get(language)]


def is_whole(content: dict[str, str]) -> bool:
    """Whether a text has what it needs to go out."""
    return bool(content["title"] and content["body"])


def emptied(article: Article) -> list[str]:
    """The languages in which readers see a text whose newest version is not whole: publishing leaves that text."""
    if not article.is_out(clock.now()):
        return []
    newest_words = written(article)
    return [text.language for text in article.texts if not is_whole(newest_words[text.language])]


def unseen(article: Article, language: str) -> list[ArticleVersion]:
    """The saves of one text since readers were shown it last, the newest first, without their contents."""
    shown = (VersionKind.PUBLISHED, VersionKind.CORRECTED, VersionKind.IMPORTED)
    since = article.published_at or clock.now()
    return list(takewhile(lambda kept: kept.kind not in shown and kept.saved_at > since, every(article, language)))


def every(article: Article, language: str) -> list[ArticleVersion]:
    """The versions of one text, the newest first, without their contents."""
    rows = select(ArticleVersion).where(ArticleVersion.article_id == article.id, ArticleVersion.language == language)
    newest_first = rows.order_by(ArticleVersion.number.desc()).limit(MOST_LISTED)
    return list(db.session.scalars(newest_first.options(defer(ArticleVersion.content))))


def get(article: Article, language: str, number: int) -> ArticleVersion:
    """One version with its content. Raises NoVersion."""
    found = db.session.scalar(
        select(ArticleVersion).where(
            ArticleVersion.article_id == article.id,
            ArticleVersion.language == language,
            ArticleVersion.number == number,
        )
    )
    if found is None:
        raise NoVersion(number)
    return found
