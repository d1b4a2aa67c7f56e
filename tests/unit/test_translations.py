"""The catalogues are complete and well formed, and nothing that people read stands outside them."""

import ast
import re
import subprocess
import sys
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from cantonsite.languages import DEFAULT, LANGUAGES
from cantonsite.models.staff import Role
from cantonsite.services import sample
from tests.people import apply, deliver, link_in, mails, on_roster, open_edition
from tests.strict import VOID

ROOT = Path(__file__).parents[2]
PACKAGE, TEMPLATES = ROOT / "cantonsite", ROOT / "templates"
# Those that hold the desk too; the others are tested in test_arabic.py
LOCALES = [language.locale for code, language in LANGUAGES.items() if code != DEFAULT and language.desk]
HOW = "run `make translations`, translate what is new, and run it again"
# Chinese writes 第124届 for every number: there is no "st", "nd" or "th" to choose
DROPPED = {"%(number)s%(ending)s": {"ending"}}


def catalogue(locale: str, kind: str = "po") -> Catalog:
    file = PACKAGE / "translations" / locale / "LC_MESSAGES" / f"messages.{kind}"
    with file.open("rb") as opened:
        return read_po(opened, locale=locale) if kind == "po" else read_mo(opened)


def entries(found: Catalog) -> list[Message]:
    return [message for message in found if message.id]


def forms_of(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> set[str | tuple[str, ...]]:
    """What the code and the templates ask for, gathered as `make translations` does."""
    pot = tmp_path_factory.mktemp("pot") / "messages.pot"
    options = ["-F", "babel.cfg", "-k", "_l", "-k", "lazy_gettext", "--no-location", "--omit-header", "-o", str(pot)]
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *options, "."]
    subprocess.run(babel, cwd=ROOT, check=True, capture_output=True)
    with pot.open("rb") as opened:
        return {message.id for message in entries(read_po(opened))}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_string_is_in_the_catalogue_and_none_is_left_over(wanted, locale):
    held = {message.id for message in entries(catalogue(locale))}
    assert sorted(map(str, wanted - held)) == [], f"not in {locale}: {HOW}"
    assert sorted(map(str, held - wanted)) == [], f"no longer asked for, in {locale}: {HOW}"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_string_is_translated(locale):
    found = catalogue(locale)
    assert list(found.obsolete) == [], HOW
    assert [message.id for message in entries(found) if message.fuzzy] == []
    assert [message.id for message in entries(found) if not all(forms_of(message.string))] == []
    assert {len(forms_of(message.string)) for message in entries(found) if message.pluralizable} == {found.num_plurals}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalogue_says_the_same(locale):
    compiled = BytesIO()
    write_mo(compiled, catalogue(locale))
    compiled.seek(0)
    both = (read_mo(compiled), catalogue(locale, "mo"))
    new, kept = ({forms_of(each.id): forms_of(each.string) for each in entries(found)} for found in both)
    assert {words for words in new.keys() | kept.keys() if new.get(words) != kept.get(words)} == set(), HOW


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_keep_their_placeholders(locale):
    wrong = []
    for message in entries(catalogue(locale)):
        named = {name for form in forms_of(message.id) for name in re.findall(r"%\((\w+)\)", form)}
        kept = named - DROPPED.get(forms_of(message.id)[0], set())
        for form in forms_of(message.string):
            if set(re.findall(r"%\((\w+)\)s", form)) != kept:
                wrong.append(message.id)
            elif named:
                form % dict.fromkeys(named, "")  # raises if a percent sign stands alone
    assert wrong == []


def test_chinese_has_chinese_punctuation():
    han = r"[\u4e00-\u9fff]"
    western = re.compile(rf"{han} ?[,.;:!?()\"']|[,;:!?()\"'] ?{han}|{han} {han}|\.$")
    all_forms = [form for message in entries(catalogue("zh_Hans_CN")) for form in forms_of(message.string)]
    assert [form for form in all_forms if western.search(form)] == []


