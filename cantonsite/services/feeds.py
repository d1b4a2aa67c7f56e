"""The newest articles in full, as feeds show them: with their pictures, and with what was wrong in them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from ..database import db
from ..models import Article, ArticleText, Edition
from ..models.news import Section
from . import articles, figures
from .articles import Corrected
from .figures import PictureShown
from .news import NEWEST, PAGE_SIZE, STORY_COLUMNS, Story, stories


@dataclass(frozen=True, slots=True)
class WholeStory(Story):
    """An article as a feed shows it. The body is Markdown. Compared by content: feeds are kept by it."""

    body: str
    author: str
    modified_at: datetime | None
    corrections: tuple[Corrected, ...]
    pictures: tuple[PictureShown, ...]

    @property
    def updated_at(self) -> datetime:
        """When it was last published, changed or corrected."""
        return articles.last_change(self.published_at, self.modified_at, self.corrections)


def newest(
    language: str, section: Section | None = None, edition: Edition | None = None, most: int = PAGE_SIZE
) -> tuple[WholeStory, ...]:
    """The newest visible articles, of one section, of one edition, or of all. At most three statements."""
    columns = (Article.id, *STORY_COLUMNS, ArticleText.body, ArticleText.author, ArticleText.modified_at)
    narrowed = stories(language).where(*_of(section, edition)).with_only_columns(*columns, Article.corrected_at)
    rows = db.session.execute(narrowed.order_by(*NEWEST).limit(most)).all()
    said: dict[int, tuple[Corrected, ...]] = {}
    for code in {row.language for row in rows if row.corrected_at}:
        said |= articles.corrections_of([row.id for row in rows if row.corrected_at and row.language == code], code)
    pictures = figures.of_articles([row.id for row in rows], language)
    return tuple(
        WholeStory(*row[1:-1], corrections=said.get(row.id, ()), pictures=pictures.get(row.id, ())) for row in rows
    )


def _of(section: Section | None, edition: Edition | None) -> list[ColumnElement[bool]]:
    return [
        *([Article.section == section] if section else []),
        *([Article.edition_id == edition.id] if edition else []),
    ]
