"""A list of applications as a file. What for is asked first, and written down."""

from flask import Blueprint, Response, flash, g, redirect, render_template, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.wsgi import FileWrapper

from ..forms.exports import ExportForm
from ..http import zips
from ..http.desk import init_blueprint, open_to
from ..http.media import attachment
from ..http.queue import asked_for
from ..models.staff import Role
from ..services import exports, queue

bp = init_blueprint(Blueprint("desk_exports", __name__, url_prefix="/desk/exports"))
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("", methods=["GET", "POST"])
@open_to(Role.REVIEWER)
def take_out():
    """The list that the filter in the address chooses."""
    narrowing = asked_for()
    chosen = queue.Filter(**narrowing.values)
    if not (size := exports.size(chosen)):
        flash(_("There is nothing to export in this list."))
        return redirect(url_for("desk.applications", **narrowing.query), 303)
    form = ExportForm()
    if form.validate_on_submit():
        exports.write_down(chosen, form.format.data, form.reason.data, actor=g.staff)
        return _file(chosen, form.format.data)
    page = render_template("desk/export.html", form=form, size=size, query=narrowing.query)
    return page, form.status_code


def _file(chosen: queue.Filter, kind: str) -> Response:
    if kind == "photos":
        entries = exports.photos(chosen, actor_id=g.staff.id)
        answer = Response(stream_with_context(zips.written(entries)), mimetype="application/zip")
    elif kind == "xlsx":
        answer = Response(FileWrapper(exports.as_xlsx(chosen), 64 * 1024), mimetype=WORKBOOK, direct_passthrough=True)
    else:
        answer = Response(stream_with_context(exports.as_csv(chosen)), mimetype="text/csv")
    ending = {"photos": "zip"}.get(kind, kind)
    answer.headers["Content-Disposition"] = attachment(f"applications.{ending}")
    return answer
