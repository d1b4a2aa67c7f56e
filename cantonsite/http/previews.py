"""The page of an article before it is out: the real one, with a word on top that says so."""

from flask import g, render_template, url_for

from .. import clock
from ..languages import LANGUAGES
from ..models import Article
from ..models.news import State
from ..services import related, site
from ..services.articles import FullArticle
from . import language
from .figures import Address
from .press_release import Translation, related_title, shown


def page(article: Article, found: FullArticle, *, back: str = "", token: str = "", label: str = "") -> str:
    """The page as readers will see it. `back` leads an editor to the desk; `token` is that of an outsider's link."""
    language.speak(found.language)
    codes = [found.language, *(code for code, _ in found.translations if code in site.spoken())]
    if token:
        hrefs = {code: url_for("preview.page", token=token, lang_of_text=code) for code in codes}
    else:
        hrefs = {code: url_for("desk_writing.preview", number=found.number, lang_of_text=code) for code in codes}
    g.language_hrefs = hrefs
    beside = related.to(found, found.language)
    return render_template(
        "news/preview.html",
        article=shown(found, _pictures(token)),
        current_section=found.section,
        translations=[
            Translation(code, LANGUAGES[code].html, LANGUAGES[code].name, href)
            for code, href in hrefs.items()
            if code != found.language
        ],
        related=beside.stories,
        related_title=related_title(found, beside),
        state=article.state(clock.now()),
        State=State,
        out_at=article.published_at,
        back=back,
        label=label,
    )


def _pictures(token: str) -> Address:
    """Where the files of the pictures are for whoever reads this preview: nobody else may see them yet."""
    if token:
        return lambda name: url_for("preview.picture", token=token, name=name)
    return lambda name: url_for("desk_pictures.file", name=name)
