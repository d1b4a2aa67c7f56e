"""`python -m cantonsite`, which `make run` runs: settings, database, sample, server and deliverer, all of it."""

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from . import config, create_app
from .extensions import join_migrations
from .services import sample

HOST = "127.0.0.1"
READY_WITHIN_SECONDS = 30
STOP_WITHIN_SECONDS = 15
PR_SET_PDEATHSIG = 1
ROOT = Path(__file__).parents[1]
CONFIG = '''"""Settings of this instance. Kept out of git; readable by its owner alone."""

ENVIRONMENT = "demo"
SECRET_KEY = "{secret}"
DOCUMENT_KEYS = "1:{document_key}"
BASE_URL = "http://{host}:{port}"
PRESS_OFFICE_EMAIL = "press@cantonfair.example"
PRESS_OFFICE_PHONE = "+86 20 5550 0124"
MAIL_DEFAULT_SENDER = "Canton Fair Press Office <press@cantonfair.example>"
DECISION_GRACE_SECONDS = 10
GATHER_ABOVE = 20
LANGUAGES = "en zh ar"
'''


class CannotStart(Exception):
    """The site cannot be started here; the message says why and what to do."""


def main() -> None:
    """Make what is missing, start server and deliverer, and end when one of them ends."""
    os.chdir(ROOT)
    stopping = _signals_noted()
    try:
        port = _port()
        folder = _instance(port)
        _refuse_taken(port)
        _prepare(port)
        sys.exit(_serve(port, folder, stopping))
    except (CannotStart, config.ConfigurationError) as error:
        sys.exit(f"\n{error}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        raise CannotStart(f"PORT={given} is not a port. Say a number such as: PORT=8001 make run")
    return int(given)


def _instance(port: int) -> Path:
    folder = Path(config.instance_folder() or ROOT / "instance")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    file = folder / "config.py"
    if file.exists():
        _say(f"Settings: {file}")
    else:
        made = {"secret": secrets.token_urlsafe(48), "document_key": secrets.token_urlsafe(32)}
        text = CONFIG.format(**made, host=HOST, port=port)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
        _say(f"Settings: made {file}")
    os.environ["CANTONSITE_INSTANCE"] = str(folder)
    if "CANTONSITE_BASE_URL" not in os.environ and 'ENVIRONMENT = "demo"' in file.read_text(encoding="utf-8"):
        os.environ["CANTONSITE_BASE_URL"] = f"http://{HOST}:{port}"  # links must lead to the port of this run
    return folder


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} cannot be used ({error.strerror}). Take another one: PORT={port + 1} make run"
            ) from error


def _prepare(port: int) -> None:
    from flask_migrate import upgrade

    app = create_app()
    join_migrations(app)
    with app.app_context():
        upgrade()
        _say("Database: at the newest migration")
        if app.config["ENVIRONMENT"] == "demo":
            added = {kind: number for kind, number in sample.fill().items() if number}
            words = ", ".join(f"{number} {kind}" for kind, number in added.items())
            _say(f"Sample: added {words}" if added else "Sample: there already")
    _say(f"Starting on http://{HOST}:{port}")


def _signals_noted() -> list[int]:
    """A list that fills when a signal comes. From the first moment: a child must never outlive us."""
    caught: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        caught.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return caught


def _ends_with_parent() -> None:
    """On Linux, let the kernel end a child whose parent was killed without a chance to end it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(*words: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", *words], preexec_fn=_ends_with_parent)  # noqa: PLW1509, S603


def _serve(port: int, folder: Path, stopping: list[int]) -> int:
    if stopping:
        return 0
    address = ("--host", HOST, "--port", str(port), "--http", "1", "--no-ws")
    workers = ("--workers", "1", "--blocking-threads", "8", "--log-level", "error")
    children = {
        "server": _start("granian", "--interface", "wsgi", *address, *workers, "app:app"),
        "deliverer": _start("flask", "--app", "app", "mail", "deliver"),
    }
    try:
        if _wait_until_ready(port, children, stopping):
            _tell(port, folder)
        while not stopping and all(child.poll() is None for child in children.values()):
            time.sleep(0.2)
    finally:
        _stop(children)
    ended = [name for name, child in children.items() if child.returncode not in (0, -signal.SIGTERM)]
    if stopping:
        _say("Stopped.")
        return 0
    _say(f"The {' and the '.join(ended) or 'site'} ended; stopped the rest.")
    return 1


def _wait_until_ready(port: int, children: dict[str, subprocess.Popen], stopping: list[int]) -> bool:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and not stopping and all(c.poll() is None for c in children.values()):
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


def _stop(children: dict[str, subprocess.Popen]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _tell(port: int, folder: Path) -> None:
    site = f"http://{HOST}:{port}"
    mail = "your SMTP server" if os.environ.get("CANTONSITE_MAIL_SERVER") else f"{site}/mailbox"
    _say(f"""
Ready.
  The site       {site}/en/  and  {site}/zh/
  Mail goes to   {mail}
  The desk       {site}/desk   (sign in as desk@press.example)
  Kept in        {folder}

The loop, in one browser:
  1. Apply:               {site}/en/invitation/apply
  2. Open the mailbox:    {site}/mailbox
  3. Follow the reviewer's link in the newest mail
  4. Approve; ten seconds later the answer is in the mailbox

Stop with Ctrl+C.""")


if __name__ == "__main__":
    main()
