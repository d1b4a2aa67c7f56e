"""Say what was wrong: correct an article, withdraw it, bring it back; and read what was said, for pages and feeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased, selectinload

from .. import clock
from ..database import Changed, db, transaction
from ..languages import DEFAULT, Said, said
from ..models import Article, ArticleText, ArticleVersion, Correction, PreviewLink, StaffMember
from ..models.audit import Actor
from ..models.writing import CorrectionKind, VersionKind
from . import audit, news
from .articles import FullArticle

MOST_READ = 50
APART = timedelta(minutes=1)  # a text is changed in the moment of its correction, and that is one change


class NotOut(ValueError):
    """It never was out, so there is nothing to withdraw; or it is not withdrawn, so there is nothing to bring back."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what was said about an article, and the title under which readers know it."""

    id: int
    kind: CorrectionKind
    at: datetime
    sentence: str
    language: str  # of the sentence
    number: int
    slug: str
    title: str
    title_language: str

    @property
    def is_withdrawal(self) -> bool:
        return self.kind is CorrectionKind.WITHDRAWAL


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an article's history: published, updated, or what was said (a CorrectionKind's value)."""

    at: datetime
    kind: str
    sentence: str = ""
    language: str = DEFAULT


def record(
    article: Article, *, language: str, sentence: str, actor: StaffMember | Actor, at: datetime | None = None
) -> Correction:
    """Say in one language what was wrong in its text. Joins the transaction in which the text itself is changed.

    `at` is the moment of the verb that changes the text; now, if it is none.
    """
    with transaction() as session:
        text = session.get_one(ArticleText, (article.id, language))
        now = at or clock.now()
        article.corrected_at = text.modified_at = now
        correction = _add(article, CorrectionKind.CORRECTION, language, sentence, now, actor)
        session.flush()
        audit.record("article_corrected", actor=actor, number=article.number, language=language, note=sentence)
    return correction


def withdraw(number: int, *, seen: int, reasons: Mapping[str, str], actor: StaffMember | Actor) -> None:
    """Take an article away from readers, who find the reason at its address: one sentence for each language.

    A language without one is told the reason in another. Raises Changed if its version is no longer `seen`, NotOut
    if it never was out.
    """
    given = {language: words for language, reason in reasons.items() if (words := reason.strip())}
    if not given:
        raise ValueError("a withdrawal needs a reason")
    with transaction() as session:
        article, now = _seen(number, seen), clock.now()
        if not article.is_out(now):
            raise NotOut(number)
        if article.withdrawn_at:
            raise Changed
        article.withdrawn_at = article.changed_at = now
        for language, sentence in given.items():
            _add(article, CorrectionKind.WITHDRAWAL, language, sentence, now, actor)
        previews = update(PreviewLink).where(PreviewLink.article_id == article.id, PreviewLink.revoked_at.is_(None))
        session.execute(previews.values(revoked_at=now))
        audit.record("article_withdrawn", actor=actor, number=number, note=said(given, DEFAULT).text)


def bring_back(number: int, *, seen: int, actor: StaffMember | Actor) -> None:
    """Show readers an article again that was withdrawn by mistake; its history tells of both.

    Raises Changed if its version is no longer `seen`, NotOut if it is not withdrawn.
    """
    with transaction():
        article, now = _seen(number, seen), clock.now()
        if article.withdrawn_at is None:
            raise NotOut(number)
        article.withdrawn_at, article.changed_at = None, now
        for text in article.texts:
            _add(article, CorrectionKind.RETURN, text.language, "", now, actor)
        audit.record("article_brought_back", actor=actor, number=number)


def newest(language: str, number: int = 1) -> news.Page | None:
    """One page of all corrections and withdrawals that a reader of this language is told of; None if there is none."""
    if not 1 <= number <= news.LAST_PAGE:
        return None
    rows = _told_in(language)
    found = db.session.execute(rows.limit(news.PAGE_SIZE).offset((number - 1) * news.PAGE_SIZE)).all()
    if not found and number > 1:
        return None
    enough = rows.with_only_columns(Correction.id).order_by(None).limit(news.PAGE_SIZE * news.LAST_PAGE).subquery()
    total = db.session.scalar(select(func.count()).select_from(enough))
    return news.Page(tuple(Line(*row) for row in found), number, max(1, -(-total // news.PAGE_SIZE)))


def of_article(number: int, language: str) -> tuple[Line, ...]:
    """What was said about one article, for a reader of this language; the newest first."""
    rows = _lines(language, list(CorrectionKind)).where(Article.number == number).limit(MOST_READ)
    return tuple(Line(*row) for row in db.session.execute(rows))


def last_said(number: int) -> tuple[CorrectionKind, dict[str, str]] | None:
    """What was said of an article last, and its sentence in each language; None if nothing was.

    Whoever presses a button twice is told by it that the first press did what both ask for.
    """
    rows = select(Correction.kind, Correction.at, Correction.language, Correction.sentence)
    of_article = rows.join(Article, Article.id == Correction.article_id).where(Article.number == number)
    found = db.session.execute(of_article.order_by(Correction.at.desc(), Correction.id.desc()).limit(MOST_READ)).all()
    if not found:
        return None
    return found[0].kind, {row.language: row.sentence for row in found if row.at == found[0].at}


def history_of(article: FullArticle, language: str) -> tuple[Change, ...]:
    """All that happened to an article since it went out, the newest first."""
    told = [
        Change(line.at, line.kind.value, line.sentence, line.language) for line in of_article(article.number, language)
    ]
    told.append(Change(article.published_at, "published"))
    for at in sorted(_shown_anew(article)):
        if all(abs(at - each.at) >= APART for each in told):
            told.append(Change(at, "updated"))
    return tuple(sorted(told, key=lambda change: change.at, reverse=True))


def _shown_anew(article: FullArticle) -> set[datetime]:
    """When readers were shown another text; the change that a correction of it made is among them."""
    rows = select(ArticleVersion.saved_at).where(
        ArticleVersion.article_id == article.id,
        ArticleVersion.language == article.language,
        ArticleVersion.kind.in_([VersionKind.PUBLISHED, VersionKind.CORRECTED]),
        ArticleVersion.saved_at > article.published_at,
    )
    newest_first = rows.order_by(ArticleVersion.number.desc()).limit(MOST_READ)
    return {*db.session.scalars(newest_first), *filter(None, [article.updated_at])}


def reason_of(number: int, language: str) -> Said:
    """Why an article was withdrawn, in this language or else in another; no words if it is not withdrawn."""
    rows = (
        select(Correction.language, Correction.sentence)
        .join(Article, Article.id == Correction.article_id)
        .where(Article.number == number, Article.was_withdrawn(clock.now()), Correction.visible(clock.now()))
    )
    return said({row.language: row.sentence for row in db.session.execute(rows)}, language)


def _seen(number: int, seen: int) -> Article:
    whole = select(Article).where(Article.number == number).options(selectinload(Article.texts))
    article = db.session.scalar(whole.execution_options(populate_existing=True))
    if article is None or article.version != seen:
        raise Changed
    return article


def _add(
    article: Article, kind: CorrectionKind, language: str, sentence: str, at: datetime, actor: StaffMember | Actor
) -> Correction:
    staff_id = actor.id if isinstance(actor, StaffMember) else None
    line = Correction(
        article_id=article.id, kind=kind, language=language, sentence=sentence.strip(), at=at, staff_id=staff_id
    )
    db.session.add(line)
    return line


def _told_in(language: str) -> Select:
    """What the list and the feed show: corrections, and withdrawals that still stand."""
    rows = _lines(language, [CorrectionKind.CORRECTION, CorrectionKind.WITHDRAWAL])
    stands = or_(Correction.kind != CorrectionKind.WITHDRAWAL, Article.withdrawn_at.is_not(None))
    return rows.where(stands)


def _lines(language: str, kinds: list[CorrectionKind]) -> Select:
    """The visible lines with the title of the text that a reader of this language is shown, the newest first."""
    return (
        select(
            *(Correction.id, Correction.kind, Correction.at, Correction.sentence, Correction.language),
            *(Article.number, ArticleText.slug, ArticleText.title, ArticleText.language.label("title_language")),
        )
        .join(Article, Article.id == Correction.article_id)
        .join(ArticleText, ArticleText.article_id == Article.id)
        .where(Correction.kind.in_(kinds), Correction.visible(clock.now()))
        .where(news.shown_in(language, news.fallback_of(language)), _best_words())
        .order_by(Correction.at.desc(), Correction.id.desc())
    )


def _best_words() -> ColumnElement[bool]:
    """A correction is told to readers of its text; a withdrawal to all, in their language or else in another."""
    other = aliased(Correction)
    same = (other.article_id == Correction.article_id, other.kind == Correction.kind, other.at == Correction.at)
    own = Correction.language == ArticleText.language
    in_own = exists().where(*same, other.language == ArticleText.language)
    in_default = exists().where(*same, other.language == DEFAULT)
    first = select(func.min(other.id)).where(*same).correlate(Correction).scalar_subquery()
    otherwise = or_(Correction.language == DEFAULT, and_(~in_default, Correction.id == first))
    return or_(own, and_(Correction.kind != CorrectionKind.CORRECTION, ~in_own, otherwise))
