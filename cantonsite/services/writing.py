"""The editor's verbs: write, save, publish, schedule, and put back. Each is one transaction.

What is due is due when it is asked for: to schedule is to write down a moment, and nothing has to run when it comes.
Of an article that is out, a save waits in its versions; readers see it when it is published.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from .. import clock
from ..database import Changed, db, transaction
from ..models import Article, StaffMember
from ..models.audit import Actor
from ..models.news import Section
from ..models.writing import VersionKind
from . import audit, cleaning, corrections, publishing, versions

CREATED = "article_created"  # in the history
Texts = dict[str, dict[str, str]]


class NothingToPublish(ValueError):
    """No language has both a title and a text."""


class NotInTheFuture(ValueError):
    """The moment that was chosen has passed already."""


class OutAlready(ValueError):
    """Readers see the article: it cannot be scheduled or put back any more, only corrected or withdrawn."""


class IsWithdrawn(ValueError):
    """Readers are told that the article was withdrawn: nothing of it goes out until it is brought back."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: the article's number and version, and what was cleaned in each language."""

    number: int
    version: int
    cleaned: dict[str, tuple[cleaning.Done, ...]] = field(default_factory=dict)


def find(number: int) -> Article | None:
    """The whole article for the desk, with texts, edition and contact; None if there is none."""
    whole = select(Article).where(Article.number == number)
    loaded = (selectinload(Article.texts), joinedload(Article.edition), joinedload(Article.contact))
    return db.session.scalar(whole.options(*loaded).execution_options(populate_existing=True))


def create(
    *,
    section: Section,
    texts: Texts,
    actor: StaffMember | Actor,
    edition_id: int | None = None,
    contact_id: int | None = None,
    form: str = "",
) -> Saved:
    """A new draft with the next number. The history keeps of which form it came."""
    place = {"section": section, "edition_id": edition_id, "contact_id": contact_id}
    return publishing.numbered(lambda: _create_once(place, texts, actor, form))


def _create_once(place: dict[str, Any], texts: Texts, actor: StaffMember | Actor, form: str) -> Saved:
    with transaction() as session:
        article = Article(number=publishing.next_number(), **place, changed_at=clock.now(), texts=[])
        session.add(article)
        session.flush()
        cleaned = _keep(article, texts, VersionKind.SAVED, actor)
        audit.record(CREATED, actor=actor, number=article.number, **({"form": form} if form else {}))
        session.flush()
        return Saved(article.number, article.version, cleaned)


def save(number: int, *, seen: int, texts: Texts, actor: StaffMember | Actor) -> Saved:
    """Keep what was written. Raises Changed when somebody has saved since `seen`."""
    with transaction() as session:
        article = _seen(number, seen)
        cleaned = _keep(article, texts, VersionKind.SAVED, actor)
        session.flush()
        return Saved(article.number, article.version, cleaned)


def is_kept(article: Article, texts: Texts) -> bool:
    """Whether these texts, as they would be saved, are the newest already."""
    there, nothing = versions.written(article), dict.fromkeys(versions.FIELDS, "")
    return all(_cleaned(given)[0] == there.get(language, nothing) for language, given in texts.items())


def place(
    number: int,
    *,
    seen: int,
    section: Section,
    edition_id: int | None,
    contact_id: int | None,
    actor: StaffMember | Actor,
) -> None:
    """Say where an article belongs and who answers questions; readers see it at once. Raises Changed."""
    with transaction():
        article = _seen(number, seen)
        article.section, article.edition_id, article.contact_id = section, edition_id, contact_id
        publishing.index(article)
        audit.record("article_placed", actor=actor, number=number, section=section.value)


def publish(
    number: int, *, seen: int, actor: StaffMember | Actor, correction: tuple[str, str] | None = None
) -> list[str]:
    """Show readers the newest version of each text, from now on; returns the languages that changed.

    `correction` is a language and a sentence of what was wrong. Raises Changed, IsWithdrawn, NothingToPublish.
    """
    with transaction():
        article = _still_there(number, seen)
        now = article.changed_at
        first = not article.is_out(now)
        written = _publishable(versions.written(article))
        if first:
            article.published_at, article.is_embargoed = now, False
        kinds = {correction[0]: VersionKind.CORRECTED} if correction else {}
        changed = [
            language
            for language, content in written.items()
            if _show(article, language, content, first, kinds.get(language, VersionKind.PUBLISHED), actor)
        ]
        if correction:
            language, sentence = correction
            corrections.record(article, language=language, sentence=sentence, actor=actor, at=now)
        publishing.index(article)
        audit.record("article_published", actor=actor, number=number, languages=changed, corrected=bool(correction))
        return changed


