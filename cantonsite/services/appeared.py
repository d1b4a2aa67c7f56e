"""What readers see for the first time, and no send has told of yet."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, null, or_, select, union_all

from ..models import Article, ArticleText, ArticleVersion, Bulletin, Correction
from ..models.alerts import BulletinKind
from ..models.writing import CorrectionKind, VersionKind

RECENT = timedelta(hours=24)  # what is older is no news: an import, or a moment set back


def news(now: datetime) -> Select:
    """Texts and corrections that readers may see, that are new, and that no send has told of yet.

    A text whose first version was not written here is imported: it may be as old as it likes and bear today's date.
    """
    since = now - RECENT
    begun = exists().where(Bulletin.article_id == Article.id, Bulletin.language == ArticleText.language)
    written_here = exists().where(
        ArticleVersion.article_id == Article.id,
        ArticleVersion.language == ArticleText.language,
        ArticleVersion.number == 1,
        ArticleVersion.kind != VersionKind.IMPORTED,
    )
    texts = (
        _found(BulletinKind.ARTICLE, Article.id, null(), ArticleText.language)
        .join(ArticleText, ArticleText.article_id == Article.id)
        .where(or_(Article.published_at > since, Article.changed_at > since))  # each has an index
        .where(_shown_at() > since, Article.visible(now), written_here, ~begun)
    )
    stands = or_(
        Correction.kind == CorrectionKind.CORRECTION,
        and_(Correction.kind == CorrectionKind.WITHDRAWAL, Article.withdrawn_at.is_not(None)),
    )
    told = exists().where(Bulletin.correction_id == Correction.id)
    corrections = (
        _found(BulletinKind.CORRECTION, null(), Correction.id, Correction.language)
        .join(Article, Article.id == Correction.article_id)
        .where(Correction.at > since, Correction.visible(now), stands, ~told)
    )
    return union_all(texts, corrections)


def _shown_at() -> ColumnElement[datetime]:
    """When readers first saw a text: with its article, or later, as a translation of what was written here.

    A text went out with its article if it was whole by then; a translation of an old page is as old as the page.
    """
    of_article = (ArticleVersion.article_id == Article.id, ArticleVersion.saved_at <= Article.published_at)
    of_text = (ArticleVersion.article_id == Article.id, ArticleVersion.language == ArticleText.language)
    is_whole = and_(*(ArticleVersion.content[name].as_string() != "" for name in ("title", "body")))
    last = select(is_whole).where(*of_article, *of_text).order_by(ArticleVersion.number.desc()).limit(1)
    shown = ArticleVersion.kind.in_([VersionKind.PUBLISHED, VersionKind.CORRECTED])
    by_itself = select(func.min(ArticleVersion.saved_at)).where(*of_text, shown).scalar_subquery()
    late = and_(exists().where(*of_article), ~func.coalesce(last.scalar_subquery(), false()))
    return case((late, func.coalesce(by_itself, Article.published_at)), else_=Article.published_at)


def _found(kind: BulletinKind, article_id: Any, correction_id: Any, language: Any) -> Select:
    return select(
        literal(kind, Bulletin.kind.type).label("kind"),
        article_id.label("article_id"),
        correction_id.label("correction_id"),
        language.label("language"),
    )
