"""A test client that refuses pages which break the house's rules, and forms filled in as a person does."""

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SECURITY = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")


class Form:
    """A form of a page: where it goes, and the values that a browser would send untouched."""

    def __init__(self, attributes: dict[str, str]):
        self.action, self.method = attributes.get("action", ""), attributes.get("method", "get").lower()
        self.values: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.buttons: list[dict[str, str]] = []


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.forms: list[Form] = []
        self.ids: list[str] = []
        self.title, self.h1, self.open, self.faults = "", 0, [], []
        self._form: Form | None = None
        self._select: str | None = None
        self._textarea: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if "style" in values or tag in ("style",) or any(name.startswith("on") for name in values):
            self.faults.append(f"inline style or script in <{tag}>")
        if tag == "script" and values.get("type") != "application/ld+json":
            self.faults.append("a script")
        if tag == "h1":
            self.h1 += 1
        self._in_form(tag, values)

    def _in_form(self, tag: str, values: dict[str, str]) -> None:
        if tag == "form":
            self._form = Form(values)
            self.forms.append(self._form)
            if self._form.method == "post" and not self._form.action:
                self.faults.append("a form without an action")
        if self._form is None:
            return
        name, kind = values.get("name"), values.get("type", "text")
        if name:
            self._form.names.add(name)
        if tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in values):
            self._form.values.setdefault(name, []).append(values.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "button":
            self._form.buttons.append(values)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in values:
            self._form.values[self._select] = [values.get("value", "")]
        elif tag == "textarea" and name:
            self._textarea = name
            self._form.values[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> does not close what is open")
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data
        if self._textarea and self._form:
            self._form.values[self._textarea][0] += data.lstrip("\r\n")

    def form(self, action: str = "") -> Form:
        """The POST form whose action holds this text."""
        found = [form for form in self.forms if form.method == "post" and action in form.action]
        found = [form for form in found if action or "text-size" not in form.action]
        assert found, f"no form to {action!r}"
        return found[0]


@lru_cache(64)
def seen(text: str) -> Page:
    """A page, read once, however often it is looked at; to be read, not changed."""
    return Page(text)


class StrictClient(FlaskClient):
    """Refuses a page without a title or one h1, with an id twice, inline styles or scripts, or missing headers."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # read to the end and closed, as a server does with what it sends
        response = super().open(*args, **kwargs)
        for header in SECURITY:
            assert header in response.headers, f"{header} is missing on {response.request.path}"
        mail = re.fullmatch(r"/mailbox/[^/]+/html", response.request.path)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308) and not mail:
            self._check(response)
        return response

    def _check(self, response: TestResponse) -> None:
        if response.headers.get("Content-Encoding") or response.request.method == "HEAD" or not response.data:
            return
        page = seen(response.text)
        twice = sorted({each for each in page.ids if page.ids.count(each) > 1})
        where = response.request.path
        assert not page.faults, f"{where}: {page.faults}"
        assert page.title.strip(" –\n"), f"{where} has no title"
        assert page.h1 == 1, f"{where} has {page.h1} h1"
        assert not twice, f"{where} has ids twice: {twice}"
        with_summary = response.status_code in (413, 422, 429) and 'id="problem"' in response.text
        says_so = page.title.strip().startswith(("Error: ", "错误：", "خطأ: "))
        assert says_so == with_summary, f"{where}: title {page.title!r}"

    def fill_in(self, path: str, answers: dict[str, Any], action: str = "", **kwargs: Any) -> TestResponse:
        """Open a page, fill in its form as a browser would, and send it."""
        opened = self.get(path)
        assert opened.status_code == 200, opened.status
        return self.send(opened, answers, action, **kwargs)

    def send(self, opened: TestResponse, answers: dict[str, Any], action: str = "", **kwargs: Any) -> TestResponse:
        """Fill in the form of a page that is open. None takes a field out."""
        form = seen(opened.text).form(action)
        unknown = set(answers) - form.names
        assert not unknown, f"the form has no {unknown}"
        data = {**form.values, **answers}
        data = {name: value for name, value in data.items() if value is not None}
        return self.post(form.action or opened.request.path, data=data, **kwargs)
