"""What an editor does in tests: publish articles, one or thousands. And what a test wants to know of their pages."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import event

from cantonsite.database import db, transaction
from cantonsite.models import Article
from cantonsite.models.news import Section
from cantonsite.services import editions, publishing

FAIR = ZoneInfo("Asia/Shanghai")
TEXT = {"title": "Doors open", "standfirst": "", "body": "One paragraph.", "source": "", "author": "", "sign_off": ""}
CLOSING = datetime(2018, 11, 4, 16, 30, tzinfo=FAIR)


def publish(
    app: Flask,
    number: int = 48315,
    *,
    section: str = "canton-fair-news",
    at: datetime = CLOSING,
    edition: int | None = None,
    old_path: str | None = None,
    **texts: dict[str, Any],
) -> None:
    """One article; `en={…}`, `zh={…}` and `ar={…}` are its texts, an English one if none is given."""
    publish_many(
        app, [{"number": number, "section": section, "at": at, "edition": edition, "old_path": old_path, **texts}]
    )


def publish_many(app: Flask, articles: list[dict[str, Any]]) -> None:
    """Many articles in one transaction."""
    with app.app_context(), transaction() as session:
        for each in articles:
            edition = editions.get(each["edition"]) if each.get("edition") else None
            article = Article(
                number=each["number"],
                section=Section(each.get("section", "canton-fair-news")),
                published_at=each.get("at", CLOSING),
                edition_id=edition.id if edition else None,
                texts=[],
            )
            texts = {code: each[code] for code in ("en", "zh", "ar") if code in each} or {"en": {}}
            for code, fields in texts.items():
                publishing.write_text(article, code, **{**TEXT, **fields})
            article.texts[0].old_path = each.get("old_path")
            session.add(article)
            publishing.index(article)


def a_row_of(count: int, first: int = 1001, **same: Any) -> list[dict[str, Any]]:
    """So many articles, an hour apart, the last the newest."""
    return [
        {"number": first + n, "at": CLOSING + timedelta(hours=n), "en": {"title": f"Notice number {n + 1}"}, **same}
        for n in range(count)
    ]


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that run meanwhile, without the ones that only begin a transaction."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def structured(page: str) -> dict[str, dict[str, Any]]:
    """The things that a page's JSON-LD describes, by type."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 1, "one block of structured data"
    return {thing["@type"]: thing for thing in json.loads(blocks[0])["@graph"]}


def hreflangs(page: str) -> dict[str, str]:
    """hreflang and address of the alternates in a page's head."""
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))


def canonical(page: str) -> str:
    """The canonical address that a page states."""
    found = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    assert len(found) == 1, found
    return found[0]


def words(page: str) -> str:
    """What a page says in <main>, without markup, with single spaces."""
    main = page.split('<main id="main"', 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
