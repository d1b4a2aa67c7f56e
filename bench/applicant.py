"""One journalist who applies over HTTP page by page, with a press card and a photo, as a browser without scripts."""

import http.client
import io
import random
import re
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

from cantonsite import clock

from .servers import HOST

HERE = "/en/invitation/apply"
TIMEOUT_SECONDS = 120
HIDDEN = re.compile(r'name="(csrf_token|form_number|number|shown)"[^>]*value="([^"]*)"')
REFERENCE = re.compile(r"CF\d+-\w{4}-\w{2}")
COOKIE = re.compile(r"(session=[^;]+)")


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: to what kind of request, and how long it took."""

    kind: str
    milliseconds: float


class Unexpected(Exception):
    """An answer that a journalist should not get; the words say which."""


def pictures() -> list[bytes]:
    """JPEG files of about 200 KB, each different, large enough for the pass."""
    from PIL import Image

    made, drawn = [], random.Random(7)
    for _ in range(8):
        noise = Image.frombytes("RGB", (150, 200), drawn.randbytes(150 * 200 * 3)).resize((900, 1200))
        file = io.BytesIO()
        noise.save(file, "JPEG", quality=80)
        made.append(file.getvalue())
    return made


class Applicant:
    """One application. `reference` stands once the receipt was read; `fault` says what went wrong, if something did."""

    def __init__(self, port: int, number: int, files: list[bytes]):
        self.port, self.number = port, number
        self.files = files[number % len(files)], files[(number + 1) % len(files)]
        self.answers: list[Answered] = []
        self.reference = self.fault = self._cookie = self._page = ""
        self._connection: http.client.HTTPConnection | None = None

    def open(self) -> None:
        """Look at the first page."""
        self._safely(lambda: self._get("first page", HERE))
        self._hang_up()  # a server ends a connection on which nothing is said for long; a browser then opens another

    def apply(self, *, twice: bool) -> None:
        """Fill in every page and send; with `twice`, press the last button two times in the same moment."""
        if not self.fault:
            self._safely(lambda: self._journey(twice))
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _safely(self, act) -> None:
        try:
            act()
        except (OSError, http.client.HTTPException, Unexpected) as error:
            self.fault = f"{type(error).__name__} {error}"[:80]

    def _journey(self, twice: bool) -> None:
        arrives = clock.now().date() + timedelta(days=60)
        you = {"given_name": "Crowd", "family_name": f"Number {self.number}", "email": f"{self.number}@crowd.example"}
        self._post("page", HERE, {"applicant_kind": "short_term", **you}, "/outlet")
        outlet = {"outlet_name": f"Outlet {self.number % 300}", "outlet_kind": "print", "outlet_country": "SE"}
        self._post("page", f"{HERE}/outlet", {"role": "reporter", **outlet}, "/work")
        edition = re.search(r'name="edition"[^>]*value="(\d+)"', self._page)
        days = {"arrives_on": arrives.isoformat(), "departs_on": (arrives + timedelta(days=5)).isoformat()}
        self._post("page", f"{HERE}/work", {"edition": edition[1] if edition else "", "phases": "1", **days}, "/proof")
        card = {"press_card": ("card.jpg", self.files[0])}
        self._post("upload", f"{HERE}/proof", {"proof_kind": "press_card"}, "/travel", card)
        self._post("page", f"{HERE}/travel", {"nationality": "SE"}, "/photo")
        self._post("upload", f"{HERE}/photo", {"focus": "5"}, "/check", {"photo": ("photo.jpg", self.files[1])})
        self._send(twice)

    def _send(self, twice: bool) -> None:
        body, headers = self._form({"declaration": "y"}, {})
        if twice:
            with ThreadPoolExecutor(2) as pool:
                tasks = [pool.submit(self._alone, body, headers) for _ in range(2)]
                locations = [task.result() for task in tasks]
        else:
            locations = [self._ask("send", "POST", f"{HERE}/check", body, headers)[1]]
        if len(set(locations)) != 1 or "/received/" not in locations[0]:
            raise Unexpected(f"sent: {' '.join(sorted(set(locations)))}")
        self._get("receipt", locations[0])
        found = REFERENCE.search(self._page)
        self.reference = found[0] if found else ""

    def _alone(self, body: bytes, headers: dict[str, str]) -> str:
        """The same request on a connection of its own."""
        other = Applicant(self.port, self.number, list(self.files))
        other._cookie = self._cookie
        location = other._ask("send", "POST", f"{HERE}/check", body, headers)[1]
        self.answers += other.answers
        other._connection.close()
        return location

    def _get(self, kind: str, path: str) -> None:
        status, _location, self._page = self._ask(kind, "GET", path)
        if status != 200:
            raise Unexpected(f"{path}: {status}")

    def _post(self, kind: str, path: str, answers: dict[str, str], leads_to: str, files: dict | None = None) -> None:
        status, location, _page = self._ask(kind, "POST", path, *self._form(answers, files or {}))
        if status != 303 or not location.endswith(leads_to):
            raise Unexpected(f"{path}: {status} {location}")
        self._get("page", location)

    def _form(self, answers: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, dict[str, str]]:
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(self._page)}
        whole = {**hidden, **answers}
        if not files:
            return urlencode(whole).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        mark, parts = secrets.token_hex(16), []
        for name, value in whole.items():
            parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        for name, (file, data) in files.items():
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
            parts += [f"{head}Content-Type: image/jpeg\r\n\r\n".encode(), data, b"\r\n"]
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        return body, {"Content-Type": f"multipart/form-data; boundary={mark}"}

    def _ask(
        self, kind: str, method: str, path: str, body: bytes | None = None, headers: dict | None = None
    ) -> tuple[int, str, str]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT_SECONDS)
        started = time.perf_counter()
        self._connection.request(method, path, body, {**(headers or {}), "Cookie": self._cookie})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self.answers.append(Answered(kind, (time.perf_counter() - started) * 1000))
        for line in answer.headers.get_all("Set-Cookie") or []:
            if found := COOKIE.match(line):
                self._cookie = found[1]
        return answer.status, answer.headers.get("Location", ""), text
