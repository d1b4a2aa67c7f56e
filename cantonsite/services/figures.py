"""Pictures as pages show them: read in one statement, compared by content, with words in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Row, Select, bindparam, exists, func, select

from ..database import db
from ..languages import Said, said
from ..models import Article, ArticlePicture, Edition, KitFile, Picture, Rendition
from ..models.media import Licence, PictureKind, RenditionUse

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
ON_PAGES = (RenditionUse.PAGE, RenditionUse.SHARE, RenditionUse.ORIGINAL)


@dataclass(frozen=True, slots=True)
class File:
    """One file made from a picture; `size` in bytes. `name` is what its address ends with."""

    use: RenditionUse
    media_type: str
    width: int
    height: int
    size: int
    key: str

    @property
    def name(self) -> str:
        return f"{self.key}.{EXTENSIONS[self.media_type]}"


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A picture, what is said of it, and those of its files that were asked for."""

    id: int
    name: str
    kind: PictureKind
    alt: Said
    caption: Said
    credit: str
    licence: Licence
    in_library: bool
    width: int
    height: int
    taken_on: date | None
    edition: int | None  # its number
    described_in: tuple[str, ...]  # the languages that have a text for those who do not see it
    files: tuple[File, ...]

    def made_for(self, use: RenditionUse, media_type: str | None = None) -> tuple[File, ...]:
        """Its files for this use, the narrowest first."""
        return tuple(file for file in self.files if file.use == use and media_type in (None, file.media_type))

    def largest(self, use: RenditionUse, media_type: str | None = None) -> File | None:
        """The widest of its files for this use; None if there is none."""
        return next(reversed(self.made_for(use, media_type)), None)


# What a statement about articles asks besides: whether there are pictures to be read, and how large the kit's files are
BESIDE = (
    exists().where(ArticlePicture.article_id == Article.id).label("has_pictures"),
    select(func.coalesce(func.sum(KitFile.size), 0))
    .where(KitFile.article_id == Article.id)
    .correlate(Article)
    .scalar_subquery()
    .label("files_size"),
)


def of_article(article_id: int, language: str) -> tuple[PictureShown, ...]:
    """The pictures of an article in their order, in one statement. Who may see the article, may see them."""
    rows = db.session.execute(_OF_ARTICLE, {"article": article_id, "uses": ON_PAGES})
    return tuple(_each(rows, language))


def of_articles(article_ids: Iterable[int], language: str) -> dict[int, tuple[PictureShown, ...]]:
    """The pictures of several articles by their ids, in one statement: for feeds."""
    rows = db.session.execute(
        _of_articles().where(ArticlePicture.article_id.in_(list(article_ids))), {"uses": ON_PAGES}
    )
    found = groupby(rows, lambda row: row.article_id)
    return {article_id: tuple(_each(some, language)) for article_id, some in found}


def first_of(article_number: int, language: str) -> PictureShown | None:
    """The card of an article's first picture, for a list that shows this article."""
    rows = db.session.execute(_CARD_OF, {"number": article_number, "uses": (RenditionUse.CARD,)})
    return next(iter(_each(rows, language)), None)


def of_ids(ids: Iterable[int], uses: Iterable[RenditionUse], language: str) -> tuple[PictureShown, ...]:
    """These pictures with their files for these uses, in one statement and in the order of the ids."""
    wanted = list(ids)
    rows = _with_files(select(*_OF_A_PICTURE, *_OF_A_FILE)).where(Picture.id.in_(wanted))
    rows = db.session.execute(rows.order_by(Picture.id, Rendition.width), {"uses": tuple(uses)})
    found = {each.id: each for each in _each(rows, language)}
    return tuple(found[each] for each in wanted if each in found)


_SAME = ("id", "name", "kind", "credit", "licence", "in_library", "width", "height", "taken_on")
_OF_A_PICTURE = (*(getattr(Picture, name) for name in _SAME), Picture.alts, Picture.captions, Edition.number)
_OF_A_FILE = tuple(getattr(Rendition, name).label(f"file_{name}") for name in File.__dataclass_fields__)


def _each(rows: Iterable[Row], language: str) -> Iterable[PictureShown]:
    """The pictures of rows that lie together, one row for each file."""
    for _, some in groupby(rows, lambda row: row.id):
        of_one = list(some)
        first = of_one[0]
        yield PictureShown(
            **{name: getattr(first, name) for name in _SAME},
            alt=said(first.alts, language),
            caption=said(first.captions, language),
            edition=first.number,
            described_in=tuple(sorted(code for code, text in first.alts.items() if text)),
            files=tuple(File(*(getattr(row, column.name) for column in _OF_A_FILE)) for row in of_one),
        )


def _with_files(rows: Select) -> Select:
    rows = rows.join(Rendition, Rendition.picture_id == Picture.id).outerjoin(Edition, Picture.edition_id == Edition.id)
    return rows.where(Rendition.use.in_(bindparam("uses", expanding=True)))


def _of_articles() -> Select:
    rows = select(ArticlePicture.article_id, *_OF_A_PICTURE, *_OF_A_FILE).select_from(ArticlePicture)
    rows = _with_files(rows.join(Picture, Picture.id == ArticlePicture.picture_id))
    return rows.order_by(ArticlePicture.article_id, ArticlePicture.position, Picture.id, Rendition.width)


def _card_of() -> Select:
    article = select(Article.id).where(Article.number == bindparam("number")).scalar_subquery()
    return _of_articles().where(ArticlePicture.article_id == article)


_OF_ARTICLE = _of_articles().where(ArticlePicture.article_id == bindparam("article"))
_CARD_OF = _card_of()
