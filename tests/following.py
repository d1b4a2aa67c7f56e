"""What editors do to articles that are out, and how machines check what they follow: schemas of feeds and sitemaps."""

from functools import cache
from pathlib import Path

import feedparser
from flask import Flask
from lxml import etree
from sqlalchemy import select

from cantonsite.database import db, transaction
from cantonsite.models import Article
from cantonsite.models.audit import Actor
from cantonsite.services import corrections

SCHEMAS = Path(__file__).parent / "data" / "schemas"
SECTIONS = ("canton-fair-news", "conference-event", "exhibitor-news", "press-centre")


def correct(app: Flask, sentence: str, *, number: int = 48315, language: str = "en") -> None:
    with app.app_context(), transaction() as session:
        article = session.scalar(select(Article).where(Article.number == number))
        corrections.record(article, language=language, sentence=sentence, actor=Actor.COMMAND)


def withdraw(app: Flask, number: int = 48315, **reasons: str) -> None:
    with app.app_context():
        corrections.withdraw(number, seen=version_of(number), reasons=reasons, actor=Actor.COMMAND)


def bring_back(app: Flask, number: int = 48315) -> None:
    with app.app_context():
        corrections.bring_back(number, seen=version_of(number), actor=Actor.COMMAND)


def version_of(number: int) -> int:
    return db.session.scalar(select(Article.version).where(Article.number == number))


@cache
def schema(name: str):
    """The schema of this file: .xsd or .rng."""
    tree = etree.parse(SCHEMAS / name)
    return etree.RelaxNG(tree) if name.endswith(".rng") else etree.XMLSchema(tree)


def sound(client, path: str, name: str) -> etree._Element:
    """The XML at this address, after the schema has found nothing."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    tree = etree.fromstring(answer.data)
    judge = schema(name)
    assert judge.validate(tree), f"{path}: {judge.error_log}"
    return tree


def feeds(language: str) -> list[str]:
    """The addresses of all feeds in one language, those of one edition among them."""
    of_sections = (f"news/{each}/feed.xml" for each in SECTIONS)
    return [
        f"/{language}/{path}" for path in ("feed.xml", "corrections/feed.xml", "editions/124/feed.xml", *of_sections)
    ]


def read(client, path: str) -> feedparser.FeedParserDict:
    """The feed as a reader takes it in, once the schema has found nothing."""
    sound(client, path, "atom.rng")
    answer = client.get(path)
    found = feedparser.parse(answer.data, response_headers={"content-type": answer.content_type})
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    links = [(each.rel, each.type) for each in found.feed.links]
    assert sorted(links) == [("alternate", "text/html"), ("self", "application/atom+xml")]
    return found
