"""Articles at the desk: the list, a new one, and the page of one with where it stands and what will happen."""

import secrets

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from .. import clock
from ..database import Changed
from ..forms.article import NewArticleForm, PlaceForm, PreviewForm, VersionForm
from ..forms.base import choices, on_one_line
from ..http import before_publication
from ..http.desk import init_blueprint, open_to
from ..languages import said
from ..models.news import Section, State
from ..models.staff import Role
from ..services import (
    beginning,
    checks,
    cleaning,
    contacts,
    corrections,
    editions,
    news,
    newsroom,
    previews,
    site,
    versions,
    writing,
)
from ..services.edition_words import edition_name, listed

NUMBER = f"<int(max={news.HIGHEST_NUMBER}):number>"
bp = init_blueprint(Blueprint("desk_articles", __name__, url_prefix="/desk/articles"))


@bp.get("")
@open_to(Role.EDITOR)
def every():
    """Articles of one state or of all, the last changed first."""
    given = request.args
    state = State(given["state"]) if given.get("state") in set(State) else None
    section = Section(given["section"]) if given.get("section") in set(Section) else None
    number = given.get("edition", "")
    narrow = {
        "words": on_one_line(given.get("q", ""))[:100],
        "section": section,
        "edition": int(number) if number.isascii() and number.isdigit() and len(number) < 5 else None,
    }
    return render_template(
        "desk/articles.html",
        state=state,
        rows=newsroom.articles(state, **narrow, after=given.get("after")),
        counts=newsroom.counts(**narrow),
        editions=editions.every(),
        State=State,
        kept={"q": narrow["words"] or None, "section": section and section.value, "edition": narrow["edition"]},
        **narrow,
    )


