"""Put articles into the site: pages of the fair's old site, and the sample. The editor's desk joins here."""

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import current_app
from slugify import slugify
from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..database import Changed, db, is_open, transaction
from ..models import Article, ArticleText, ArticleVersion
from ..models.news import Section
from ..models.writing import VersionKind
from . import audit, editions, versions
from .old_site import OldPage
from .search import index as search_index

FIRST_NUMBER = 1000
MOST_AT_ONCE = 20  # each round of those who want the next number gives it to one
OLD_PATH = re.compile(r"/html/[A-Za-z0-9/_-]{1,160}?/(\d{1,9})\.s?html?")
READINGS = (("广", " guang "),)  # which the transliteration reads as "yan"
TEXT_FIELDS = ("title", "standfirst", "body", "source", "author", "sign_off")


Stored = TypeVar("Stored")


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where an imported page belongs: its language, moment, number, and its path on the old site."""

    language: str
    published_at: datetime | None
    number: int | None
    old_path: str | None

    @property
    def number_in_path(self) -> int | None:
        return int(OLD_PATH.fullmatch(check_old_path(self.old_path))[1]) if self.old_path else None


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

    It is known again by its number, else by its old path, else by language, title and text, as it stands or as it
    was imported. What was written at the desk since is never overwritten. Raises CannotImport.
    """
    place = Place(language or guess_language(page), published_at, number, old_path)
    text = {name: getattr(page, name, "") for name in TEXT_FIELDS}
    _must_fit(text)
    return numbered(lambda: _import_once(page, place, text, actor))


def numbered(store: Callable[[], Stored]) -> Stored:
    """Do this, a whole transaction; once more when somebody else took its number, or changed its article, meanwhile.

    Within a transaction that is open it is done once: whoever opened that one has to do it all again.
    """
    if is_open():
        return store()
    for _attempt in range(MOST_AT_ONCE - 1):
        try:
            return store()
        except (IntegrityError, Changed):
            continue
    return store()


def _import_once(page: OldPage, place: Place, text: dict[str, str], actor: Any) -> Imported:
    with transaction():
        article = _known(place, text)
        return _add(page, place, text, actor) if article is None else _update(article, page, place, text, actor)


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
    return text


def index(article: Article) -> None:
    """Write what the search finds of an article anew, in the transaction that is open. It needs its texts."""
    search_index.index(article)


def _must_fit(text: dict[str, str]) -> None:
    longest = {"title": ArticleText.TITLE_LENGTH, "source": ArticleText.NAME_LENGTH, "author": ArticleText.NAME_LENGTH}
    for name, length in longest.items():
        if len(text[name]) > length:
            raise CannotImport(f"its {name} is longer than {length} characters")


def _known(place: Place, text: dict[str, str]) -> Article | None:
    if place.number is not None:
        ways = [select(Article).where(Article.number == place.number)]
    elif place.old_path:
        there = case((ArticleText.old_path == place.old_path, 0), else_=1)  # what stands there, before its namesake
        same = or_(ArticleText.old_path == place.old_path, Article.number == place.number_in_path)
        ways = [select(Article).join(ArticleText).where(same).order_by(there)]
    else:
        ways = _by_words(place.language, text["title"], text["body"])
    article = next(filter(None, (db.session.scalar(way.limit(1)) for way in ways)), None)
    if article is not None:
        db.session.refresh(article, ["texts"])
    return article


def _by_words(language: str, title: str, body: str) -> list[Select]:
    """By the words that stand; else by those that were imported, where others were written over them since."""
    content = ArticleVersion.content
    return [
        select(Article)
        .join(ArticleText)
        .where(ArticleText.language == language, ArticleText.title == title, ArticleText.body == body),
        select(Article)
        .join(ArticleVersion)
        .where(ArticleVersion.kind == VersionKind.IMPORTED, ArticleVersion.language == language)
        .where(content["title"].as_string() == title, content["body"].as_string() == body),
    ]


