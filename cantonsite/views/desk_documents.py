"""The documents of an application at the desk: opened in writing, and found in order or not."""

from flask import Blueprint, Response, abort, g, redirect, render_template, url_for

from ..forms.casework import VerdictForm
from ..http.desk import init_blueprint, open_to
from ..http.queue import asked_for
from ..models.document import Verdict
from ..models.staff import Role
from ..services import casework, invitation
from ..services.documents import keeping, sealing
from . import desk_file

bp = init_blueprint(Blueprint("desk_documents", __name__, url_prefix="/desk/documents"))
# It is of our own making, pictures only; still it may load nothing and run nothing. A sandbox would stop PDF viewers.
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'"


@bp.get("/<int:document_id>")
@open_to(Role.REVIEWER)
def opened(document_id: int):
    """One document. That it was opened, and by whom, is written down; the applicant can read it."""
    try:
        found = keeping.opened(document_id, g.staff)
    except sealing.CannotUnseal:
        return render_template("desk/document_lost.html"), 500
    document, data = found or abort(404)
    answer = Response(data, mimetype=document.media_type, headers={"Content-Security-Policy": POLICY})
    answer.headers.set("Content-Disposition", "inline", filename=document.name)
    return answer


@bp.post("/<int:document_id>/verdict")
@open_to(Role.REVIEWER)
def judge(document_id: int):
    """Find a document in order or not."""
    document = keeping.get(document_id) or abort(404)
    reference = invitation.reference_of(document.application_id)
    form = VerdictForm(prefix=f"{document_id}-")
    if not form.validate_on_submit():
        return desk_file.page(reference, judging=(document_id, form), code=422)
    casework.judge(document_id, Verdict(form.verdict.data), form.reason.data or "", actor=g.staff)
    here = {"reference": reference, "_anchor": f"document-{document_id}", **asked_for().query}
    return redirect(url_for("desk_file.show", **here), 303)
