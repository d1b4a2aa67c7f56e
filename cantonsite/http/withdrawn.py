"""The answer at every address of an article that was withdrawn: that it was, when and why, and nothing else of it."""

from flask import g, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from ..services import articles, corrections, site
from . import errors, language
from .display import moment


def page(gone: articles.Withdrawn) -> tuple[str, int]:
    """Answer 410 with the reason in the reader's language, or else in the one that has it."""
    reason = corrections.reason_of(gone.number, g.language)
    advice = [Markup("<span%s>%s</span>") % (language.marked(reason.language), reason.text)] if reason.text else []
    advice.append(_("It was withdrawn on %(moment)s, %(zone)s.", moment=moment(gone.at), zone=site.zone_words()))
    advice.append(_("If you used it, do not use it any more. The press office answers your questions."))
    return errors.page(
        410,
        heading=_("This article was withdrawn"),
        advice=advice,
        link=(_("All corrections and withdrawals"), url_for("corrections.every")),
    )
