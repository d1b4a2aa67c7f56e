"""Pages of the invitation that came with crews and places, and those at which the desk decides many."""

from sqlalchemy import select

from cantonsite.database import db
from cantonsite.models import Edition, PlaceLimit
from cantonsite.models.applicant import ApplicantKind
from cantonsite.models.document import DocumentKind, Verdict
from cantonsite.models.invitation import ApplicantRole
from cantonsite.services import casework, crews, editions, invitation, places
from cantonsite.services.documents import keeping
from tests.browser.live import LONG, ROOT, on_roster
from tests.browser.pages_application import ASKED, answer
from tests.browser.visit import AT_THE_DESK, BEHIND_LINKS, PUBLIC, Visit, among, plain

OLA = {"given_name": "Ola Kristian Bartholomeus", "family_name": "Nordmann-Vestergaard", "nationality": "NO"}
ADD = "main form button.quiet[value=add]"
MANY = "form[action='/desk/applications/many'] > p button"
COUNTRIES = {"en": "FO", "zh": "GL"}  # of outlets that no other page has


def crew_page(v: Visit) -> None:
    typed = {page: {field: answer(field) for field in ASKED[page]} for page in ("you", "outlet", "work")}
    typed["work"] |= {"edition": [str(v.site.edition())], "with_crew": ["y"]}
    v.open(v.site.draft_path(v.language, typed))
    v.send(200)
    assert v.page.url.endswith("/crew")


@among(PUBLIC)
def apply_crew(v: Visit) -> None:
    crew_page(v)


@among(PUBLIC)
def apply_crew_with_a_member(v: Visit) -> None:
    crew_page(v)
    v.send(200, ADD, **OLA, role="video")


@among(PUBLIC)
def apply_crew_with_every_error(v: Visit) -> None:
    crew_page(v)
    v.send(422, ADD)


def crew(v: Visit) -> list[str]:
    """A crew of two: whoever applied, and a member."""
    member = {**OLA, "native_name": "", "role": ApplicantRole.VIDEO, "applicant_kind": ApplicantKind.SHORT_TERM}
    lead = v.applied(crew=[{**member, "needs_letter": False, "letter_city": ""}])
    with v.site.office():
        return [each.reference for each in crews.of(invitation.whole(lead))]


@among(PUBLIC)
def received_for_a_crew(v: Visit) -> None:
    v.open(v.site.receipt_path(crew(v)[0], v.language))


@among(BEHIND_LINKS)
def status_of_whoever_applied_for_a_crew(v: Visit) -> None:
    v.open_status(crew(v)[0])


@among(BEHIND_LINKS)
def status_of_a_member(v: Visit) -> None:
    v.open_status(crew(v)[1])


@among(BEHIND_LINKS)
def review_of_a_member(v: Visit) -> None:
    v.open_review(crew(v)[1])


def listed(v: Visit, grace: int = 0) -> str:
    """Approved when there was no place, for outlets of one country alone: other pages are not held up."""
    country = COUNTRIES[v.language]
    with v.site.office():
        edition = editions.get(editions.open_editions()[0].number)
        places.set_limit(edition, number=0, country=country, actor=on_roster(v.reviewer))
    reference = v.applied(outlet_country=country)
    v.site.act(reference, "approve", by=v.reviewer, grace=grace)
    return reference


@among(BEHIND_LINKS)
def status_on_the_waiting_list(v: Visit) -> None:
    v.open_status(listed(v))


@among(BEHIND_LINKS)
def decided_and_on_the_waiting_list(v: Visit) -> None:
    v.open_review(listed(v, grace=LONG))


@among(AT_THE_DESK)
def desk_application_on_the_waiting_list(v: Visit) -> None:
    v.open_application(listed(v))


@among(AT_THE_DESK)
def desk_application_of_a_crew_with_documents_and_notes(v: Visit) -> None:
    reference = crew(v)[0]
    card = (ROOT / "cantonsite" / "sample" / "pictures" / "press-pass.png").read_bytes()
    with v.site.office():
        application, reviewer = invitation.whole(reference), on_roster(v.reviewer)
        document = keeping.take_in(application, DocumentKind.PRESS_CARD, card + reference.encode(), "card of 2027.png")
        casework.judge(document.id, Verdict.REFUSED, "It has run out", actor=reviewer)
        casework.note(application, "Called the outlet.\nThe editor knows her.", actor=reviewer)
        casework.tag(application, ["agency", "wants interviews"], actor=reviewer)
    v.open_application(reference)


@among(AT_THE_DESK)
def desk_places(v: Visit) -> None:
    listed(v)
    v.open(places_path(v))


@among(AT_THE_DESK)
def desk_places_with_an_error(v: Visit) -> None:
    v.open(places_path(v))
    v.send(422, "main form.form button", places="many")


def places_path(v: Visit) -> str:
    with v.site.office():
        number = db.session.scalar(select(Edition.number).join(PlaceLimit, PlaceLimit.edition_id == Edition.id))
        return f"/desk/editions/{number or v.site.edition()}/places"


@among(AT_THE_DESK)
def desk_many(v: Visit) -> None:
    choose(v)


@among(AT_THE_DESK)
def desk_many_with_nothing_chosen(v: Visit) -> None:
    choose(v)
    v.send(422, "main form[action$='/many/decide'] button")


@among(AT_THE_DESK)
def desk_many_decided_and_one_skipped(v: Visit) -> None:
    reference = choose(v)
    v.site.act(reference, "withdraw", reason="Ill.")
    v.send(200, "main form[action$='/many/decide'] button", decision="decline", note="Rule 2.")


def choose(v: Visit) -> str:
    """Two of one outlet, ticked as a whole list; one of them."""
    name = f"Together {v.language}"
    reference, _other = (v.applied(outlet_name=name) for _ in range(2))
    v.open(f"/desk/applications?q={name.replace(' ', '+')}")
    v.page.locator("[name=scope][value=all]").check()
    v.send(200, MANY)
    return reference


plain(
    AT_THE_DESK,
    desk_applications_narrowed="/desk/applications?kind=short_term&waits=1&tag=agency",
    desk_figures="/desk/figures",
    desk_export="/desk/exports",
    desk_wordings="/desk/wordings",
    desk_blocks="/desk/blocks",
    desk_wording="/desk/wordings/rule-3/zh",
    desk_my_mail="/desk/my-mail",
)


@among(AT_THE_DESK)
def desk_export_without_a_reason(v: Visit) -> None:
    v.open("/desk/exports")
    v.send(422, "main form.form button")


@among(AT_THE_DESK)
def desk_blocks_with_an_error(v: Visit) -> None:
    v.open("/desk/blocks")
    v.send(422, "main form.form button", pattern="nobody")
