"""Fill an empty site with a sample: editions, news, applications and staff, all recognisable as such."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import exists, func, select

from ... import clock
from ...database import db, transaction
from ...languages import LANGUAGES
from ...models import Application, Article, StaffMember
from ...models.audit import Actor
from ...models.news import Section
from ...models.staff import Role
from .. import (
    editions,
    publishing,
    staff,
)
from ..edition_words import day_words, ordinal, season_words
from . import alerts, applications, corrections, past_figures, pictures, press, writing

NEWS = Path(__file__).parent.parent.parent / "sample" / "news"
FIRST_SPRING = 2007  # the 101st edition was held in the spring of 2007; two editions a year since
LEAVES_TIME_TO_APPLY = timedelta(days=7)
STAFF = (
    ("reviewer@press.example", "Sample Reviewer", Role.REVIEWER, "en"),
    ("shenhe@press.example", "审核员样例", Role.REVIEWER, "zh"),
    ("desk@press.example", "Sample Administrator", Role.ADMINISTRATOR, "en"),
)


@dataclass(frozen=True, slots=True)
class SampleText:
    """One sample file: its header and its body."""

    number: int
    language: str
    head: dict[str, str]
    body: str


def fill() -> dict[str, int]:
    """Put the sample into an empty site, and see that an edition takes applications today.

    What is there already stays as it is. Returns how much of each kind was added.
    """
    added = {"editions": _editions(), "staff": 0, "articles": 0, "applications": 0}
    if not db.session.scalar(select(exists().where(StaffMember.id > 0))):
        added["staff"] = _staff()
    added["entries of the press centre"] = press.fill()
    if not db.session.scalar(select(func.count()).select_from(Article)):
        added["articles"] = _news()
        added["drafts"] = writing.fill()
    added["corrections"] = corrections.fill()
    added["pictures"] = pictures.fill()
    if not db.session.scalar(select(exists().where(Application.id > 0))):
        added["applications"] = applications.fill()
    added["subscribers"] = alerts.fill()
    added["counts of a past edition"] = past_figures.fill()
    return added


def coming_days(today: date) -> tuple[int, date, date]:
    """Number, first and last day of the next edition that leaves a week to apply; the fair's usual days."""
    for year in (today.year, today.year + 1):
        spring = (year - FIRST_SPRING) * 2 + 101
        for number, starts, ends in (
            (spring, date(year, 4, 15), date(year, 5, 5)),
            (spring + 1, date(year, 10, 15), date(year, 11, 4)),
        ):
            if ends >= today + LEAVES_TIME_TO_APPLY:
                return number, starts, ends
    raise AssertionError("a year always has a fair")


def _editions() -> int:
    past = [(123, date(2018, 4, 15), date(2018, 5, 5)), (124, date(2018, 10, 15), date(2018, 11, 4))]
    missing = [each for each in past if editions.get(each[0]) is None]
    for number, starts, ends in missing:
        opens, closes = starts - timedelta(days=120), starts - timedelta(days=14)
        _add_edition(number, starts, ends, opens, closes)
    return len(missing) + _open_one()


def _open_one() -> int:
    """See that an edition takes applications today, whatever the day: the coming one, prolonged if it must be."""
    if editions.open_editions():
        return 0
    today = editions.today()
    number, starts, ends = coming_days(today)
    opens = min(starts - timedelta(days=150), today - timedelta(days=30))
    closes = (
        starts - timedelta(days=14)
        if today + LEAVES_TIME_TO_APPLY < starts - timedelta(days=14)
        else ends - timedelta(days=2)
    )
    if edition := editions.get(number):
        days = {"starts_on": starts, "ends_on": ends, "applications_open_on": opens, "applications_close_on": closes}
        editions.change(edition, **days, actor=Actor.COMMAND)
        return 0
    _add_edition(number, starts, ends, opens, closes)
    return 1


def _add_edition(number: int, starts: date, ends: date, opens: date, closes: date) -> None:
    days = {"starts_on": starts, "ends_on": ends, "applications_open_on": opens, "applications_close_on": closes}
    editions.add(number, **days, actor=Actor.COMMAND)


def _staff() -> int:
    for email, name, role, language in STAFF:
        staff.add(email, name=name, role=role, language=language, actor=Actor.COMMAND)
    return len(STAFF)


def _news() -> int:
    coming = editions.coming()
    with transaction() as session:
        articles: dict[int, Article] = {}
        for text in read_all():
            article = articles.get(text.number)
            if article is None:
                article = articles[text.number] = _article(text, coming)
                session.add(article)
            publishing.write_text(article, text.language, **_filled(text, coming))
        for article in articles.values():
            publishing.index(article)
    return len(articles)


def read_all() -> Iterator[SampleText]:
    """Every sample file, by number and language."""
    for file in sorted(NEWS.glob("*.md")):
        number, language, _ = file.name.split(".")
        head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
        fields = dict(line.split(":", 1) for line in head.splitlines())
        yield SampleText(int(number), language, {name: value.strip() for name, value in fields.items()}, body.strip())


def _article(text: SampleText, coming: Any) -> Article:
    named = text.head["edition"]
    edition = coming if named == "coming" else editions.get(int(named))
    moment = _moment(text.head["published"])
    return Article(
        number=text.number,
        section=Section(text.head["section"]),
        edition_id=edition.id if edition else None,
        contact_id=press.contact_of(Section(text.head["section"])),
        published_at=moment,
        texts=[],
    )


def _moment(written: str) -> datetime:
    """`2018-11-04 16:30`, or `-3 days 10:00` before today; both at the fair."""
    zone = clock.zone(current_app.config["TIMEZONE"])
    if not written.startswith("-"):
        return datetime.fromisoformat(written).replace(tzinfo=zone)
    days, _, hour = written[1:].split()
    day = editions.today() - timedelta(days=int(days))
    return datetime.combine(day, datetime.strptime(hour, "%H:%M").time(), zone)  # noqa: DTZ007  a time of day


def _filled(text: SampleText, coming: Any) -> dict[str, str]:
    with force_locale(LANGUAGES[text.language].locale):
        words = {
            "{edition}": ordinal(coming.number),
            "{season}": season_words(coming),
            "{starts}": day_words(coming.starts_on),
            "{ends}": day_words(coming.ends_on),
            "{closes}": day_words(coming.applications_close_on),
        }
    fields = {name: text.head[name] for name in ("title", "standfirst", "source", "author", "sign_off")}
    fields["body"] = text.body
    for mark, word in words.items():
        fields = {name: value.replace(mark, word) for name, value in fields.items()}
    return fields
