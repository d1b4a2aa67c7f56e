"""Everybody can use every page and error state: axe finds nothing, nothing scrolls sideways, a keyboard is enough."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PHONE, TIMEOUT, WINDOW
from tests.browser.live import ADMINISTRATOR
from tests.browser.pages import ALL, AT_THE_DESK, PUBLIC, Visit

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
    """One browser with scripts, for axe, which goes from page to page: a new one for each would take too long."""

    def __init__(self, chromium, site, at_the_desk, language):
        from axe_playwright_python.sync_playwright import Axe

        self.axe, self.site, self.at_the_desk, self.language = Axe(), site, at_the_desk, language
        self.context = chromium.new_context(base_url=site.url, bypass_csp=True)
        self.context.set_default_timeout(TIMEOUT)
        self.page = self.context.new_page()

    def open(self, name: str) -> None:
        self.page.set_viewport_size(PHONE)
        self.page.emulate_media(color_scheme="light")
        self.context.clear_cookies()
        if name in AT_THE_DESK:
            self.context.add_cookies(self.at_the_desk(ADMINISTRATOR[self.language])["cookies"])
        ALL[name](Visit(self.site, self.page, self.language))
        self.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        self.page.evaluate(self.axe.axe_script)

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
        each.context.close()


def test_axe_finds_what_is_wrong(examiners):
    examiner = examiners["en"]
    examiner.open("privacy")
    examiner.page.evaluate(SPOIL)
    found = {problem.split(":")[0] for problem in examiner.problems(PHONE, "light")}
    assert found >= {"color-contrast", "target-size", "label", "heading-order"}


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(examiners, name, language):
    examiner = examiners[language]
    examiner.open(name)
    found = [problem for size, scheme in LOOKS[language] for problem in examiner.problems(size, scheme)]
    examiner.page.set_viewport_size(NARROW)
    wide = examiner.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert (found, max(0, wide)) == ([], 0)


@pytest.fixture
def visit(browse, site, at_the_desk):
    """Open one of the pages in a new browser without scripts, signed in where it is a page of the desk."""

    def opened(name: str, language: str = "en", **how) -> "Page":
        state = at_the_desk(ADMINISTRATOR[language]) if name in AT_THE_DESK else None
        page = browse(storage_state=state, **how)
        ALL[name](Visit(site, page, language))
        return page

    return opened


@pytest.mark.parametrize("name", ALL)
def test_no_page_is_complained_of_by_the_browser_or_asks_another_host(visit, name):
    page = visit(name)
    assert page.locator("script:not([type='application/ld+json'])").count() == 0
    assert page.title()


# As on a page that was just opened; a page with errors puts the focus on its summary.
FROM_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
}"""
# Where the focus is: what has it, whether a reader can see it, and whether something lies over it.
FOCUS = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const spot = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 12));
  const styles = getComputedStyle(here);
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  return {
    number: all.indexOf(here), name: here.name || here.id || here.textContent.trim(), group: here.type === 'radio' && here.name,
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
    for _ in range(len(wanted) + 10):
        focus = tab(page)
        if focus["number"] < 0 or focus["number"] in reached:
            break
        reached.append(focus["number"])
        radios.add(focus["group"])
        assert focus["ring"], f"no ring around {focus['name']}"
        assert focus["inside"], f"{focus['name']} is outside the window"
        assert focus["seen"], f"something lies over {focus['name']}"
    missed = [label for number, label in wanted if number not in reached and label not in radios]
    assert missed == []
    assert reached == sorted(reached), "the order on the page is the order of the keyboard"


@pytest.mark.parametrize("name", PUBLIC)
def test_the_first_tab_reaches_the_link_that_skips_to_the_content(visit, name):
    if name == SHUT:
        pytest.skip("a mail is not a page of ours: it has no menu to skip")
    page = visit(name)
    page.evaluate(FROM_THE_TOP)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
