"""The media library at the desk: find pictures, add them, say what must be said of them, delete them."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..forms.desk import EmptyForm
from ..forms.picture import DeskLibraryForm, NewPictureForm, PictureForm
from ..http import figures, uploads
from ..http import media as stored
from ..http.desk import init_blueprint, open_to, signed_in
from ..models.media import RenditionUse
from ..models.news import EDITOR
from ..models.staff import Role
from ..services import editions, media, pictures
from ..services import figures as shown
from ..services.edition_words import edition_name, fair_name
from ..services.imaging import UnreadablePicture
from .news import page_number

bp = init_blueprint(Blueprint("desk_pictures", __name__, url_prefix="/desk"))


@bp.before_request
def take_files() -> None:
    """Only from somebody who is signed in."""
    if request.endpoint == "desk_pictures.add" and request.method == "POST" and signed_in():
        uploads.allow()


@bp.get("/pictures")
@open_to(Role.EDITOR)
def every():
    """All pictures, the newest first."""
    form, page, address = listing("desk_pictures.every")
    cards = [(picture, figures.card(picture, file_address)) for picture in page.items]
    return render_template("desk/pictures.html", form=form, page=page, page_address=address, cards=cards)


@bp.route("/pictures/new", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def add():
    """Add a picture: to the library, or, where the address names one, to an article at once."""
    number = int(given) if (given := request.args.get("article", "")).isascii() and given.isdigit() else None
    form = _with_editions(NewPictureForm())
    if form.is_submitted() and (picture_id := _taken(form)):
        if number is None:
            flash(_("The picture was added."))
            return redirect(url_for(".change", picture_id=picture_id), 303)
        return _into_article(number, picture_id)
    return render_template("desk/picture_new.html", form=form, article=number), form.status_code


@bp.route("/pictures/<int:picture_id>", methods=["GET", "POST"])
@open_to(Role.EDITOR, form_checks=True)
def change(picture_id: int):
    """One picture: what is said of it, its crops, and where it stands."""
    found = pictures.get(picture_id) or abort(404)
    form = PictureForm(obj=found)
    if not form.is_submitted():
        form.edition.data = found.edition and found.edition.number
    form = _with_editions(form)
    if form.validate_on_submit():
        pictures.change(picture_id, **{**form.answers, "name": form.answers["name"] or found.name}, actor=g.staff)
        flash(_("The picture was changed."))
        return redirect(url_for(".change", picture_id=picture_id), 303)
    whole = shown.of_ids([picture_id], RenditionUse, g.staff.language)[0]
    return render_template(
        "desk/picture.html",
        form=form,
        picture=whole,
        figure=figures.figure(whole, file_address),
        card=figures.card(whole, file_address),
        share=file_address(whole.largest(RenditionUse.SHARE).name),
        downloads=media.downloads(whole),
        uses=pictures.uses(picture_id),
        deleting=EmptyForm(formdata=None),
    ), form.status_code


@bp.post("/pictures/<int:picture_id>/delete")
@open_to(Role.EDITOR)
def delete(picture_id: int):
    """Delete a picture that no article shows."""
    try:
        pictures.remove(picture_id, actor=g.staff)
    except pictures.NoPicture:
        abort(404)
    except pictures.PictureInUse:
        flash(_("The picture stands in an article. Take it out there first."))
        return redirect(url_for(".change", picture_id=picture_id), 303)
    flash(_("The picture was deleted."))
    return redirect(url_for(".every"), 303)


@bp.get("/media/<name>")
@open_to(Role.EDITOR)
def file(name: str):
    """One file of any picture, for an editor."""
    return stored.answer(name, EDITOR)


def file_address(name: str) -> str:
    """Where an editor sees a picture's file."""
    return url_for("desk_pictures.file", name=name)


def listing(endpoint: str, **values: object):
    """The form that narrows the list, the page that was asked for, and what gives the address of another."""
    named = [(each.number, fair_name(each)) for each in editions.every()]
    form = DeskLibraryForm.of(request.args, named, media.choices().years)
    page = media.pictures(media.Wanted(**form.wanted), page_number(), g.staff.language) or abort(404)

    def address(number: int) -> str:
        return url_for(endpoint, **values, **form.asked, **({"page": number} if number > 1 else {}))

    return form, page, address


def _taken(form: NewPictureForm) -> int | None:
    """The id of the new picture; None where something was wrong, which the form says."""
    is_sound, given = form.validate(), uploads.received(form)
    if given is None:
        if not form.csrf_token.errors:
            form.file.errors = [_("Choose a picture")]
        return None
    data, name = given
    try:
        if is_sound:
            return pictures.add(data, **{**form.answers, "name": form.answers["name"] or name}, actor=g.staff)
        uploads.keep(form, data, name, pictures.hold)
    except UnreadablePicture as error:
        form.file.errors = [str(error)]
        uploads.forget(form)
    return None


def _into_article(number: int, picture_id: int):
    try:
        pictures.attach(number, picture_id, actor=g.staff)
    except pictures.NoPicture:
        abort(404)
    except pictures.TooManyPictures:
        flash(_("The picture is in the library, but the article has as many pictures as one may have."))
    else:
        flash(_("The picture was added to the article."))
    return redirect(url_for("desk_article_pictures.every", number=number), 303)


def _with_editions(form: PictureForm) -> PictureForm:
    return form.offer((each.number, edition_name(each)) for each in editions.every())
