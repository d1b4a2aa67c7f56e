"""A live site and a real Chromium; scripts are off unless a test turns them on."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.browser.live import LiveSite, host_of
from tests.browser.person import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WINDOW = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
TIMEOUT = 45_000
# A page that answers with an error is noted by Chromium in the console as if a part of it had failed to load.
ANSWERED_WITH_AN_ERROR = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


# What an examiner looks at in tests/browser/test_accessible.py; the last parameter is the language, if there is one
EXAMINED = re.compile(r"test_accessible\.py::test_(axe|every_page|the_html_checker_finds_nothing).*?(zh)?\]?$")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


class ByExaminer(LoadScopeScheduling):
    """Pages are opened once and looked at several times: what one examiner looks at goes to one worker.

    The groups of pytest-xdist 3.8 (`loadgroup`) do nothing with pytest 9.2, which reads a changed `_nodeid` no more.
    """

    def _split_scope(self, nodeid: str) -> str:
        examined = EXAMINED.search(nodeid)
        return examined[2] or "en" if examined else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByExaminer:
    return ByExaminer(config, log)


def _missing(reason: str) -> None:
    """In CI a browser that is missing fails; elsewhere the tests are skipped and say why."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        _missing("Chromium is not on this machine: apt install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not in this environment: make browser installs it")
    arguments = ["--disable-background-networking", "--disable-gpu"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live(chromium: "Browser", request: pytest.FixtureRequest) -> Callable[[str], LiveSite]:
    """The live site on "sqlite" or on "postgresql", each started when it is first asked for."""
    return lambda database: request.getfixturevalue(f"live_on_{database}")


@pytest.fixture(scope="session")
def live_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The live site on the database that a fresh machine has."""
    yield from _running(LiveSite(tmp_path_factory.mktemp("sqlite")))


@pytest.fixture(scope="session")
def live_on_postgresql(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The live site on PostgreSQL, which is stopped after it."""
    yield from _running(LiveSite(tmp_path_factory.mktemp("postgresql"), postgres_url))


def _running(site: LiveSite) -> Iterator[LiveSite]:
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres: str) -> str:
    """An empty migrated database of PostgreSQL for the live site."""
    from tests.conftest import _named, _run

    _run(postgres, "CREATE DATABASE live_site TEMPLATE template_site")
    return _named(postgres, "live_site")


@pytest.fixture
def site(live: Callable[[str], LiveSite]) -> LiveSite:
    """The live site."""
    return live("sqlite")


class Watch:
    """What a browser must never do on our pages: complain, or ask another host for anything."""

    def __init__(self, page: "Page", host: str):
        self.host, self.faults = host, []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: Any) -> None:
        where = message.location.get("url", "")
        answered = ANSWERED_WITH_AN_ERROR.match(message.text) and "/static/" not in where
        if message.type in ("error", "warning") and not answered:
            self.faults.append(f"{where}: {message.text}")

    def _request(self, address: str) -> None:
        if host_of(address) not in (self.host, "") and not address.startswith(("data:", "about:")):
            self.faults.append(f"asks another host: {address}")


@pytest.fixture
def browse(chromium: "Browser", site: LiveSite) -> "Iterator[Callable[..., Page]]":
    """Open a new browser: by default a window without scripts, in daylight. Faults fail the test at its end."""
    contexts, watches = [], []

    def opened(*, at: LiveSite = site, scripts: bool = False, size: dict[str, int] = WINDOW, **more: Any) -> "Page":
        context = chromium.new_context(base_url=at.url, java_script_enabled=scripts, viewport=size, **more)
        context.set_default_timeout(TIMEOUT)
        page = context.new_page()
        contexts.append(context)
        watches.append(Watch(page, host_of(at.url)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []


@pytest.fixture(scope="session")
def at_the_desk(chromium: "Browser", live: Callable[[str], LiveSite]) -> Callable[[str], dict[str, Any]]:
    """The cookies of somebody who has signed in by the mailed link, once for all tests."""
    kept: dict[str, dict[str, Any]] = {}

    def signed_in(email: str) -> dict[str, Any]:
        if email not in kept:
            context = chromium.new_context(base_url=live("sqlite").url, java_script_enabled=False)
            context.set_default_timeout(TIMEOUT)
            page = context.new_page()
            sign_in(page, email)
            kept[email] = context.storage_state()
            context.close()
        return kept[email]

    return signed_in
