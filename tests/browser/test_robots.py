"""Robots follow mailed links, and decide nothing: five levels of robot against each kind of mailed link.

Mail scanners fetch links, run the scripts of their pages, press buttons, and some fill in forms before.
"""

import secrets
import urllib.error
import urllib.request
from itertools import product

import pytest

from cantonsite.models.applicant import ProofKind
from tests.browser.live import LONG, REVIEWER
from tests.browser.person import follow

WHICH = ("first", "last", "every")
# Fills in what is there, whether it can be seen or not. `press(number)` then presses one of the buttons.
# `ways` says which buttons can be pressed with what in their forms, each different sending once.
ROBOT = """() => {
  const every = (selector, within = document) => [...within.querySelectorAll(selector)];
  const groups = boxes => Object.values(Object.groupBy(boxes, box => box.name));
  const some = (boxes, which) => which === 'first' ? boxes.slice(0, 1) : which === 'last' ? boxes.slice(-1) : boxes;
  const buttons = () => every('button, input[type=submit], input[type=image]');
  const fields = 'textarea, input:not([type=radio], [type=checkbox], [type=hidden], [type=submit])';
  const meddle = ({radios, ticks, text}) => {
    for (const form of document.forms) form.reset();
    for (const details of every('details')) details.open = true;
    for (const group of groups(every('[type=radio]'))) for (const box of some(group, radios)) box.checked = true;
    const boxes = every('[type=checkbox]'), [which, of] = ticks;
    const ticked = of === 'page' ? some(boxes, which) : groups(boxes).flatMap(group => some(group, which));
    for (const box of ticked) box.checked = true;
    for (const select of every('select')) select.selectedIndex = select.options.length - 1;
    if (text) for (const field of every(fields)) field.value = text;
  };
  const press = number => buttons()[number].click();
  const ways = kinds => {
    const seen = new Set(), found = [];
    for (const kind of kinds) {
      meddle(kind);
      buttons().forEach((button, number) => {
        const sent = number + ' ' + [...new FormData(button.form, button)].map(String).sort().join('\\n');
        if (!seen.has(sent)) found.push([number, kind]);
        seen.add(sent);
      });
    }
    return found;
  };
  window.robot = {meddle, press, ways, count: () => buttons().length};
}"""
JUNK = "https://robot.example/ asdf 1234"
KINDS = [
    {"radios": radios, "ticks": ticks, "text": text}
    for radios, ticks, text in product(WHICH, product(WHICH, ("group", "page")), (JUNK, ""))
]