# Nothing outside the catalogues


class Seen(HTMLParser):
    """The words of a page or a template that people see or hear, but for those marked as another language."""

    SPOKEN = ("aria-label", "title", "alt", "placeholder")

    def __init__(self, text: str, language: str):
        super().__init__()
        self.language, self.words, self._open = language, [], []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        said = (values.get("lang") or "").strip()
        foreign = tag in ("script", "style") or (tag != "html" and said and not said.startswith(self.language))
        if tag not in VOID:
            self._open.append((tag, foreign))
        elif values.get("name") == "description":
            self._keep(values.get("content"))
        for name in self.SPOKEN:
            self._keep(values.get(name))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def _keep(self, words: str | None) -> None:
        if words and not any(foreign for _, foreign in self._open):
            self.words.append(" ".join(words.split()))


# Addresses, hosts, references, and the end of a reference that is to be typed
NO_WORDS = r"https?://\S+|\S+@\S+|\b[\w-]+(\.[\w-]+)+\S*|CF\d+(-[A-Z0-9]+)+|末六位：?[A-Z0-9]{6}"


def english_in(pieces: list[str], allowed: set[str], shortest: int) -> set[str]:
    """Words in Latin letters, so long or longer, but for the allowed ones and what is no word."""
    text = re.sub(NO_WORDS, " ", "\n".join(pieces))
    return set(re.findall(rf"[A-Za-z][a-z_A-Z]{{{shortest - 1},}}", text)) - allowed


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.*")), ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_templates_hold_no_words_of_their_own(file):
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", "", text)  # a class, not a text
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    bare = re.sub(r' (lang|dir)=" "', "", bare)  # written by a macro into a tag elsewhere
    pieces = [bare] if file.suffix == ".txt" else Seen(bare, "-").words
    assert english_in(pieces, set(), 2) == set()


def literals(node: nodes.Node) -> list[str]:
    """The texts that a template's expressions hold, but for what they translate and what they only compare."""
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, nodes.Call):
        called = getattr(node.node, "name", getattr(node.node, "attr", ""))
        if called in ("_", "ngettext", "startswith"):
            return []
    if isinstance(node, nodes.Compare):
        return []
    return [found for child in node.iter_child_nodes() for found in literals(child)]


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.*")), ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_expressions_in_templates_hold_no_sentences(file):
    found = literals(Environment().parse(file.read_text(encoding="utf-8")))
    assert [words for words in found if re.search(r"[A-Za-z]{2,}[,:]? [A-Za-z]{2,}", words)] == []


SHOWN_BY = ("Field", "flash", "ValidationError", "Answered", "AtMost", "Chosen", "Step")
SHOWN_AS = {"description", "message", "missing", "heading"}


def shown_by(call: ast.Call) -> list[ast.expr]:
    """What a call puts before people: labels, hints and messages."""
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    positional = call.args if called.endswith(SHOWN_BY) else []
    return [*positional, *(keyword.value for keyword in call.keywords if keyword.arg in SHOWN_AS)]


