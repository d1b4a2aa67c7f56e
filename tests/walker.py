"""Walk every public route as strangers do: what is asked for on each, and the answers, to be compared."""

import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import cycle, product
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cantonsite.database import db
from cantonsite.models import PreviewLink
from cantonsite.models.news import Section
from cantonsite.services import previews
from cantonsite.services.publishing import slug_of
from tests.hidden import EDITIONS, NEVER, World

WRITTEN_DOWN = Path(__file__).parent / "routes.txt"
LANGUAGES = ("en", "zh", "ar")
TOKENS = ("x", "1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "2.n", "999999999999999999.x")
NUMBER = "<int(max=999999999):number>"
THREE_SECTIONS = "<any('canton-fair-news','conference-event','exhibitor-news'):section>"
SECTION = "<any('canton-fair-news','conference-event','exhibitor-news','press-centre'):section>"
PAGES = ("", "?page=2")
MANNERS = (
    "HEAD",
    "",
    "gzip",
    "",
    "",
)  # besides GET, in turn; five, so that languages and pages do not always meet the same
# What differs from answer to answer whatever is shown: the tokens of forms, and the cookie that they are checked by
ONE_TIME = re.compile(rb'(?<=value=")[\w.=-]{20,}(?=")|/received/[\w-]{16,}')
Filler = Callable[[World], Iterator[str]]


@dataclass(frozen=True)
class Answer:
    """One answer, without what is different in each."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def etag(self) -> str:
        return self.headers.get("ETag", "")

    @cached_property
    def says(self) -> bytes:
        """All that it says, unpacked, headers included."""
        body = gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" and self.body else self.body
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as kit:
                body += b"\n".join(name.encode() + b"\n" + kit.read(name) for name in kit.namelist())
        return body + "\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode()


@dataclass
class Walk:
    """The answers to each address in each manner, and the route that each address belongs to."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)

    def plain(self, path: str) -> Answer:
        return self.answers[path, "GET"]


def filled(pattern: str, *, in_turn: bool = False, **values: object) -> Filler:
    """Each address that the pattern makes, `{lang}` being each language; a value may be asked of the world.

    `in_turn`: where there are many, each is asked for in one language, and the next in the next.
    """

    def fill(world: World) -> Iterator[str]:
        lists = {name: each(world) if callable(each) else each for name, each in values.items()}
        lists |= {"lang": LANGUAGES} if "{lang}" in pattern and not in_turn else {}
        for lang, some in zip(cycle(LANGUAGES), product(*lists.values()), strict=False):
            yield pattern.format(**{"lang": lang, **dict(zip(lists, some, strict=True))})

    return fill


def numbers(world: World) -> list[int]:
    return [NEVER, *(drawn.number for drawn in world.all)]


def slugs(world: World) -> list[str]:
    own = {
        f"{each.number}-{slug_of('Doors ' + each.mark('title', code))}" for each in world.all for code in each.languages
    }
    return sorted({*own, *(f"{number}-wrong" for number in numbers(world))})


def years(world: World) -> list[int]:
    return sorted({2001, *(each.published_at.year for each in world.all if each.published_at)})


def months(world: World) -> list[str]:
    there = {(each.published_at.year, each.published_at.month) for each in world.all if each.published_at}
    return [f"{year}/{month}" for year, month in sorted(there | {(2001, 1), (2001, 13)})]


def questions(world: World) -> list[str]:
    """Searches for words of every article, and for those that all have; each filter."""
    words = [each.mark(of, code) for each in world.all for of in ("title", "body") for code in each.languages]
    words += [each.mark(of, each.languages[0]) for each in world.hidden for of in ("standfirst", "source", "version")]
    asked = [f"q={word}" for word in [*words, "doors", "zq", "龘靐", "広交", "%22about+doors%22", "nothing"]]
    sections = [f"q=doors&section={section.value}" for section in Section]
    editions = [f"q=doors&edition={number}" for number in EDITIONS]
    filters = [*sections, *editions, *(f"q=doors&year={year}" for year in years(world))]
    return [
        *asked,
        *filters,
        "q=doors&in=title",
        "q=zq&in=content",
        "q=doors&sort=newest&language=zh",
        "q=doors&page=2",
        "",
    ]


def files(world: World) -> list[str]:
    pictures, others = zip(*(each.keys for each in world.all), strict=True)
    return [f"{'0' * 32}.jpg", *(f"{key}.jpg" for key in pictures), *(f"{key}.pdf" for key in others)]


def old_paths(world: World) -> list[str]:
    return [each.old_path(code) for each in world.all for code in each.languages]


# How each public route is filled. A route that is missing here fails the walk: add its line.
FILLERS: dict[str, Filler] = {
    "/": filled("/"),
    "/<language:lang>/": filled("/{lang}/"),
    "/<language:lang>/accessibility": filled("/{lang}/accessibility"),
    "/<language:lang>/alerts": filled("/{lang}/alerts"),
    "/<language:lang>/alerts/choices/<token>": filled("/{lang}/alerts/choices/{token}", in_turn=True, token=TOKENS),
    "/<language:lang>/alerts/confirm/<token>": filled("/{lang}/alerts/confirm/{token}", in_turn=True, token=TOKENS),
    "/<any(en,zh,ar):_lang>/alerts/leave/<token>": filled("/{lang}/alerts/leave/{token}", in_turn=True, token=TOKENS),
    "/alerts/leave/<token>": filled("/alerts/leave/{token}", token=TOKENS),
    "/<language:lang>/alerts/left": filled("/{lang}/alerts/left"),
    "/<language:lang>/alerts/manage/<token>": filled("/{lang}/alerts/manage/{token}", in_turn=True, token=TOKENS),
    "/<language:lang>/alerts/sent": filled("/{lang}/alerts/sent"),
    "/<language:lang>/corrections": filled("/{lang}/corrections{page}", page=PAGES),
    "/<language:lang>/corrections/feed.xml": filled("/{lang}/corrections/feed.xml"),
    "/<language:lang>/editions": filled("/{lang}/editions"),
    "/<language:lang>/editions/<int:number>": filled("/{lang}/editions/{n}{page}", n=(*EDITIONS, 999), page=PAGES),
    "/<language:lang>/editions/<int:number>/feed.xml": filled("/{lang}/editions/{n}/feed.xml", n=(*EDITIONS, 999)),
    "/<language:lang>/editions/<int:number>/kit.zip": filled("/{lang}/editions/{n}/kit.zip", n=(*EDITIONS, 999)),
    "/<language:lang>/feed.xml": filled("/{lang}/feed.xml"),
    "/<language:lang>/invitation": filled("/{lang}/invitation"),
    "/<language:lang>/invitation/apply": filled("/{lang}/invitation/apply"),
    "/<language:lang>/invitation/apply/<any(outlet,work,proof,travel,photo):name>": filled(
        "/{lang}/invitation/apply/{name}", in_turn=True, name=("outlet", "work", "proof", "travel", "photo")
    ),
    "/<language:lang>/invitation/apply/check": filled("/{lang}/invitation/apply/check"),
    "/<language:lang>/invitation/apply/crew": filled("/{lang}/invitation/apply/crew"),
    "/<language:lang>/invitation/apply/continue/<token>": filled(
        "/{lang}/invitation/apply/continue/{token}", in_turn=True, token=TOKENS
    ),
    "/<language:lang>/invitation/apply/photo/<int:document_id>.jpg": filled("/{lang}/invitation/apply/photo/1.jpg"),
    "/<language:lang>/invitation/apply/saved": filled("/{lang}/invitation/apply/saved"),
    "/<language:lang>/invitation/editor/<token>": filled(
        "/{lang}/invitation/editor/{token}", in_turn=True, token=TOKENS
    ),
    "/<language:lang>/invitation/erased": filled("/{lang}/invitation/erased"),
    "/<language:lang>/invitation/returning": filled("/{lang}/invitation/returning"),
    "/<language:lang>/invitation/returning/<token>": filled(
        "/{lang}/invitation/returning/{token}", in_turn=True, token=TOKENS
    ),
    "/<language:lang>/invitation/received": filled("/{lang}/invitation/received"),
    "/<language:lang>/invitation/received/<form_number>": filled(
        "/{lang}/invitation/received/{n}", in_turn=True, n=TOKENS
    ),
    "/<language:lang>/invitation/status": filled("/{lang}/invitation/status"),
    "/<language:lang>/invitation/status/<token>": filled(
        "/{lang}/invitation/status/{token}", in_turn=True, token=TOKENS
    ),
    "/<language:lang>/invitation/status/<token>/data": filled(
        "/{lang}/invitation/status/{token}/data", in_turn=True, token=TOKENS
    ),
    "/<language:lang>/invitation/status/<token>/photo/<int:document_id>.jpg": filled(
        "/{lang}/invitation/status/{token}/photo/1.jpg", in_turn=True, token=TOKENS
    ),
    "/<language:lang>/invitation/status/sent": filled("/{lang}/invitation/status/sent"),
    "/<language:lang>/news": filled("/{lang}/news{page}", page=PAGES),
    f"/<language:lang>/news/{THREE_SECTIONS}": filled(
        "/{lang}/news/{section}{page}", section=[each.value for each in list(Section)[:3]], page=PAGES
    ),
    f"/<language:lang>/news/{SECTION}/feed.xml": filled(
        "/{lang}/news/{section}/feed.xml", section=[each.value for each in Section]
    ),
    f"/<language:lang>/news/{NUMBER}": filled("/{lang}/news/{number}", number=numbers),
    f"/<language:lang>/news/{NUMBER}-<slug>": filled("/{lang}/news/{slug}", slug=slugs),
    f"/<language:lang>/news/{NUMBER}.txt": filled("/{lang}/news/{number}.txt", number=numbers),
    f"/<language:lang>/news/{NUMBER}/changes": filled("/{lang}/news/{number}/changes", number=numbers),
    f"/<language:lang>/news/{NUMBER}/kit.zip": filled("/{lang}/news/{number}/kit.zip", number=numbers),
    "/<language:lang>/news/archive": filled("/{lang}/news/archive"),
    "/<language:lang>/news/archive/<int:year>": filled("/{lang}/news/archive/{year}", year=years),
    "/<language:lang>/news/archive/<int:year>/<int:month>": filled(
        "/{lang}/news/archive/{month}{page}", in_turn=True, month=months, page=PAGES
    ),
    "/<language:lang>/news/press-centre": filled("/{lang}/news/press-centre"),
    "/<language:lang>/press-centre": filled("/{lang}/press-centre{page}", page=PAGES),
    "/<language:lang>/press-centre/calendar": filled("/{lang}/press-centre/calendar"),
    "/<language:lang>/press-centre/calendar.ics": filled("/{lang}/press-centre/calendar.ics"),
    "/<language:lang>/press-centre/calendar/<int:event_id>.ics": filled(
        "/{lang}/press-centre/calendar/{n}.ics", n=(1, 2)
    ),
    "/<language:lang>/press-centre/embargo-policy": filled("/{lang}/press-centre/embargo-policy"),
    "/<language:lang>/press-centre/image-licence": filled("/{lang}/press-centre/image-licence"),
    "/<language:lang>/press-centre/media": filled(
        "/{lang}/press-centre/media{query}",
        in_turn=True,
        query=lambda world: [
            "",
            "?page=2",
            *(f"?q={each.mark('file')}" for each in world.all),
            "?edition=124&year=2026",
        ],
    ),
    "/<language:lang>/press-centre/media/<int:picture_id>": filled(
        "/{lang}/press-centre/media/{n}", in_turn=True, n=range(1, 13)
    ),
    "/<language:lang>/privacy": filled("/{lang}/privacy"),
    "/<language:lang>/search": filled("/{lang}/search?{question}", in_turn=True, question=questions),
    "/healthz": filled("/healthz"),
    "/html/<path:_rest>": filled("{path}", path=old_paths),
    "/mailbox": filled("/mailbox"),
    "/mailbox/<key>": filled("/mailbox/{key}", key=TOKENS),
    "/mailbox/<key>/html": filled("/mailbox/{key}/html", key=TOKENS),
    "/media/<name>": filled("/media/{name}{query}", name=files, query=("", "?download")),
    "/preview/<token>": filled("/preview/{token}", token=TOKENS),
    "/preview/<token>/<lang_of_text>": filled("/preview/{token}/en", token=TOKENS),
    "/preview/<token>/media/<name>": filled("/preview/{token}/media/{name}", token=TOKENS[:1], name=files),
    "/readyz": filled("/readyz"),
    "/review/<token>": filled("/review/{token}", token=TOKENS),
    "/review/<token>/code": filled("/review/{token}/code", token=TOKENS),
    "/robots.txt": filled("/robots.txt"),
    "/sitemap.xml": filled("/sitemap.xml"),
    "/sitemaps/<int:page>.xml": filled("/sitemaps/{n}.xml", n=(0, 1, 2)),
    "/sitemap-news.xml": filled("/sitemap-news.xml"),
    "/static/<path:filename>": filled("/static/none.css"),  # what is there is no article's
}


def public_routes(app: Flask) -> set[str]:
    """The routes that strangers can read: those written down, and those that are there and not written down yet."""
    written = [line.split(" ", 1) for line in WRITTEN_DOWN.read_text(encoding="utf-8").splitlines()]
    there = {rule for methods, rule in written if "GET" in methods.split(",")}
    there |= {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    return {rule for rule in there if not re.match(r"/desk(?:/|\Z)", rule)}


def walk(app: Flask, world: World, earlier: Walk | None = None, *, fresh: bool = True) -> Walk:
    """Ask for every address, in turn in each manner; with an earlier walk, with the ETags that it brought.

    `fresh`: as a process that has just started answers, with nothing kept.
    """
    if fresh:
        app.extensions.get("cantonsite.pages", {}).clear()
    routes = public_routes(app)
    unknown = sorted(routes - FILLERS.keys())
    assert unknown == [], "say in tests/walker.py how these routes are filled"
    done = Walk()
    addresses = ((path, rule) for rule in sorted(routes) for path in FILLERS[rule](world))
    for (path, rule), manner in zip(addresses, cycle(MANNERS), strict=False):
        done.routes[path] = rule
        done.answers[path, "GET"] = plain = _ask(app, path)
        known = earlier.plain(path).etag if earlier else plain.etag
        if known:
            done.answers[path, "If-None-Match"] = _ask(app, path, headers={"If-None-Match": known})
        if manner == "HEAD":
            done.answers[path, manner] = _ask(app, path, manner)
        elif manner == "gzip":
            done.answers[path, manner] = _ask(app, path, headers={"Accept-Encoding": manner})
    return done


def _ask(app: Flask, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
    with FlaskClient(app, app.response_class, use_cookies=False).open(path, method=method, headers=headers) as answer:
        kept = {name: value for name, value in answer.headers if name not in ("Set-Cookie", "Content-Length")}
        return Answer(answer.status_code, kept, ONE_TIME.sub(b"", answer.data))


def preview_links(app: Flask) -> dict[int, str]:
    """The address of a preview of each article that has one, by its number."""
    with app.app_context():
        rows = db.session.scalars(select(PreviewLink).options(joinedload(PreviewLink.article)))
        return {link.article.number: f"/preview/{previews.token(link)}" for link in rows}