def schedule(number: int, *, seen: int, at: datetime, embargoed: bool, actor: StaffMember | Actor) -> None:
    """Let it go out by itself at a moment.

    Raises Changed, IsWithdrawn, OutAlready, NotInTheFuture, NothingToPublish.
    """
    with transaction():
        article = _still_there(number, seen)
        if article.is_out(clock.now()):
            raise OutAlready(number)
        if at <= clock.now():
            raise NotInTheFuture(at)
        _publishable(versions.written(article))
        article.published_at, article.is_embargoed = at, embargoed
        publishing.index(article)
        audit.record("article_scheduled", actor=actor, number=number, at=at.isoformat(), embargoed=embargoed)


def put_back(number: int, *, seen: int, actor: StaffMember | Actor) -> None:
    """Make a scheduled article a draft again. Raises Changed, OutAlready."""
    with transaction():
        article = _seen(number, seen)
        if article.is_out(clock.now()):
            raise OutAlready(number)
        article.published_at, article.is_embargoed = None, False
        publishing.index(article)
        audit.record("article_put_back", actor=actor, number=number)


def restore(number: int, *, seen: int, language: str, version: int, actor: StaffMember | Actor) -> None:
    """Save an earlier version once more, as the newest. Raises Changed, versions.NoVersion."""
    with transaction():
        article = _seen(number, seen)
        content = versions.get(article, language, version).content
        _keep(article, {language: content}, VersionKind.RESTORED, actor, clean=False)


def confirm(number: int, *, seen: int, language: str, actor: StaffMember | Actor) -> None:
    """Say of a text that is older than another that nothing of it needs to change: it is kept once more, as of now.

    Raises Changed, versions.NoVersion.
    """
    with transaction():
        article = _seen(number, seen)
        newest = versions.newest(article).get(language)
        if newest is None:
            raise versions.NoVersion(language)
        at = article.changed_at
        versions.keep(article, language, newest.content, kind=VersionKind.SAVED, actor=actor, at=at)
        audit.record("article_confirmed", actor=actor, number=number, language=language)


def _seen(number: int, seen: int) -> Article:
    """The article for writing; it is moved to its next version, and bears the moment of the verb. Raises Changed."""
    article = find(number)
    if article is None or article.version != seen:
        raise Changed
    article.changed_at = clock.now()
    return article


def _still_there(number: int, seen: int) -> Article:
    """The article for going out. Raises Changed, IsWithdrawn."""
    article = _seen(number, seen)
    if article.withdrawn_at is not None:
        raise IsWithdrawn(number)
    return article


def _publishable(written: Texts) -> Texts:
    ready = {language: text for language, text in written.items() if versions.is_whole(text)}
    if not ready:
        raise NothingToPublish
    return ready


def _show(
    article: Article, language: str, content: dict[str, str], first: bool, kind: VersionKind, actor: StaffMember | Actor
) -> bool:
    """Make one text what readers see; False if they see it already."""
    there = next((text for text in article.texts if text.language == language), None)
    same = there is not None and versions.content_of(there) == content
    if same and not first:
        return False
    text = publishing.write_text(article, language, **content)
    text.modified_at = None if first or there is None else article.changed_at
    versions.keep(article, language, content, kind=kind, actor=actor, at=article.changed_at)
    return True


def _keep(
    article: Article, texts: Texts, kind: VersionKind, actor: StaffMember | Actor, clean: bool = True
) -> dict[str, tuple[cleaning.Done, ...]]:
    """A version of each text that differs from the last one; a text that nobody sees yet is replaced at once."""
    before, cleaned = versions.written(article), {}
    for language, given in texts.items():
        content, done = _cleaned(given) if clean else (given, ())
        if content == before.get(language, dict.fromkeys(versions.FIELDS, "")):
            continue
        if done:
            cleaned[language] = done
        versions.keep_what_stood_there(article, language, at=article.changed_at)
        versions.keep(article, language, content, kind=kind, actor=actor, at=article.changed_at)
        if not article.is_out(article.changed_at):
            _stand(article, language, content)
    publishing.index(article)
    return cleaned


def _stand(article: Article, language: str, content: dict[str, str]) -> None:
    """The text that will go out. Half a text stands nowhere but in its versions: it must not go out by itself."""
    if versions.is_whole(content):
        publishing.write_text(article, language, **content)
    else:
        article.texts = [text for text in article.texts if text.language != language]


def _cleaned(given: dict[str, str]) -> tuple[dict[str, str], tuple[cleaning.Done, ...]]:
    """The fields without what pasting brought, and what was cleaned."""
    made = {
        name: (cleaning.clean_pasted if name == "body" else cleaning.clean_line)(given.get(name, ""))
        for name in versions.FIELDS
    }
    return {name: each.text for name, each in made.items()}, cleaning.added(*(each.done for each in made.values()))
