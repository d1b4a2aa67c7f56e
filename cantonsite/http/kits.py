"""Answer with a press kit: what everybody may see of an article or of an edition, as one zip."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import IO

from flask import Response, current_app, request
from flask_babel import force_locale
from flask_babel import gettext as _

from .. import clock
from ..languages import LANGUAGES
from ..models import Edition
from ..services import addresses, articles, edition_words, facts, kit_files, kits, site
from ..services.articles import FullArticle
from .display import day
from .media import attachment
from .press_release import plain_text

PIECE = 64 * 1024


def of_article(number: int) -> Response:
    """The kit of an article. Raises news.NoArticle, articles.Withdrawn."""
    texts = _texts(number, site.spoken())
    moment = max(found.updated_at or found.published_at for found in texts)
    pictures = kits.pictures_of_article(number)
    entries = kits.entries(map(_as_file, texts), pictures, kit_files.of(article=number))
    return _answer(entries, f"canton-fair-news-{number}", moment)


def of_edition(edition: Edition) -> Response:
    """The kit of an edition: all its articles, its facts, its pictures and files."""
    number = edition.number
    listed = [(f"facts.{code}.txt", text) for code in site.spoken() if (text := _facts(edition, code))]
    for article, code in kits.articles_of_edition(number):
        if code in site.spoken():
            listed += [(f"news/{name}", text) for name, text in map(_as_file, _texts(article, [code]))]
    entries = kits.entries(listed, kits.pictures_of_edition(number), kit_files.of(edition=number))
    zone = clock.zone(current_app.config["TIMEZONE"])
    return _answer(entries, f"canton-fair-{number}", datetime.combine(edition.starts_on, time(), zone))


def _texts(number: int, codes: Iterable[str]) -> list[FullArticle]:
    """An article in each of these languages in which it is there. Raises what articles.read() raises if in none."""
    found, missing = [], None
    for code in codes:
        try:
            text = articles.read(number, code)
        except articles.NotInThisLanguage as error:
            missing = error
        else:
            found += [text] if text.language == code else []
    if not found and missing:
        raise missing
    return found


def _as_file(found: FullArticle) -> tuple[str, str]:
    address = addresses.absolute("news.article", lang=found.language, number=found.number, slug=found.slug)
    with force_locale(LANGUAGES[found.language].locale):
        return f"{found.number}-{found.slug}.{found.language}.txt", plain_text(found, address)


def _facts(edition: Edition, code: str) -> str:
    """The facts of an edition in plain text; nothing where there are none in this language."""
    with force_locale(LANGUAGES[code].locale):
        lines = [
            f"{fact.label.text}: {fact.value.text} ({_('as of %(day)s', day=day(fact.as_of))}; {fact.source.text})"
            for fact in facts.known(edition, code)
            if fact.label.language == code
        ]
        return "\n".join([edition_words.edition_name(edition), "", *lines, ""]) if lines else ""


def _answer(entries: list[kits.Entry], name: str, moment: datetime) -> Response:
    answer = Response(mimetype="application/zip")
    answer.set_etag(kits.fingerprint(entries))
    answer.headers["Content-Disposition"] = attachment(f"{name}.zip")
    if answer.get_etag()[0] in request.if_none_match:
        return answer.make_conditional(request)
    if request.method == "HEAD":
        return answer
    file = kits.written(entries, name, moment.astimezone(clock.zone(current_app.config["TIMEZONE"])))
    answer.content_length = file.seek(0, 2)
    file.seek(0)
    answer.response = _read(file)
    answer.call_on_close(file.close)  # whoever goes away does not read to the end
    return answer


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
