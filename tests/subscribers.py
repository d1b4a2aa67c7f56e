"""What subscribers do in tests: ask, confirm, read their alerts. And the editor who gives them something to read."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Article, Bulletin, Subscriber
from cantonsite.models.alerts import Rhythm
from cantonsite.models.audit import Actor
from cantonsite.models.news import Section
from cantonsite.services import bulletins, corrections, delivery, writing
from tests.articles import TEXT
from tests.people import deliver, later, link_in, mails

MARTA = "marta@nordisk.example"


def ask(client: Any, email: str = MARTA, page_in: str = "en", **answers: Any):
    """Open the form, take the time that a person takes, send it."""
    page = client.get(f"/{page_in}/alerts")
    with later(4):
        return client.send(page, {"email": email, **answers}, "/alerts")


def link(app: Flask, part: str, to: str = MARTA) -> str:
    """The path of a link in this subscriber's newest mail."""
    return link_in(mails(app, to)[0], f"/alerts/{part}/")


def subscribe(app: Flask, client: Any, email: str = MARTA, page_in: str = "en", **answers: Any) -> None:
    """Ask, and say yes behind the link."""
    ask(client, email, page_in, **answers)
    deliver(app)
    path = link(app, "confirm", email)
    assert client.fill_in(path, {"answer": "yes"}, "/confirm/").status_code == 303


def subscribe_many(app: Flask, count: int, **choices: Any) -> None:
    """So many who confirmed an hour ago: reader0@nordisk.example and so on."""
    ago = clock.now() - timedelta(hours=1)
    same = {"language": "en", "rhythm": Rhythm.AT_ONCE, "asked_at": ago, "confirmed_at": ago, "sections": [], **choices}
    each = (f"reader{number}@nordisk.example" for number in range(count))
    rows = [{"email": email, "email_key": email, "nonce": f"nonce of {email}", **same} for email in each]
    with app.app_context(), transaction() as session:
        session.execute(insert(Subscriber), rows)


def write(app: Flask, section: str = "canton-fair-news", **texts: dict[str, str]) -> int:
    """A draft; `en={…}` and `zh={…}` are its texts, an English one if none is given. Returns its number."""
    texts = {code: {**TEXT, **fields} for code, fields in (texts or {"en": {}}).items()}
    with app.app_context():
        return writing.create(section=Section(section), texts=texts, actor=Actor.COMMAND).number


def publish(app: Flask, section: str = "canton-fair-news", **texts: dict[str, str]) -> int:
    """Write an article and let it out. Returns its number."""
    number = write(app, section, **texts)
    with app.app_context():
        writing.publish(number, seen=version(number), actor=Actor.COMMAND)
    return number


def add_text(app: Flask, number: int, language: str, text: dict[str, str]) -> None:
    """Give an article that is out its text in one more language."""
    with app.app_context():
        texts = {language: {**TEXT, **text}}
        writing.save(number, seen=version(number), texts=texts, actor=Actor.COMMAND)
        writing.publish(number, seen=version(number), actor=Actor.COMMAND)


def correct(app: Flask, number: int, sentence: str, language: str = "en") -> None:
    """Say what was wrong."""
    with app.app_context(), transaction() as session:
        article = session.scalar(select(Article).where(Article.number == number))
        corrections.record(article, language=language, sentence=sentence, actor=Actor.COMMAND)


def withdraw(app: Flask, number: int, **reasons: str) -> None:
    """Take an article away."""
    with app.app_context():
        corrections.withdraw(number, seen=version(number), reasons=reasons, actor=Actor.COMMAND)


def version(number: int) -> int:
    """The version of an article that an editor sees now."""
    return db.session.scalar(select(Article.version).where(Article.number == number))


def begin(app: Flask) -> None:
    """Let the deliverer begin what is due and write all of its mails, and send none yet."""
    with app.app_context():
        while bulletins.advance():
            pass
        delivery.let_go()


def send(app: Flask, after: float = 10) -> int:
    """Let the deliverer begin, write and send what is due, so many seconds from now."""
    with later(after):
        begin(app)
    return deliver(app, after + 60)  # to write them takes a busy machine some seconds


def sends(app: Flask) -> list[Bulletin]:
    with app.app_context():
        return list(db.session.scalars(select(Bulletin).order_by(Bulletin.id)))


def subscriber(app: Flask, email: str = MARTA) -> Subscriber | None:
    with app.app_context():
        return db.session.scalar(select(Subscriber).where(Subscriber.email_key == email))
