"""Write an article: its texts side by side, four buttons, the preview, and every version there was."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from .. import clock
from ..database import Changed
from ..forms.article import ReleaseForm, VersionForm, WriteForm
from ..http import before_publication, typed_moment
from ..http import previews as preview_pages
from ..http.desk import init_blueprint, open_to
from ..http.display import moment as moment_words
from ..languages import LANGUAGES
from ..models.news import State
from ..models.staff import Role
from ..services import cleaning, differences, news, previews, site, versions, writing
from .desk_articles import NUMBER

MOST_FORM_BYTES = 2_000_000  # three languages of the longest text, in UTF-8
bp = init_blueprint(Blueprint("desk_writing", __name__, url_prefix="/desk/articles"))


@bp.before_request
def take_long_texts() -> None:
    """A text must not be lost to the limit that other forms have."""
    request.max_form_memory_size = MOST_FORM_BYTES


@bp.route(f"/{NUMBER}/write", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def write(number: int):
    """The texts in all languages, side by side."""
    article = writing.find(number) or abort(404)
    form = WriteForm.for_languages(site.spoken())()
    if form.validate_on_submit():
        return _carry_out(number, form)
    if not form.is_submitted():
        form.fill(versions.written(article))
        form.version.data = str(article.version)
        at, form.embargoed.data = _moment_of(article)
        form.propose(at)
    return _page(article, form, 422 if form.errors else 200)


@bp.route(f"/{NUMBER}/release", methods=["GET", "POST"])
@open_to(Role.EDITOR)
def release(number: int):
    """What was found before it goes out, each with its mend, and the button that lets it go all the same."""
    article = writing.find(number) or abort(404)
    form = ReleaseForm()
    act = request.values.get("act", "publish")
    if form.validate_on_submit():
        return _let_go(number, form, form.seen, act)
    if not form.is_submitted():
        form = ReleaseForm(request.args, meta={"csrf": True})
        form.version.data = str(article.version)
    findings = before_publication.findings(article)
    at = form.moment(_zone()) if act == "schedule" else None
    if act == "schedule" and at is None:
        return redirect(url_for(".write", number=number), 303)
    words = {"article": article, "form": form, "findings": findings, "act": act, "at": at}
    return render_template("desk/article_release.html", **words, State=State, languages=site.spoken())


@bp.get(f"/{NUMBER}/preview/<lang_of_text>")
@open_to(Role.EDITOR)
def preview(number: int, lang_of_text: str):
    """The page as readers will see it, with the newest version of the text."""
    article = writing.find(number) or abort(404)
    spoken = site.spoken().get(lang_of_text) or abort(404)
    try:
        found = previews.page_of(article, lang_of_text)
    except news.NoArticle:
        flash(_("There is nothing to preview in %(language)s yet: it needs a title and a text.", language=spoken.name))
        return redirect(url_for("desk_articles.article", number=number), 303)
    return preview_pages.page(article, found, back=url_for("desk_articles.article", number=number))


@bp.get(f"/{NUMBER}/versions/<lang_of_text>")
@open_to(Role.EDITOR)
def history(number: int, lang_of_text: str):
    """Every version of a text, and two of them side by side."""
    article = writing.find(number) or abort(404)
    every = versions.every(article, lang_of_text)
    if not every:
        abort(404)
    newest = every[0].number
    right = _number("right", newest)
    left = _number("left", max(right - 1, 1))
    try:
        old, new = (versions.get(article, lang_of_text, each) for each in (left, right))
    except versions.NoVersion:
        abort(404)
    rows = [(name, differences.side_by_side(old.content[name], new.content[name])) for name in versions.FIELDS]
    acting = VersionForm(formdata=None)
    acting.version.data = str(article.version)
    words = {"article": article, "code": lang_of_text, "every": every, "left": old, "right": new}
    return render_template("desk/article_versions.html", **words, rows=rows, newest=newest, acting=acting)


@bp.post(f"/{NUMBER}/versions/<lang_of_text>/<int:version>/restore")
@open_to(Role.EDITOR)
def restore(number: int, lang_of_text: str, version: int):
    """Save an earlier version as the newest."""
    writing.find(number) or abort(404)
    form = VersionForm()
    form.validate()
    try:
        writing.restore(number, seen=form.seen, language=lang_of_text, version=version, actor=g.staff)
    except versions.NoVersion:
        abort(404)
    except Changed:
        flash(_("Somebody has changed the article since you opened this page. Look at the versions again."))
    else:
        flash(_("Version %(number)s was saved as the newest one.", number=version))
    return redirect(url_for(".history", number=number, lang_of_text=lang_of_text), 303)


def _carry_out(number: int, form: WriteForm):
    act = request.form.get("act", "save")
    _keep_moment(number, form)
    try:
        saved = writing.save(number, seen=form.seen, texts=form.texts, actor=g.staff)
    except Changed:
        return _once_more(number, form, act) or _overtaken(number, form)
    for done in saved.cleaned.values():
        flash(cleaning.words(done))
    if act == "schedule" and form.moment(_zone()) is None:
        form.version.data = str(saved.version)
        return _page(writing.find(number), form, 422)
    if act in ("schedule", "publish"):
        return _release(number, form, saved.version, act)
    return _saved(number, form, act)


def _saved(number: int, form: WriteForm, act: str):
    if act == "preview":
        return redirect(url_for(".preview", number=number, lang_of_text=_previewed(form)), 303)
    flash(_("Saved."))
    return redirect(url_for(".write", number=number), 303)


def _release(number: int, form: WriteForm, seen: int, act: str):
    """Let it go at once when nothing was found and the button has named the moment; else show what will happen."""
    at = form.entered(_zone()) if act == "schedule" else None
    has_passed = at is not None and at <= clock.now()
    was_named = at is None or form.named.data == at.isoformat()
    if has_passed or (was_named and not before_publication.findings(writing.find(number))):
        return _let_go(number, form, seen, act)
    return _to_release(number, form, act)


def _to_release(number: int, form: WriteForm, act: str):
    asked = {"act": act}
    if act == "schedule":
        asked |= {"day": form.day.data.isoformat(), "time": form.time.data.strftime("%H:%M")}
        asked |= {"embargoed": "y"} if form.embargoed.data else {}
    return redirect(url_for(".release", number=number, **asked), 303)


def _let_go(number: int, form: ReleaseForm, seen: int, act: str):
    at = form.moment(_zone()) if act == "schedule" else None
    if act == "schedule" and at is None:
        abort(422)
    try:
        if at:
            writing.schedule(number, seen=seen, at=at, embargoed=form.embargoed.data, actor=g.staff)
        else:
            writing.publish(number, seen=seen, actor=g.staff)
        return _gone(number, at)
    except writing.NothingToPublish:
        flash(_("It was not published: no language has both a title and a text."))
    except writing.NotInTheFuture:
        flash(_("It was not scheduled: that moment has passed. Your text is saved."))
    except writing.IsWithdrawn:
        flash(_("It was withdrawn, and nothing of it goes out. Your text is saved; bring the article back first."))
    except (Changed, writing.OutAlready):
        if _is_done(number, form, act):
            return _gone(number, at)
        flash(_("Somebody has changed the article meanwhile. Here is how it stands now."))
    return redirect(url_for("desk_articles.article", number=number), 303)


def _gone(number: int, at: datetime | None):
    """To the article's page, which says what will happen, or what has."""
    typed_moment.forget(number)
    if at:
        flash(_("It goes out by itself on %(moment)s, %(zone)s.", moment=moment_words(at), zone=site.zone_words()))
    else:
        flash(_("It is out: readers see it."))
        for code in versions.emptied(writing.find(number)):
            name = LANGUAGES[code].name
            flash(_("But for %(language)s: it was emptied, and its published text stays as it was.", language=name))
    return redirect(url_for("desk_articles.article", number=number), 303)


