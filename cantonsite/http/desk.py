"""Who is signed in at the desk, and what their role opens."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, g, redirect, request, session, url_for

from ..extensions import csrf
from ..models import StaffMember
from ..models.staff import Role
from ..services import sign_in
from . import language

TOKEN = "desk"  # noqa: S105  the name of an entry, not a secret


def open_to(*roles: Role) -> Callable:
    """Only for these roles, and for administrators always; whoever is not signed in is sent to the sign-in."""
    allowed = {*roles, Role.ADMINISTRATOR}

    def guard(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            staff = signed_in()
            if staff is None:
                return redirect(url_for("desk_sign_in.ask"), 303)
            if staff.role not in allowed:
                abort(403)
            if request.method == "POST":
                csrf.protect()
            return view(*args, **kwargs)

        guarded.open_to = frozenset(allowed)
        return guarded

    return guard


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
