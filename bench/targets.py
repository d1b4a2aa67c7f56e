"""What is asked for: pages with the headers of a browser, and applications as a browser would send them."""

import gzip
import http.client
import re
import time
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from cantonsite.forms.robots import MINIMUM_SECONDS

from .servers import HOST, NotReady, Server, get

ARTICLE = "/en/news/48408-"  # the longest of the sample, in two languages, with an edition
SECTION = "/en/news/canton-fair-news"
FORM = "/en/invitation/apply"
GZIP = {"Accept-Encoding": "gzip"}
HIDDEN = ("csrf_token", "form_number", "edition")
ANSWERS = {
    "applicant_kind": "resident",
    "given_name": "Sample",
    "family_name": "Journalist",
    "nationality": "SE",
    "role": "reporter",
    "outlet_name": "Sample Trade Weekly",
    "outlet_kind": "print",
    "outlet_country": "SE",
    "outlet_website": "outlet.example",
    "phases": ["1", "2"],
    "topics": "Ceramics and trade",
    "proof_kind": "bylines",
    "proof_links": "https://outlet.example/one\nhttps://outlet.example/two",
    "declaration": "y",
}


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of request: to which server, how often in a round, and what must come back."""

    name: str
    server: Server
    requests: list[list]
    count: int
    status: int = 200
    raw: int = 0
    gzipped: int = 0

    def of_round(self, number: int) -> list[list]:
        """The requests of one round: the same each time, unless each may be sent once only."""
        if len(self.requests) < 2:
            return self.requests
        return self.requests[number * self.count : (number + 1) * self.count]


def every(site: Server, hello: Server, constant: Server, rounds: int, share: float) -> list[Target]:
    """All targets; `share` scales how often each is asked in a round."""
    article = address_of_article(site.port)
    _status, headers, _body = get(site.port, article, GZIP)
    known = {**GZIP, "If-None-Match": headers["ETag"]}

    def page(name: str, path: str, count: int) -> Target:
        return _page(name, site, path, int(count * share))

    sends = int(40 * share)
    return [
        _page("bare Flask hello", hello, "/", int(600 * share)),
        _page("constant bytes", constant, "/", int(1500 * share)),
        page("article", article, 200),
        page("article, Chinese", _in_chinese(site.port, article), 100),
        page("section, page 1", SECTION, 120),
        page("form", FORM, 80),
        Target("submit", site, applications(site.port, rounds * sends), sends, 303),
        page("search", "/en/search?" + urlencode({"q": "ceramics fair", "in": "title"}), 60),
        Target("article, 304", site, [["GET", article, known, None]], int(200 * share), 304),
        page("stylesheet", stylesheet(site.port, article), 300),
    ]


def _page(name: str, server: Server, path: str, count: int) -> Target:
    raw = len(get(server.port, path)[2])
    gzipped = len(compressed(server.port, path))
    return Target(name, server, [["GET", path, GZIP, None]], count, raw=raw, gzipped=gzipped)


def compressed(port: int, path: str) -> bytes:
    """The body as it travels; compressed here if the server does not."""
    status, headers, body = get(port, path, GZIP)
    if status != 200:
        raise NotReady(f"{path} answered {status}")
    return body if headers["Content-Encoding"] == "gzip" else gzip.compress(body, 6)


def address_of_article(port: int) -> str:
    """The article's address with its slug."""
    _status, headers, _body = get(port, ARTICLE + "x")
    return headers["Location"]


def _in_chinese(port: int, article: str) -> str:
    return re.search(r'href="(/zh/news/\d+-[^"]+)"', get(port, article)[2].decode())[1]


def stylesheet(port: int, article: str) -> str:
    """The address of the stylesheet, with its version."""
    return unescape(re.search(r'rel="stylesheet" href="([^"]+)"', get(port, article)[2].decode())[1])


def applications(port: int, number: int) -> list[list]:
    """So many whole applications, filled in to their last page; what is counted is the sending."""
    opened = [_Writer(port, f"sample.{each}@outlet{each}.example") for each in range(number)]
    time.sleep(MINIMUM_SECONDS + 1)
    return [writer.filled_in() for writer in opened]


class _Writer:
    """A browser that writes an application."""

    def __init__(self, port: int, email: str):
        self.connection = http.client.HTTPConnection(HOST, port, timeout=10)
        self.cookie, self.answers = "", {**ANSWERS, "email": email}
        self.place = FORM
        self.page = self._ask("GET", FORM)

    def filled_in(self) -> list:
        """Every page but the last is sent; the request that sends the last."""
        while not self.place.endswith("/check"):
            self._ask("POST", self.place, self._body())
            self.page = self._ask("GET", self.place)
        self.connection.close()
        return ["POST", self.place, self._headers(), self._body()]

    def _body(self) -> str:
        names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', self.page))
        found = {name: re.search(f'name="{name}"[^>]* value="([^"]+)"', self.page) for name in HIDDEN}
        hidden = {name: each[1] for name, each in found.items() if each}
        return urlencode({**{k: v for k, v in self.answers.items() if k in names}, **hidden}, doseq=True)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        self.connection.request(method, path, body, self._headers())
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.cookie = (answer.headers["Set-Cookie"] or self.cookie).split(";")[0]
        if method == "POST":
            if answer.status != 303:
                raise NotReady(f"{path} answered {answer.status}: {re.findall('class=.error.>(.*?)</p>', text)}")
            self.place = answer.headers["Location"]
        return text
