"""What a person does in the browser: apply, open the mailbox, follow a link, decide. Without a script."""

import re
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MAIL_WITHIN_SECONDS = 180
TO_THE_DESK = re.compile("Your link to the desk|您的工作台登录链接")  # among other mails that arrive meanwhile
GO_ON = "main form.form > p > button.button"
TAKES_SECONDS = 3.2  # what comes back within three seconds of its opening was not filled in by a person
MARTA = {
    "applicant_kind": "short_term",
    "given_name": "Marta Elisabet",
    "family_name": "Lindqvist",
    "email": "marta@nordisk.example",
    "phone": "+46 70 555 01 24",
    "nationality": "SE",
    "role": "reporter",
    "outlet_name": "Nordisk Handelsblad",
    "outlet_kind": "print",
    "outlet_country": "SE",
    "outlet_website": "nordisk.example",
    "phases": ["1", "2"],
    "arrives_on": "2027-04-14",
    "departs_on": "2027-04-20",
    "topics": "Ceramics and trade",
    "proof_kind": "bylines",
    "proof_links": "https://nordisk.example/one\nhttps://nordisk.example/two",
    "needs_letter": True,
    "letter_city": "Stockholm",
    "declaration": True,
}
WANQING = MARTA | {
    "applicant_kind": "mainland",
    "given_name": "婉清",
    "family_name": "何",
    "email": "he@lingnan.example",
    "nationality": "CN",
    "outlet_name": "岭南商讯样例",
    "outlet_kind": "online",
    "outlet_country": "CN",
    "outlet_website": "lingnan.example",
    "topics": "陶瓷与中小企业",
    "proof_links": "https://lingnan.example/yi\nhttps://lingnan.example/er",
    "needs_letter": False,
}


def fill_in(page: "Page", answers: dict[str, Any]) -> None:
    """Answer the questions of the form in main, each by what kind of field it is."""
    for name, answer in answers.items():
        field = page.locator(f"main form[method=post] [name={name}]")
        kind = field.first.evaluate("field => field.localName + ' ' + field.type")
        if kind.startswith("select"):
            field.select_option(answer)
        elif kind in ("input radio", "input checkbox"):
            boxes = answer if isinstance(answer, list) else [answer] if answer else []
            for box in boxes:
                one = field if box is True else page.locator(f"main form[method=post] [name={name}][value='{box}']")
                one.check()
        else:
            field.fill(answer)


def press(page: "Page", button: str = "main form[method=post] button:visible") -> int:
    """Press the one button of the form in main and return the status of the page that comes."""
    with page.expect_navigation() as navigation:
        page.locator(button).last.click()
    return navigation.value.status


def follow(link: "Locator") -> None:
    """Click what leads on, and wait until the page behind it is whole: what is read before may be half of it."""
    with link.page.expect_navigation():
        link.click()


def apply(page: "Page", language: str, answers: dict[str, Any]) -> None:
    """Walk through the application as a person does, in the time that a person takes, and send it."""
    begin(page, language, answers)
    for _page in range(8):
        if "/received" in page.url:
            return
        turn(page, answers)
    raise AssertionError(f"no end of pages: {page.url}")


def begin(page: "Page", language: str, answers: dict[str, Any]) -> None:
    """Fill in the first page of the application, and go on."""
    page.goto(f"/{language}/invitation/apply")
    opened = time.monotonic()
    fill_in(page, asked_here(page, answers))
    page.wait_for_timeout(max(0, TAKES_SECONDS - (time.monotonic() - opened)) * 1000)
    assert press(page, GO_ON) == 200, page.locator("main").inner_text()


def turn(page: "Page", answers: dict[str, Any]) -> None:
    """Fill in the page that is open, and go on to the next."""
    fill_in(page, asked_here(page, answers))
    assert press(page, GO_ON) == 200, page.locator("main").inner_text()


def asked_here(page: "Page", answers: dict[str, Any]) -> dict[str, Any]:
    """Those of the answers that the page asks for."""
    return {
        name: answer
        for name, answer in answers.items()
        if page.locator(f"main form[method=post] [name={name}]").count()
    }


def newest_mail(page: "Page", to: str, about: "str | re.Pattern" = "") -> str:
    """The address of the newest mail to somebody in the mailbox, or nothing."""
    page.goto("/mailbox")
    rows = page.locator("main tbody tr").filter(has_text=to).filter(has_text=about)
    return rows.first.locator("a").get_attribute("href") if rows.count() else ""


def read_mail(page: "Page", to: str, about: "str | re.Pattern" = "", other_than: str = "") -> str:
    """Wait for a mail in the mailbox and open it; returns its address. `other_than`: one that was there before."""
    deadline = time.monotonic() + MAIL_WITHIN_SECONDS
    while (found := newest_mail(page, to, about)) in ("", other_than):
        assert time.monotonic() < deadline, f"no mail to {to}: {page.locator('main').inner_text()}"
        page.wait_for_timeout(250)
    follow(page.locator(f"main a[href='{found}']"))
    return found


def follow_link(page: "Page", part: str) -> None:
    """Follow the one link in the text of the mail that is open whose address holds `part`."""
    follow(page.locator(f"main .prose a[href*='{part}']"))


def sign_in(page: "Page", email: str) -> None:
    """Ask for a link to the desk, and follow it in the same browser."""
    before = newest_mail(page, email, TO_THE_DESK)
    page.goto("/desk/sign-in")
    fill_in(page, {"email": email})
    press(page)
    read_mail(page, email, TO_THE_DESK, other_than=before)
    follow_link(page, "/desk/sign-in/")
    assert press(page) == 200
    assert page.locator("header .name").is_visible()
