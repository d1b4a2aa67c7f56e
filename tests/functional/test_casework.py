"""What colleagues keep beside a file, documents opened in writing, and whom they have met before."""

import pytest
from sqlalchemy import select

from cantonsite.database import db
from cantonsite.models import AuditEvent, Document, StaffMember
from cantonsite.models.document import DocumentKind, Verdict
from cantonsite.models.reasons import Reason
from cantonsite.models.staff import Role
from cantonsite.services import blocks, casework, review, seen_before, staff
from cantonsite.services.documents import keeping
from tests.pdfs import pdf
from tests.people import applied, chen, deliver, newest, on_roster, open_edition, past_edition, review_link, sign_in


@pytest.fixture
def site(app):
    past_edition(app)
    open_edition(app)
    on_roster(app)
    applied(app)
    deliver(app)
    return app


@pytest.fixture
def desk(site, client):
    sign_in(site, client, "chen@fair.example")
    return client


def file_of(site) -> str:
    with site.app_context():
        return f"/desk/applications/{newest().reference}"


def card(site, name: str = "card.pdf") -> int:
    with site.app_context():
        return keeping.take_in(newest(), DocumentKind.PRESS_CARD, pdf(), name).id


def kinds(site) -> list[str]:
    with site.app_context():
        return list(db.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))


def test_a_note_is_read_by_colleagues_and_never_by_the_applicant(site, desk):
    path = file_of(site)
    assert desk.fill_in(path, {"text": "Met in 2018. <b>Good</b>"}, "/note").location.endswith("#notes")
    page = desk.get(path).text
    assert "Met in 2018. &lt;b&gt;Good&lt;/b&gt;" in page
    from tests.people import status_link

    assert "Met in 2018" not in site.test_client().get(status_link(site)).text
    assert "Met in 2018" not in site.test_client().get(f"{status_link(site)}/data").text


def test_an_empty_note_is_refused_beside_its_field(site, desk):
    refused = desk.fill_in(file_of(site), {"text": " \u200b "}, "/note")
    assert (refused.status_code, "Enter a note" in refused.text) == (422, True)


def test_tags_are_kept_once_in_small_letters_and_filter_the_list(site, desk):
    applied(site, email="other@nordisk.example")
    path = file_of(site)
    desk.fill_in(path, {"tags": " TV, tv ,ask the   embassy, 电视台，, "}, "/marks")
    with site.app_context():
        assert newest().tags == ["ask the embassy", "tv", "电视台"]
    for tag, found in (("tv", 1), ("电视台", 1), ("t", 0), ("%", 0), ("TV", 1)):
        page = desk.get("/desk/applications", query_string={"tag": tag}).text
        assert page.count('name="chosen"') == found, tag


def test_a_file_is_given_to_a_colleague_and_found_by_it(site, desk):
    on_roster(site, "li@fair.example", name="Li Na")
    with site.app_context():
        li = db.session.scalars(select(StaffMember.id).filter_by(email="li@fair.example")).one()
    desk.fill_in(file_of(site), {"assigned": str(li)}, "/marks")
    assert "given to <bdi>Li Na</bdi>" in desk.get("/desk/applications").text
    assert desk.get(f"/desk/applications?assigned={li}").text.count('name="chosen"') == 1
    assert desk.get("/desk/applications?assigned=0").text.count('name="chosen"') == 0


def test_a_file_cannot_be_given_to_somebody_who_is_no_colleague(site, desk):
    with site.app_context(), pytest.raises(casework.NotOnRoster):
        casework.assign(newest(), 999, actor=chen())
    desk.fill_in(file_of(site), {"assigned": "999"}, "/marks")
    with site.app_context():
        assert newest().assigned_to_id is None


def test_notes_and_tags_do_not_disturb_an_open_decision(site, desk):
    path = file_of(site)
    page = desk.get(path)
    desk.fill_in(path, {"text": "Looks good."}, "/note")
    desk.fill_in(path, {"tags": "tv"}, "/marks")
    answer = desk.send(page, {"credentials_checked": "y", "decision": "approve"}, "/decide")
    assert answer.status_code == 303, "the version is still the one that was seen"


