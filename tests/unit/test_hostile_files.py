"""What bad or unlucky senders send: each file is refused in words or made harmless, and nothing of it stays behind."""

import contextlib
import os
import signal
import tempfile
import threading
import time
from io import BytesIO
from pathlib import Path

import psutil
import pypdfium2
import pytest
from PIL import Image

from cantonsite.services.documents import opening, sanitising
from cantonsite.services.documents.opener import active
from cantonsite.services.documents.sanitising import JPEG, PDF, Refused
from tests import hostile
from tests.drawings import PLACE, jpeg
from tests.hostile import MARK, TOO_HARD, Hostile
from tests.pdfs import pdf

CORPUS = hostile.corpus()
# Every name that stands in a PDF that this site has written, and in PDFium's copy of it
OURS = {
    b"/" + name for name in b"Type Catalog Pages Count Kids Page Parent MediaBox Contents Resources XObject P".split()
}
OURS |= {b"/" + name for name in b"Subtype Image Width Height ColorSpace DeviceRGB BitsPerComponent Filter".split()}
OURS |= {b"/" + name for name in b"DCTDecode FlateDecode Length Size Root ID".split()}

TRACES = (MARK, PLACE.encode(), b"app.alert", b"evil", b"PK\3\4", b"Exif\0", b"xmp", b"ICC_PROFILE", b"%PDF-1.7")


@pytest.fixture(autouse=True, scope="module")
def _nobody_is_left():
    yield
    opening.close()
    assert children() == []


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "opener" in " ".join(child.cmdline())]


def idle() -> list[opening.Child]:
    return [child for child in opening._children.queue if child and not child.has_ended]


def taken(file: Hostile) -> sanitising.Sanitised:
    return sanitising.take_in(file.data, file.name)


def nothing_but_looks(kept: sanitising.Sanitised) -> None:
    for trace in TRACES:
        assert trace not in kept.data
    if kept.media_type == PDF:
        assert active.names_in(kept.data) <= OURS
        document = pypdfium2.PdfDocument(kept.data)
        assert len(document) == kept.pages
        written_out = BytesIO()
        document.save(written_out)
        assert active.names_in(written_out.getvalue()) <= OURS
        document.close()
    else:
        shown = Image.open(BytesIO(kept.data), formats=["JPEG"])
        shown.load()
        assert (shown.size, shown.mode, kept.media_type) == ((kept.width, kept.height), "RGB", JPEG)
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert kept.data[-2:] == b"\xff\xd9"


def test_the_corpus_is_large_and_names_each_file_once():
    assert len(CORPUS) > 100
    assert len({file.id for file in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.id)
def test_a_hostile_file_is_refused_in_words_or_made_harmless(file):
    if file.words:
        with pytest.raises(Refused) as refused:
            taken(file)
        assert file.words in str(refused.value)
    else:
        nothing_but_looks(taken(file))


@pytest.mark.parametrize("file", hostile.spinning(), ids=lambda file: file.id)
def test_a_file_that_keeps_its_reader_busy_is_refused_and_the_next_one_is_read(file, monkeypatch, caplog):
    monkeypatch.setattr(opening, "ANSWER_SECONDS", 1.5)
    with pytest.raises(Refused, match=TOO_HARD):
        taken(file)
    assert "ended the process that opened it" in caplog.text
    assert sanitising.take_in(pdf(), "a.pdf").pages == 1
    assert len(children()) <= opening.AT_ONCE


def test_a_child_that_was_killed_is_replaced_without_a_word():
    sanitising.take_in(jpeg(), "a")
    killed = idle()[0].process.pid
    os.kill(killed, signal.SIGKILL)
    idle_until_gone(killed)
    assert sanitising.take_in(jpeg(), "a").width == 1400
    assert killed not in [child.pid for child in children()]


def idle_until_gone(pid: int) -> None:
    for _ in range(200):
        if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.01)


def test_a_child_that_hangs_is_ended_at_the_deadline(monkeypatch):
    monkeypatch.setattr(opening, "ANSWER_SECONDS", 0.3)
    sanitising.take_in(jpeg(), "a")
    for child in idle():
        os.kill(child.process.pid, signal.SIGSTOP)
    hanging = [child.pid for child in children()]
    for _ in hanging:
        with pytest.raises(Refused, match=TOO_HARD):
            sanitising.take_in(pdf(), "a")
    assert not set(hanging) & {child.pid for child in children()}
    monkeypatch.setattr(opening, "ANSWER_SECONDS", 12)
    assert sanitising.take_in(pdf(), "a").pages == 1


def test_a_child_that_ends_by_itself_is_replaced_and_the_file_is_read():
    opening.close()
    pids = set()
    small = jpeg(30, 20)
    for _ in range(205):
        sanitising.take_in(small, "a")
        pids |= {child.process.pid for child in idle()}
    assert len(pids) == 3


def test_several_at_once_are_read_by_as_many_children_as_there_may_be():
    found, problems = [], []

    def read(width: int) -> None:
        try:
            found.append(sanitising.take_in(jpeg(width, 40), "a").width == width)
        except Exception as problem:
            problems.append(problem)

    readers = [threading.Thread(target=read, args=(width,)) for width in range(30, 70)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert problems == []
    assert found == [True] * 40
    assert len(children()) <= opening.AT_ONCE


def test_a_process_that_was_forked_off_takes_children_of_its_own():
    sanitising.take_in(jpeg(), "a")
    before = {child.process.pid for child in idle()}
    forked = os.fork()
    if not forked:
        code = 1
        try:
            fine = sanitising.take_in(pdf(), "a").pages == 1
            fine = fine and not before & {child.process.pid for child in idle()}
            opening.close()
            code = 0 if fine else 2
        finally:
            os._exit(code)
    assert os.waitpid(forked, 0)[1] == 0
    assert sanitising.take_in(pdf(), "a").pages == 1
    assert before <= {child.process.pid for child in idle()}


def test_the_child_holds_no_file_no_secret_and_no_more_than_it_may(monkeypatch):
    monkeypatch.setenv("CANTONSITE_SECRET_KEY", "a secret of the environment")
    opening.close()
    with tempfile.TemporaryFile() as inherited:
        os.set_inheritable(inherited.fileno(), True)
        sanitising.take_in(jpeg(), "a")
        (child,) = children()
        held = {int(file.name): os.readlink(file) for file in Path(f"/proc/{child.pid}/fd").iterdir()}
    assert set(held) == {0, 1, 2}
    assert held[0].startswith("socket:")
    assert held[1] == held[2] == os.devnull
    limits = Path(f"/proc/{child.pid}/limits").read_text()
    for line in ("Max file size 0 0", "Max processes 0 0", "Max open files 3 3", "Max core file size 0 0"):
        assert line in " ".join(limits.split())
    status = Path(f"/proc/{child.pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status
    opening.close()


def test_a_child_whose_parent_is_no_more_ends():
    child = opening.Child()
    watched = psutil.Process(child.process.pid)
    child.line.close()
    assert child.process.wait(5) == 0
    assert not watched.is_running()


def test_memory_stays_flat_and_no_file_is_left_behind():
    folder = Path(tempfile.gettempdir())
    before, files = peak_of_memory(), set(folder.iterdir())
    for file in CORPUS:
        with contextlib.suppress(Refused):
            taken(file)
    assert peak_of_memory(anew=False) - before < 80_000
    assert set(folder.iterdir()) <= files


def peak_of_memory(anew: bool = True) -> int:
    """In KB: the most that this process has held since it was last asked anew."""
    if anew:
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            pytest.skip("this system does not tell the peak anew")
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
