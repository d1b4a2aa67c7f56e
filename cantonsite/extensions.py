"""Flask's extensions, unbound: create_app() joins them to an application."""

import smtplib
import ssl
from pathlib import Path

import flask_mail
from flask import Flask, current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from .database import db

SMTP_TIMEOUT_SECONDS = 20
SMTP_ANSWER_SECONDS = 120
MIGRATIONS = Path(__file__).parent / "migrations"


class CheckedConnection(flask_mail.Connection):
    """Flask-Mail 0.10 waits for ever and takes any certificate with STARTTLS; this one does neither."""

    def configure_host(self) -> smtplib.SMTP:
        settings, checked = self.mail, ssl.create_default_context()
        where = {"host": settings.server, "port": settings.port, "timeout": SMTP_TIMEOUT_SECONDS}
        host = smtplib.SMTP_SSL(context=checked, **where) if settings.use_ssl else smtplib.SMTP(**where)
        try:
            if settings.use_tls:
                host.starttls(context=checked)
            if settings.username and settings.password:
                host.login(settings.username, settings.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        # A server may look long at a mail before it answers; who gives up too soon sends it twice
        host.sock.settimeout(max(SMTP_TIMEOUT_SECONDS, SMTP_ANSWER_SECONDS))
        return host


class CheckedMail(flask_mail.Mail):
    """Flask-Mail with the connection above."""

    def connect(self) -> CheckedConnection:
        return CheckedConnection(current_app.extensions["mail"])


class AskedLimiter(Limiter):
    """Counts only where http/limits.py asks it. No view is decorated: its look at every request would find nothing."""

    def _check_request_limit(self, *_of_a_view: object) -> None:
        return


mail = CheckedMail()
babel = Babel()
csrf = CSRFProtect()
limiter = AskedLimiter(key_func=get_remote_address)


def join_migrations(app: Flask) -> None:
    """Give an application its `db` commands. Flask-Migrate brings Alembic, which a process that serves never needs."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
