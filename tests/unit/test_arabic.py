"""Arabic, the language whose catalogue holds what the public reads, and no more: all of that, well formed."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from cantonsite.config import TRANSLATIONS
from cantonsite.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
PUBLIC_ONLY = [language.locale for language in LANGUAGES.values() if not language.desk]
# What only staff read: the desk's pages and forms, the reviewer's page, their mails, and the demonstration's mailbox
FOR_STAFF = re.compile(
    r"""templates/(desk|review|mailbox)/ | templates/_review\.html
    | templates/mail/(review_application|waiting_applications|gathered_applications|no_reviewer|application_answered
                     |application_withdrawn|application_erased|sign_in|review_code)/
    | cantonsite/(views|forms)/(desk\w*|review|article|picture|press|cleaning|casework|office|queue|many)\.py
    | cantonsite/(views|forms)/(exports|places|review_code)\.py
    | cantonsite/http/before_\w+\.py
    | cantonsite/services/(checks|cleaning|imaging|signs|paragraphs|delivery|exports)\.py
    | cantonsite/models/(outbox|staff)\.py""",
    re.VERBOSE,
)
# Words that Arabic leaves out: it writes the number alone, where English has st, nd, rd or th
DROPPED = {"%(number)s%(ending)s": {"ending"}}
# In the forms for none, one and two the word alone says the number
COUNTS = {"num"}


def catalogue(locale: str, kind: str = "po") -> Catalog:
    with (TRANSLATIONS / locale / "LC_MESSAGES" / f"messages.{kind}").open("rb") as opened:
        return read_po(opened, locale=locale) if kind == "po" else read_mo(opened)


def entries(found: Catalog) -> list[Message]:
    return [message for message in found if message.id]


def forms_of(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def is_public(message: Message) -> bool:
    return any(not FOR_STAFF.match(file) for file, _ in message.locations)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple, Message]:
    """What public pages, forms and mails ask for, by its words and their context."""
    pot = tmp_path_factory.mktemp("pot") / "messages.pot"
    options = ["-F", "babel.cfg", "-k", "_l", "-k", "lazy_gettext", "-o", str(pot)]
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *options, "."]
    subprocess.run(babel, cwd=ROOT, check=True, capture_output=True)
    with pot.open("rb") as opened:
        return {(each.id, each.context): each for each in entries(read_po(opened)) if is_public(each)}


@pytest.mark.parametrize("locale", PUBLIC_ONLY)
def test_everything_that_the_public_reads_is_translated(public, locale):
    done = {(each.id, each.context) for each in entries(catalogue(locale)) if all(forms_of(each.string))}
    missing = sorted(str(words) for words, context in public if (words, context) not in done)
    assert missing == [], f"{len(missing)} without words in {locale}: see “Adding a language” in docs/architecture.md"


@pytest.mark.parametrize("locale", PUBLIC_ONLY)
def test_translations_keep_their_placeholders(locale):
    wrong = []
    for message in entries(catalogue(locale)):
        named = {name for form in forms_of(message.id) for name in re.findall(r"%\((\w+)\)s", form)}
        kept = named - DROPPED.get(forms_of(message.id)[0], set())
        may_miss = COUNTS if message.pluralizable else set()
        for form in filter(None, forms_of(message.string)):
            said = set(re.findall(r"%\((\w+)\)s", form))
            if not kept - may_miss <= said <= kept:
                wrong.append(message.id)
            elif named:
                form % dict.fromkeys(named, "")  # raises if a percent sign stands alone
    assert wrong == []


@pytest.mark.parametrize("locale", PUBLIC_ONLY)
def test_every_plural_has_all_its_forms(locale):
    found = catalogue(locale)
    assert {len(forms_of(message.string)) for message in entries(found) if message.pluralizable} == {found.num_plurals}
    assert found.num_plurals == 6


@pytest.mark.parametrize("locale", PUBLIC_ONLY)
def test_nothing_is_guessed_or_left_over(locale):
    found = catalogue(locale)
    assert list(found.obsolete) == []
    assert [message.id for message in entries(found) if message.fuzzy] == []


@pytest.mark.parametrize("locale", PUBLIC_ONLY)
def test_the_compiled_catalogue_says_the_same(locale):
    compiled = BytesIO()
    write_mo(compiled, catalogue(locale))
    kept = {forms_of(message.id): message.string for message in entries(catalogue(locale, "mo"))}
    new = {forms_of(message.id): message.string for message in entries(read_mo(BytesIO(compiled.getvalue())))}
    assert {words for words in new.keys() | kept.keys() if new.get(words) != kept.get(words)} == set()


def test_arabic_has_arabic_punctuation():
    western = re.compile(r"[\u0621-\u064a] ?[,;?]")
    all_forms = [form for message in entries(catalogue("ar")) for form in forms_of(message.string)]
    assert [form for form in all_forms if western.search(form)] == []
