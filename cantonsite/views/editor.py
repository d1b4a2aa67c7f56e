"""The page behind an editor's mailed link: does this person report for you? GET and HEAD change nothing."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from ..forms.editor import EditorForm
from ..http import language
from ..models import Link
from ..models.link import Purpose
from ..services import crews, editor, site
from .links import must_come_from_here, opened

bp = Blueprint("editor", __name__, url_prefix=f"{language.PREFIX}/invitation/editor")


@bp.get("/<token>")
def show(token: str):
    """The question, or what was answered."""
    return _page(opened(Purpose.EDITOR, token), token)


@bp.post("/<token>")
def answer(token: str):
    """Yes or no. The first answer stands."""
    must_come_from_here()
    link = opened(Purpose.EDITOR, token)
    form = EditorForm(request.form, **_of(link))
    if not form.validate():
        return _page(link, token, form=form, code=422)
    try:
        editor.answer(link.application, says=form.answer.data == "yes", note=form.note.data or "")
    except editor.AlreadyAnswered:
        return _page(opened(Purpose.EDITOR, token), token, code=409)
    return redirect(url_for(".show", token=token), 303)


def _of(link: Link) -> dict[str, int | str]:
    """What binds the form to its link. There is no version: what a reviewer does meanwhile does not concern it."""
    return {"link_id": f"editor-{link.id}", "seen": 0}


def _page(link: Link, token: str, *, form: EditorForm | None = None, code: int = 200):
    application = link.application
    g.language_hrefs = {each: url_for(".show", token=token, lang=each) for each in site.spoken()}
    waits = application.editor_says is None and bool(crews.awaiting_editor(application))
    page = render_template(
        "invitation/editor.html",
        application=application,
        edition=application.edition,
        crew=[each.name for each in crews.with_same_editor(application)[1:]],
        form=(form or EditorForm(**_of(link))) if waits else None,
        token=token,
    )
    return page, code