def test_opening_a_document_is_written_down_and_the_browser_may_run_nothing(site, desk):
    document = card(site)
    page = desk.get(file_of(site)).text
    assert f"/desk/documents/{document}" in page
    opened = desk.get(f"/desk/documents/{document}")
    assert opened.data.startswith(b"%PDF-")
    assert opened.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "card.pdf" in opened.headers["Content-Disposition"]
    assert opened.headers["Cache-Control"] == "no-store"
    assert kinds(site)[-1] == "document_opened"


def test_documents_open_to_reviewers_only(site, desk):
    document = card(site)
    on_roster(site, "editor@fair.example", role=Role.EDITOR)
    editor = site.test_client()
    sign_in(site, editor, "editor@fair.example")
    assert editor.get(f"/desk/documents/{document}").status_code == 403
    assert site.test_client().get(f"/desk/documents/{document}").status_code == 303
    assert desk.get("/desk/documents/999").status_code == 404


def test_the_page_behind_the_mailed_link_names_documents_and_opens_none(site, client):
    document = card(site)
    page = client.get(review_link(site)).text
    assert "card.pdf" in page
    assert client.get(f"/desk/documents/{document}").status_code == 303, "to the sign-in"


def test_a_document_is_refused_only_with_a_reason(site, desk):
    document = card(site)
    path = file_of(site)
    refused = desk.fill_in(path, {f"{document}-verdict": "refused"}, f"/{document}/verdict")
    assert (refused.status_code, "Enter what is wrong with the document" in refused.text) == (422, True)
    done = desk.fill_in(
        path, {f"{document}-verdict": "refused", f"{document}-reason": "It ran out."}, f"/{document}/verdict"
    )
    assert done.status_code == 303
    with site.app_context():
        found = db.session.get(Document, document)
        assert (found.verdict, found.verdict_reason) == (Verdict.REFUSED, "It ran out.")
    assert kinds(site)[-1] == "document_judged"


def test_who_was_met_before_is_found_whatever_the_order_case_and_marks_of_the_name(site):
    applied(site, email="x@y.example", given_name="LINDQVIST", family_name="Marta Elísabet", outlet_name="Other")
    with site.app_context():
        found = seen_before.of(newest())
        assert [(each.same, each.is_same_person) for each in found] == [(("name_key", "phone_key"), True)]


def test_the_same_document_is_known_again_under_another_name(site):
    card(site)
    applied(site, email="x@y.example", given_name="Jo", family_name="Doe", phone="", outlet_name="Other")
    card(site, "mine.pdf")
    with site.app_context():
        found = seen_before.of(newest())
        assert [(each.same, each.is_same_person) for each in found] == [(("document",), False)]


def test_a_refusal_of_before_is_shown_with_its_rules(site, desk):
    with site.app_context():
        application = newest()
        review.decline(application, seen=application.version, actor=chen(), reasons=[Reason.RULE_3], note="No proof.")
    applied(site, email="second@nordisk.example")
    page = desk.get(file_of(site)).text
    others = page[page.index('id="earlier"') :]
    assert "the same person" in others
    assert "Rule 3" in others
    assert "No proof." in others


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Spam@Mills.Example ", "spam@mills.example"),
        ("@mills.example", "mills.example"),
        ("https://www.mills.example/", "mills.example"),
        ("新闻.example", "新闻.example"),
    ],
)
def test_an_entry_of_the_block_list_is_kept_in_one_form(typed, kept):
    assert blocks.pattern(typed) == kept


@pytest.mark.parametrize("typed", ["", "mills", "@", "a@", "a@b@c.example", "mills.example/path", "*.example", "a b"])
def test_what_is_neither_an_address_nor_a_domain_is_not_kept(typed):
    with pytest.raises(blocks.NotAPattern):
        blocks.pattern(typed)


