"""Every setting, named once: its default, its type, and what refuses to start."""

import base64
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .languages import DEFAULT, LANGUAGES, Language

TRANSLATIONS = Path(__file__).parent / "translations"
SECRET_KEY_MIN_LENGTH = 32
# 32 bytes in base64url; "s" is the name of the key that a demonstration derives
DOCUMENT_KEY = re.compile(r"(?!s:)([a-z0-9-]{1,16}):([A-Za-z0-9_-]{43})=?")


def _flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    words[""] = False
    try:
        return words[text.strip().lower()]
    except KeyError:
        raise ValueError("say true or false") from None


def _words(text: str) -> list[str]:
    return text.split()


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. Its text form, from the environment, is turned by `convert` into what the site uses."""

    name: str
    default: Any
    about: str
    convert: Callable[[str], Any] = str


SETTINGS = (
    Setting("ENVIRONMENT", "production", "production, demo or test"),
    Setting("SECRET_KEY", "", f"signs links and cookies; at least {SECRET_KEY_MIN_LENGTH} characters"),
    Setting("SECRET_KEY_FALLBACKS", [], "former secret keys, whose links still work", _words),
    Setting("DOCUMENT_KEYS", "", "seal applicants' documents: name:key, separated by spaces; the first one seals"),
    Setting("DATABASE_URL", "", "postgresql://…; empty: a SQLite file in the instance folder"),
    Setting("BASE_URL", "", "https://press.example.org: the site's own address, which links in mail begin with"),
    Setting("PROXY_COUNT", 0, "how many reverse proxies stand in front and set X-Forwarded-*", int),
    Setting("SITE_NAME", "Canton Fair Press Office", "the site's name in the masthead, titles and feeds"),
    Setting("PRESS_OFFICE_NAME", "Canton Fair Press Office", "who signs mails and answers questions"),
    Setting("PRESS_OFFICE_EMAIL", "", "shown as contact, Reply-To of every mail"),
    Setting("PRESS_OFFICE_PHONE", "", "shown as contact"),
    Setting("LANGUAGES", "en zh", "the languages of the public pages, in the order of their switch"),
    Setting("TIMEZONE", "Asia/Shanghai", "the zone in which dates are meant and shown"),
    Setting("MAIL_SERVER", "", "host of the SMTP server; empty in a demonstration: mail goes to /mailbox"),
    Setting("MAIL_PORT", 25, "port of the SMTP server", int),
    Setting("MAIL_USERNAME", "", "SMTP user"),
    Setting("MAIL_PASSWORD", "", "SMTP password"),
    Setting("MAIL_USE_TLS", False, "STARTTLS, with the certificate checked", _flag),
    Setting("MAIL_USE_SSL", False, "TLS from the first byte, with the certificate checked", _flag),
    Setting("MAIL_DEFAULT_SENDER", "", "From of every mail"),
    Setting("GATHER_ABOVE", 5, "how many mails to a reviewer within ten minutes leave one by one", int),
    Setting("REVIEW_LINK_NEEDS_CODE", False, "a reviewer's link asks new browsers for a code that is mailed", _flag),
    Setting("DECISION_GRACE_SECONDS", 120, "how long a decision can be undone before its mail leaves", int),
    Setting("APPLY_LIMIT_PER_ADDRESS", "5 per hour", "applications that name one email address; empty is off"),
    Setting("APPLY_LIMIT_PER_NETWORK", "60 per hour", "applications from one network; empty is off"),
    Setting("RATELIMIT_STORAGE_URI", "memory://", "where limits are counted; redis://… when several machines serve"),
)
SECRETS = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DOCUMENT_KEYS", "MAIL_PASSWORD", "DATABASE_URL")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the settings that must be mended before the site may serve."""

    setting: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.what}. {self.mend}"


class ConfigurationError(RuntimeError):
    """The settings hold problems; the message names each of them with its mend."""

    def __init__(self, found: list[Problem]):
        super().__init__("cantonsite cannot start:\n" + "\n".join(f"  - {problem}" for problem in found))
        self.problems = found


def instance_folder() -> str | None:
    """The instance folder that the environment names, absolute; None for the one beside app.py."""
    named = os.environ.get("CANTONSITE_INSTANCE")
    return str(Path(named).absolute()) if named else None


def defaults() -> dict[str, Any]:
    """Every setting with the value that it has when nothing is said."""
    return {setting.name: setting.default for setting in SETTINGS}


def from_environment(environ: dict[str, str] | None = None) -> dict[str, Any]:
    """The settings named in `CANTONSITE_*` variables, converted by their declared type.

    Raises ConfigurationError naming each variable that cannot be converted. The values are taken as
    text, never as JSON: a password of digits stays a password.
    """
    environ = dict(os.environ) if environ is None else environ
    found, bad = {}, []
    for setting in SETTINGS:
        text = environ.get(f"CANTONSITE_{setting.name}")
        if text is None:
            continue
        try:
            found[setting.name] = setting.convert(text)
        except ValueError:
            kind = type(setting.default).__name__
            bad.append(Problem(setting.name, f"“{text}” is not a {kind}", setting.about.capitalize()))
    if bad:
        raise ConfigurationError(bad)
    return found