def _add(page: OldPage, place: Place, text: dict[str, str], actor: Any) -> Imported:
    with transaction() as session:
        moment = place.published_at or _moment_of(page) or clock.now()
        article = Article(
            number=place.number or place.number_in_path or next_number(),
            section=Section(page.section),
            edition_id=_edition_at(moment),
            published_at=moment,
            texts=[],
        )
        write_text(article, place.language, **text, old_path=_free_old_path(place.old_path))
        session.add(article)
        index(article)
        audit.record("article_imported", actor=actor, number=article.number, language=place.language)
    return Imported(article.number, Outcome.ADDED, moment)


def _update(article: Article, page: OldPage, place: Place, text: dict[str, str], actor: Any) -> Imported:
    if article.section.value != page.section:
        raise CannotImport(f"number {article.number} is an article of another section ({article.section.value})")
    before = next((each for each in article.texts if each.language == place.language), None)
    words = _new_words(article, before, place.language, text)
    changes: dict[str, Any] = dict(words)
    if place.old_path and (before is None or before.old_path != place.old_path):
        changes["old_path"] = _free_old_path(place.old_path)
    moved = place.published_at is not None and place.published_at != article.published_at
    if not (changes or moved):
        return Imported(article.number, Outcome.UNCHANGED, article.published_at)
    with transaction():
        article.changed_at = clock.now()
        if words and before is not None:
            _keep_both(article, before, words, actor)
            changes["modified_at"] = article.changed_at
        if changes:
            write_text(article, place.language, **changes)
        if moved:
            article.published_at, article.edition_id = place.published_at, _edition_at(place.published_at)
        index(article)
        audit.record("article_imported", actor=actor, number=article.number, language=place.language, updated=True)
    return Imported(article.number, Outcome.UPDATED, article.published_at)


def _new_words(article: Article, before: ArticleText | None, language: str, text: dict[str, str]) -> dict[str, str]:
    """What the page says otherwise. Of a text that was written at the desk since it was imported, nothing.

    Raises CannotImport if the page has changed as well: a person must choose between the two.
    """
    words = dict(text) if before is None else _differing(versions.content_of(before), text)
    kept = versions.every(article, language) if words else []
    if all(version.kind is VersionKind.IMPORTED for version in kept):
        return words
    imported = next((version for version in kept if version.kind is VersionKind.IMPORTED), None)
    if before is not None and imported is not None and not _differing(imported.content, text):
        return {}
    raise CannotImport(
        f"it says something else than article {article.number} ({language}), whose text was written at the desk since;"
        " that one was left alone: bring the change in at the desk"
    )


def _keep_both(article: Article, before: ArticleText, words: dict[str, str], actor: Any) -> None:
    """Versions of the text that stood there, and of the one that is about to."""
    at, language = article.changed_at, before.language
    versions.keep_what_stood_there(article, language, at=at)
    content = versions.content_of(before) | words
    versions.keep(article, language, content, kind=VersionKind.IMPORTED, actor=actor, at=at)


def _differing(before: dict[str, str], text: dict[str, str]) -> dict[str, str]:
    """What the page says otherwise. The old site has no standfirst: one that was written here stays."""
    return {name: value for name, value in text.items() if name != "standfirst" and before[name] != value}


def _edition_at(moment: datetime) -> int | None:
    edition = editions.around(moment.astimezone(_zone()).date())
    return edition.id if edition else None


def _free_old_path(path: str | None) -> str | None:
    if path and (
        taken := db.session.scalar(select(Article.number).join(ArticleText).where(ArticleText.old_path == path))
    ):
        raise CannotImport(f"{path} belongs to article {taken} already")
    return path


def next_number() -> int:
    """The number of the next article: one more than the highest."""
    return max(db.session.scalar(select(func.max(Article.number))) or 0, FIRST_NUMBER) + 1


def _moment_of(page: OldPage) -> datetime | None:
    """Noon at the fair on the day that the page states, if it states one."""
    if page.published is None:
        return None
    return datetime(page.published.year, page.published.month, page.published.day, 12, tzinfo=_zone())


def _zone():
    return clock.zone(current_app.config["TIMEZONE"])
