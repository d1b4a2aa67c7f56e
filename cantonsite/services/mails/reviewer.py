"""Mails to those who decide. They name the applicant and the outlet, and hold no other identity data."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ... import clock
from ...database import db
from ...models import Application, KnownBrowser, Link, StaffMember
from ...models.invitation import Status
from ...models.link import Purpose
from .. import addresses, editions, known_browsers, links
from ..outbox import Mail, Overtaken, register
from .applicant import load

MOST_IN_ONE = 100  # of each part of a gathered mail, the most urgent first; the desk has them all


def review_address(application: Application, staff: StaffMember) -> str:
    """This reviewer's own link to the application."""
    return addresses.absolute("review.show", token=links.token(links.issue(Purpose.REVIEW, application, staff)))


class ToReviewer(Mail):
    """What mails to reviewers share: they stop once somebody has decided, or the reviewer decides no more."""

    def context(self) -> dict[str, Any]:
        reviewer = db.session.get_one(StaffMember, self.row.staff_id)
        if not reviewer.decides:
            raise Overtaken("a reviewer no more" if reviewer.is_on_roster else "struck off the roster")
        return {"reviewer": reviewer, **self.subject(reviewer)}

    def subject(self, reviewer: StaffMember) -> dict[str, Any]:
        address = review_address(load(self.row.application_id), reviewer)
        application = load(self.row.application_id)
        if not application.awaits_decision:
            raise Overtaken(f"the application is {application.status.value}")
        return {"application": application, "edition": application.edition, "address": address}


@register
class ReviewApplication(ToReviewer):
    """An application awaits a decision."""

    name = "review_application"


@register
class ApplicationAnswered(ToReviewer):
    """What was asked has been answered; the application awaits a decision again."""

    name = "application_answered"


@register
class WaitingApplications(ToReviewer):
    """For somebody new on the roster: what waits, with a link for each."""

    name = "waiting_applications"

    def subject(self, reviewer: StaffMember) -> dict[str, Any]:
        held = select(Link).where(Link.staff_id == reviewer.id, Link.purpose == Purpose.REVIEW)
        whole = held.options(joinedload(Link.application).joinedload(Application.edition)).order_by(Link.id)
        waiting = [link.application for link in db.session.scalars(whole) if link.application.awaits_decision]
        if not waiting:
            raise Overtaken("nothing waits any more")
        return {"entries": [(application, review_address(application, reviewer)) for application in waiting]}


@register
class GatheredApplications(ToReviewer):
    """What has arrived since the last one and still awaits a decision, and what is older than the promise."""

    name = "gathered_applications"

    def subject(self, reviewer: StaffMember) -> dict[str, Any]:
        arrived = self.row.details["applications"]
        for application in (*_waiting(Application.id.in_(arrived)), *_late(arrived)):
            links.issue(Purpose.REVIEW, application, reviewer)
        # Read anew: to write a link ended the first reading
        new, late = _waiting(Application.id.in_(arrived)), _late(arrived)
        if not new and not late:
            raise Overtaken("nothing waits any more")
        addresses_of = [[(each, review_address(each, reviewer)) for each in some] for some in (new, late)]
        return {"entries": addresses_of[0], "late": addresses_of[1]}


def _waiting(*which: Any) -> list[Application]:
    waiting = select(Application).where(Application.status == Status.SUBMITTED, *which).limit(MOST_IN_ONE)
    by_day = waiting.order_by(Application.answer_by, Application.waiting_since, Application.id)
    return list(db.session.scalars(by_day.options(joinedload(Application.edition))))


def _late(but: list[int]) -> list[Application]:
    return _waiting(Application.answer_by < editions.today(), Application.id.not_in(but))


@register
class NoReviewer(Mail):
    """To the press office's own address: an application waits and the roster has no reviewer."""

    name = "no_reviewer"

    def context(self) -> dict[str, Any]:
        application = load(self.row.application_id)
        if application.status is not Status.SUBMITTED:
            raise Overtaken(f"the application is {application.status.value}")
        return {"application": application, "edition": application.edition, "address": addresses.absolute("desk.home")}


@register
class ReviewCode(Mail):
    """The code that a browser asked for, in which a link of this reviewer was opened for the first time."""

    name = "review_code"

    def context(self) -> dict[str, Any]:
        reviewer = db.session.get_one(StaffMember, self.row.staff_id)
        asked = db.session.get(KnownBrowser, self.row.details["browser"])
        if not reviewer.decides:
            raise Overtaken("a reviewer no more" if reviewer.is_on_roster else "struck off the roster")
        if asked is None or asked.known_at or asked.expires_at <= clock.now():
            raise Overtaken("the code has run out")
        return {"reviewer": reviewer, "code": known_browsers.code(asked), "minutes": known_browsers.LIFE_MINUTES}
