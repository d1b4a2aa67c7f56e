"""Take the README's pictures anew from a live site: `python -m tests.browser.pictures`."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import WINDOW
from tests.browser.live import ADMINISTRATOR, REVIEWER, ROOT, LiveSite
from tests.browser.person import GO_ON, MARTA, TAKES_SECONDS, asked_here, fill_in, press, sign_in

PICTURES = ROOT / "docs" / "pictures"
TALL_PHONE = {"width": 360, "height": 1000}
MOST_BYTES = 250_000


def front(page: Page, _site: LiveSite) -> None:
    page.goto("/en/")


def article(page: Page, _site: LiveSite) -> None:
    page.goto("/en/news/48201")


def form(page: Page, _site: LiveSite) -> None:
    page.goto("/en/invitation/apply")
    fill_in(page, asked_here(page, MARTA) | {"family_name": "", "email": "marta@nordisk"})
    page.wait_for_timeout(TAKES_SECONDS * 1000)
    press(page, GO_ON)


def review(page: Page, site: LiveSite) -> None:
    page.goto(site.review_path(site.applied(email="marta@nordisk.example"), REVIEWER["en"]))


def desk(page: Page, site: LiveSite) -> None:
    sign_in(page, ADMINISTRATOR["en"])
    page.goto("/desk/applications?status=all")


def take(browser: Browser, site: LiveSite) -> None:
    for picture in (front, article, form, desk, review):
        size = TALL_PHONE if picture is review else WINDOW
        context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=size)
        page = context.new_page()
        picture(page, site)
        file = PICTURES / f"{picture.__name__}.png"
        page.screenshot(path=file)
        context.close()
        assert file.stat().st_size < MOST_BYTES, f"{file} has {file.stat().st_size} bytes"
        sys.stdout.write(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes\n")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = LiveSite(Path(folder, "site"))
        site.start()
        try:
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            take(playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments), site)
        finally:
            site.stop()


if __name__ == "__main__":
    main()
