"""Every page and error state of the site, each brought about and opened as a person would see it."""

from tests.browser import (  # noqa: F401  their pages join the same catalogue
    pages_alerts,
    pages_application,
    pages_desk,
    pages_newsroom,
)
from tests.browser.live import LONG
from tests.browser.person import GO_ON, MARTA, TO_THE_DESK, asked_here, follow, follow_link, newest_mail, read_mail
from tests.browser.visit import AT_THE_DESK, BEHIND_LINKS, DECISION, PUBLIC, Visit, among, plain

plain(
    PUBLIC,
    front="./",
    all_news="./news",
    all_news_page_2="./news?page=2",
    section="./news/canton-fair-news",
    article="./news/48201",
    article_with_much_in_it="./news/48401",
    press_centre="./press-centre",
    search_not_asked="./search",
    search_found="./search?q=Canton",
    search_found_chinese="./search?q=广交会&in=title&sort=newest",
    search_found_nothing="./search?q=zyzzyva&in=title",
    privacy="./privacy",
    accessibility="./accessibility",
    invitation="./invitation",
    apply="./invitation/apply",
    received_without_reference="./invitation/received",
    find="./invitation/status",
    link_sent="./invitation/status/sent",
    erased="./invitation/erased",
    no_such_page="404 ./nothing-here",
    no_such_article="404 ./news/99999",
    no_such_page_outside_a_language="404 /nothing-here",
    mailbox="/mailbox",
    desk_sign_in="/desk/sign-in",
    desk_sent="/desk/sign-in/sent",
)


@among(PUBLIC)
def article_in_the_other_language_only(v: Visit) -> None:
    v.open({"en": "/en/news/48227", "zh": "/zh/news/48218"}[v.language], 404)


@among(PUBLIC)
def larger_text(v: Visit) -> None:
    v.open("./")
    follow(v.page.locator("button[value=larger]"))
    v.open("./news/48201")


@among(PUBLIC)
def apply_with_every_error(v: Visit) -> None:
    v.open("./invitation/apply")
    v.send(422, GO_ON, email="marta@nordisk", phone="12")


@among(PUBLIC)
def apply_with_nothing_but_haste(v: Visit) -> None:
    v.open("./invitation/apply")
    v.send(422, GO_ON, **asked_here(v.page, MARTA))


@among(PUBLIC)
def received(v: Visit) -> None:
    v.open(v.site.receipt_path(v.applied(), v.language))


@among(PUBLIC)
def find_without_an_address(v: Visit) -> None:
    v.open("./invitation/status")
    v.send(422)


@among(PUBLIC)
def desk_sign_in_with_an_error(v: Visit) -> None:
    v.open("/desk/sign-in")
    v.send(422, email="nobody")


@among(PUBLIC)
def desk_sent_with_a_wrong_code(v: Visit) -> None:
    v.open("/desk/sign-in")
    v.send(200, email="somebody@press.example")
    v.send(422, code="ABC123")


@among(PUBLIC)
def desk_code_in_another_browser(v: Visit) -> None:
    v.open(v.site.sign_in_path(v.reviewer))


@among(PUBLIC)
def desk_confirm_in_the_browser_that_asked(v: Visit) -> None:
    before = newest_mail(v.page, v.reviewer, TO_THE_DESK)
    v.open("/desk/sign-in")
    v.send(200, email=v.reviewer)
    read_mail(v.page, v.reviewer, TO_THE_DESK, other_than=before)
    follow_link(v.page, "/desk/sign-in/")


@among(PUBLIC)
def mail_as_text(v: Visit) -> None:
    read_mail(v.page, v.reviewer, v.applied())


@among(PUBLIC)
def mail_as_html(v: Visit) -> None:
    v.open(read_mail(v.page, v.reviewer, v.applied()) + "/html")


@among(PUBLIC)
def not_that_way_405(v: Visit) -> None:
    v.open("/text-size", 405)


@among(BEHIND_LINKS)
def status_waiting(v: Visit) -> None:
    v.open_status(v.applied())


@among(BEHIND_LINKS)
def status_asked(v: Visit) -> None:
    v.open_status(v.asked())


@among(BEHIND_LINKS)
def status_asked_answer_missing(v: Visit) -> None:
    v.open_status(v.asked())
    v.send(422, "#asked ~ form button", proof_links="no address")


@among(BEHIND_LINKS)
def status_approved(v: Visit) -> None:
    v.open_status(v.approved())


@among(BEHIND_LINKS)
def status_declined(v: Visit) -> None:
    v.open_status(v.declined())


@among(BEHIND_LINKS)
def status_revoked(v: Visit) -> None:
    reference = v.approved()
    v.site.act(reference, "revoke", note="The outlet has told us that it sends somebody else.")
    v.open_status(reference)


@among(BEHIND_LINKS)
def status_withdrawn(v: Visit) -> None:
    reference = v.applied()
    v.site.act(reference, "withdraw", reason="I am ill.")
    v.open_status(reference)


@among(BEHIND_LINKS)
def status_reopened(v: Visit) -> None:
    reference = v.declined()
    v.site.act(reference, "reopen", note="A second person has looked.")
    v.open_status(reference)


@among(BEHIND_LINKS)
def status_withdraw_without_the_reference(v: Visit) -> None:
    v.open_status(v.applied())
    v.page.locator("summary").click()
    v.send(422, "#withdraw ~ details button", reference="no")


@among(BEHIND_LINKS)
def their_data(v: Visit) -> None:
    v.open(f"{v.site.status_path(v.applied(), v.language)}/data")