@pytest.mark.parametrize("room", ["forms", "http", "views", "models", "services"])
def test_code_shows_no_untranslated_text(room):
    """A literal stands bare where a call of _ or _l belongs. Single small words are names, not texts."""
    bare = []
    for file in sorted((PACKAGE / room).rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        texts = [each.value for call in calls for each in shown_by(call) if isinstance(each, ast.Constant)]
        bare += [(file.name, text) for text in texts if isinstance(text, str) and re.search(r"[A-Z][a-z]|\w \w", text)]
    assert bare == []


# Chinese pages, as readers see them

# Names that Chinese writes in Latin letters too: formats, guidelines, units of the web, and the switch to English
NAMES = {"Atom", "UTC", "WCAG", "Web", "HTML", "cookie", "text_size", "open", "opening", "English"}
NAMES |= {
    "Canton",
    "Fair",
    "Press",
    "Office",
    "sample",
    "drawing",
    "zip",
    "JPEG",
    "PNG",
    "WEBP",
}  # a picture has one credit
NAMES |= {"Stockholm", "Werkzeug"}  # the browser of these tests, as it calls itself
NEWS = ["", "news", "news/exhibitor-news", "press-centre", "search", "search?q=开幕", "search?q=鲸鱼&in=title"]
TASKS = ["invitation", "invitation/apply", "invitation/status", "invitation/status/sent"]
OTHERS = ["privacy", "accessibility", "nowhere", "corrections", "editions", "news/archive", "alerts"]
OTHERS += ["press-centre/media", "press-centre/calendar", "press-centre/embargo-policy", "press-centre/image-licence"]
DESK = ["applications", "applications?status=all", "applications?q=鲸鱼", "editions", "editions/new", "editions/141"]
DESK += [
    "staff",
    "staff/new",
    "staff/1",
    "mail",
    "sessions",
    "articles",
    "articles/new",
    "contacts",
    "events",
    "alerts",
]
DESK += ["pictures", "pictures/new", "editions/124/facts"]
ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CHINESE = {"given_name": "婉清", "family_name": "何", "email": "he@lingnan.example", "outlet_name": "岭南商报"}
CHINESE |= {"nationality": "CN", "outlet_country": "CN", "topics": "陶瓷与贸易", "phone": "+86 20 5550 0199"}


def read(page) -> None:
    assert '<html lang="zh-Hans"' in page.text, page.request.path
    assert english_in(Seen(page.text, "zh").words, NAMES, 3) == set(), page.request.path


def read_mail(app, to: str, about: str):
    mail = mails(app, to, about)[0]
    assert english_in([mail.subject, mail.text, *Seen(mail.html, "zh").words], NAMES, 3) == set(), mail.subject
    return mail


@ONLY_SQLITE
def test_public_pages_are_chinese(app, client):
    with app.app_context():
        sample.fill()
    for place in NEWS + TASKS + OTHERS:
        read(client.get(f"/zh/{place}"))
    story = re.search(r'href="(/zh/news/\d+-[^"]+)"', client.get("/zh/news/canton-fair-news").text)[1]
    read(client.get(story))


@ONLY_SQLITE
def test_the_way_of_an_application_is_chinese(app, client):
    open_edition(app)
    on_roster(app, "chen@office.example", "陈玉兰", language="zh")
    wrong = {"given_name": "", "email": "he", "phone": "?", "proof_links": "?", "phases": None, "declaration": None}
    read(apply(client, "zh", **{**CHINESE, **wrong}))
    read(client.get(apply(client, "zh", **CHINESE).location))
    deliver(app)
    status = link_in(read_mail(app, "he@lingnan", "我们已收到您的申请"), "/status/")
    review = link_in(read_mail(app, "chen@", "等待您的决定"), "/review/")
    for page in (status, review):
        read(client.get(page))
    asked = {"decision": "ask", "missing": ["proof", "other"], "note": "请补充近作。"}
    read(client.fill_in(review, {**asked, "credentials_checked": "y"}, review))
    client.fill_in(review, asked, review)
    read(client.get(review))
    deliver(app, after=130)
    read_mail(app, "he@lingnan", "请您补充材料")


@ONLY_SQLITE
def test_the_desk_is_chinese(app, client):
    open_edition(app)
    on_roster(app, "lin@office.example", "林志远", Role.ADMINISTRATOR, "zh")
    apply(client, "zh", **CHINESE)
    client.fill_in("/desk/sign-in", {"email": "lin@office.example"}, "/desk/sign-in")
    deliver(app)
    link = link_in(read_mail(app, "lin@", "登录"), "/desk/sign-in/")
    assert client.fill_in(link, {}, link).status_code == 303
    for place in DESK:
        read(client.get(f"/desk/{place}"))
    reference = re.search(r"CF\d+(-[A-Z0-9]+)+", client.get("/desk/applications").text)[0]
    read(client.get(f"/desk/applications/{reference}"))