def fetch(address: str, method: str):
    """The answer to a bare request, without following redirections, and its headers."""
    request = urllib.request.Request(address, method=method, headers={"User-Agent": "Scanner/1.0"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def an_application_to_decide(site):
    reference = site.applied()
    return reference, site.review_path(reference)


def an_approval_that_can_be_undone(site):
    reference = site.applied()
    site.act(reference, "approve", grace=LONG)
    return reference, site.review_path(reference)


def a_refusal_seen_by_another_reviewer(site):
    reference = site.applied()
    site.act(reference, "decline", grace=LONG, note="Rule 2.")
    return reference, site.review_path(reference, REVIEWER["zh"])


def the_page_of_an_applicant_who_waits(site):
    reference = site.applied()
    return reference, site.status_path(reference)


def the_page_of_an_applicant_who_was_asked(site):
    reference = site.applied()
    site.ask(reference)
    return reference, site.status_path(reference)


def the_page_of_an_applicant_who_is_invited(site):
    reference = site.applied()
    site.act(reference, "approve")
    return reference, site.status_path(reference, "zh")


def a_link_to_the_desk(site):
    return site.applied(), site.sign_in_path(REVIEWER["en"])


def alerts_to_confirm(site):
    return site.applied(), site.alerts_path("confirm", f"{secrets.token_hex(4)}@nordisk.example")


def alerts_that_can_be_left(site):
    return site.applied(), site.alerts_path("leave", f"{secrets.token_hex(4)}@nordisk.example")


def an_editor_who_is_asked(site):
    reference = site.applied(proof_kind=ProofKind.EDITOR, editor_name="Erik", editor_email="erik@outlet.example")
    return reference, site.editor_path(reference)


LINKS = (
    an_application_to_decide,
    an_approval_that_can_be_undone,
    a_refusal_seen_by_another_reviewer,
    the_page_of_an_applicant_who_waits,
    the_page_of_an_applicant_who_was_asked,
    the_page_of_an_applicant_who_is_invited,
    a_link_to_the_desk,
    alerts_to_confirm,
    alerts_that_can_be_left,
    an_editor_who_is_asked,
)


class Target:
    """A fresh mailed link, and what was stored when it was made."""

    def __init__(self, site, make):
        self.site = site
        self.reference, self.path = make(site)
        self.address = site.url + self.path
        self.before = self.stored()

    def stored(self):
        return self.site.kept(self.reference), self.site.counts()

    def must_be_untouched(self, by: str) -> None:
        assert self.stored() == self.before, f"changed by {by}"


@pytest.fixture(params=LINKS, ids=[make.__name__.replace("_", " ") for make in LINKS])
def target(request, site):
    return Target(site, request.param)


@pytest.fixture
def robot(browse):
    """A browser that runs scripts."""
    return browse(scripts=True)


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_robot_that_only_fetches_changes_nothing_and_gets_no_cookie(target, method):
    for _ in range(2):
        status, headers = fetch(target.address, method)
        assert status == 200
        assert headers.get_all("Set-Cookie") is None
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
    target.must_be_untouched(method)


def test_a_robot_that_opens_the_pages_and_waits_changes_nothing(site, browse):
    targets = [Target(site, make) for make in LINKS]
    pages = [browse(scripts=True) for _ in targets]
    stored = [target.stored() for target in targets]
    for target, page in zip(targets, pages, strict=True):
        assert page.goto(target.path).status == 200
    pages[0].wait_for_timeout(3000)
    assert [page.context.cookies() for page in pages] == [[]] * len(pages)
    assert [target.stored() for target in targets] == stored


def test_a_robot_that_presses_every_button_changes_nothing(target, robot):
    robot.goto(target.path)
    robot.evaluate(ROBOT)
    for number in range(robot.evaluate("robot.count()")):
        press(robot, target, number)
        target.must_be_untouched(f"button {number}")


def test_a_robot_that_ticks_types_and_presses_changes_nothing(target, robot):
    robot.goto(target.path)
    robot.evaluate(ROBOT)
    for number, kind in robot.evaluate("kinds => robot.ways(kinds)", KINDS):
        press(robot, target, number, kind)
        target.must_be_untouched(f"button {number} with {kind}")


def press(robot, target, number, kind=None):
    robot.goto(target.path)
    robot.evaluate(ROBOT)
    if kind:
        robot.evaluate("kind => robot.meddle(kind)", kind)
    with robot.expect_navigation():
        robot.evaluate("number => robot.press(number)", number)


def test_after_all_robots_a_person_still_decides(site, robot, browse):
    target = Target(site, an_application_to_decide)
    press(robot, target, 0, KINDS[0])
    target.must_be_untouched("a robot")
    person = browse()
    person.goto(target.path)
    person.locator("[name=decision][value=approve]").check()
    person.locator("[name=credentials_checked]").check()
    follow(person.locator("main form button"))
    assert site.kept(target.reference)["status"] == "approved"


def test_no_link_on_a_mailed_page_changes_anything_when_it_is_followed(target, browse):
    page = browse()
    page.goto(target.path)
    ours = page.locator("a[href]").evaluate_all(
        "links => links.filter(a => a.origin === location.origin).map(a => a.href)"
    )
    for address in dict.fromkeys(address.split("#")[0] for address in ours):
        assert fetch(address, "GET")[0] in (200, 303), address
    target.must_be_untouched("links")
