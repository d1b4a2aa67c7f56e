"""The pages behind the links in alerts, the desk in the midst of a send, and pages in Arabic."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from cantonsite import clock
from cantonsite.database import db, transaction
from cantonsite.models import Bulletin, OutgoingMail, Subscriber
from cantonsite.models.alerts import BulletinKind
from cantonsite.services import outbox, subscriptions, writing
from cantonsite.services.mails.alerts import ArticleAlert
from tests.browser.pages_newsroom import drafted
from tests.browser.visit import AT_THE_DESK, BEHIND_LINKS, PUBLIC, Visit, among, plain

plain(
    PUBLIC,
    search_in_arabic="/ar/search?q=Canton",
    search_that_finds_nothing_in_arabic="/ar/search?q=zyzzyva",
    press_centre_in_arabic="/ar/press-centre",
    news_in_arabic="/ar/news",
    alerts_in_arabic="/ar/alerts",
    no_such_page_in_arabic="404 /ar/nothing-here",
)


def open_own(v: Visit, page: str) -> None:
    """A page of somebody who asked for alerts, and confirmed unless it is the page on which they do."""
    path = v.site.alerts_path(page, f"reader-{secrets.token_hex(4)}@nordisk.example")
    v.open(path.replace("/en/", f"/{v.language}/"))


@among(BEHIND_LINKS)
def alerts_confirm(v: Visit) -> None:
    open_own(v, "confirm")


@among(BEHIND_LINKS)
def alerts_confirm_without_an_answer(v: Visit) -> None:
    open_own(v, "confirm")
    v.send(422)


@among(BEHIND_LINKS)
def alerts_manage(v: Visit) -> None:
    open_own(v, "manage")


@among(BEHIND_LINKS)
def alerts_manage_without_an_answer(v: Visit) -> None:
    open_own(v, "leave")
    v.send(422)


@among(BEHIND_LINKS)
def alerts_choices(v: Visit) -> None:
    open_own(v, "choices")


@among(BEHIND_LINKS)
def alerts_choices_with_an_error(v: Visit) -> None:
    open_own(v, "choices")
    for box in v.page.locator("main [name=sections]").all():
        box.uncheck()
    v.send(422)


@among(BEHIND_LINKS)
def alerts_choices_in_arabic(v: Visit) -> None:
    path = v.site.alerts_path("choices", f"reader-{secrets.token_hex(4)}@nordisk.example")
    v.open(path.replace("/en/", "/ar/"))


@among(BEHIND_LINKS)
def alerts_of_somebody_who_left_410(v: Visit) -> None:
    email = f"reader-{secrets.token_hex(4)}@nordisk.example"
    path = v.site.alerts_path("manage", email)
    with v.site.office():
        subscriptions.leave(subscriptions.by_address(email))
    v.open(path.replace("/en/", f"/{v.language}/"), 410)


@among(AT_THE_DESK)
def desk_alerts_in_the_midst_of_a_send(v: Visit) -> None:
    number = drafted(v)
    with v.site.office(), transaction() as session:
        about = {"kind": BulletinKind.ARTICLE, "article_id": writing.find(number).id, "language": v.language}
        reader, now = session.scalars(select(Subscriber).order_by(Subscriber.id).limit(1)).one(), clock.now()
        send = Bulletin(**about, started_at=now, all_written_at=now, written=1)
        session.add(send)
        session.flush()
        outbox.enqueue_for_many(ArticleAlert, bulletin_id=send.id, subscribers=[reader])
        tomorrow = update(OutgoingMail).where(OutgoingMail.bulletin_id == send.id)
        session.execute(tomorrow.values(due_at=now + timedelta(days=1)))
    v.open("/desk/alerts")
    assert v.page.locator("main progress").count()
    assert v.page.locator(f"form[action='/desk/alerts/{newest_send(v)}/stop']").count()


def newest_send(v: Visit) -> int:
    with v.site.office():
        return db.session.scalars(select(Bulletin.id).order_by(Bulletin.id.desc()).limit(1)).one()
