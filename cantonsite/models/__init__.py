"""What is kept. Importing this package makes every table known."""

from .alerts import Bulletin, Subscriber
from .audit import AuditEvent
from .desk import DeskSession, SignIn
from .desk_work import ApplicationNote, Block, Wording
from .document import Document
from .draft import ApplicationDraft
from .edition import Edition, Phase
from .invitation import Application
from .known_browser import KnownBrowser
from .link import Link
from .media import ArticlePicture, KitFile, Picture, Rendition, StoredFile
from .news import Article, ArticleText
from .outbox import OutgoingMail
from .places import PlaceLimit
from .press import Contact, Fact, PressEvent
from .search import SearchEntry
from .staff import StaffMember
from .statistic import Statistic
from .writing import ArticleVersion, Correction, PreviewLink

__all__ = [
    "Application",
    "ApplicationDraft",
    "ApplicationNote",
    "Article",
    "ArticlePicture",
    "ArticleText",
    "ArticleVersion",
    "AuditEvent",
    "Block",
    "Bulletin",
    "Contact",
    "Correction",
    "DeskSession",
    "Document",
    "Edition",
    "Fact",
    "KitFile",
    "KnownBrowser",
    "Link",
    "OutgoingMail",
    "Phase",
    "Picture",
    "PlaceLimit",
    "PressEvent",
    "PreviewLink",
    "Rendition",
    "SearchEntry",
    "SignIn",
    "StaffMember",
    "Statistic",
    "StoredFile",
    "Subscriber",
    "Wording",
]
