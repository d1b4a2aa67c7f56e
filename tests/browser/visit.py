"""One browser on the site, in one language, and the catalogue of pages that it is sent to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.browser.live import ADMINISTRATOR, REVIEWER, LiveSite
from tests.browser.person import fill_in, press

if TYPE_CHECKING:
    from playwright.sync_api import Page

DECISION = "#your-decision ~ form button"
FORM = "main form[method=post] button:visible"


class Visit:
    """One browser on the site, in one language."""

    def __init__(self, site: LiveSite, page: "Page", language: str):
        self.site, self.page, self.language = site, page, language
        self.reviewer, self.administrator = REVIEWER[language], ADMINISTRATOR[language]

    def open(self, path: str, status: int = 200) -> None:
        """Open a path; one that begins with a dot is in the language of this visit."""
        answer = self.page.goto(f"/{self.language}{path[1:]}" if path.startswith(".") else path)
        assert answer.status == status, f"{path} answers {answer.status}"

    def send(self, status: int, button: str = FORM, **answers: object) -> None:
        fill_in(self.page, answers)
        answered = press(self.page, button)
        assert answered == status, f"{self.page.url} answers {answered}"

    def applied(self, **answers: object) -> str:
        return self.site.applied(self.language, **answers)

    def approved(self, grace: int = 0) -> str:
        reference = self.applied()
        self.site.act(reference, "approve", by=self.reviewer, grace=grace, note="See you in hall 3.")
        return reference

    def declined(self) -> str:
        reference = self.applied()
        self.site.act(reference, "decline", by=self.reviewer, note="Rule 3: no piece carries your name.")
        return reference

    def asked(self) -> str:
        reference = self.applied()
        self.site.ask(reference, by=self.reviewer)
        return reference

    def open_status(self, reference: str) -> str:
        self.open(self.site.status_path(reference, self.language))
        return reference

    def open_review(self, reference: str) -> str:
        self.open(self.site.review_path(reference, self.reviewer))
        return reference

    def open_application(self, reference: str) -> str:
        self.open(f"/desk/applications/{reference}")
        return reference


State = Callable[[Visit], None]
PUBLIC: dict[str, State] = {}
BEHIND_LINKS: dict[str, State] = {}
AT_THE_DESK: dict[str, State] = {}


def among(catalogue: dict[str, State]) -> Callable[[State], State]:
    def kept(state: State) -> State:
        catalogue[state.__name__.replace("_", " ")] = state
        return state

    return kept


def plain(catalogue: dict[str, State], **paths: str) -> None:
    """Pages that only have to be opened."""
    for name, path in paths.items():
        status = 404 if path.startswith("404 ") else 200
        bare = path.removeprefix("404 ")
        catalogue[name.replace("_", " ")] = lambda v, path=bare, status=status: v.open(path, status)