@among(BEHIND_LINKS)
def status_409_answered_too_late(v: Visit) -> None:
    reference = v.open_status(v.asked())
    v.site.act(reference, "withdraw")
    v.send(409, "#asked ~ form button", text="The second piece is mine.")


@among(BEHIND_LINKS)
def review(v: Visit) -> None:
    v.applied(outlet_name="Baltic Trade Review")
    v.open_review(v.applied(outlet_name="Baltic Trade Review"))


@among(BEHIND_LINKS)
def review_after_an_answer(v: Visit) -> None:
    reference = v.asked()
    v.site.act(reference, "answer", text="The second piece is mine.", proof_links=["https://nordisk.example/mine"])
    v.open_review(reference)


@among(BEHIND_LINKS)
def review_with_nothing_chosen(v: Visit) -> None:
    v.open_review(v.applied())
    v.send(422, DECISION)


@among(BEHIND_LINKS)
def review_that_contradicts_itself(v: Visit) -> None:
    v.open_review(v.applied())
    v.send(422, DECISION, decision="decline", credentials_checked=True, missing=["proof"])


@among(BEHIND_LINKS)
def review_409_somebody_was_faster(v: Visit) -> None:
    reference = v.open_review(v.applied())
    v.site.act(reference, "decline", by=v.administrator, grace=LONG, note="Rule 2.")
    v.send(409, DECISION, decision="approve", credentials_checked=True)


@among(BEHIND_LINKS)
def review_409_changed_and_still_open(v: Visit) -> None:
    reference = v.open_review(v.applied())
    v.site.ask(reference)
    v.site.act(reference, "answer", text="The second piece is mine.", proof_links=[])
    v.send(409, DECISION, decision="approve", credentials_checked=True)


@among(BEHIND_LINKS)
def decided_with_undo(v: Visit) -> None:
    v.open_review(v.approved(grace=LONG))


@among(BEHIND_LINKS)
def decided_undo_without_the_reference(v: Visit) -> None:
    v.open_review(v.approved(grace=LONG))
    v.send(422, "#undo ~ form button", reference="no")


@among(BEHIND_LINKS)
def decided_by_somebody_else(v: Visit) -> None:
    reference = v.applied()
    v.site.act(reference, "decline", by=v.administrator, note="Rule 2.")
    v.open_review(reference)


@among(BEHIND_LINKS)
def decided_information_was_asked_for(v: Visit) -> None:
    v.open_review(v.asked())


@among(BEHIND_LINKS)
def link_that_no_longer_works_410(v: Visit) -> None:
    v.open(v.site.dead_status_path(v.applied(), v.language), 410)


@among(BEHIND_LINKS)
def link_that_was_forged_404(v: Visit) -> None:
    v.open("/review/1.forged", 404)


plain(
    AT_THE_DESK,
    desk_applications="/desk/applications",
    desk_all_applications="/desk/applications?status=all",
    desk_applications_found="/desk/applications?status=all&q=Sample",
    desk_applications_found_nothing="/desk/applications?q=zyzzyva",
    desk_no_revoked_applications="/desk/applications?status=revoked&q=zyzzyva",
    desk_editions="/desk/editions",
    desk_edition_to_add="/desk/editions/new",
    desk_edition_to_change="/desk/editions/124",
    desk_roster="/desk/staff",
    desk_staff_to_add="/desk/staff/new",
    desk_staff_to_change="/desk/staff/1",
    desk_mail="/desk/mail",
    desk_mail_failed="/desk/mail?state=failed",
    desk_sessions="/desk/sessions",
    desk_404="404 /desk/applications/CF1-NONE-XX",
)


@among(AT_THE_DESK)
def desk_application_waiting(v: Visit) -> None:
    v.open_application(v.applied())


@among(AT_THE_DESK)
def desk_application_with_a_history(v: Visit) -> None:
    reference = v.asked()
    v.site.act(reference, "answer", text="The second piece is mine.", proof_links=["https://nordisk.example/mine"])
    v.site.act(reference, "decline", note="Rule 3.")
    v.site.act(reference, "reopen", note="A second person has looked.")
    v.open_application(reference)


@among(AT_THE_DESK)
def desk_application_decision_missing(v: Visit) -> None:
    v.open_application(v.applied())
    v.send(422, DECISION)


@among(AT_THE_DESK)
def desk_application_409(v: Visit) -> None:
    reference = v.open_application(v.applied())
    v.site.act(reference, "approve", by=v.reviewer)
    v.send(409, DECISION, decision="decline", note="Rule 2.")


@among(AT_THE_DESK)
def desk_application_that_can_be_undone(v: Visit) -> None:
    v.open_application(v.approved(grace=LONG))


@among(AT_THE_DESK)
def desk_application_approved(v: Visit) -> None:
    v.open_application(v.approved())


@among(AT_THE_DESK)
def desk_application_revoked_without_a_reason(v: Visit) -> None:
    v.open_application(v.approved())
    v.page.locator("#revoke ~ details summary").click()
    v.send(422, "#revoke ~ details button")


@among(AT_THE_DESK)
def desk_application_asked(v: Visit) -> None:
    v.open_application(v.asked())


@among(AT_THE_DESK)
def desk_edition_with_errors(v: Visit) -> None:
    v.open("/desk/editions/new")
    v.send(422)


@among(AT_THE_DESK)
def desk_staff_with_errors(v: Visit) -> None:
    v.open("/desk/staff/new")
    v.send(422, email="nobody")


@among(AT_THE_DESK)
def desk_staff_changed_with_a_message(v: Visit) -> None:
    v.open("/desk/staff/1")
    v.send(200, "main .form button")


ALL = {**PUBLIC, **BEHIND_LINKS, **AT_THE_DESK}
