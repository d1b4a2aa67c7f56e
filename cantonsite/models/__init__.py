"""What is kept. Importing this package makes every table known."""

from .audit import AuditEvent
from .desk import DeskSession, SignIn
from .edition import Edition, Phase
from .invitation import Application
from .link import Link
from .news import Article, ArticleText
from .outbox import OutgoingMail
from .staff import StaffMember

__all__ = [
    "Application",
    "Article",
    "ArticleText",
    "AuditEvent",
    "DeskSession",
    "Edition",
    "Link",
    "OutgoingMail",
    "Phase",
    "SignIn",
    "StaffMember",
]
