"""Many journalists at once: whole applications with their files, by real requests, on both databases.

Each client walks the journey page by page as a browser does that runs no script; one in twenty presses "Send" twice in
the same moment. What was acknowledged is then looked for in the database: with all its files and mails, and once.
"""

import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from cantonsite import create_app
from cantonsite.database import db
from cantonsite.extensions import join_migrations
from cantonsite.models import Application, ApplicationDraft, Document, OutgoingMail
from cantonsite.services import sample, staff

from . import processes, servers, table
from .applicant import Answered, Applicant, pictures
from .instance import CONFIG
from .search import postgres

APPLICATIONS, CLIENTS = 2_000, 50
AT_ONCE = 4  # first pages that a client opens together, to wait once for the seconds that a person needs
ALONE = 12  # applications of one client alone, for comparison
TWICE_EVERY = 20
FILES, MOST_MINUTES = 2, 25
AIM_FAIR = 3  # a send is itself about two requests long


@dataclass(slots=True)
class Crowd:
    """What became of it: how long each kind of request took in ms, what was acknowledged, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    references: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, answers: list[Answered]) -> None:
        for each in answers:
            self.took[each.kind].append(each.milliseconds)


def run(applications: int) -> list[str]:
    """Send so many applications to each database; the tables."""
    tables = []
    with tempfile.TemporaryDirectory(prefix="cantonsite-bench-crowd-") as folder, postgres() as url:
        files = pictures()
        for number, (name, address) in enumerate({"SQLite": "", "PostgreSQL": url}.items()):
            with _site(Path(folder) / str(number), address) as (app, server):
                _say(f"{ALONE} applications by one client alone on {name}")
                alone = _crowd(server.port, files, ALONE, clients=1, first=0)
                before = processes.memory(server.worker)["Pss"]
                _say(f"{applications:,} applications by {CLIENTS} clients at once on {name}")
                crowd = _crowd(server.port, files, applications, clients=CLIENTS, first=ALONE)
                after = processes.memory(server.worker)["Pss"]
                tables += _tables(name, app, alone, crowd, (before, after), applications)
    return tables


@contextmanager
def _site(folder: Path, url: str) -> Iterator[tuple[Flask, servers.Server]]:
    """The site as it is run: a server and a deliverer, on the sample, with no limits on one network."""
    folder.mkdir(mode=0o700)
    file = folder / "config.py"
    file.write_text(CONFIG + f"DATABASE_URL = {url!r}\n" * bool(url), encoding="utf-8")
    file.chmod(0o600)
    app = create_app(instance_path=str(folder))
    join_migrations(app)
    with app.app_context():
        upgrade()
        sample.fill()
        db.session.remove()
    env = servers.environment(folder)
    with ExitStack() as stack:
        server = stack.enter_context(servers.serving("app:app", env, "/en/invitation"))
        stack.enter_context(processes.running(["-m", "flask", "--app", "app", "mail", "deliver"], env=env))
        yield app, server
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _crowd(port: int, files: list[bytes], number: int, *, clients: int, first: int) -> Crowd:
    crowd = Crowd()
    started = time.monotonic()
    until = started + MOST_MINUTES * 60
    shares = [range(first + at, first + number, clients) for at in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        for found in pool.map(lambda share: list(_client(port, files, share, until)), shares):
            for answers, reference, fault in found:
                crowd.add(answers)
                crowd.references += [reference] if reference else []
                crowd.faults.update([fault] if fault else [])
    crowd.seconds = time.monotonic() - started
    return crowd


def _client(port: int, files: list[bytes], share: range, until: float) -> Iterator[tuple[list[Answered], str, str]]:
    """One client's applications, some at a time; for each what was answered, its reference, and what went wrong."""
    for start in range(0, len(share), AT_ONCE):
        some = [Applicant(port, number, files) for number in share[start : start + AT_ONCE]]
        if time.monotonic() > until:
            yield from (([], "", "no time left") for _ in some)
            continue
        for each in some:
            each.open()
        time.sleep(3.1)
        for each in some:
            each.apply(twice=each.number % TWICE_EVERY == 0)
            yield each.answers, each.reference, each.fault


