"""Read an article before it is out: an editor at the desk, and outsiders by a link that can be revoked.

The link is a row and its token is kept nowhere (see services/tokens.py). It opens one article, until that is out.
"""

import secrets
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from .. import clock
from ..database import db, transaction
from ..models import Article, PreviewLink, StaffMember
from ..models.news import EDITOR, Viewer
from . import addresses, articles, audit, figures, publishing, tokens, versions
from .articles import FullArticle
from .news import NoArticle

SALT = "cantonsite.preview"


class UnknownPreview(LookupError):
    """No such link was ever issued, or its token is forged."""


class DeadPreview(LookupError):
    """The link was revoked, or the article is out or withdrawn; `number` names it when it is out."""

    def __init__(self, number: int | None = None):
        super().__init__(number)
        self.number = number


def issue(article: Article, *, label: str, actor: StaffMember) -> PreviewLink:
    """A link for somebody outside; `label` says for whom. Raises articles.Withdrawn or ValueError if it is out."""
    with transaction() as session:
        if article.withdrawn_at or article.is_out(clock.now()):
            raise ValueError("readers see it already")
        link = PreviewLink(
            nonce=secrets.token_urlsafe(16),
            article_id=article.id,
            label=label,
            staff_id=actor.id,
            created_at=clock.now(),
        )
        session.add(link)
        session.flush()
        audit.record("preview_issued", actor=actor, number=article.number, note=label)
    return link


def token(link: PreviewLink) -> str:
    """The text that goes into the address."""
    return tokens.make(SALT, link.id, link.nonce)


def address(link: PreviewLink) -> str:
    """The address to send to whom it is for."""
    return addresses.absolute("preview.page", token=token(link))


def every(article: Article) -> list[PreviewLink]:
    """The links to one article, the newest first."""
    mine = select(PreviewLink).where(PreviewLink.article_id == article.id)
    return list(db.session.scalars(mine.order_by(PreviewLink.id.desc())))


def revoke(article: Article, link_id: int, *, actor: StaffMember) -> None:
    """Kill one link, or do nothing if it is dead or another article's."""
    mine = select(PreviewLink).where(PreviewLink.id == link_id, PreviewLink.article_id == article.id)
    with transaction() as session:
        link = session.scalar(mine.where(PreviewLink.revoked_at.is_(None)))
        if link is not None:
            link.revoked_at = clock.now()
            audit.record("preview_revoked", actor=actor, number=article.number, note=link.label)


def find(given: str) -> tuple[Article, Viewer]:
    """The article behind a token, and the viewer that its holder is. Raises UnknownPreview, DeadPreview."""
    try:
        row_id, verify = tokens.read(SALT, given)
    except tokens.NotAToken as error:
        raise UnknownPreview from error
    link = db.session.get(PreviewLink, row_id)
    if link is None or not verify(link.nonce):
        raise UnknownPreview
    whole = select(Article).where(Article.id == link.article_id).options(selectinload(Article.texts))
    article = db.session.scalars(whole).one()
    now, viewer = clock.now(), Viewer(previews=article.id)
    if link.revoked_at or not article.may_see(viewer, now):
        raise DeadPreview
    if article.is_out(now):
        raise DeadPreview(article.number)
    return article, viewer


def page_of(article: Article, language: str) -> FullArticle:
    """The article as its page will show it, with the newest version of its text. Raises NoArticle."""
    content = versions.written(article).get(language)
    if content is None:
        raise NoArticle(article.number)
    try:
        base = articles.read(article.number, language, EDITOR)
    except articles.NotInThisLanguage as other:
        base = articles.read(article.number, other.language, EDITOR)
        base = replace(base, translations=(*base.translations, (base.language, base.slug)))
    others = tuple((code, slug) for code, slug in base.translations if code != language)
    return replace(
        base,
        **content,
        language=language,
        slug=publishing.slug_of(content["title"]),
        published_at=base.published_at or clock.now(),
        translations=others,
        pictures=figures.of_article(base.id, language) if base.pictures else (),
    )