@bp.route("/new", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def new():
    """Begin an article."""
    form = _with_lists(NewArticleForm())
    form.language.choices = choices((each.code, each.name) for each in site.spoken().values())
    if form.validate_on_submit():
        texts = {form.language.data: {"title": form.title.data}}
        saved = beginning.begin(form.once.data or "", texts=texts, **_placed(form), actor=g.staff)
        for done in saved.cleaned.values():
            flash(cleaning.words(done))
        return redirect(url_for("desk_writing.write", number=saved.number), 303)
    if not form.is_submitted():
        form.language.data, form.edition.data, form.contact.data = g.staff.language, "none", "none"
        form.once.data = secrets.token_urlsafe(16)
    return render_template("desk/article_new.html", form=form), form.status_code


@bp.get(f"/{NUMBER}")
@open_to(Role.EDITOR)
def article(number: int):
    """Where an article stands, what will happen, and what can be done."""
    return page(number)


@bp.post(f"/{NUMBER}/place")
@open_to(Role.EDITOR)
def place(number: int):
    """Say where it belongs and who answers questions."""
    writing.find(number) or abort(404)
    form = _with_lists(PlaceForm())
    if not form.validate_on_submit():
        return page(number, placing=form, code=422)
    return _done(number, lambda: writing.place(number, seen=form.seen, **_placed(form), actor=g.staff))


@bp.post(f"/{NUMBER}/put-back")
@open_to(Role.EDITOR)
def put_back(number: int):
    """A scheduled article becomes a draft again."""
    is_so = lambda article: article.published_at is None  # noqa: E731
    return _act(number, lambda seen: writing.put_back(number, seen=seen, actor=g.staff), is_so)


@bp.post(f"/{NUMBER}/bring-back")
@open_to(Role.EDITOR)
def bring_back(number: int):
    """A withdrawn article is shown again."""
    is_so = lambda article: article.withdrawn_at is None  # noqa: E731
    return _act(number, lambda seen: corrections.bring_back(number, seen=seen, actor=g.staff), is_so)


@bp.post(f"/{NUMBER}/texts/<lang_of_text>/confirm")
@open_to(Role.EDITOR)
def confirm(number: int, lang_of_text: str):
    """A text that is older than another needs no change."""

    def verb(seen: int) -> None:
        writing.confirm(number, seen=seen, language=lang_of_text, actor=g.staff)

    def is_so(found) -> bool:
        lags = [each.language for each in before_publication.findings(found) if each.kind is checks.Kind.LAGS]
        return lang_of_text not in lags

    return _act(number, verb, is_so)


@bp.post(f"/{NUMBER}/previews")
@open_to(Role.EDITOR)
def issue_preview(number: int):
    """A link for somebody outside."""
    found = writing.find(number) or abort(404)
    form = PreviewForm()
    if not form.validate_on_submit():
        return page(number, previewing=form, code=422)
    try:
        previews.issue(found, label=form.label.data, actor=g.staff)
    except ValueError:
        return page(number, code=409)
    return redirect(url_for(".article", number=number, _anchor="previews"), 303)


@bp.post(f"/{NUMBER}/previews/<int:link_id>/revoke")
@open_to(Role.EDITOR)
def revoke_preview(number: int, link_id: int):
    """A link opens nothing any more."""
    found = writing.find(number) or abort(404)
    previews.revoke(found, link_id, actor=g.staff)
    return redirect(url_for(".article", number=number, _anchor="previews"), 303)


def _act(number: int, verb, is_so):
    writing.find(number) or abort(404)
    form = VersionForm()
    return _done(number, lambda: verb(form.seen), is_so) if form.validate_on_submit() else page(number, code=422)


def _done(number: int, verb, is_so=lambda _article: False):
    """Carry out a verb. `is_so` says of an article whether it stands as asked for: a button was pressed twice."""
    try:
        verb()
    except versions.NoVersion:
        abort(404)
    except (Changed, corrections.NotOut, writing.OutAlready):
        if is_so(writing.find(number)):
            return redirect(url_for(".article", number=number), 303)
        flash(_("Somebody has changed the article since you opened this page. Here is how it stands now."))
        return page(number, code=409)
    return redirect(url_for(".article", number=number), 303)


def page(number: int, *, placing=None, previewing=None, code: int = 200):
    """The page of one article, with forms that came back with errors if there are any."""
    found = writing.find(number) or abort(404)
    now = clock.now()
    if placing is None:
        placing = _with_lists(PlaceForm(formdata=None))
        placing.section.data = found.section.value
        placing.edition.data = str(found.edition.number) if found.edition else "none"
        placing.contact.data = str(found.contact_id) if found.contact_id else "none"
    acting = VersionForm(formdata=None)
    placing.version.data = acting.version.data = str(found.version)
    state = found.state(now)
    html = render_template(
        "desk/article.html",
        article=found,
        state=state,
        State=State,
        now=now,
        written=versions.written(found),
        saved=versions.newest(found),
        unpublished=versions.unpublished(found),
        findings=before_publication.findings(found) if state is not State.WITHDRAWN else [],
        corrections=corrections.of_article(number, g.staff.language),
        links=[(link, previews.address(link)) for link in previews.every(found)],
        placing=placing,
        acting=acting,
        previewing=previewing or PreviewForm(formdata=None),
        spoken=site.spoken(),
        code=code,
    )
    return html, code


def _with_lists(form):
    people = [(str(each.id), _named(each)) for each in contacts.every()]
    return form.offer([(str(each.number), edition_name(each)) for each in editions.every()], people)


def _named(contact) -> str:
    words = (said(contact.names, g.staff.language).text, said(contact.subjects, g.staff.language).text)
    return listed([*words, edition_name(contact.edition) if contact.edition else ""])


def _placed(form):
    edition, contact = form.edition.data, form.contact.data
    found = editions.get(int(edition)) if edition != "none" else None
    return {
        "section": Section(form.section.data),
        "edition_id": found.id if found else None,
        "contact_id": int(contact) if contact != "none" else None,
    }
