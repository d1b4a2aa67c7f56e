"""The pages of the newsroom: corrections, editions, archive, press centre, alerts, and the editor's desk."""

from datetime import timedelta

from sqlalchemy import select

from cantonsite import clock
from cantonsite.database import db
from cantonsite.models import Edition, Fact, PressEvent, Subscriber
from cantonsite.models.news import Section
from cantonsite.services import corrections, previews, writing
from tests.browser.live import ADMINISTRATOR, on_roster
from tests.browser.person import follow
from tests.browser.visit import AT_THE_DESK, BEHIND_LINKS, PUBLIC, Visit, among, plain

TEXTS = {
    "en": {"title": "Night shuttle begins", "standfirst": "Until midnight.", "body": "It begins.", "source": "Fair"},
    "zh": {"title": "夜间班车开通", "standfirst": "运行至午夜。", "body": "班车开通。", "source": "广交会"},
}
SENTENCE = {"en": "An earlier version gave a wrong time.", "zh": "此前版本时间有误。"}


def drafted(v: Visit, **changes: dict[str, str]) -> int:
    """A new draft in both languages; its number."""
    with v.site.office():
        texts = {code: {**text, **changes} for code, text in TEXTS.items()}
        actor = on_roster(ADMINISTRATOR["en"])
        return writing.create(section=Section.CANTON_FAIR_NEWS, texts=texts, actor=actor).number


def published(v: Visit) -> int:
    number = drafted(v)
    with v.site.office():
        writing.publish(number, seen=writing.find(number).version, actor=on_roster(ADMINISTRATOR["en"]))
    return number


def corrected(v: Visit) -> int:
    number = published(v)
    with v.site.office():
        told = (v.language, SENTENCE[v.language])
        actor = on_roster(ADMINISTRATOR["en"])
        writing.publish(number, seen=writing.find(number).version, actor=actor, correction=told)
    return number


def withdrawn(v: Visit) -> int:
    number = published(v)
    with v.site.office():
        actor = on_roster(ADMINISTRATOR["en"])
        corrections.withdraw(number, seen=writing.find(number).version, reasons=SENTENCE, actor=actor)
    return number


def scheduled(v: Visit) -> int:
    number = drafted(v)
    with v.site.office():
        seen, at = writing.find(number).version, clock.now() + timedelta(days=3)
        writing.schedule(number, seen=seen, at=at, embargoed=True, actor=on_roster(ADMINISTRATOR["en"]))
    return number


plain(
    PUBLIC,
    archive="./news/archive",
    archive_of_a_year="./news/archive/2018",
    archive_of_a_month="./news/archive/2018/11",
    archive_with_nothing="404 ./news/archive/1999",
    editions="./editions",
    edition="./editions/124",
    corrections="./corrections",
    media_library="./press-centre/media",
    media_library_nothing_found="./press-centre/media?q=zyzzyva",
    calendar="./press-centre/calendar",
    embargo_policy="./press-centre/embargo-policy",
    image_licence="./press-centre/image-licence",
    alerts="./alerts",
    alerts_sent="./alerts/sent",
    alerts_left="./alerts/left",
    search_narrowed="./search?q=Canton&section=canton-fair-news&edition=124",
)
plain(
    AT_THE_DESK,
    desk_articles="/desk/articles",
    desk_articles_nothing_found="/desk/articles?q=zyzzyva",
    desk_article_new="/desk/articles/new",
    desk_article="/desk/articles/48201",
    desk_article_write="/desk/articles/48201/write",
    desk_article_pictures="/desk/articles/48201/pictures",
    desk_pictures="/desk/pictures",
    desk_picture_new="/desk/pictures/new",
    desk_picture="/desk/pictures/1",
    desk_contacts="/desk/contacts",
    desk_contact_new="/desk/contacts/new",
    desk_contact="/desk/contacts/1",
    desk_events="/desk/events",
    desk_event_new="/desk/events/new",
    desk_edition_kit="/desk/editions/124/kit",
    desk_facts="/desk/editions/124/facts",
    desk_fact_new="/desk/editions/124/facts/new",
    desk_alerts="/desk/alerts",
)


@among(PUBLIC)
def article_corrected(v: Visit) -> None:
    v.open(f"./news/{corrected(v)}")


@among(PUBLIC)
def article_history(v: Visit) -> None:
    v.open(f"./news/{corrected(v)}/changes")


@among(PUBLIC)
def article_withdrawn_410(v: Visit) -> None:
    v.open(f"./news/{withdrawn(v)}", 410)


@among(PUBLIC)
def picture_of_the_library(v: Visit) -> None:
    v.open("./press-centre/media")
    follow(v.page.locator("main a[href*='/press-centre/media/']").first)


@among(PUBLIC)
def front_in_arabic(v: Visit) -> None:
    v.open("/ar/")


@among(PUBLIC)
def article_in_arabic(v: Visit) -> None:
    v.open("/ar/news/48201")


@among(PUBLIC)
def apply_in_arabic(v: Visit) -> None:
    v.open("/ar/invitation/apply")


@among(PUBLIC)
def alerts_with_every_error(v: Visit) -> None:
    v.open("./alerts")
    v.page.wait_for_timeout(3200)
    for box in v.page.locator("main fieldset [type=checkbox]:visible").all():
        box.uncheck()
    v.send(422, email="nobody")


def preview_path(v: Visit, number: int) -> str:
    """The preview of an article for somebody outside."""
    with v.site.office():
        link = previews.issue(writing.find(number), label="Somebody", actor=on_roster(ADMINISTRATOR["en"]))
        return f"/preview/{previews.token(link)}"


