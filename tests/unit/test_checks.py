"""What the checks before publication find, and what they leave in peace."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import Babel

from cantonsite.services.checks import ArticleFacts, Kind, PictureFacts, TextFacts, before_publication
from tests.articles import CLOSING

TEXT = TextFacts("Doors open", "The fair opens.", "The doors are open.", "Canton Fair Press Centre", CLOSING)
CHINESE = TextFacts("广交会开幕", "广交会今天开幕。", "广交会今天开幕。", "广交会新闻中心", CLOSING)
PICTURE = PictureFacts("halls", {"en": "A hall full of people", "zh": "展馆里人很多"}, "Canton Fair")
GOOD = ArticleFacts({"en": TEXT, "zh": CHINESE}, True, (PICTURE,), ("en", "zh"), lambda address: "dead" not in address)


@pytest.fixture(autouse=True)
def english():
    """No site, no database: only a language."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def found(facts: ArticleFacts) -> list[tuple[Kind, str]]:
    return [(finding.kind, finding.field) for finding in before_publication(facts)]


def of_body(body: str) -> list[Kind]:
    return [kind for kind, _field in found(replace(GOOD, texts={**GOOD.texts, "en": replace(TEXT, body=body)}))]


def english_as(**fields: object) -> ArticleFacts:
    return replace(GOOD, texts={**GOOD.texts, "en": replace(TEXT, **fields)})


def test_a_good_article_has_no_findings():
    assert before_publication(GOOD) == []


@pytest.mark.parametrize(
    ("facts", "kind", "field"),
    [
        (replace(GOOD, has_contact=False), Kind.NO_CONTACT, "contact"),
        (english_as(source=" "), Kind.NO_SOURCE, "en-source"),
        (english_as(standfirst=""), Kind.NO_STANDFIRST, "en-standfirst"),
        (english_as(title="x" * 111), Kind.LONG_TITLE, "en-title"),
        (english_as(title="DOORS ARE OPEN"), Kind.CAPITALS, "en-title"),
        (english_as(title=""), Kind.NO_TITLE, "en-title"),
        (english_as(body=""), Kind.NO_BODY, "en-body"),
        (replace(GOOD, pictures=(replace(PICTURE, alts={"en": "A hall"}),)), Kind.NO_ALT, "pictures"),
        (replace(GOOD, pictures=(replace(PICTURE, credit=""),)), Kind.NO_CREDIT, "pictures"),
        (replace(GOOD, texts={"en": TEXT}), Kind.MISSING_LANGUAGE, "zh-title"),
        (english_as(changed_at=CLOSING - timedelta(minutes=2)), Kind.LAGS, "en-body"),
    ],
)
def test_each_fault_is_found_once_with_its_mend_and_its_field(facts, kind, field):
    assert found(facts) == [(kind, field)]
    finding = before_publication(facts)[0]
    assert finding.what
    assert finding.mend.endswith((".", "。"))
    assert not finding.blocks, "there is another language that can go out"


def test_only_an_article_without_a_whole_text_is_held_back():
    half = replace(GOOD, texts={"en": replace(TEXT, body=" "), "zh": TextFacts()})
    findings = before_publication(half)
    assert [(each.kind, each.blocks) for each in findings][:2] == [(Kind.NO_BODY, True), (Kind.MISSING_LANGUAGE, False)]
    nothing = before_publication(replace(GOOD, texts={}))
    assert [each.kind for each in nothing if each.blocks] == [Kind.NO_TITLE, Kind.NO_BODY]


def test_texts_saved_together_do_not_lag():
    assert found(english_as(changed_at=CLOSING + timedelta(seconds=50))) == []
    assert found(english_as(changed_at=None)) == []


def test_a_language_that_falls_back_is_not_missed():
    assert found(replace(GOOD, texts={"en": TEXT}, languages=("en",))) == []
    arabic = TextFacts("الأبواب", "الأبواب مفتوحة.", "هل الأبواب مفتوحة؟", "المكتب", CLOSING)
    pictures = (replace(PICTURE, alts={**PICTURE.alts, "ar": "قاعة"}),)
    assert found(replace(GOOD, texts={**GOOD.texts, "ar": arabic}, pictures=pictures)) == []


