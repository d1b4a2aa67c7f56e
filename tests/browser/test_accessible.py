"""Everybody can use every page and error state: axe finds nothing, nothing scrolls sideways, a keyboard is enough."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PHONE, WINDOW
from tests.browser.live import ADMINISTRATOR, LONG
from tests.browser.pages import ALL, AT_THE_DESK, BEHIND_LINKS, DECISION, PUBLIC, Visit
from tests.browser.person import fill_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
NARROW = {"width": 320, "height": 640}
# English on a telephone in daylight and in a window at night, Chinese on a telephone.
LOOKS = {"en": [(PHONE, "light"), (WINDOW, "dark")], "zh": [(PHONE, "light")]}
SHUT = "mail as html"  # shut into a sandbox, in which no script runs, not even the one of axe


@pytest.fixture(scope="session")
def axe(chromium):
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


@pytest.fixture
def visit(browse, site, at_the_desk):
    """Open one of the pages in a new browser, signed in where it is a page of the desk."""

    def opened(name: str, language: str = "en", **how) -> "Page":
        state = at_the_desk(ADMINISTRATOR[language]) if name in AT_THE_DESK else None
        page = browse(storage_state=state, **how)
        ALL[name](Visit(site, page, language))
        return page

    return opened


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit, axe, name, language):
    page = visit(name, language, scripts=True, bypass_csp=name == SHUT)
    for details in page.locator("main details:not([open]) > summary").all():
        details.click()
    found = []
    for size, scheme in LOOKS[language]:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        broken = axe.run(page, options=AXE).response["violations"]
        found += [f"{each['id']}: {node['html'][:150]}" for each in broken for node in each["nodes"]]
    page.set_viewport_size(NARROW)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert (found, max(0, wide)) == ([], 0)