def _tables(
    name: str, app: Flask, alone: Crowd, crowd: Crowd, memory: tuple[float, float], asked: int
) -> Iterator[str]:
    head = ["request", "database", "number", "alone p50 ms", "p50 ms", "p95 ms", "p99 ms", "longest ms"]
    rows = []
    for kind, took in crowd.took.items():
        shares = (median(took), *(_share(took, share) for share in (0.95, 0.99)), max(took))
        figures = [f"{figure:,.0f}" for figure in shares]
        rows.append([kind, name, f"{len(took):,}", f"{median(alone.took[kind]):,.0f}", *figures])
    yield table.markdown(head, rows)
    yield table.markdown(["what", "measured", "aim", ""], list(_aims(name, app, alone, crowd, memory, asked)))


def _aims(
    name: str, app: Flask, alone: Crowd, crowd: Crowd, memory: tuple[float, float], asked: int
) -> Iterator[list[str]]:
    with app.app_context():
        found = _stored(crowd.references)
    done, faults = len(crowd.references), ", ".join(f"{words}: {number}" for words, number in crowd.faults.items())
    fair = CLIENTS * mean(figure for took in alone.took.values() for figure in took)
    p99 = _share(crowd.took["send"], 0.99)
    yield [f"{name}: acknowledged", f"{done:,} in {crowd.seconds:,.0f} s", f"{asked:,}", table.verdict(done == asked)]
    yield [f"{name}: went wrong", faults or "0", "0", table.verdict(not crowd.faults)]
    for words, (figure, aim) in found.items():
        yield [f"{name}: {words}", f"{figure:,}", f"{aim:,}", table.verdict(figure == aim)]
    words = f"{name}: p99 of send ÷ a turn of each of the {CLIENTS} clients"
    yield [words, f"{p99 / fair:.1f}", f"≤ {AIM_FAIR}", table.verdict(p99 <= AIM_FAIR * fair)]
    yield [f"{name}: PSS of the worker", f"{memory[0]:.0f} MiB before, {memory[1]:.0f} after", "", ""]


def _stored(references: list[str]) -> dict[str, tuple[int, int]]:
    """What is in the database of those that were acknowledged, each with what should be."""
    done, reviewers = len(references), len(staff.reviewers())
    ids = dict(db.session.execute(select(Application.reference, Application.id)).all())
    mine = [ids[each] for each in references if each in ids]
    files = dict(db.session.execute(_by_application(Document.application_id)).all())
    kinds = db.session.execute(
        _by_application(OutgoingMail.application_id).add_columns(OutgoingMail.kind).group_by(OutgoingMail.kind)
    )
    mails = {(number, kind): count for number, count, kind in kinds}
    of_crowd = Application.email.like("%@crowd.example")
    return {
        "stored under their reference": (len(set(mine)), done),
        "stored in all, the clients alone aside": (
            db.session.scalar(select(func.count()).where(of_crowd)) - ALONE,
            done,
        ),
        f"with {FILES} files": (sum(files.get(each) == FILES for each in mine), done),
        "with one receipt": (sum(mails.get((each, "application_received")) == 1 for each in mine), done),
        "with one mail to each reviewer": (
            sum(mails.get((each, "review_application")) == reviewers for each in mine),
            done,
        ),
        "drafts left": (db.session.scalar(_drafts_left()), 0),
    }


def _by_application(column):
    return select(column, func.count()).where(column.is_not(None)).group_by(column)


def _drafts_left():
    return select(func.count(ApplicationDraft.id)).where(ApplicationDraft.email_key.like("%@crowd.example"))


def _share(took: list[float], share: float) -> float:
    return sorted(took)[int(len(took) * share)]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
