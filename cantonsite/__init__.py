"""cantonsite: a press office for a trade fair in one Flask site."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from flask.cli import ScriptInfo
from werkzeug.middleware.proxy_fix import ProxyFix

from . import commands, config, views
from .database import db, prepare
from .extensions import csrf, join_migrations, limiter, mail
from .http import display, errors, headers, kept, language, numbers, structured

HOME = Path(__file__).parent


def create_app(overrides: dict[str, Any] | None = None, instance_path: str | None = None) -> Flask:
    """Join the parts into an application.

    Settings come from instance/config.py, then the environment, then `overrides`. Raises ConfigurationError when
    they do not allow to serve the public; under Flask's own command line that is a warning, so that `check` can run.
    """
    app = Flask(
        __name__,
        instance_path=instance_path or config.instance_folder() or str(HOME.parent / "instance"),
        instance_relative_config=True,
        template_folder=str(HOME.parent / "templates"),
        static_folder=str(HOME.parent / "static"),
    )
    app.config.update(config.defaults())
    app.config.from_pyfile("config.py", silent=True)
    app.config.update(config.from_environment())
    app.config.update(overrides or {})
    _refuse_to_start_badly(app)
    app.config.update(_derived(app))
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    if _on_command_line():
        join_migrations(app)
    for extension in (mail, csrf, limiter):
        extension.init_app(app)
    # What runs last on an answer is named last
    for part in (numbers, language, display, structured, errors, headers, kept):
        part.init_app(app)
    for blueprint in views.ALL:
        app.register_blueprint(blueprint)
    for command in commands.ALL:
        app.cli.add_command(command)
    if app.config["PROXY_COUNT"]:
        count = app.config["PROXY_COUNT"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
    return app


def _derived(app: Flask) -> dict[str, Any]:
    """Flask's and its extensions' settings that follow from ours."""
    base = urlsplit(app.config["BASE_URL"])
    in_production = app.config["ENVIRONMENT"] == "production"
    hosts = [base.hostname or "localhost", *([] if in_production else ["127.0.0.1", "localhost"])]
    sqlite = f"sqlite:///{Path(app.instance_path, 'cantonsite.sqlite3')}"
    url = app.config["DATABASE_URL"] or sqlite
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 20,
            "max_overflow": 20,
            "hide_parameters": True,  # an error in a log must not show what somebody sent
            "pool_pre_ping": not url.startswith("sqlite"),
        },
        "TRUSTED_HOSTS": hosts,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 200,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": base.scheme == "https",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),  # as long as a draft; what the desk opens ends in its table
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,  # each form checks itself and keeps its answers; the desk checks every POST
        "SPOKEN": config.spoken(app.config),
        "BABEL_TRANSLATION_DIRECTORIES": str(config.TRANSLATIONS),
        "MAIL_SUPPRESS_SEND": False,
        "RATELIMIT_HEADERS_ENABLED": False,
    }


def _refuse_to_start_badly(app: Flask) -> None:
    if app.config["ENVIRONMENT"] in ("demo", "test"):
        found = config.problems_of_languages(app.config)
    else:
        found = config.problems({**app.config, "DEBUG": app.debug}, app.instance_path)
    if not found:
        return
    if not _on_command_line():
        raise config.ConfigurationError(found)
    logging.getLogger(__name__).warning("%s", config.ConfigurationError(found))


def _on_command_line() -> bool:
    """Whether Flask's own command line builds the application; granian's is a click program too, but not Flask's."""
    context = click.get_current_context(silent=True)
    return context is not None and context.find_object(ScriptInfo) is not None
