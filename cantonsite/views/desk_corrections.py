"""Correct an article that is out, or take it away; readers are told in either case."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from .. import clock
from ..database import Changed
from ..forms.article import CorrectionForm, WithdrawalForm
from ..forms.base import choices
from ..http.desk import init_blueprint, open_to
from ..models.news import State
from ..models.staff import Role
from ..services import corrections, site, versions, writing
from .desk_articles import NUMBER

bp = init_blueprint(Blueprint("desk_corrections", __name__, url_prefix="/desk/articles"))


@bp.route(f"/{NUMBER}/correct", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def correct(number: int):
    """Publish what was changed, with a sentence that says what was wrong."""
    article = _shown(number)
    form = CorrectionForm()
    form.language.choices = choices((text.language, site.spoken()[text.language].name) for text in _texts(article))
    if form.validate_on_submit():
        told = (form.language.data, form.sentence.data)
        try:
            writing.publish(number, seen=form.seen, actor=g.staff, correction=told)
        except Changed:
            return _page("desk/article_correct.html", number, form, 409)
        flash(_("The correction is public: on the article, in the list of corrections and in the feeds."))
        return redirect(url_for("desk_articles.article", number=number), 303)
    return _page("desk/article_correct.html", number, form, form.status_code)


@bp.route(f"/{NUMBER}/withdraw", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def withdraw(number: int):
    """Take an article away; its address says why."""
    article = _shown(number)
    form = WithdrawalForm.for_languages(text.language for text in _texts(article))()
    if form.validate_on_submit():
        try:
            corrections.withdraw(number, seen=form.seen, reasons=form.reasons, actor=g.staff)
        except Changed:
            return _page("desk/article_withdraw.html", number, form, 409)
        flash(_("The article is withdrawn. Its address says why."))
        return redirect(url_for("desk_articles.article", number=number), 303)
    return _page("desk/article_withdraw.html", number, form, form.status_code)


def _shown(number: int):
    """Only what readers see can be corrected or withdrawn."""
    article = writing.find(number) or abort(404)
    if article.state(clock.now()) not in (State.PUBLISHED, State.CORRECTED):
        abort(409)
    return article


def _texts(article):
    return sorted((text for text in article.texts if text.language in site.spoken()), key=lambda text: text.language)


def _page(template: str, number: int, form, code: int):
    article = writing.find(number)
    form.version.data = str(article.version)
    unpublished = versions.unpublished(article)
    words = {"article": article, "form": form, "unpublished": unpublished, "code": code, "spoken": site.spoken()}
    return render_template(template, **words), code
