"""Articles in every state, each word and file of which can be told from all others: what strangers must not find."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from flask import Flask
from sqlalchemy import select

from cantonsite.database import db, transaction
from cantonsite.models import (
    Article,
    ArticlePicture,
    ArticleVersion,
    Correction,
    KitFile,
    Picture,
    PreviewLink,
    Rendition,
)
from cantonsite.models.audit import Actor
from cantonsite.models.media import RenditionUse
from cantonsite.models.news import Section, State
from cantonsite.models.writing import CorrectionKind, VersionKind
from cantonsite.services import editions, files, publishing
from tests.articles import FAIR

NOW = datetime(2026, 11, 23, 12, tzinfo=FAIR)
EDITIONS = (124, 140)
NEVER = 7319999  # the number of an article that never was
IN_WORDS = ("standfirst", "body", "source", "author", "signoff")
IN_FILES = ("file", "alt", "caption", "credit", "bytes", "kitfile", "kittitle", "kitbytes")
HIDDEN = (State.DRAFT, State.SCHEDULED, State.EMBARGOED)


@dataclass(frozen=True)
class Drawn:
    """An article as it was drawn."""

    number: int
    section: Section
    edition: int | None
    languages: tuple[str, ...]
    published_at: datetime | None
    embargoed: bool = False
    corrected_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def mark(self, of: str, code: str = "") -> str:
        """A word that stands in this place of this article and nowhere else; one that addresses can hold too."""
        return f"zq{self.number % 100}x{of}{code}"

    def old_path(self, code: str) -> str:
        return f"/html/{self.mark('old', code)}/2018-11/{self.number}.shtml"

    def file(self, of: str) -> bytes:
        return f"the {self.mark(of)} of {self.number}".encode()

    @cached_property
    def keys(self) -> list[str]:
        """The keys of its files."""
        return [files.key_of(self.file(of)) for of in ("bytes", "kitbytes")]

    @property
    def marks(self) -> set[str]:
        """All that says something of it."""
        words = {self.mark(of, code) for of in ("title", "version", "old", *IN_WORDS) for code in self.languages}
        said = {self.mark(of, code) for of in ("correction", "reason", "alt", "caption") for code in self.languages}
        return words | said | {self.mark(of) for of in (*IN_FILES, "preview")} | {str(self.number), *self.keys}

    def is_out(self, now: datetime) -> bool:
        return self.published_at is not None and self.published_at <= now


@dataclass
class World:
    """What was drawn: articles that everybody sees, hidden ones, and withdrawn ones."""

    visible: list[Drawn] = field(default_factory=list)
    hidden: list[Drawn] = field(default_factory=list)
    withdrawn: list[Drawn] = field(default_factory=list)

    @property
    def all(self) -> list[Drawn]:
        return [*self.visible, *self.hidden, *self.withdrawn]


def draw(seed: int) -> World:
    """Some articles in each state; the moments lie years, days or one second from now."""
    dice = random.Random(seed)
    numbers = iter(dice.sample(range(7310001, 7310099), 40))
    past = [timedelta(0), timedelta(seconds=1), timedelta(hours=5), timedelta(days=40), timedelta(days=3000)]

    def ago() -> datetime:
        return NOW - dice.choice(past)

    def one(published_at: datetime | None, **more: object) -> Drawn:
        languages = dice.choice([("en",), ("zh",), ("en", "zh"), ("en", "zh")])
        edition = dice.choice([*EDITIONS, None])
        return Drawn(next(numbers), dice.choice(list(Section)), edition, languages, published_at, **more)

    def to_come() -> datetime:
        return NOW + dice.choice([timedelta(seconds=1), timedelta(hours=3), timedelta(days=40), timedelta(days=400)])

    visible = [one(NOW), one(ago()), one(ago()), one(ago(), corrected_at=NOW - timedelta(seconds=1))]
    hidden = [
        one(None),
        one(to_come()),
        one(NOW + timedelta(seconds=1), embargoed=True),
        one(to_come(), embargoed=True),
    ]
    hidden.append(one(dice.choice([None, to_come()]), withdrawn_at=ago()))  # before it ever was out
    withdrawn = [one(ago(), withdrawn_at=NOW), one(ago(), corrected_at=NOW, withdrawn_at=NOW)]
    # A draft that waits with all that it has
    hidden[0] = replace(hidden[0], languages=("en", "zh"))
    return World(visible, hidden, withdrawn)


def add_editions(app: Flask) -> None:
    with app.app_context():
        for number, year in zip(EDITIONS, (2018, 2026), strict=True):
            days = {"starts_on": date(year, 10, 15), "ends_on": date(year, 11, 4)}
            window = {"applications_open_on": date(year, 6, 1), "applications_close_on": date(year, 10, 1)}
            editions.add(number, **days, **window, actor=Actor.COMMAND)


def add(app: Flask, articles: Iterable[Drawn]) -> None:
    """Store them with all that belongs to them, as the desk does."""
    for drawn in articles:
        with app.app_context(), transaction() as session:
            edition = editions.get(drawn.edition) if drawn.edition else None
            article = Article(
                number=drawn.number,
                section=drawn.section,
                edition_id=edition.id if edition else None,
                published_at=drawn.published_at,
                is_embargoed=drawn.embargoed,
                corrected_at=drawn.corrected_at,
                withdrawn_at=drawn.withdrawn_at,
                texts=[],
            )
            for code in drawn.languages:
                write(article, drawn, code)
            session.add(article)
            session.flush()
            publishing.index(article)
            _attach_files(article, drawn)
            _say(article, drawn)
            session.add(_version(article, drawn))
            session.add(PreviewLink(nonce="n", article_id=article.id, label=drawn.mark("preview"), created_at=NOW))


def write(article: Article, drawn: Drawn, code: str) -> None:
    words = {of: drawn.mark(of, code) for of in IN_WORDS}
    body = f"{words['body']} 広交会龘靐。\n\n[picture 1]\n\nAbout {words['body']}."
    text = publishing.write_text(
        article,
        code,
        title=f"Doors {drawn.mark('title', code)}",
        standfirst=words["standfirst"],
        body=body,
        source=words["source"],
        author=words["author"],
        sign_off=words["signoff"],
    )
    text.old_path = drawn.old_path(code)


def add_waiting_versions(app: Flask, articles: Iterable[Drawn]) -> None:
    """A version of an article that is out, which readers do not see before it is published."""
    for drawn in articles:
        with app.app_context(), transaction() as session:
            session.add(_version(by_number(drawn.number), drawn, 2))


def by_number(number: int) -> Article:
    return db.session.scalars(select(Article).where(Article.number == number)).one()


def _attach_files(article: Article, drawn: Drawn) -> None:
    said = {of: {code: drawn.mark(of, code) for code in drawn.languages} for of in ("alt", "caption")}
    picture = Picture(
        name=drawn.mark("file"),
        alts=said["alt"],
        captions=said["caption"],
        credit=drawn.mark("credit"),
        width=1600,
        height=900,
        added_at=NOW,
    )
    db.session.add(picture)
    db.session.flush()
    key = files.put(drawn.file("bytes"), "image/jpeg")
    for use in RenditionUse:
        sizes = {"media_type": "image/jpeg", "width": 800, "height": 450, "size": len(drawn.file("bytes"))}
        db.session.add(Rendition(picture_id=picture.id, use=use, key=key, **sizes))
    db.session.add(ArticlePicture(article_id=article.id, picture_id=picture.id, position=1))
    given = KitFile(
        article_id=article.id,
        key=files.put(drawn.file("kitbytes"), "application/pdf"),
        name=f"{drawn.mark('kitfile')}.pdf",
        title=drawn.mark("kittitle"),
        media_type="application/pdf",
        size=len(drawn.file("kitbytes")),
        added_at=NOW,
    )
    db.session.add(given)


def _say(article: Article, drawn: Drawn) -> None:
    moments = {"correction": drawn.corrected_at, "reason": drawn.withdrawn_at}
    kinds = {"correction": CorrectionKind.CORRECTION, "reason": CorrectionKind.WITHDRAWAL}
    for of, at in moments.items():
        for code in drawn.languages if at else ():
            sentence = drawn.mark(of, code)
            db.session.add(Correction(article_id=article.id, language=code, kind=kinds[of], at=at, sentence=sentence))


def _version(article: Article, drawn: Drawn, number: int = 1) -> ArticleVersion:
    code = drawn.languages[0]
    content = {
        of: drawn.mark("version", code) for of in ("title", "standfirst", "body", "source", "author", "sign_off")
    }
    moment = {"number": number, "kind": VersionKind.SAVED, "saved_at": NOW}
    return ArticleVersion(article_id=article.id, language=code, content=content, **moment)
