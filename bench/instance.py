"""A temporary instance: the sample, and generated articles up to a number."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select

from cantonsite import clock, create_app
from cantonsite.database import db, transaction
from cantonsite.extensions import join_migrations
from cantonsite.models import Article, ArticleText, Edition
from cantonsite.models.news import Section
from cantonsite.services import sample
from cantonsite.services.search import index as search_index

FIRST_NUMBER = 100_000
AT_ONCE = 5000
CONFIG = '''"""Settings of a benchmark's instance."""

ENVIRONMENT = "demo"
SECRET_KEY = "a key of a benchmark, longer than thirty-two characters"
BASE_URL = "http://127.0.0.1:8000"
PRESS_OFFICE_EMAIL = "press@cantonfair.example"
PRESS_OFFICE_PHONE = "+86 20 5550 0124"
MAIL_DEFAULT_SENDER = "Canton Fair Press Office <press@cantonfair.example>"
APPLY_LIMIT_PER_ADDRESS = ""
APPLY_LIMIT_PER_NETWORK = ""
'''
SENTENCE = "Buyers from the region meet exhibitors of ceramics, lighting and machinery in hall {hall} on day {day}. "


def make(folder: Path, articles: int) -> Flask:
    """A migrated instance in an empty folder with the sample and so many articles in all."""
    folder.mkdir(mode=0o700)
    file = folder / "config.py"
    file.write_text(CONFIG, encoding="utf-8")
    file.chmod(0o600)
    app = create_app(instance_path=str(folder))
    join_migrations(app)
    with app.app_context():
        upgrade()
        sample.fill()
        _grow(articles)
        search_index.rebuild()
    return app


def copy(app: Flask, folder: Path, articles: int) -> Flask:
    """Another instance with the same content, and more articles."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    shutil.copytree(app.instance_path, folder)
    bigger = create_app(instance_path=str(folder))
    with bigger.app_context():
        _grow(articles)
    return bigger


def _grow(articles: int) -> None:
    """Add generated articles, hourly into the past, in all sections and editions, until there are so many."""
    present = db.session.scalar(select(func.count()).select_from(Article))
    last = db.session.scalar(select(func.max(Article.id))) or 0
    editions = list(db.session.scalars(select(Edition.id)))
    with transaction() as session:
        for rows in _in_parts(range(last + 1, last + 1 + articles - present)):
            session.execute(insert(Article), [_article(each, editions) for each in rows])
            session.execute(insert(ArticleText), [_text(each) for each in rows])
    db.session.remove()


def _in_parts(whole: range) -> Iterator[range]:
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]


def _article(each: int, editions: list[int]) -> dict:
    return {
        "id": each,
        "number": FIRST_NUMBER + each,
        "section": list(Section)[each % 4],
        "edition_id": [*editions, None][each // 4 % (len(editions) + 1)],
        "published_at": clock.now() - timedelta(hours=each),
    }


def _text(each: int) -> dict:
    body = SENTENCE.format(hall=each % 19, day=each % 5) * 4
    title = f"Notice {each} of the fair on hall {each % 19} and its visitors"
    return {
        "article_id": each,
        "language": "en",
        "title": title,
        "slug": f"notice-{each}-of-the-fair",
        "standfirst": SENTENCE.format(hall=each % 19, day=each % 5).strip(),
        "body": body,
    }


def forget_environment() -> None:
    """Settings of whoever runs the benchmark must not speak to the instance."""
    for name in [name for name in os.environ if name.startswith("CANTONSITE_")]:
        del os.environ[name]