def _is_done(number: int, form: ReleaseForm, act: str) -> bool:
    """Whether what a button says is so already."""
    article = writing.find(number) or abort(404)
    if act == "schedule":
        return (article.published_at, article.is_embargoed) == (form.entered(_zone()), form.embargoed.data)
    return article.state(clock.now()) in (State.PUBLISHED, State.CORRECTED) and not versions.unpublished(article)


def _once_more(number: int, form: WriteForm, act: str):
    """The answer to a button that was pressed twice, where the first press has saved all that the second one brings."""
    article = writing.find(number) or abort(404)
    if not writing.is_kept(article, form.texts):
        return None
    if act not in ("schedule", "publish"):
        return _saved(number, form, act)
    at = form.moment(_zone()) if act == "schedule" else None
    if act == "schedule" and at is None:
        form.version.data = str(article.version)
        return _page(article, form, 422)
    return _gone(number, at) if _is_done(number, form, act) else _to_release(number, form, act)


def _keep_moment(number: int, form: WriteForm) -> None:
    """What was typed besides the texts outlives the page, whichever button was pressed."""
    article, at = writing.find(number) or abort(404), form.entered(_zone())
    if at and (at, form.embargoed.data) != _moment_of(article):
        typed_moment.keep(number, at, embargoed=form.embargoed.data)


def _moment_of(article) -> tuple[datetime, bool]:
    """The moment that the page of writing shows, and whether it is under embargo: what was typed, else its own."""
    return typed_moment.of(article.number, clock.now()) or (_proposed(article), article.is_embargoed)


def _overtaken(number: int, form: WriteForm):
    """Both texts on one page: what was typed stays in the fields, what was saved meanwhile stands beside each."""
    article = writing.find(number) or abort(404)
    form.version.data = str(article.version)
    saved, typed = versions.written(article), form.texts
    theirs = {
        f"{code}-{name}": (typed[code][name], saved.get(code, {}).get(name, ""))
        for code in typed
        for name in versions.FIELDS
        if typed[code][name].strip() != saved.get(code, {}).get(name, "").strip()
    }
    compared = {field: differences.side_by_side(*pair) for field, pair in theirs.items()}
    return _page(article, form, 409, theirs=theirs, compared=compared)


def _page(article, form: WriteForm, code: int, **more):
    now = clock.now()
    html = render_template(
        "desk/article_write.html",
        article=article,
        form=form,
        state=article.state(now),
        State=State,
        languages=site.spoken(),
        saved=versions.newest(article),
        written=versions.written(article),
        is_out=article.is_out(now),
        at=form.name_moment(_zone(), now),
        code=code,
        **{"theirs": {}, "compared": {}, **more},
    )
    return html, code


def _previewed(form: WriteForm) -> str:
    """The language of the reader of the desk if there is a text in it, else the first that there is."""
    written = [code for code, text in form.texts.items() if text["title"].strip() and text["body"].strip()]
    return g.staff.language if g.staff.language in written or not written else written[0]


def _proposed(article) -> datetime:
    """Its own moment if it has one to come, else ten o'clock tomorrow."""
    if article.published_at and article.published_at > clock.now():
        return article.published_at.astimezone(_zone())
    return (clock.now().astimezone(_zone()) + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)


def _number(name: str, otherwise: int) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else otherwise


def _zone():
    return clock.zone(current_app.config["TIMEZONE"])