@pytest.mark.parametrize(
    "body",
    [
        "It ends.\n\nDoes it? Yes! It does…",
        "It says: “The fair is open.”\n\n(It is open.)\n\n**It is open.**\n\n*It is “open”.*",
        "他说：“开幕。”\n\n开幕了！\n\n（开幕。）\n\n「開幕。」",
        "The halls:\n\n- one\n- two\n\n1. three",
        "## A heading without a stop\n\nText.",
        "| a | b |\n| - | - |\n| 1 | 2 |",
        "Text.\n\n[picture 1]\n\n```\ncode\n```\n\n> “Quoted.”",
        "Write `![words](address)`!\n\n```\n![A hall](hall.jpg)\n```",
        "[The facts of the 124th fair](/en/editions/124)",
        "هل الأبواب مفتوحة؟",
        "Line one  \nline two ends.",
        "The fair that that man opened had had rain. 10 10 and a a.",
        "Read [the rules for invitations](/en/invitation) and [the kit](https://fair.example/kit.zip).",
    ],
)
def test_good_text_is_left_in_peace(body):
    assert of_body(body) == []


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("It ends\n\nIt does.", [Kind.NOT_ENDED]),
        ("It ends,", [Kind.NOT_ENDED]),
        ("广交会今天开幕", [Kind.NOT_ENDED]),
        ("> A quotation that stops in the", [Kind.NOT_ENDED]),
        ("**A heading that is none**\n\nText.", [Kind.NOT_ENDED]),
        ("Text.\n\n[picture 2]", [Kind.NO_PICTURE]),
        ("[picture 0]", [Kind.NO_PICTURE]),
        ("Look at [picture 1] here.", [Kind.NO_PICTURE]),
        ("![A hall](https://fair.example/hall.jpg)", [Kind.LINKED_PICTURE]),
        ("Text with one in it ![a hall](/media/hall.jpg).", [Kind.LINKED_PICTURE]),
        ("- ![一个展馆][hall]\n\n[hall]: /media/hall.jpg", [Kind.LINKED_PICTURE]),
        ("[![A hall](/media/hall.jpg)](/en/news)", [Kind.LINKED_PICTURE, Kind.EMPTY_LINK]),
        ("See [the rules](/en/dead).", [Kind.DEAD_LINK]),
        ("[Click here](/en/news).", [Kind.EMPTY_LINK]),
        ("请[点击这里](/zh/news)。", [Kind.EMPTY_LINK]),
        ("[»](/en/news).", [Kind.EMPTY_LINK]),
        ("The the fair is\nopen open.", [Kind.DOUBLED, Kind.DOUBLED]),
        ("- the the item", [Kind.DOUBLED]),
    ],
)
def test_faults_of_the_text_are_found(body, kinds):
    assert of_body(body) == kinds


def test_a_picture_named_by_its_address_is_told_with_the_way_to_show_it():
    finding = before_publication(english_as(body="![A hall](https://fair.example/hall.jpg)"))[0]
    assert finding.what.endswith("is not shown: https://fair.example/hall.jpg")
    assert "[picture 1]" in finding.mend
    assert finding.field == "en-body"


def test_an_editor_is_not_drowned():
    assert of_body("\n\n".join(["no end"] * 50)) == [Kind.NOT_ENDED] * 5


def test_what_was_found_names_the_language_and_the_place():
    facts = replace(GOOD, texts={**GOOD.texts, "en": replace(TEXT, body=f"{'It goes on and on ' * 9}without an end")})
    finding = before_publication(facts)[0]
    assert finding.what.startswith("English: a paragraph ends without punctuation: “…")
    assert finding.what.endswith("without an end”")
    assert finding.language == "en"
    alone = before_publication(replace(facts, languages=("en",), texts={"en": facts.texts["en"]}))[0]
    assert alone.what.startswith("A paragraph ends"), "where there is one language, none is named"
