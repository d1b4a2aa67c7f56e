"""Pictures at the desk: add them with what must be said of them, change them, put them into articles."""

from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from .. import clock
from ..database import db, transaction
from ..models import Article, ArticlePicture, ArticleText, Edition, Picture, Rendition, StaffMember
from ..models.audit import Actor
from ..models.media import Licence, PictureKind, RenditionUse
from ..models.news import State
from . import audit, files, imaging

CROPS = (RenditionUse.CARD, RenditionUse.SHARE)
MOST_IN_ARTICLE = 20


class NoPicture(LookupError):
    """There is no picture, or no article, with this number."""


class PictureInUse(Exception):
    """The picture stands in articles; they must let go of it first."""


class TooManyPictures(ValueError):
    """The article has as many pictures as one may have."""


@dataclass(frozen=True, slots=True)
class Use:
    """An article that a picture stands in."""

    number: int
    title: str
    language: str
    state: State


def get(picture_id: int) -> Picture | None:
    """One picture with its edition and its files."""
    whole = (selectinload(Picture.renditions), selectinload(Picture.edition))
    return db.session.scalar(select(Picture).where(Picture.id == picture_id).options(*whole))


def hold(data: bytes, _name: str = "") -> str:
    """Keep an upload for a form that has errors elsewhere, and return its key. Raises imaging.UnreadablePicture.

    What was kept for a form that nobody finished within a day is deleted on this occasion.
    """
    imaging.check(data)
    files.sweep()
    return files.put(data, "application/octet-stream")


def add(
    data: bytes,
    *,
    name: str,
    alts: dict[str, str],
    captions: dict[str, str],
    credit: str,
    licence: Licence,
    kind: PictureKind,
    focus: int = imaging.MIDDLE,
    taken_on: date | None = None,
    edition: int | None = None,
    in_library: bool = False,
    actor: StaffMember | Actor,
) -> int:
    """Add a picture, make its files, and return its id. `edition` is a number. Raises imaging.UnreadablePicture."""
    made = imaging.make(data, focus)
    said = {"alts": _filled(alts), "captions": _filled(captions), "credit": credit, "licence": licence, "kind": kind}
    more = {"focus": focus, "taken_on": taken_on, "in_library": in_library, "added_at": clock.now()}
    with transaction() as session:
        picture = Picture(
            **said,
            **more,
            name=clean_name(name) or "picture",
            edition_id=_edition_id(edition),
            width=made.width,
            height=made.height,
            staff_id=actor.id if isinstance(actor, StaffMember) else None,
        )
        session.add(picture)
        session.flush()
        _keep(picture.id, made.files)
        files.release([files.key_of(data)])  # what the form held; had it been a rendition too, it would stay
        audit.record("picture_added", actor=actor, picture=picture.id, name=picture.name)
    return picture.id


def change(picture_id: int, *, actor: StaffMember | Actor, focus: int, edition: int | None, **said: Any) -> None:
    """Change what is said of a picture. Another focus makes its crops anew, and no other file. Raises NoPicture."""
    original = _original(picture_id, unless_focus=focus)
    crops = imaging.crops(original, focus) if original else None
    with transaction() as session:
        picture = _locked(picture_id)
        for name, value in said.items():
            setattr(picture, name, _filled(value) if name in ("alts", "captions") else value)
        picture.focus, picture.edition_id = focus, _edition_id(edition)
        if crops:
            old = _files_of(picture_id, CROPS)
            session.execute(delete(Rendition).where(Rendition.picture_id == picture_id, Rendition.use.in_(CROPS)))
            _keep(picture_id, crops)
            files.release(old)
        audit.record("picture_changed", actor=actor, picture=picture_id, name=picture.name)


def remove(picture_id: int, *, actor: StaffMember | Actor) -> None:
    """Delete a picture and its files. Raises NoPicture, or PictureInUse while it stands in an article."""
    with transaction() as session:
        picture = _locked(picture_id)
        if uses(picture_id):
            raise PictureInUse(picture_id)
        keys = _files_of(picture_id, RenditionUse)
        session.execute(delete(Picture).where(Picture.id == picture_id))
        files.release(keys)
        audit.record("picture_removed", actor=actor, picture=picture_id, name=picture.name)


def uses(picture_id: int) -> list[Use]:
    """The articles that a picture stands in, whatever their state, the newest first."""
    rows = select(Article, ArticleText.title, ArticleText.language).join(ArticleText)
    rows = rows.join(ArticlePicture, ArticlePicture.article_id == Article.id)
    rows = rows.where(ArticlePicture.picture_id == picture_id).order_by(Article.number.desc(), ArticleText.language)
    found: dict[int, Use] = {}
    for article, title, language in db.session.execute(rows):
        found.setdefault(article.number, Use(article.number, title, language, article.state(clock.now())))
    return list(found.values())


