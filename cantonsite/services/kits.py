"""Press kits: the texts, the original pictures with their captions and terms, further files, and the sums of all.

A kit is written anew for each reader, from what that reader may see; the same content gives the same bytes.
"""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b, sha256
from typing import IO

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import or_, select

from .. import clock
from ..database import db
from ..languages import LANGUAGES
from ..models import Article, ArticlePicture, ArticleText, Edition, KitFile, Picture
from ..models.media import RenditionUse
from . import figures, files, site
from .figures import PictureShown

IN_MEMORY = 4 * 1024 * 1024
EARLIEST = datetime(1980, 1, 1, tzinfo=clock.zone("UTC"))  # a zip knows nothing before
PACKED = {"txt", "pdf", "docx", "xlsx"}  # other kinds would not become smaller


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a kit: its bytes, or the key under which they are kept."""

    name: str
    data: bytes | None = None
    key: str | None = None

    @property
    def content(self) -> bytes:
        return files.get(self.key) or b"" if self.data is None else self.data


def entries(texts: Iterable[tuple[str, str]], pictures: Iterable[int], given: Iterable[KitFile]) -> list[Entry]:
    """What a kit holds: texts by name, these pictures by id, and files as they were given."""
    ids = list(pictures)
    shown = {code: figures.of_ids(ids, (RenditionUse.ORIGINAL,), code) for code in site.spoken()}
    found = [Entry(name, text.encode()) for name, text in texts]
    originals = next(iter(shown.values()))
    found += [Entry(_name(place, each), key=each.files[-1].key) for place, each in enumerate(originals, 1)]
    found += [Entry(f"files/{name}", key=file.key) for name, file in _named(given)]
    if originals:
        found.append(Entry("captions.txt", _captions(shown).encode()))
    found.append(Entry("LICENCE.txt", "\n".join(map(_licence, site.spoken())).encode()))
    return found


def fingerprint(found: Iterable[Entry]) -> str:
    """What changes when a kit does: of its names and contents, without reading the files."""
    said = blake2b(digest_size=12)
    for entry in found:
        content = entry.key or blake2b(entry.data, digest_size=16).hexdigest()
        said.update(f"{entry.name}\n{content}\n".encode())
    return said.hexdigest()


def written(found: Iterable[Entry], folder: str, moment: datetime) -> IO[bytes]:
    """The zip as a file to be read and closed. Every entry is dated `moment`; SHA256SUMS comes last."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  whoever reads it closes it
    date = max(moment, EARLIEST).timetuple()[:6]
    sums = []
    with zipfile.ZipFile(file, "w") as kit:
        for name, content in _with_contents(found):
            sums.append(f"{sha256(content).hexdigest()}  {name}\n")
            kit.writestr(_info(f"{folder}/{name}", date), content)
        kit.writestr(_info(f"{folder}/SHA256SUMS", date), "".join(sums))
    file.seek(0)
    return file


def pictures_of_article(number: int) -> list[int]:
    """The ids of an article's pictures in their order. Whoever asks may see the article."""
    rows = select(ArticlePicture.picture_id).join(Article, Article.id == ArticlePicture.article_id)
    return list(db.session.scalars(rows.where(Article.number == number).order_by(ArticlePicture.position)))


def articles_of_edition(edition: int) -> list[tuple[int, str]]:
    """Number and language of every text of an edition that everybody may see, the oldest first."""
    rows = (
        select(Article.number, ArticleText.language).join(ArticleText).join(Edition, Article.edition_id == Edition.id)
    )
    rows = rows.where(Edition.number == edition, Article.visible(clock.now()))
    found = db.session.execute(rows.order_by(Article.published_at, Article.number, ArticleText.language))
    return [tuple(row) for row in found]


def pictures_of_edition(edition: int) -> list[int]:
    """The ids of an edition's pictures that everybody may see: of the library, and of its articles."""
    own = Picture.edition_id == Edition.id
    in_articles = (
        select(ArticlePicture.picture_id)
        .join(Article, Article.id == ArticlePicture.article_id)
        .where(Article.edition_id == Edition.id, Article.visible(clock.now()))
        .correlate(Edition)
    )
    rows = select(Picture.id).join(Edition, or_((own & Picture.in_library), Picture.id.in_(in_articles)))
    return list(db.session.scalars(rows.where(Edition.number == edition).order_by(Picture.id)))


def _with_contents(found: Iterable[Entry]) -> Iterator[tuple[str, bytes]]:
    return ((entry.name, entry.content) for entry in found)  # one at a time: a kit may be larger than memory


def _info(name: str, date: tuple[int, ...]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date)
    info.external_attr = 0o644 << 16
    packed = name.rpartition(".")[2].lower() in PACKED
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    return info


def _name(place: int, picture: PictureShown) -> str:
    ending = picture.files[-1].name.rpartition(".")[2]
    return f"pictures/{place:02}-{picture.name}.{ending}"


def _named(given: Iterable[KitFile]) -> Iterator[tuple[str, KitFile]]:
    """Each file with a name that no other one has, whatever the case of its letters."""
    taken: set[str] = set()
    for file in given:
        stem, _dot, ending = file.name.rpartition(".")
        name, count = file.name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem}-{count}.{ending}"
        taken.add(name.casefold())
        yield name, file


def _captions(shown: dict[str, tuple[PictureShown, ...]]) -> str:
    """What is said of each picture, in each language."""
    parts = []
    for place, in_each in enumerate(zip(*shown.values(), strict=True), 1):
        first = in_each[0]
        lines = [f"{_name(place, first)} ({first.width} × {first.height})"]
        for code, picture in zip(shown, in_each, strict=True):
            with force_locale(LANGUAGES[code].locale):
                lines += ["", f"[{LANGUAGES[code].name}]", *_said(picture)]
        parts.append("\n".join(lines))
    return "\n\n\n".join(parts) + "\n"


def _said(picture: PictureShown) -> list[str]:
    rows = [
        (_("Caption"), picture.caption.text),
        (_("What the picture shows"), picture.alt.text),
        (_("Credit"), picture.credit),
        (_("Terms of use"), str(picture.licence.label)),
        (_("Taken on"), picture.taken_on.isoformat() if picture.taken_on else ""),
    ]
    return [f"{name}: {value}" for name, value in rows if value]


def _licence(code: str) -> str:
    """The terms of a kit in a few sentences of one language."""
    with force_locale(LANGUAGES[code].locale):
        facts = site.facts()
        lines = [
            _("You may use the texts in reports on the fair, whole or in part, if you name the source."),
            _("Each picture has its own terms and its own credit: they stand in captions.txt. Name the credit."),
            _("Do not change what a picture shows. You may crop it and adapt its colours and its size."),
            _("Files in the folder “files” may be used in reports on the fair."),
            _("Questions: %(office)s, %(email)s", office=facts.office, email=facts.email),
        ]
    return f"[{LANGUAGES[code].name}]\n" + "\n".join(lines) + "\n"
