"""The size of the text, remembered in a cookie: only a mark on <html> differs."""

from flask import Response, request

COOKIE = "text_size"
SIZES = ("larger", "normal", "smaller")
LONGEST = 2000  # characters of a path; a browser's own address bar ends there
YEAR = 365 * 24 * 3600


def current() -> str:
    """What the reader chose: "larger", "smaller", or "" for normal."""
    size = request.cookies.get(COOKIE, "")
    return size if size in ("larger", "smaller") else ""


def remember(response: Response, size: str) -> Response:
    """Keep the choice for a year; normal needs no cookie."""
    if size == "normal":
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(COOKIE, size, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def here() -> str:
    """Where the choice leads back to: this page, with its query unless that is too long."""
    path = request.full_path.rstrip("?")
    return path if request.method in ("GET", "HEAD") and len(path) <= LONGEST else request.path


def path_here(given: str | None) -> str:
    """A path on this site to go back to; the front page for anything else, another host included."""
    path = given or "/"
    sound = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    goes_round = path.partition("?")[0] == "/text-size"  # an error page there would lead back to itself
    return path if sound and not goes_round and len(path) <= LONGEST else "/"
