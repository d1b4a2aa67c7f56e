"""The pictures of an article and the files of press kits, at the desk."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..forms.desk import EmptyForm
from ..forms.picture import KitFileForm, PlacedForm
from ..http import figures, uploads
from ..http.desk import init_blueprint, open_to, signed_in
from ..languages import said
from ..models.media import RenditionUse
from ..models.staff import Role
from ..services import editions, kit_files, pictures, versions, writing
from ..services import figures as shown
from ..services.edition_words import fair_name
from .desk_articles import NUMBER
from .desk_pictures import file_address, listing

bp = init_blueprint(Blueprint("desk_article_pictures", __name__, url_prefix="/desk"))
ARTICLE, EDITION = f"/articles/{NUMBER}", "/editions/<int:number>"


@bp.before_request
def take_files() -> None:
    """Only from somebody who is signed in."""
    if request.method == "POST" and request.endpoint.endswith("add_file") and signed_in():
        uploads.allow()


@bp.get(f"{ARTICLE}/pictures")
@open_to(Role.EDITOR)
def every(number: int):
    """The pictures of an article in their order, the library to take more from, and the files of its kit."""
    return _article_page(number)


@bp.post(f"{ARTICLE}/pictures/place")
@open_to(Role.EDITOR)
def place(number: int):
    """Put a picture in, take it out, or move it by one place."""
    form = PlacedForm()
    if not form.validate_on_submit():
        abort(400)
    act, picture_id = form.chosen
    try:
        if act == "attach":
            pictures.attach(number, picture_id, actor=g.staff)
        elif act == "detach":
            pictures.detach(number, picture_id, actor=g.staff)
        else:
            pictures.move(number, picture_id, -1 if act == "up" else 1, actor=g.staff)
    except pictures.NoPicture:
        abort(404)
    except pictures.TooManyPictures:
        flash(_("The article has as many pictures as one may have."))
    return redirect(url_for(".every", number=number), 303)


@bp.post(f"{ARTICLE}/kit-files")
@open_to(Role.EDITOR, form_checks=True)
def article_add_file(number: int):
    """Put a file into the article's kit."""
    form = KitFileForm()
    if not _taken(form, article=number):
        return _article_page(number, form)
    return redirect(url_for(".every", number=number), 303)


@bp.post(f"{ARTICLE}/kit-files/<int:file_id>/remove")
@open_to(Role.EDITOR)
def article_remove_file(number: int, file_id: int):
    """Take a file out of the article's kit."""
    _remove(file_id, article=number)
    return redirect(url_for(".every", number=number), 303)


@bp.get(f"{EDITION}/kit")
@open_to(Role.EDITOR)
def edition_files(number: int):
    """The files of an edition's kit."""
    return _edition_page(number)


@bp.post(f"{EDITION}/kit")
@open_to(Role.EDITOR, form_checks=True)
def edition_add_file(number: int):
    """Put a file into the edition's kit."""
    form = KitFileForm()
    if not _taken(form, edition=number):
        return _edition_page(number, form)
    return redirect(url_for(".edition_files", number=number), 303)


@bp.post(f"{EDITION}/kit/<int:file_id>/remove")
@open_to(Role.EDITOR)
def edition_remove_file(number: int, file_id: int):
    """Take a file out of the edition's kit."""
    _remove(file_id, edition=number)
    return redirect(url_for(".edition_files", number=number), 303)


def _article_page(number: int, form: KitFileForm | None = None):
    article = writing.find(number) or abort(404)
    titles = {code: text["title"] for code, text in versions.written(article).items()}
    own = shown.of_ids(pictures.of_article(number), (RenditionUse.CARD,), g.staff.language)
    narrowing, page, address = listing("desk_article_pictures.every", number=number)
    taken = {picture.id for picture in own}
    return render_template(
        "desk/article_pictures.html",
        number=number,
        title=said(titles, g.staff.language).text or _("Without a title"),
        own=[(picture, figures.card(picture, file_address)) for picture in own],
        cards=[(picture, figures.card(picture, file_address)) for picture in page.items if picture.id not in taken],
        narrowing=narrowing,
        page=page,
        page_address=address,
        files=kit_files.of(article=number),
        form=form or KitFileForm(formdata=None),
        acting=EmptyForm(formdata=None),
    ), form.status_code if form else 200


def _edition_page(number: int, form: KitFileForm | None = None):
    edition = editions.get(number) or abort(404)
    return render_template(
        "desk/edition_kit.html",
        edition=edition,
        heading=fair_name(edition),
        files=kit_files.of(edition=number),
        form=form or KitFileForm(formdata=None),
        acting=EmptyForm(formdata=None),
    ), form.status_code if form else 200


def _taken(form: KitFileForm, **owner: int) -> bool:
    """Whether the file is in the kit; where not, the form says what was wrong."""
    is_sound, given = form.validate(), uploads.received(form)
    if given is None:
        if not form.csrf_token.errors:
            form.file.errors = [_("Choose a file")]
        return False
    data, name = given
    try:
        if is_sound:
            kit_files.add(data, name=name, title=form.title.data, **owner, actor=g.staff)
            flash(_("The file was added to the press kit."))
            return True
        uploads.keep(form, data, name, kit_files.hold)
    except kit_files.NoKit:
        abort(404)
    except kit_files.UnfitFile as error:
        form.file.errors = [str(error)]
        uploads.forget(form)
    return False


def _remove(file_id: int, **owner: int) -> None:
    try:
        kit_files.remove(file_id, **owner, actor=g.staff)
    except kit_files.NoKit:
        abort(404)
    flash(_("The file was taken out of the press kit."))
