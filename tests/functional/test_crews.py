"""Crews: one person applies for several, each is decided alone, all mail goes to one, in one thread."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cantonsite import clock
from cantonsite.database import db
from cantonsite.models import Application, ApplicationDraft, OutgoingMail
from cantonsite.models.applicant import ApplicantKind, ProofKind
from cantonsite.models.document import DocumentKind
from cantonsite.models.invitation import ApplicantRole, OutletKind, Status
from cantonsite.services import crews, editions, editor, invitation, retention, review, seen_before, their_data
from cantonsite.services.documents import keeping
from tests.pdfs import pdf
from tests.people import (
    ANSWERS,
    applied,
    chen,
    deliver,
    go_on,
    later,
    link_in,
    mails,
    on_roster,
    open_edition,
    reach,
    sign_in,
)
from tests.strict import Page

MARTA, CHEN = "marta@nordisk.example", "chen@fair.example"
OLA = {"given_name": "Ola", "family_name": "Nordmann", "role": "video", "nationality": "NO"}
UMA = {"given_name": "Uma", "family_name": "Śmith", "role": "technician", "nationality": "PL"}


@pytest.fixture
def site(app):
    open_edition(app)
    on_roster(app)
    return app


def member(given: str, family: str, role: str = "video", **more) -> dict:
    """A member as the verb takes it."""
    own = {"given_name": given, "family_name": family, "native_name": "", "role": ApplicantRole(role)}
    kind = {"applicant_kind": ApplicantKind.SHORT_TERM, "nationality": "NO", "needs_letter": False, "letter_city": ""}
    return {**own, **kind, **more}


def crew_of(site, **answers) -> list[str]:
    """A crew of three; their references, whoever applied first."""
    applied(site, crew=[member("Ola", "Nordmann"), member("Uma", "Śmith", "technician")], **answers)
    with site.app_context():
        return list(db.session.scalars(select(Application.reference).order_by(Application.id)))


def crew_page(client, **answers):
    """The page of the crew, all before it filled in."""
    return reach(client, "crew", with_crew="y", **answers)


def decide(site, reference: str, verb, after: float = 0, **words) -> None:
    with site.app_context(), later(after):
        application = invitation.whole(reference)
        verb(application, seen=application.version, actor=chen(), **words)


def status_of(site, reference: str) -> Status:
    with site.app_context():
        return invitation.whole(reference).status


def count(site, model=Application) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count(model.id)))


def test_one_person_applies_for_a_crew_page_by_page(site, client):
    page = crew_page(client)
    with later(9):
        page = client.get(client.send(page, {**OLA, "go": "add"}, "/crew").location)
        assert "Ola Nordmann" in page.text
        sent = client.send(page, {**UMA, "needs_letter": "y", "letter_city": "Warsaw", "go": "on"}, "/crew")
        assert "/apply/proof" in sent.location
        done = go_on(client, client.get(sent.location))
    receipt = client.get(done.location).text
    with site.app_context():
        lead, *others = db.session.scalars(select(Application).order_by(Application.id)).all()
        assert [(each.name, each.role.value, each.lead_id) for each in others] == [
            ("Ola Nordmann", "video", lead.id),
            ("Uma Śmith", "technician", lead.id),
        ]
        for each in others:
            assert each.reference in receipt
            assert (each.email, each.phases, each.outlet_name) == (lead.email, lead.phases, lead.outlet_name)
            assert (each.proof_links, each.phone, each.press_list) == (lead.proof_links, "", False)
        assert [(each.needs_letter, each.letter_city) for each in others] == [(False, ""), (True, "Warsaw")]
    assert count(site, ApplicationDraft) == 0


def test_the_check_page_shows_the_crew_with_a_way_to_change_each(site, client):
    page = crew_page(client)
    with later(9):
        sent = client.send(page, {**OLA, "go": "on"}, "/crew")
        check = None
        page = client.get(sent.location)
        while check is None:
            answers = {"proof_links": "https://nordisk.example/one", "proof_kind": "links", "nationality": "SE"}
            names = Page(page.text).form("/apply").names
            sent = client.send(page, {name: value for name, value in answers.items() if name in names}, "/apply")
            page = client.get(sent.location)
            check = page if page.request.path.endswith("/check") else None
        assert "Ola Nordmann" in check.text
        changing = client.get("/en/invitation/apply/crew?member=1")
        assert 'value="Ola"' in changing.text
        back = client.send(changing, {"given_name": "Olav", "go": "on"}, "/crew")
        assert back.location.endswith("/check"), "a change leads back to the check"
        again = client.get(back.location).text
        saved = client.send(client.get("/en/invitation/apply/crew?member=1"), {"role": "editor", "go": "add"}, "/crew")
        assert saved.location.endswith("/check"), "whichever button saves it"
    assert "Olav Nordmann" in again
    assert "Ola Nordmann" not in again


def test_the_crew_page_comes_only_for_those_who_say_so(site, client):
    reach(client, "proof")
    with later(9):
        assert client.get("/en/invitation/apply/crew").status_code == 303
    assert site.test_client().get("/en/invitation/apply/crew").location.endswith("/apply")


WRONG = [
    ({"go": "on"}, "Add a member of your crew"),
    ({**OLA, "given_name": "", "go": "add"}, "Enter the given name"),
    ({**OLA, "nationality": "", "go": "on"}, "Select the nationality or region"),
    ({**OLA, "role": "", "go": "on"}, "Select what they do"),
    ({**OLA, "needs_letter": "y", "letter_city": "", "go": "on"}, "Enter the city in which they apply"),
    ({**OLA, "given_name": "Lindqvist", "family_name": "MARTA Elisabet", "go": "add"}, "in your crew already"),
    ({**OLA, "given_name": "x" * 101, "go": "add"}, "100 characters or fewer"),
]


@pytest.mark.parametrize(("answers", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_is_wrong_with_a_member_is_said_and_kept(site, client, answers, words):
    page = crew_page(client)
    with later(9):
        sent = client.send(page, answers, "/crew")
        assert sent.status_code == 422
        assert words in sent.text
        assert "<title>Error: " in sent.text
        kept = client.get("/en/invitation/apply/crew").text
    assert f'value="{answers.get("family_name", "")}"' in kept


def test_the_same_member_sent_twice_is_one_and_a_namesake_is_refused(site, client):
    page = crew_page(client)
    with later(9):
        for _ in range(2):
            assert client.send(page, {**OLA, "go": "add"}, "/crew").status_code == 303
        other = client.send(page, {**OLA, "given_name": "NORDMANN", "family_name": "Olá", "go": "add"}, "/crew")
        assert other.status_code == 422
    with site.app_context():
        (draft,) = db.session.scalars(select(ApplicationDraft)).all()
        assert len(draft.crew) == 1


def test_a_member_is_taken_out_and_the_rest_stay(site, client):
    page = crew_page(client)
    with later(9):
        for each in (OLA, UMA):
            page = client.get(client.send(page, {**each, "go": "add"}, "/crew").location)
        page = client.get(client.send(page, remove_first(page), "/crew").location)
        assert "Ola" not in page.text
        assert "Uma" in page.text
        assert client.send(page, {"go": "remove-7"}, "/crew").status_code == 303


def test_a_crew_has_fifteen_members_at_most(site, client):
    page = crew_page(client)
    with later(9):
        for number in range(ApplicationDraft.MOST_MEMBERS):
            assert client.send(page, {**OLA, "given_name": f"Ola {number}", "go": "add"}, "/crew").status_code == 303
        full = client.send(page, {**UMA, "go": "add"}, "/crew")
    assert full.status_code == 422
    assert "15 members at most" in full.text


def test_nobody_is_asked_what_their_kind_does_not_need(site, client):
    page = crew_page(client)
    with later(9):
        assert {"nationality", "needs_letter", "letter_city"} <= set(Page(page.text).form("/crew").names)
        sent = client.send(page, {**OLA, "applicant_kind": "chinese_staff", "given_name": "婉清", "go": "add"}, "/crew")
        assert sent.status_code == 303
        changing = client.get("/en/invitation/apply/crew?member=1")
        assert "nationality" not in Page(changing.text).form("/crew").names


def test_what_is_half_written_waits_when_somebody_goes_back_or_comes_later(site, client):
    page = crew_page(client)
    with later(9):
        assert client.send(page, {"given_name": "Ola", "go": "back"}, "/crew").location.endswith("/work")
        assert 'value="Ola"' in client.get("/en/invitation/apply/crew").text
        sent = client.send(page, {**OLA, "go": "later"}, "/crew")
        assert sent.location.endswith("/saved")


def test_a_crew_from_a_forged_form_is_not_kept(site, client):
    page = crew_page(client)
    with later(9):
        data = {**Page(page.text).form("/crew").values, **OLA, "csrf_token": "forged", "go": "add"}
        assert client.post("/en/invitation/apply/crew", data=data).status_code == 422
    with site.app_context():
        assert db.session.scalars(select(ApplicationDraft)).one().crew == []


def test_reviewers_get_one_mail_for_a_crew_with_a_link_for_each(site, client):
    references = crew_of(site)
    deliver(site)
    (mail,) = mails(site, CHEN)
    for reference in references:
        assert reference in mail.text
    assert mail.text.count("/review/") == 3
    (receipt,) = mails(site, MARTA)
    assert receipt.text.count("/status/") == 3


def test_each_is_decided_alone_and_all_mail_comes_in_one_thread(site, client):
    lead, ola, uma = crew_of(site)
    deliver(site)
    decide(site, ola, review.approve)
    decide(site, uma, review.decline, note="A technician needs no invitation of ours.")
    deliver(site, after=200)
    assert [status_of(site, each) for each in (lead, ola, uma)] == [
        Status.SUBMITTED,
        Status.APPROVED,
        Status.DECLINED,
    ]
    refusal, invited, receipt = mails(site, MARTA)
    assert "This is about Ola Nordmann, a member of your crew." in invited.text
    assert "Uma Śmith" in refusal.html
    assert "a member of your crew" not in receipt.text
    first = dict(receipt.headers)["Message-ID"]
    assert {dict(each.headers).get("References") for each in (refusal, invited)} == {first}


def test_an_applicant_sees_the_others_and_a_member_has_a_page_of_its_own(site, client):
    lead, ola, _uma = crew_of(site)
    deliver(site)
    links = [line for line in mails(site, MARTA)[0].text.splitlines() if "/status/" in line]
    own, of_ola = ("/" + link.split("/", 3)[3] for link in links[:2])
    page = client.get(own).text
    assert "The others of your crew" in page
    assert of_ola in page
    theirs = client.get(of_ola).text
    assert "This page is about" in theirs
    assert ola in theirs
    assert lead in theirs
    assert client.fill_in(of_ola, {"reference": ola[-7:].replace("-", "")}, "/withdraw").status_code in (303, 422)


def test_a_new_link_comes_for_each_of_the_crew(site, client):
    references = crew_of(site)
    with site.app_context():
        invitation.send_status_link(MARTA, "en")
    deliver(site)
    text = mails(site, MARTA, "Your link")[0].text
    assert all(reference in text for reference in references)


def test_the_same_form_sent_again_stores_no_crew_twice(site):
    with site.app_context():
        given = {**_answers(), "crew": [member("Ola", "Nordmann")], "form_number": "one-and-the-same"}
        first, second = (invitation.submit(**given) for _ in range(2))
        assert (first.form_number, second.form_number) == ("one-and-the-same",) * 2
        assert not second.changed
        other = invitation.submit(**{**given, "form_number": "another"})
        assert other.form_number is None
        assert db.session.scalar(select(func.count(Application.id))) == 2
        mails_of = db.session.scalars(select(OutgoingMail.kind)).all()
    assert sorted(mails_of) == ["already_applied", "application_received", *["review_application"] * 2]


def _answers() -> dict:
    """As the verb takes them."""
    own = {"language": "en", "edition": 141, "phases": [1], "given_name": "Marta", "family_name": "Lindqvist"}
    names = ("email", "phone", "nationality", "outlet_name", "outlet_country", "outlet_website", "topics")
    kinds = {"role": ApplicantRole.REPORTER, "outlet_kind": OutletKind.TELEVISION, "proof_kind": ProofKind.LINKS}
    rest = {"proof_links": ["https://nordisk.example"], "needs_letter": False}
    return {**own, **{name: ANSWERS[name] for name in names}, **kinds, **rest}


def test_the_editors_word_counts_for_the_whole_crew(site):
    lead, ola, uma = crew_of(site, proof_kind="editor", editor_name="Erik", editor_email="erik@nordisk.example")
    deliver(site)
    assert len(mails(site, "erik@nordisk.example")) == 1
    decide(site, uma, review.decline, note="No.")
    with site.app_context():
        editor.answer(invitation.whole(lead), says=True)
        assert [invitation.whole(each).editor_says for each in (lead, ola, uma)] == [True, True, None]


def test_the_editor_reads_for_whom_the_word_counts_and_gives_it_for_those_who_still_wait(site, client):
    lead, ola, uma = crew_of(site, proof_kind="editor", editor_name="Erik", editor_email="erik@nordisk.example")
    decide(site, lead, review.decline, note="No.")
    deliver(site)
    page = client.get(link_in(mails(site, "erik@nordisk.example")[0], "/editor/"))
    assert "Ola Nordmann" in page.text
    assert "Uma Śmith" in page.text
    assert client.send(page, {"answer": "yes"}, "/editor/").status_code == 303
    assert client.send(page, {"answer": "no"}, "/editor/").status_code == 409
    with site.app_context():
        assert [invitation.whole(each).editor_says for each in (ola, uma)] == [True, True]
        assert invitation.whole(lead).status is Status.DECLINED


def test_reviewers_see_the_crew_and_its_proof_and_no_sighting_of_it(site, client):
    lead, ola, _uma = crew_of(site)
    with site.app_context():
        keeping.take_in(invitation.whole(lead), DocumentKind.ASSIGNMENT_LETTER, pdf(), "letter.pdf")
        assert seen_before.of(invitation.whole(ola)) == []
        assert seen_before.of(invitation.whole(lead)) == []
        assert [each.name for each in crews.documents(invitation.whole(ola))] == ["letter.pdf"]
    sign_in(site, client, CHEN)
    page = client.get(f"/desk/applications/{ola}").text
    assert "One person applied for all of them" in page
    assert "letter.pdf" in page
    assert f"/desk/applications/{lead}" in page
    deliver(site)
    gathered = mails(site, CHEN, "await a decision")[0]
    link = next(line for line in gathered.text.splitlines() if "/review/" in line)
    assert "This person applied for all of them" in client.get("/" + link.split("/", 3)[3]).text


def test_erasing_a_member_leaves_the_others_and_what_is_being_written(site, client):
    lead, ola, uma = crew_of(site)
    reach(client, "outlet", email=MARTA)
    with site.app_context():
        application = invitation.whole(ola)
        their_data.erase(application, seen=application.version)
    assert count(site) == 2
    assert count(site, ApplicationDraft) == 1
    assert {status_of(site, each) for each in (lead, uma)} == {Status.SUBMITTED}


def test_erasing_whoever_applied_erases_the_crew_and_says_so_before(site, client):
    lead, ola, _uma = crew_of(site)
    decide(site, ola, review.approve)
    deliver(site, after=200)
    with later(200):
        page = client.get(_own_page(site) + "/data").text
    assert "are erased with you" in page
    with site.app_context():
        application = invitation.whole(lead)
        their_data.erase(application, seen=application.version)
    assert count(site) == 0
    deliver(site, after=210)
    (told,) = mails(site, "press@fair.example")
    assert ola in told.text


def _own_page(site) -> str:
    receipt = mails(site, MARTA, "we have your application")[0]
    return "/" + next(line for line in receipt.text.splitlines() if "/status/" in line).split("/", 3)[3]


def test_whoever_applied_stays_reachable_as_long_as_one_of_the_crew_is_kept(site):
    lead, ola, uma = crew_of(site)
    with site.app_context():
        keeping.take_in(invitation.whole(lead), DocumentKind.ASSIGNMENT_LETTER, pdf(), "letter.pdf")
        application = invitation.whole(lead)
        invitation.withdraw(application, seen=application.version)
    with site.app_context(), time_machine.travel(clock.now() + timedelta(days=40)):
        retention.purge()
        assert len(crews.documents(invitation.whole(ola))) == 1, "the proof is needed until all are decided"
    for reference in (ola, uma):
        decide(site, reference, review.approve)
    with site.app_context(), time_machine.travel(clock.now() + timedelta(days=41)):
        retention.purge()
        assert invitation.whole(lead) is not None
        assert crews.documents(invitation.whole(ola)) == []
    with site.app_context():
        after = editions.get(141).ends_on - editions.today() + timedelta(days=182)
        with time_machine.travel(clock.now() + after):
            retention.purge()
            retention.purge()
        assert db.session.scalar(select(func.count(Application.id))) == 0


def test_who_withdrew_may_apply_for_a_crew_anew(site):
    references = crew_of(site)
    for reference in references:
        with site.app_context():
            application = invitation.whole(reference)
            invitation.withdraw(application, seen=application.version)
    assert len(crew_of(site)) == 6


def test_a_returning_journalist_finds_the_crew_of_last_time(site, client):
    crew_of(site)
    open_edition(site, 142)
    deliver(site)
    with site.app_context():
        invitation.send_returning_link(MARTA, "en")
    deliver(site)
    link = link_in(
        mails(site, MARTA, "again")[0] if mails(site, MARTA, "again") else mails(site, MARTA)[0], "/returning/"
    )
    assert client.fill_in(link, {}, "/returning/").status_code == 303
    with site.app_context():
        draft = db.session.scalars(select(ApplicationDraft)).one()
        assert [each["given_name"] for each in draft.crew] == [["Ola"], ["Uma"]]
        assert draft.typed["work"]["with_crew"] == ["y"]
        assert draft.done == []


def test_what_a_member_takes_along_names_the_others_by_reference_only(site):
    lead, ola, uma = crew_of(site)
    with site.app_context():
        data = their_data.as_data(their_data.held(invitation.whole(ola)))
    assert data["crew"] == [lead, uma]
    assert "Marta" not in str(data["answers"])


def crew_in_draft(site) -> list[str]:
    with site.app_context():
        draft = db.session.scalars(select(ApplicationDraft)).one()
        return [each["given_name"][0] for each in draft.crew]


def with_members(client, page, *members):
    """The page of the crew with these in it."""
    for each in members:
        page = client.get(client.send(page, {**each, "go": "add"}, "/crew").location)
    return page


def remove_first(page) -> dict[str, str]:
    buttons = Page(page.text).form("/crew").buttons
    return {"go": next(each["value"] for each in buttons if each["value"].startswith("remove"))}


def test_a_button_pressed_twice_takes_one_member_out(site, client):
    page = crew_page(client)
    with later(9):
        page = with_members(client, page, OLA, UMA)
        for _ in range(2):
            assert client.send(page, remove_first(page), "/crew").status_code == 303
    assert crew_in_draft(site) == ["Uma"]


def test_a_change_of_a_member_replaces_no_other_when_the_crew_has_moved(site, client):
    page = crew_page(client)
    with later(9):
        page = with_members(client, page, OLA, UMA, {**UMA, "given_name": "Eva"})
        changing = client.get("/en/invitation/apply/crew?member=2")
        client.send(page, remove_first(page), "/crew")
        client.send(changing, {"role": "reporter", "go": "add"}, "/crew")
    assert crew_in_draft(site) == ["Uma", "Eva"]


def test_a_member_cannot_be_changed_into_another_of_the_crew(site, client):
    page = crew_page(client)
    with later(9):
        with_members(client, page, OLA, UMA)
        changing = client.get("/en/invitation/apply/crew?member=2")
        same = client.send(changing, {**OLA, "go": "add"}, "/crew")
        assert same.status_code == 422
        assert "in your crew already" in same.text
    assert crew_in_draft(site) == ["Ola", "Uma"]


def test_a_member_without_any_name_is_refused(site, client):
    page = crew_page(client)
    with later(9):
        nameless = client.send(page, {**OLA, "given_name": "-", "family_name": "–", "go": "add"}, "/crew")
        assert nameless.status_code == 422
        assert "Enter the family name" in nameless.text


def test_whoever_withdrew_alone_may_apply_anew_without_those_who_still_stand(site, client):
    lead, _ola, uma = crew_of(site)
    for reference in (lead, uma):
        with site.app_context():
            application = invitation.whole(reference)
            invitation.withdraw(application, seen=application.version)
    again = crew_of(site)
    assert len(again) == 5, "Ola stands as before, the others are new"
    with site.app_context():
        names = select(Application.given_name).where(Application.status != Status.WITHDRAWN)
        assert sorted(db.session.scalars(names)) == ["Marta Elisabet", "Ola", "Uma"]
