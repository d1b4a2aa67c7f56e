"""Put articles into the site: pages of the fair's old site, and the sample. The editor's desk joins here."""

import enum
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from slugify import slugify
from sqlalchemy import case, func, or_, select

from .. import clock
from ..database import db, transaction
from ..models import Article, ArticleText
from ..models.news import Section
from . import audit, editions, search
from .old_site import OldPage

FIRST_NUMBER = 1000
OLD_PATH = re.compile(r"/html/[A-Za-z0-9/_-]{1,160}?/(\d{1,9})\.s?html?")
READINGS = (("广", " guang "),)  # which the transliteration reads as "yan"
TEXT_FIELDS = ("title", "standfirst", "body", "source", "author", "sign_off")


class Outcome(enum.StrEnum):
    """What an import did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class CannotImport(ValueError):
    """The page is sound, but does not fit what is here; the message says why."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported page and what became of it."""

    number: int
    outcome: Outcome
    published_at: datetime


def import_page(
    page: OldPage,
    *,
    language: str | None = None,
    published_at: datetime | None = None,
    number: int | None = None,
    old_path: str | None = None,
    actor: Any,
) -> Imported:
    """Store a page of the old site as an article. The same page twice changes nothing.

    It is known again by its number, else by its old path, else by language, title and text. Raises CannotImport.
    """
    language = language or guess_language(page)
    text = {name: getattr(page, name, "") for name in TEXT_FIELDS}
    _must_fit(text)
    with transaction():
        article = _known(number, old_path, language, text)
        if article is None:
            return _add(page, language, published_at, number, old_path, text, actor)
        return _update(article, page, language, published_at, old_path, text, actor)


def guess_language(page: OldPage) -> str:
    """Chinese if a fifth of the title and the first paragraph are Han characters, else English."""
    sample = page.title + page.paragraphs[0]
    han = sum("一" <= sign <= "鿿" for sign in sample)
    return "zh" if han * 5 > len(sample) else "en"


def check_old_path(path: str) -> str:
    """The path of an article on the old site, such as /html/cantonfair/en/info/2018-11/48315.shtml.

    Raises CannotImport for anything else: only these addresses are answered.
    """
    if not OLD_PATH.fullmatch(path):
        raise CannotImport(
            f"“{path}” is not a path of the old site, such as /html/cantonfair/en/info/2018-11/48315.shtml"
        )
    return path


def slug_of(title: str) -> str:
    """The words of a title as an address shows them; never empty."""
    return slugify(title, max_length=ArticleText.SLUG_LENGTH, word_boundary=True, replacements=READINGS) or "news"


def write_text(article: Article, language: str, **fields: Any) -> ArticleText:
    """Give an article its text in one language; address and search words follow from it."""
    text = next((each for each in article.texts if each.language == language), None)
    if text is None:
        text = ArticleText(language=language)
        article.texts.append(text)
    for name, value in fields.items():
        setattr(text, name, value)
    text.slug = slug_of(text.title)
    text.folded_title, text.folded_content = search.folded(text)
    return text


def _must_fit(text: dict[str, str]) -> None:
    longest = {"title": ArticleText.TITLE_LENGTH, "source": ArticleText.NAME_LENGTH, "author": ArticleText.NAME_LENGTH}
    for name, length in longest.items():
        if len(text[name]) > length:
            raise CannotImport(f"its {name} is longer than {length} characters")


def _number_in(old_path: str | None) -> int | None:
    return int(OLD_PATH.fullmatch(check_old_path(old_path))[1]) if old_path else None


def _known(number: int | None, old_path: str | None, language: str, text: dict[str, str]) -> Article | None:
    in_path = _number_in(old_path)
    if number is not None:
        found = select(Article).where(Article.number == number)
    elif in_path is not None:
        at_path = case((Article.old_path == old_path, 0), else_=1)  # the one that stands there, before its namesake
        found = select(Article).where(or_(Article.old_path == old_path, Article.number == in_path)).order_by(at_path)
    else:
        same = (ArticleText.language == language, ArticleText.title == text["title"], ArticleText.body == text["body"])
        found = select(Article).join(ArticleText).where(*same)
    article = db.session.scalar(found.limit(1))
    if article is not None:
        db.session.refresh(article, ["texts"])
    return article


def _add(page, language, published_at, number, old_path, text, actor) -> Imported:
    with transaction() as session:
        moment = published_at or _moment_of(page) or clock.now()
        article = Article(
            number=number or _number_in(old_path) or _next_number(),
            section=Section(page.section),
            edition_id=_edition_at(moment),
            published_at=moment,
            old_path=_free_old_path(old_path),
            texts=[],
        )
        write_text(article, language, **text)
        session.add(article)
        session.flush()
        audit.record("article_imported", actor=actor, number=article.number, language=language)
    return Imported(article.number, Outcome.ADDED, moment)


def _update(article, page, language, published_at, old_path, text, actor) -> Imported:
    if article.section.value != page.section:
        raise CannotImport(f"number {article.number} is an article of another section ({article.section.value})")
    before = next((each for each in article.texts if each.language == language), None)
    news = {name: value for name, value in text.items() if before is None or getattr(before, name) != value}
    news.pop("standfirst", None) if before else None  # the old site has none: one written here stays
    moved = published_at is not None and published_at != article.published_at
    repathed = old_path is not None and old_path != article.old_path
    if not (news or moved or repathed):
        return Imported(article.number, Outcome.UNCHANGED, article.published_at)
    with transaction():
        if before is None:
            write_text(article, language, **text)
        elif news:
            write_text(article, language, **news, modified_at=clock.now())
        if moved:
            article.published_at, article.edition_id = published_at, _edition_at(published_at)
        if repathed:
            article.old_path = _free_old_path(old_path)
        audit.record("article_imported", actor=actor, number=article.number, language=language, updated=True)
    return Imported(article.number, Outcome.UPDATED, article.published_at)


def _edition_at(moment: datetime) -> int | None:
    edition = editions.around(moment.astimezone(_zone()).date())
    return edition.id if edition else None


def _free_old_path(path: str | None) -> str | None:
    if path and (taken := db.session.scalar(select(Article.number).where(Article.old_path == path))):
        raise CannotImport(f"{path} belongs to article {taken} already")
    return path


def _next_number() -> int:
    return max(db.session.scalar(select(func.max(Article.number))) or 0, FIRST_NUMBER) + 1


def _moment_of(page: OldPage) -> datetime | None:
    """Noon at the fair on the day that the page states, if it states one."""
    if page.published is None:
        return None
    return datetime(page.published.year, page.published.month, page.published.day, 12, tzinfo=_zone())


def _zone():
    return clock.zone(current_app.config["TIMEZONE"])
