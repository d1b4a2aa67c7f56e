"""Forms behind mailed links: protected against forgery without a session, and against robots that press buttons."""

import hmac
from hashlib import sha256
from typing import Any, Self

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import ValidationError

from .. import clock
from .base import CleanMeta, Versioned
from .robots import Traps

LIFE_SECONDS = 7 * 24 * 3600
MOST_DIGITS = 12


class LinkCSRF(CSRF):
    """An HMAC over the link, the version of the row that the page showed, and the time: no cookie is set."""

    def setup_form(self, form: Any) -> Any:
        self.link_id, self.version = form.meta.csrf_context
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:  # noqa: ARG002
        moment = int(clock.now().timestamp())
        return f"{moment}.{self._mac(moment, str(self.version))}"

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        moment, _, mac = (field.data or "").partition(".")
        number = moment.isascii() and moment.isdigit() and len(moment) <= MOST_DIGITS
        fresh = number and 0 <= clock.now().timestamp() - int(moment) + 1 < LIFE_SECONDS
        if not fresh or not hmac.compare_digest(mac.encode(), self._mac(int(moment), form.version.data or "").encode()):
            raise ValidationError(_l("This page was open for a long time, or came from elsewhere. Send the form again"))

    def _mac(self, moment: int, version: str) -> str:
        key = current_app.config["SECRET_KEY"].encode()
        return hmac.new(key, f"link-form:{self.link_id}:{version}:{moment}".encode(), sha256).hexdigest()


class LinkForm(Traps, Versioned, PlainForm):
    """A form on a page that a mailed link opens. `version` is the version of the application that the page shows."""

    class Meta(CleanMeta, PlainForm.Meta):
        csrf = True
        csrf_class = LinkCSRF

    id_prefix = ""

    def __init__(self, formdata: Any = None, *, link_id: int | str, seen: int, **kwargs: Any):
        super().__init__(formdata, meta={"csrf_context": (link_id, seen)}, **kwargs)
        for field in self:  # two forms on one page must not share their ids
            field.id = self.id_prefix + field.id
        self.link_id, self.shown = link_id, seen
        if formdata is None:
            self.version.data = str(seen)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be acted on. One of doubtful origin is shown again for what there is now."""
        sound = super().validate(extra_validators)
        if self.csrf_token.errors:
            self.version.data = str(self.shown)
        return sound

    @property
    def is_overtaken(self) -> bool:
        """Whether it was sent from a page of ours that showed an earlier version."""
        return not self.csrf_token.errors and self.seen != self.shown

    def anew(self, *, link_id: int | str, seen: int) -> Self:
        """The same answers in a form for what there is now."""
        return type(self)(link_id=link_id, seen=seen, data=self.data)

    @property
    def status_code(self) -> int:
        return 422 if self.errors else 200