@pytest.mark.parametrize("pattern", ["marta@nordisk.example", "nordisk.example"])
def test_an_application_on_the_block_list_is_marked_with_the_reason(site, desk, pattern):
    assert "On the block list" not in desk.get(file_of(site)).text
    with site.app_context():
        blocks.add(pattern, "Sells the invitations.", actor=chen())
    assert "Sells the invitations." in desk.get(file_of(site)).text
    assert "Sells the invitations." in site.test_client().get(review_link(site)).text


def test_a_domain_above_matches_and_a_longer_name_does_not(site):
    applied(site, email="jo@news.outlet.example", outlet_website="www.other.example")
    with site.app_context():
        for pattern in ("outlet.example", "let.example", "deep.news.outlet.example", "other.example"):
            blocks.add(pattern, "x", actor=chen())
        assert [each.pattern for each in blocks.matching(newest())] == ["other.example", "outlet.example"]


@pytest.mark.parametrize(
    ("pattern", "email"),
    [
        ("jo@outlet.example", "jo+fair@outlet.example"),
        ("jo@新闻.example", "jo@xn--efvy88h.example"),
        ("新闻.example", "jo@mail.xn--efvy88h.example"),
        ("xn--efvy88h.example", "jo@xn--efvy88h.example"),
    ],
)
def test_an_address_with_a_tag_and_a_domain_in_its_other_spelling_are_on_the_block_list_too(site, pattern, email):
    applied(site, email=email, outlet_website="other.example")
    with site.app_context():
        blocks.add(pattern, "x", actor=chen())
        assert [each.pattern for each in blocks.matching(newest())] == [pattern]


def test_whoever_is_taken_off_the_block_list_is_named_nowhere_any_more(site):
    with site.app_context():
        blocks.add("zqname@outlet.example", "Zqname sells invitations.", actor=chen())
        blocks.remove(blocks.every()[0].id, actor=chen())
        lines = db.session.scalars(select(AuditEvent).where(AuditEvent.kind.in_(["blocked", "unblocked"]))).all()
    assert [line.details for line in lines] == [{"domain": "outlet.example"}] * 2
    assert not any(line.note for line in lines)


def test_colleagues_of_a_large_outlet_crowd_out_neither_the_person_nor_a_refusal(site):
    with site.app_context():
        first = newest().reference
    applied(site, email="refused@nordisk.example", given_name="Some", family_name="Body", phone="")
    with site.app_context():
        refused = newest().reference
        review.decline(newest(), seen=1, actor=chen(), reasons=[Reason.RULE_3])
    for number in range(seen_before.MOST):
        applied(site, email=f"{number}@nordisk.example", given_name=f"Colleague{number}", phone="")
    applied(site, email="again@nordisk.example")
    with site.app_context():
        found = seen_before.of(newest())
        assert found[0].application.reference == first
        assert refused in [each.application.reference for each in found if each.refused_by]


def test_what_was_given_to_a_colleague_who_left_is_nobodys_again(site, desk):
    on_roster(site, "li@fair.example", name="Li Na")
    with site.app_context():
        li = db.session.scalars(select(StaffMember).filter_by(email="li@fair.example")).one()
        casework.assign(newest(), li.id, actor=chen())
        staff.strike_off(li, actor=chen())
    assert desk.get("/desk/applications?assigned=0").text.count('name="chosen"') == 1


def test_tags_alone_write_no_line_about_a_colleague(site, desk):
    desk.fill_in(file_of(site), {"tags": "tv"}, "/marks")
    assert kinds(site)[-1] == "tagged"


def test_a_verdict_on_a_document_leads_back_to_the_file_with_its_filter(site, desk):
    document = card(site)
    done = desk.fill_in(f"{file_of(site)}?country=SE", {f"{document}-verdict": "accepted"}, f"/{document}/verdict")
    assert "country=SE" in done.location