@among(BEHIND_LINKS)
def preview_under_embargo(v: Visit) -> None:
    v.open(f"{preview_path(v, scheduled(v))}/{v.language}")


@among(BEHIND_LINKS)
def preview_of_what_is_out_410(v: Visit) -> None:
    number = drafted(v)
    path = preview_path(v, number)
    with v.site.office():
        writing.publish(number, seen=writing.find(number).version, actor=on_roster(ADMINISTRATOR["en"]))
    v.open(path, 410)


@among(AT_THE_DESK)
def desk_article_new_with_errors(v: Visit) -> None:
    v.open("/desk/articles/new")
    v.send(422, title="")


@among(AT_THE_DESK)
def desk_article_scheduled_with_a_preview_link(v: Visit) -> None:
    number = scheduled(v)
    preview_path(v, number)
    v.open(f"/desk/articles/{number}")


@among(AT_THE_DESK)
def desk_article_corrected(v: Visit) -> None:
    v.open(f"/desk/articles/{corrected(v)}")


@among(AT_THE_DESK)
def desk_article_correct(v: Visit) -> None:
    number = published(v)
    with v.site.office():
        texts = {code: {**text, "body": f"{text['body']}\n\n{text['body']}"} for code, text in TEXTS.items()}
        writing.save(number, seen=writing.find(number).version, texts=texts, actor=on_roster(ADMINISTRATOR["en"]))
    v.open(f"/desk/articles/{number}/correct")


@among(AT_THE_DESK)
def desk_article_withdrawn(v: Visit) -> None:
    v.open(f"/desk/articles/{withdrawn(v)}")


@among(AT_THE_DESK)
def desk_article_write_409(v: Visit) -> None:
    number = drafted(v)
    v.open(f"/desk/articles/{number}/write")
    with v.site.office():
        texts = {"en": {**TEXTS["en"], "body": "Written by somebody else."}}
        writing.save(number, seen=writing.find(number).version, texts=texts, actor=on_roster(ADMINISTRATOR["en"]))
    press_and_expect(v, "save", 409)


@among(AT_THE_DESK)
def desk_article_write_without_a_day(v: Visit) -> None:
    v.open(f"/desk/articles/{drafted(v)}/write")
    v.page.locator("[name=day]").fill("")
    press_and_expect(v, "schedule", 422)


@among(AT_THE_DESK)
def desk_article_release_with_findings(v: Visit) -> None:
    v.open(f"/desk/articles/{drafted(v, standfirst='', source='', body='It does not end')}/release")


@among(AT_THE_DESK)
def desk_article_preview(v: Visit) -> None:
    v.open(f"/desk/articles/{drafted(v)}/preview/{v.language}")


@among(AT_THE_DESK)
def desk_article_versions(v: Visit) -> None:
    number = drafted(v)
    with v.site.office():
        texts = {"en": {**TEXTS["en"], "body": "It begins at nine."}}
        writing.save(number, seen=writing.find(number).version, texts=texts, actor=on_roster(ADMINISTRATOR["en"]))
    v.open(f"/desk/articles/{number}/versions/en")


@among(AT_THE_DESK)
def desk_article_correct_with_errors(v: Visit) -> None:
    v.open(f"/desk/articles/{published(v)}/correct")
    v.send(422, sentence="")


@among(AT_THE_DESK)
def desk_article_withdraw_with_errors(v: Visit) -> None:
    v.open(f"/desk/articles/{published(v)}/withdraw")
    v.send(422)


@among(AT_THE_DESK)
def desk_picture_new_with_errors(v: Visit) -> None:
    v.open("/desk/pictures/new")
    v.send(422)


@among(AT_THE_DESK)
def desk_contact_with_errors(v: Visit) -> None:
    v.open("/desk/contacts/new")
    v.send(422)


@among(AT_THE_DESK)
def desk_event_with_errors(v: Visit) -> None:
    v.open("/desk/events/new")
    v.send(422)


@among(AT_THE_DESK)
def desk_fact_with_errors(v: Visit) -> None:
    v.open("/desk/editions/124/facts/new")
    v.send(422)


@among(AT_THE_DESK)
def desk_event_to_change(v: Visit) -> None:
    v.open(event_path(v))


@among(AT_THE_DESK)
def desk_event_changed_with_errors(v: Visit) -> None:
    v.open(event_path(v))
    v.send(422, "main form.form button", starts_day="")


def event_path(v: Visit) -> str:
    with v.site.office():
        return f"/desk/events/{db.session.scalars(select(PressEvent.id).limit(1)).one()}"


@among(AT_THE_DESK)
def desk_fact_to_change(v: Visit) -> None:
    v.open(fact_path(v))


@among(AT_THE_DESK)
def desk_fact_changed_with_errors(v: Visit) -> None:
    v.open(fact_path(v))
    v.send(422, "main form.form button", as_of="")


def fact_path(v: Visit) -> str:
    with v.site.office():
        first = select(Edition.number, Fact.id).join(Fact, Fact.edition_id == Edition.id).limit(1)
        number, fact = db.session.execute(first).one()
        return f"/desk/editions/{number}/facts/{fact}"


@among(AT_THE_DESK)
def desk_subscriber_found(v: Visit) -> None:
    with v.site.office():
        email = db.session.scalars(select(Subscriber.email).limit(1)).first()
    v.open("/desk/alerts")
    v.send(200, "main form[action$='/find'] button", email=email)


def press_and_expect(v: Visit, act: str, status: int) -> None:
    """Press one of the buttons under the texts."""
    with v.page.expect_navigation() as navigation:
        v.page.locator(f"button[name=act][value={act}]").click()
    assert navigation.value.status == status, f"{v.page.url} answers {navigation.value.status}"
