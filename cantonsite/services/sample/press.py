"""The sample's press centre: contacts, press events around the coming edition, and figures of past ones."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import exists, select

from ... import clock
from ...database import db
from ...models import Edition
from ...models.audit import Actor
from ...models.news import Section
from ...models.press import Contact, Fact, PressEvent
from .. import contacts, editions, events, facts

OFFICE_HOURS = {
    "en": "Monday to Friday, 9:00 to 17:30, Guangzhou time (UTC+8)",
    "zh": "周一至周五，9:00至17:30，广州时间（UTC+8）",
    "ar": "من الاثنين إلى الجمعة، من 9:00 إلى 17:30 بتوقيت غوانغجو (UTC+8)",
}
FAIR_HOURS = {
    "en": "Every day of the fair, 8:30 to 18:30, Guangzhou time (UTC+8)",
    "zh": "展会期间每天，8:30至18:30，广州时间（UTC+8）",
    "ar": "كل يوم من أيام المعرض، من 8:30 إلى 18:30 بتوقيت غوانغجو (UTC+8)",
}
TODAY: tuple[dict[str, Any], ...] = (
    {
        "names": {"en": "News desk", "zh": "新闻组", "ar": "مكتب الأخبار"},
        "subjects": {
            "en": "News, facts and interviews",
            "zh": "新闻、数据与采访",
            "ar": "الأخبار والبيانات والمقابلات",
        },
        "hours": OFFICE_HOURS,
        "spoken": ["zh", "en", "fr"],
        "phone": "+86 20 5550 0124",
        "email": "news@press.example",
    },
    {
        "names": {"en": "Accreditation desk", "zh": "记者接待组", "ar": "مكتب الاعتماد"},
        "subjects": {
            "en": "Invitations, visas and passes",
            "zh": "邀请、签证与证件",
            "ar": "الدعوات والتأشيرات والبطاقات",
        },
        "hours": OFFICE_HOURS,
        "spoken": ["zh", "en", "ar", "ru"],
        "phone": "+86 20 5550 0125",
        "email": "accreditation@press.example",
    },
    {
        "names": {"en": "Picture desk", "zh": "图片组", "ar": "مكتب الصور"},
        "subjects": {
            "en": "Pictures, filming and the media library",
            "zh": "图片、拍摄与媒体资料库",
            "ar": "الصور والتصوير ومكتبة الوسائط",
        },
        "hours": FAIR_HOURS,
        "spoken": ["zh", "en"],
        "phone": "",
        "email": "pictures@press.example",
    },
)
THEN: dict[str, Any] = {
    "names": {"en": "Press office of the 124th edition", "zh": "第124届新闻中心"},
    "subjects": {"en": "All questions about the 124th edition", "zh": "有关第124届的全部问题"},
    "hours": {"en": "October and November 2018", "zh": "2018年10月和11月"},
    "spoken": ["zh", "en"],
    "phone": "",
    "email": "press124@press.example",
}
FAIR = {"en": "Canton Fair", "zh": "广交会"}
BUYERS = {"en": "Overseas buyers", "zh": "境外采购商"}
COUNTRIES = {"en": "Countries and regions they came from", "zh": "来自国家和地区"}
TURNOVER = {"en": "Export turnover", "zh": "出口成交额"}
# As the fair gave them on the last day of each edition
FIGURES: dict[int, tuple[tuple[dict[str, str], dict[str, str]], ...]] = {
    124: (
        (BUYERS, {"en": "189,812", "zh": "189,812人"}),
        (COUNTRIES, {"en": "215", "zh": "215个"}),
        (TURNOVER, {"en": "USD 29.86 billion", "zh": "298.6亿美元"}),
    ),
    123: (
        (BUYERS, {"en": "203,346", "zh": "203,346人"}),
        (COUNTRIES, {"en": "214", "zh": "214个"}),
        (TURNOVER, {"en": "USD 30.08 billion", "zh": "300.8亿美元"}),
    ),
}
BRIEFING = (
    {"en": "Opening briefing", "zh": "开幕新闻发布会"},
    {"en": "Press conference room, Area B", "zh": "B区新闻发布厅"},
    {
        "en": "What is new in this edition, with time for questions. In Chinese and English. Bring your press pass.",
        "zh": "介绍本届新内容，设提问环节，使用中文和英文。请携带记者证。",
    },
)
TOUR = (
    {"en": "Hall tour for the press", "zh": "记者展馆行"},
    {"en": "Starts at the Press Centre, Area A", "zh": "A区新闻中心集合"},
    {
        "en": "A walk of ninety minutes through the halls of the first phase. Cameras are welcome.",
        "zh": "用时九十分钟，走访第一期展馆，可携带摄影摄像设备。",
    },
)
CLOSING = (
    {"en": "Closing press conference", "zh": "闭幕新闻发布会"},
    {"en": "Press conference room, Area B", "zh": "B区新闻发布厅"},
    {"en": "The figures of the edition, and the dates of the next one.", "zh": "公布本届数据和下届日期。"},
)


def fill() -> int:
    """Put contacts, press events and figures where there are none of a kind; returns how many were added."""
    added = 0
    if not db.session.scalar(select(exists().where(Contact.id > 0))):
        added += _contacts()
    if not db.session.scalar(select(exists().where(PressEvent.id > 0))):
        added += _events()
    if not db.session.scalar(select(exists().where(Fact.id > 0))):
        added += _figures()
    return added


def contact_of(section: Section) -> int | None:
    """The id of the contact that the sample's articles of a section name."""
    name = {Section.PRESS_CENTRE: "Accreditation desk", Section.EXHIBITOR_NEWS: "News desk"}.get(section)
    return next((each.id for each in contacts.every() if each.names.get("en") == name), None)


def _contacts() -> int:
    for fields in TODAY:
        contacts.add(**fields, edition_id=None, actor=Actor.COMMAND)
    if then := editions.get(124):
        contacts.add(**THEN, edition_id=then.id, actor=Actor.COMMAND)
    return len(TODAY) + bool(then)


def _events() -> int:
    coming, past = editions.coming(), editions.get(124)
    plan = [(past, past.ends_on, time(15, 0), 60, CLOSING)] if past else []
    if coming:
        first, last = coming.starts_on, coming.ends_on
        plan += [
            (coming, first - timedelta(days=1), time(10, 0), 60, BRIEFING),
            (coming, first, time(14, 0), 90, TOUR),
            (coming, last, time(15, 0), 60, CLOSING),
        ]
    for edition, day, at, minutes, (titles, places, abouts) in plan:
        _event(
            edition,
            datetime.combine(day, at, clock.zone(current_app.config["TIMEZONE"])),
            minutes,
            titles,
            places,
            abouts,
        )
    return len(plan)


def _event(edition: Edition, starts: datetime, minutes: int, titles: dict, places: dict, abouts: dict) -> None:
    ends = starts + timedelta(minutes=minutes)
    words = {"titles": titles, "places": places, "abouts": abouts}
    events.add(**words, starts_at=starts, ends_at=ends, edition_id=edition.id, actor=Actor.COMMAND)


def _figures() -> int:
    added = 0
    for number, rows in FIGURES.items():
        if edition := editions.get(number):
            as_of = edition.ends_on
            for labels, values in rows:
                fields = {"labels": labels, "values": values, "as_of": as_of, "sources": FAIR, "source_url": ""}
                facts.add(edition, **fields, actor=Actor.COMMAND)
                added += 1
    return added