def problems(config: dict[str, Any], instance_path: str) -> list[Problem]:
    """What keeps these settings from serving the public, each with its mend; empty when all is well."""
    own = [*_of_secrets(config, instance_path), *_of_addresses(config), *_of_mail(config), *_of_mode(config)]
    return [*own, *problems_of_languages(config)]


def spoken(config: dict[str, Any]) -> dict[str, Language]:
    """The languages that the setting LANGUAGES names, by their codes, in its order; the default one in any case."""
    known = [code for code in config["LANGUAGES"].split() if code in LANGUAGES]
    return {code: LANGUAGES[code] for code in (known if DEFAULT in known else [DEFAULT, *known])}


def document_keys(text: str) -> dict[str, bytes]:
    """The keys of the setting DOCUMENT_KEYS by name, in its order. Raises ValueError naming the place of a bad one."""
    keys: dict[str, bytes] = {}
    for place, word in enumerate(text.split(), 1):
        found = DOCUMENT_KEY.fullmatch(word)
        if not found or found[1] in keys:
            raise ValueError(f"key {place} has no good form" if not found else f"the name “{found[1]}” stands twice")
        keys[found[1]] = base64.urlsafe_b64decode(found[2] + "=")
    return keys


def problems_of_languages(config: dict[str, Any]) -> list[Problem]:
    """What keeps the site from speaking the languages that it should; a demonstration refuses these too."""
    found, named = [], config["LANGUAGES"].split()
    for code in named:
        if code not in LANGUAGES:
            mend = f"Choose among: {' '.join(LANGUAGES)}"
            found.append(Problem("LANGUAGES", f"“{code}” is not a language of the site", mend))
        elif code != DEFAULT and not _catalogue(LANGUAGES[code]).exists():
            found.append(Problem("LANGUAGES", f"“{code}” has no compiled catalogue", "Run: make translations"))
    if DEFAULT not in named:
        found.append(Problem("LANGUAGES", f"“{DEFAULT}” is missing", f"Add {DEFAULT}, which is spoken when none fits"))
    return found


def _catalogue(language: Language) -> Path:
    return TRANSLATIONS / language.locale / "LC_MESSAGES" / "messages.mo"


def _of_secrets(config: dict[str, Any], instance_path: str) -> list[Problem]:
    found = []
    mend = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if not config["SECRET_KEY"]:
        found.append(Problem("SECRET_KEY", "is missing", mend))
    elif len(config["SECRET_KEY"]) < SECRET_KEY_MIN_LENGTH:
        found.append(Problem("SECRET_KEY", f"is shorter than {SECRET_KEY_MIN_LENGTH} characters", mend))
    found += _of_document_keys(config)
    file = Path(instance_path, "config.py")
    if file.exists() and file.stat().st_mode & 0o077:
        found.append(Problem("config.py", "can be read by other users of this machine", f"Run: chmod 600 '{file}'"))
    return found


def _of_document_keys(config: dict[str, Any]) -> list[Problem]:
    mend = "Make one with: python -c 'import secrets; print(\"1:\" + secrets.token_urlsafe(32))'"
    try:
        keys = document_keys(config["DOCUMENT_KEYS"])
    except ValueError as error:  # which never says the key itself
        return [Problem("DOCUMENT_KEYS", str(error), f"{mend}. Keep the former ones behind it")]
    return [] if keys else [Problem("DOCUMENT_KEYS", "is missing", mend)]


def _of_addresses(config: dict[str, Any]) -> list[Problem]:
    base = urlsplit(config["BASE_URL"])
    if base.scheme == "https" and base.hostname and base.path in ("", "/") and not base.query:
        return []
    what = "is missing" if not config["BASE_URL"] else "is not an https address without a path"
    return [Problem("BASE_URL", what, "Set it to the site's own address, such as https://press.example.org")]


def _of_mail(config: dict[str, Any]) -> list[Problem]:
    found = []
    if not config["MAIL_SERVER"]:
        found.append(Problem("MAIL_SERVER", "is missing", "Name the SMTP server that sends the site's mail"))
    for name in ("MAIL_DEFAULT_SENDER", "PRESS_OFFICE_EMAIL"):
        if "@" not in config[name]:
            found.append(Problem(name, "is missing", "Set it to an address such as press@example.org"))
    return found


def _of_mode(config: dict[str, Any]) -> list[Problem]:
    found = []
    if config.get("DEBUG"):
        found.append(Problem("DEBUG", "is on", "Start without --debug and without FLASK_DEBUG"))
    if config["ENVIRONMENT"] not in ("production", "demo", "test"):
        found.append(Problem("ENVIRONMENT", f"is “{config['ENVIRONMENT']}”", "Say production, demo or test"))
    return found
