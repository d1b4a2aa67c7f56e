"""Answer with a file of a picture. Its name is made from its content, which never changes: only who may see it does."""

from urllib.parse import quote

from flask import Response, abort, request
from slugify import slugify

from ..models.news import Viewer
from ..services import files, media
from .headers import FOR_EVER


def answer(name: str, viewer: Viewer) -> Response:
    """The file with this name, such as 0f….webp, if the viewer may see it; 404 otherwise, whether it exists or not.

    With `?download` it is called as its picture is. What is offered to the press may be kept for ever; what only an
    article shows is asked for again each time, so that it is gone when the article is.
    """
    key, _, extension = name.partition(".")
    found = media.find(key, extension, viewer=viewer)
    if found is None:
        abort(404)
    answered = Response(mimetype=found.media_type)
    answered.set_etag(key)
    if found.is_given_away:
        answered.headers["Cache-Control"] = FOR_EVER
    if "download" in request.args:
        answered.headers["Content-Disposition"] = attachment(f"{found.name}.{extension}")
    if key not in request.if_none_match:
        answered.set_data(files.get(key))
    return answered.make_conditional(request)


def attachment(name: str) -> str:
    """The header by which a file is saved under this name, whatever its letters (RFC 6266, RFC 8187)."""
    stem, _, ending = name.rpartition(".")
    plain = f"{slugify(stem) or 'download'}.{ending}"
    return f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}"
