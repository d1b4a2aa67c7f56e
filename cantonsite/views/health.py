"""For load balancers: alive, and ready to serve."""

from flask import Blueprint, Response

from ..services import health

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive():
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def ready():
    """The database can be reached and is migrated."""
    if health.database_is_ready():
        return Response("ready\n", mimetype="text/plain")
    return Response("not ready\n", 503, mimetype="text/plain")
