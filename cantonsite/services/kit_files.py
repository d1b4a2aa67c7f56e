"""Files that go into a press kit, of an article or of an edition: pictures written anew, others as they were given."""

from pathlib import PurePosixPath
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from .. import clock
from ..database import db, transaction
from ..models import Article, Edition, KitFile, StaffMember
from ..models.audit import Actor
from . import audit, files, imaging
from .imaging import MOST_BYTES

OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "txt": "text/plain",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "zip": "application/zip",
}


class UnfitFile(ValueError):
    """The file cannot go into a kit; the message says why, in words for the person who sent it."""


class NoKit(LookupError):
    """There is no article, no edition or no file with this number."""


def of(*, article: int | None = None, edition: int | None = None) -> list[KitFile]:
    """The files of an article or of an edition, both by number, in the order in which they came."""
    rows = select(KitFile).join(Article if article else Edition)
    rows = rows.where(Article.number == article) if article else rows.where(Edition.number == edition)
    return list(db.session.scalars(rows.order_by(KitFile.id)))


def made(data: bytes, name: str) -> tuple[bytes, str]:
    """What is given out of an upload, and its media type: of a picture its pixels alone. Raises UnfitFile."""
    media_type = _media_type(data, name)
    try:
        return imaging.bare(data) if media_type.startswith("image/") else data, media_type
    except imaging.UnreadablePicture as error:
        raise UnfitFile(*error.args) from error


def hold(data: bytes, name: str) -> str:
    """Keep an upload for a form that has errors elsewhere, and return its key. Raises UnfitFile."""
    made(data, name)
    files.sweep()
    return files.put(data, "application/octet-stream")


def add(
    data: bytes,
    *,
    name: str,
    title: str,
    article: int | None = None,
    edition: int | None = None,
    actor: StaffMember | Actor,
) -> int:
    """Put a file into the kit of an article or an edition, by number, and return its id. Raises UnfitFile, NoKit."""
    name = clean_name(name)
    given_out, media_type = made(data, name)
    with transaction() as session:
        file = KitFile(
            **_owner(article, edition),
            key=files.put(given_out, media_type),
            name=name,
            title=title,
            media_type=media_type,
            size=len(given_out),
            added_at=clock.now(),
            staff_id=actor.id if isinstance(actor, StaffMember) else None,
        )
        session.add(file)
        session.flush()
        files.release([files.key_of(data)])  # what the form held, unless it is given out as it came
        audit.record("kit_file_added", actor=actor, number=article, edition=edition, name=name)
    return file.id


def remove(file_id: int, *, article: int | None = None, edition: int | None = None, actor: StaffMember | Actor) -> None:
    """Take a file out of a kit. Raises NoKit unless it is one of this article's or edition's."""
    with transaction() as session:
        file = session.get(KitFile, file_id)
        owner = _owner(article, edition)
        if file is None or any(getattr(file, name) != value for name, value in owner.items()):
            raise NoKit(file_id)
        session.delete(file)
        session.flush()
        files.release([file.key])
        audit.record("kit_file_removed", actor=actor, number=article, edition=edition, name=file.name)


def clean_name(name: str) -> str:
    """The name of a file without folders and signs that a file's name may not hold."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(sign if sign.isprintable() and sign not in '<>:"/\\|?*' else " " for sign in last)
    stem, _, ending = " ".join(kept.split()).rpartition(".")
    return f"{stem.strip('. ')[: KitFile.NAME_LENGTH - 6] or 'file'}.{ending[:5]}"


def _owner(article: int | None, edition: int | None) -> dict[str, int]:
    model, number, column = (Article, article, "article_id") if article else (Edition, edition, "edition_id")
    found = db.session.scalar(select(model.id).where(model.number == number))
    if found is None:
        raise NoKit(number)
    return {column: found}


def _media_type(data: bytes, name: str) -> str:
    if not data:
        raise UnfitFile(_l("The file is empty"))
    if len(data) > MOST_BYTES:
        raise UnfitFile(_l("The file must be 20 MB or smaller"))
    ending = name.rpartition(".")[2].lower()
    if ending not in MEDIA_TYPES:
        raise UnfitFile(_l("The file must be a PDF, DOCX, XLSX, TXT, JPEG, PNG, WEBP, MP3, MP4 or ZIP"))
    if not _begins_as(ending, data):
        raise UnfitFile(
            _l("The file is not what its name says: it does not begin as %(ending)s does", ending=ending.upper())
        )
    return MEDIA_TYPES[ending]


def _begins_as(ending: str, data: bytes) -> bool:
    def is_text() -> bool:
        try:
            return "\0" not in data.decode()
        except UnicodeDecodeError:
            return False

    begins: dict[str, Any] = {
        "pdf": b"%PDF-",
        "png": b"\x89PNG\r\n\x1a\n",
        "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
        **dict.fromkeys(("jpg", "jpeg"), b"\xff\xd8\xff"),
        **dict.fromkeys(("zip", "docx", "xlsx"), b"PK\x03\x04"),
    }
    if ending == "txt":
        return is_text()
    if ending in ("webp", "mp4"):
        return data[8:12] == b"WEBP" if ending == "webp" else data[4:8] == b"ftyp"
    return data.startswith(begins[ending])