def attach(number: int, picture_id: int, *, actor: StaffMember | Actor) -> None:
    """Put a picture into an article, as its last one; twice is once. Raises NoPicture, TooManyPictures."""
    with transaction() as session:
        article_id, order = _order(number)
        _locked(picture_id)
        if picture_id in order:
            return
        if len(order) >= MOST_IN_ARTICLE:
            raise TooManyPictures(number)
        session.add(ArticlePicture(article_id=article_id, picture_id=picture_id, position=len(order) + 1))
        audit.record("picture_attached", actor=actor, number=number, picture=picture_id)


def detach(number: int, picture_id: int, *, actor: StaffMember | Actor) -> None:
    """Take a picture out of an article; it stays in the library. Raises NoPicture."""
    with transaction() as session:
        article_id, order = _order(number)
        if picture_id not in order:
            raise NoPicture(picture_id)
        mine = ArticlePicture.article_id == article_id
        session.execute(delete(ArticlePicture).where(mine, ArticlePicture.picture_id == picture_id))
        _place(article_id, [each for each in order if each != picture_id])
        audit.record("picture_detached", actor=actor, number=number, picture=picture_id)


def move(number: int, picture_id: int, by: int, *, actor: StaffMember | Actor) -> None:
    """Move a picture of an article up (-1) or down (1) by one place; at the end nothing happens. Raises NoPicture."""
    with transaction():
        article_id, order = _order(number)
        if picture_id not in order:
            raise NoPicture(picture_id)
        here = order.index(picture_id)
        there = min(max(here + by, 0), len(order) - 1)
        if here == there:
            return
        order[here], order[there] = order[there], order[here]
        _place(article_id, order)
        audit.record("pictures_ordered", actor=actor, number=number, order=order)


def of_article(number: int) -> list[int]:
    """The ids of an article's pictures in their order. Raises NoPicture for a number that no article has."""
    return _order(number, lock=False)[1]


def clean_name(name: str) -> str:
    """The name of a file without folders, ending and signs that a file's name may not hold."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    kept = "".join(sign if sign.isprintable() and sign not in '<>:"/\\|?*' else " " for sign in stem)
    return " ".join(kept.split()).strip(". ")[: Picture.NAME_LENGTH]


def _filled(words: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in words.items() if text}


def _edition_id(number: int | None) -> int | None:
    return db.session.scalar(select(Edition.id).where(Edition.number == number)) if number else None


def _keep(picture_id: int, made: tuple[imaging.Made, ...]) -> None:
    """Store these files as a picture's own. Two sizes of one content are one stored file, and two rows."""
    with transaction() as session:
        for each in made:
            same = {name: getattr(each, name) for name in ("use", "media_type", "width", "height")}
            key = files.put(each.data, each.media_type)
            session.add(Rendition(picture_id=picture_id, **same, size=len(each.data), key=key))
        session.flush()


def _locked(picture_id: int) -> Picture:
    """The picture, which nobody else changes meanwhile."""
    picture = db.session.scalar(
        select(Picture).where(Picture.id == picture_id).with_for_update().execution_options(populate_existing=True)
    )
    if picture is None:
        raise NoPicture(picture_id)
    return picture


def _original(picture_id: int, unless_focus: int) -> bytes | None:
    """The bytes to make crops from; None if the picture has this focus already. Raises NoPicture."""
    row = db.session.execute(
        select(Picture.focus, Rendition.key)
        .join(Rendition)
        .where(Picture.id == picture_id, Rendition.use == RenditionUse.ORIGINAL)
    ).first()
    if row is None:
        raise NoPicture(picture_id)
    return files.get(row.key) if row.focus != unless_focus else None


def _files_of(picture_id: int, which: Any) -> list[str]:
    rows = select(Rendition.key).where(Rendition.picture_id == picture_id, Rendition.use.in_(list(which)))
    return list(db.session.scalars(rows))


def _order(number: int, lock: bool = True) -> tuple[int, list[int]]:
    """The id of an article and the ids of its pictures in their order. Raises NoPicture for an unknown number."""
    article = select(Article.id).where(Article.number == number)
    article_id = db.session.scalar(article.with_for_update() if lock else article)
    if article_id is None:
        raise NoPicture(number)
    rows = select(ArticlePicture.picture_id).where(ArticlePicture.article_id == article_id)
    return article_id, list(db.session.scalars(rows.order_by(ArticlePicture.position, ArticlePicture.picture_id)))


def _place(article_id: int, order: list[int]) -> None:
    with transaction() as session:
        rows = select(ArticlePicture).where(ArticlePicture.article_id == article_id)
        for row in session.scalars(rows):
            row.position = order.index(row.picture_id) + 1
        session.flush()
