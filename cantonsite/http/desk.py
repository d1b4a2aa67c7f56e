"""Who is signed in at the desk, and what their role opens."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug import Response

from ..extensions import csrf
from ..models import StaffMember
from ..models.staff import Role
from ..services import sign_in
from . import language

LONG = 60  # a token or a choice is shorter; a title may be too, and is soon typed again
TOKEN = "desk"  # noqa: S105  the name of an entry, not a secret


def open_to(*roles: Role, form_checks: bool = False) -> Callable:
    """Only for these roles, and for administrators always; whoever is not signed in is sent to the sign-in.

    With `form_checks` the view's form looks at its own CSRF token and keeps the answers when it is stale; and what
    somebody typed while their session ended is shown to them once more instead of being lost.
    """
    allowed = {*roles, Role.ADMINISTRATOR}

    def guard(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            staff = signed_in()
            if staff is None:
                return _typed_in_vain() if form_checks and request.form else _to_the_door()
            if staff.role not in allowed:
                abort(403)
            if request.method == "POST" and not form_checks:
                csrf.protect()
            return view(*args, **kwargs)

        guarded.open_to, guarded.form_checks = frozenset(allowed), form_checks
        return guarded

    return guard


def _to_the_door() -> Response:
    return redirect(url_for("desk_sign_in.ask"), 303)


def _typed_in_vain() -> tuple[str, int]:
    """Nothing is stored for somebody who is not signed in; what they typed is given back to be copied."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if "\n" in value or len(value) > LONG]
    return render_template("desk/signed_out.html", typed=typed), 401


def signed_in() -> StaffMember | None:
    """The staff member whose session this request carries; the answer is in their language."""
    if "staff" not in g:
        found = sign_in.current(session.get(TOKEN))
        g.desk_session, g.staff = found, found.staff if found else None
        if g.staff:
            language.speak(g.staff.language)
    return g.staff


def init_blueprint(bp: Blueprint) -> Blueprint:
    """Give a blueprint of the desk what its templates need."""
    bp.context_processor(lambda: {"staff": g.get("staff")})
    return bp
