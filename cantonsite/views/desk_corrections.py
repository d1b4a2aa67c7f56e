"""Correct an article that is out, or take it away; readers are told in either case."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from .. import clock
from ..database import Changed
from ..forms.article import CorrectionForm, WithdrawalForm
from ..forms.base import choices
from ..http import before_publication
from ..http.desk import init_blueprint, open_to
from ..languages import LANGUAGES
from ..models.news import State
from ..models.staff import Role
from ..models.writing import CorrectionKind
from ..services import corrections, differences, site, versions, writing
from .desk_articles import NUMBER

bp = init_blueprint(Blueprint("desk_corrections", __name__, url_prefix="/desk/articles"))


@bp.route(f"/{NUMBER}/correct", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def correct(number: int):
    """Publish what was changed, with a sentence that says what was wrong."""
    article = writing.find(number) or abort(404)
    _must_be_shown(article)
    form = CorrectionForm()
    form.language.choices = choices((text.language, site.spoken()[text.language].name) for text in _texts(article))
    if form.validate_on_submit():
        told = (form.language.data, form.sentence.data)
        try:
            writing.publish(number, seen=form.seen, actor=g.staff, correction=told)
        except Changed:
            if not _is_said(number, CorrectionKind.CORRECTION, dict([told])):
                return _correction_page(number, form, 409)
        flash(_("The correction is public: on the article, in the list of corrections and in the feeds."))
        return redirect(url_for("desk_articles.article", number=number), 303)
    return _correction_page(number, form, form.status_code)


@bp.route(f"/{NUMBER}/withdraw", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def withdraw(number: int):
    """Take an article away; its address says why."""
    article = writing.find(number) or abort(404)
    form = WithdrawalForm.for_languages(text.language for text in _texts(article))()
    pressed_again = form.is_submitted() and _is_said(number, CorrectionKind.WITHDRAWAL, form.reasons)
    _must_be_shown(article, unless=pressed_again)
    if form.validate_on_submit():
        try:
            corrections.withdraw(number, seen=form.seen, reasons=form.reasons, actor=g.staff)
        except Changed:
            if not _is_said(number, CorrectionKind.WITHDRAWAL, form.reasons):
                return _page("desk/article_withdraw.html", writing.find(number), form, 409)
        flash(_("The article is withdrawn. Its address says why."))
        return redirect(url_for("desk_articles.article", number=number), 303)
    return _page("desk/article_withdraw.html", article, form, form.status_code)


def _must_be_shown(article, unless: bool = False) -> None:
    """Only what readers see can be corrected or withdrawn; a second press of the button finds it done."""
    if article.state(clock.now()) not in (State.PUBLISHED, State.CORRECTED) and not unless:
        abort(409)


def _is_said(number: int, kind: CorrectionKind, sentences: dict[str, str]) -> bool:
    """Whether just these sentences were said last: a second press of a button repeats the first."""
    return corrections.last_said(number) == (kind, {code: (words or "").strip() for code, words in sentences.items()})


def _texts(article):
    return sorted((text for text in article.texts if text.language in site.spoken()), key=lambda text: text.language)


def _page(template: str, article, form, code: int, **more):
    form.version.data = str(article.version)
    return render_template(template, article=article, form=form, code=code, **more), code


def _correction_page(number: int, form, code: int):
    """The form, below what it makes public: no word should go out that whoever corrects has not seen."""
    article = writing.find(number)
    more = {"changes": _changes(article), "findings": before_publication.findings(article)}
    return _page("desk/article_correct.html", article, form, code, **more)


def _changes(article):
    """What a correction makes public: each language, the saves that it holds, and its fields side by side."""
    nothing = dict.fromkeys(versions.FIELDS, "")
    there = {text.language: versions.content_of(text) for text in article.texts}
    for code, content in versions.written(article).items():
        before = there.get(code, nothing)
        if content != before and versions.is_whole(content):
            fields = [(name, differences.side_by_side(before[name], content[name])) for name in versions.FIELDS]
            rows = [(name, [row for row in rows if row.differs]) for name, rows in fields]
            yield LANGUAGES[code], versions.unseen(article, code), rows
