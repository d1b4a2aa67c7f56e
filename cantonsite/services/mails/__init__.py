"""One small class a mail: whom it goes to, what its templates show, and when events have overtaken it.

Importing this package makes every kind known to the outbox.
"""

from . import alerts, applicant, desk, draft, editor, reviewer, their_data

__all__ = ["alerts", "applicant", "desk", "draft", "editor", "reviewer", "their_data"]
