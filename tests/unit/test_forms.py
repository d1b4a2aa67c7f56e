"""What forms take and what they refuse: cleaned text, web addresses, email addresses, form numbers, link forms."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField, TextAreaField

from cantonsite import clock
from cantonsite.forms.base import Answered, AtMost, CleanMeta, clean, on_one_line
from cantonsite.forms.countries import CODES
from cantonsite.forms.fields import EmailField, LinksField, WebAddressField, web_address
from cantonsite.forms.link import LinkForm
from cantonsite.forms.review import ReviewForm, UndoForm, end_of
from cantonsite.forms.robots import FormNumberField, new_form_number


@pytest.fixture(autouse=True)
def context():
    app = Flask("forms")
    app.config["SECRET_KEY"] = "a key for tests, longer than thirty-two characters"
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Marta\t Elisabet  ", "Marta Elisabet"),
        ("a\x00b", "ab"),
        ("moc.live\u202e//:ptth", "moc.live//:ptth"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("soft\xadhyphen \u061cmark", "softhyphen mark"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian needs its joiner
        ("👩\u200d💻 reports", "👩\u200d💻 reports"),
        ("محمد الأمين", "محمد الأمين"),
        ("欧阳　婉清", "欧阳 婉清"),
        ("one\r\n two \r\n\r\nthree\n", "one\ntwo\n\nthree"),
        (None, None),
    ],
)
def test_text_loses_what_cannot_be_seen_and_nothing_else(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)
    assert on_one_line(on_one_line(text)) == on_one_line(text)
    assert not set(clean(text)) & set("\x00\u202e\u200b\r")
    assert "\n" not in on_one_line(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("nordisk.example", "https://nordisk.example"),
        ("http://nordisk.example:8080/a?b=c#d", "http://nordisk.example:8080/a?b=c#d"),
        ("HTTPS://Nordisk.example/É", "HTTPS://Nordisk.example/É"),
        ("https://例え.example/一", "https://例え.example/一"),
        ("bücher.example", "https://bücher.example"),
        ("https://nordisk.example/@marta", "https://nordisk.example/@marta"),
        ("192.0.2.7/page", "https://192.0.2.7/page"),
        ("https://evil.example?.good.example", "https://evil.example/?.good.example"),
        ("https://evil.example#good.example", "https://evil.example/#good.example"),
        ("nordisk.example/" + "a" * 400, "https://nordisk.example/" + "a" * 400),
    ],
)
def test_a_web_address_gets_its_scheme_and_its_host_stands_alone(typed, kept):
    assert web_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "javascript://nordisk.example/%0aalert(1)",
        "JavaScript:alert.example",
        "data:text/html,<b>x</b>",
        "data:text/html;base64,eC5leGFtcGxl",
        "file:///etc/passwd",
        "ftp://nordisk.example/",
        "https://a@b",
        "https://good.example@evil.example/",
        "https://good.example\\@evil.example/",
        "mailto:marta@nordisk.example",
        "https://",
        "https://nordisk",
        "nordisk",
        "https://nordisk..example",
        "https://.example/",
        "https://" + "a" * 64 + ".example",
        "https://nordisk.example:99999/",
        "https://nordisk.example:port/",
        "https://nordisk.example/a b",
        "https://nordisk.example/\u3000x",
        'https://nordisk.example/"onmouseover="x',
        "https://[::1]/",
        "https://[broken.example/",
        "https://nordisk.example/" + "a" * 600,
        "",
        "…",
    ],
)
def test_what_is_no_web_address_of_a_public_page_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011  its subclasses too
        web_address(typed)


@given(st.text(max_size=80))
def test_whatever_is_taken_as_a_web_address_is_http_with_a_host_and_without_a_user(text):
    try:
        taken = web_address(text)
    except ValueError:
        return
    assert taken.lower().startswith(("http://", "https://"))
    host = taken.split("://", 1)[1].split("/", 1)[0]
    assert "." in host
    assert not set(host) & set("@?# \\\"'<>")


class Sample(Form):
    class Meta(CleanMeta, Form.Meta):
        pass

    email = EmailField("Email", missing="Enter your email address")
    site = WebAddressField("Site")
    links = LinksField("Links", missing="Enter a link")
    name = StringField("Name", validators=[Answered("Enter your name"), AtMost(5, "%(most)s, not %(is)s")])
    text = TextAreaField("Text")


def filled(**answers: str) -> Sample:
    sound = {"email": "marta@nordisk.example", "links": "nordisk.example", "name": "Marta"}
    form = Sample(MultiDict({**sound, **answers}))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("marta@nordisk.example", "marta@nordisk.example"),
        (" Marta@NORDISK.example ", "Marta@nordisk.example"),
        ("marta@bücher.example", "marta@xn--bcher-kva.example"),
        ("he@例え.example", "he@xn--r8jz45g.example"),
        ("marta+fair@nordisk.test", "marta+fair@nordisk.test"),
        ("ma\u200brta@nordisk.example", "marta@nordisk.example"),
    ],
)
def test_an_email_address_is_normalised_and_shown_again_as_it_was_typed(typed, kept):
    form = filled(email=typed)
    assert form.email.errors == []
    assert form.email.data == kept
    assert form.email._value() == on_one_line(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "märta@nordisk.example",
        "何@lingnan.example",
        "marta",
        "a@b",
        "a@localhost",
        "a b@c.example",
        "a@b.example\nBcc: x@y.example",
        "Marta <marta@nordisk.example>",
        "a@[192.0.2.1]",
        "a..b@c.example",
        "a@b@c.example",
        "a@-b.example",
        "a@b.invalid",
    ],
)
def test_what_no_mail_server_would_take_is_no_email_address(typed):
    form = filled(email=typed)
    assert [str(error) for error in form.email.errors] == ["Enter an email address such as name@example.org"]
    assert form.email._value() == on_one_line(typed), "the wrong answer is kept"


def test_a_website_without_a_scheme_is_kept_with_one_and_shown_as_typed():
    form = filled(site="nordisk.example")
    assert (form.site.data, form.site._value()) == ("https://nordisk.example", "nordisk.example")
    assert [str(e) for e in filled(site="no address").site.errors] == [
        "Enter a web address such as https://www.example.org"
    ]


def test_links_are_read_line_by_line_without_repeats():
    form = filled(links=" nordisk.example/one \r\n\r\nhttps://nordisk.example/two\nnordisk.example/one\n")
    assert form.links.errors == []
    assert form.links.links == ["https://nordisk.example/one", "https://nordisk.example/two"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a link"),
        (" \u200b\n ", "Enter a link"),
        (
            "nordisk.example\njavascript:alert(1)",
            "Link 2 must be a web address such as https://www.example.org/article",
        ),
        ("\n".join(f"nordisk.example/{n}" for n in range(11)), "Enter 10 links or fewer; there are 11"),
        ("nordisk.example/" + "a" * 584, "Link 1 must be 500 characters or fewer; it has 600"),
    ],
)
def test_wrong_links_are_told_in_words_that_help(typed, words):
    form = filled(links=typed)
    assert [str(error) for error in form.links.errors] == [words]


@pytest.mark.parametrize("empty", ["", "   ", "\u200d\u200c", "\u200b", "\x00", "\u3000"])
def test_signs_that_nobody_sees_are_no_answer(empty):
    assert filled(name=empty).name.errors == ["Enter your name"]


def test_an_answer_that_is_too_long_is_told_by_how_much():
    assert filled(name="x" * 10_000).name.errors == ["5, not 10000"]
    assert filled(name=" 婉清 \u202e").name.errors == []


def test_a_dash_stands_for_a_name_that_somebody_does_not_have():
    assert filled(name="-").name.errors == []
    assert filled(name="—").name.errors == []


class Numbered(Form):
    form_number = FormNumberField()


def test_a_form_number_is_good_after_three_seconds_and_for_days():
    number = new_form_number()
    for seconds, words in ((0, "faster than people type"), (2, "faster than people type"), (4, ""), (9 * 86400, "")):
        with time_machine.travel(clock.now() + timedelta(seconds=seconds)):
            form = Numbered(MultiDict({"form_number": number}))
            assert form.validate() == (not words)
            assert words in "".join(map(str, form.form_number.errors))
            assert form.form_number.data == number, "the same form can be sent again"
            assert form.form_number.number == number.rsplit(".", 2)[0]


@pytest.mark.parametrize("given", ["", "x", "a.b.c", "\u00e9.x.y", "0" * 5000, "abc.aaaa." + "a" * 27])
def test_a_form_number_that_is_not_ours_is_replaced_by_one_that_works(given):
    form = Numbered(MultiDict({"form_number": given}))
    assert not form.validate()
    assert "not opened on this site" in str(form.form_number.errors[0])
    with time_machine.travel(clock.now() + timedelta(seconds=4)):
        assert Numbered(MultiDict({"form_number": form.form_number.data})).validate()


def opened(form: type[LinkForm] = ReviewForm, *, link_id: int = 7, seen: int = 3) -> dict[str, str]:
    """What the page of a link form holds before anybody has touched it."""
    page = form(link_id=link_id, seen=seen)
    return {"csrf_token": page.csrf_token._value(), "version": page.version.data}


def sent(form: type[LinkForm] = ReviewForm, *, link_id: int = 7, seen: int = 3, **values) -> LinkForm:
    form = form(MultiDict(values), link_id=link_id, seen=seen)
    form.validate()
    return form


APPROVE = {"decision": "approve", "credentials_checked": "y"}


def test_a_link_form_is_bound_to_its_link_its_version_and_its_time():
    page = opened()
    assert sent(**page, **APPROVE).errors == {}
    assert "csrf_token" in sent(link_id=8, **page, **APPROVE).errors
    assert "csrf_token" in sent(**{**page, "version": "4"}, **APPROVE).errors
    assert "csrf_token" in sent(**APPROVE).errors
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert "csrf_token" in sent(**page, **APPROVE).errors
    with time_machine.travel(clock.now() - timedelta(days=1)):
        assert "csrf_token" in sent(**page, **APPROVE).errors


@pytest.mark.parametrize(
    "token", ["", ".", "1.2.3", "é.é", "9" * 5000 + ".x", "00" + "1" * 4400 + ".x", "-1.x", "١٢٣.x"]
)
def test_a_mangled_token_is_refused_and_the_same_page_works_after_it(token):
    form = sent(**{**opened(), "csrf_token": token}, **APPROVE)
    assert list(form.errors) == ["csrf_token"]
    again = {"csrf_token": form.csrf_token._value(), "version": form.version.data}
    assert sent(**again, **APPROVE).errors == {}


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 5000, "٣", "3 "])
def test_a_mangled_version_is_refused_and_the_same_page_works_after_it(version):
    form = sent(**{**opened(), "version": version}, **APPROVE)
    if version.strip() == "3":
        assert form.errors == {}
        return
    assert list(form.errors) == ["csrf_token"]
    assert not form.is_overtaken
    again = {"csrf_token": form.csrf_token._value(), "version": form.version.data}
    assert sent(**again, **APPROVE).errors == {}


def test_a_form_from_an_earlier_page_is_overtaken_and_made_anew_with_its_answers():
    form = sent(seen=4, **opened(seen=3), decision="decline", note="Not yet")
    assert form.errors == {}
    assert form.is_overtaken
    anew = form.anew(link_id=7, seen=4)
    again = {"csrf_token": anew.csrf_token._value(), "version": anew.version.data}
    assert anew.note.data == "Not yet"
    assert sent(seen=4, **again, decision=anew.decision.data, note=anew.note.data).errors == {}


DECISIONS = [
    ({}, {"decision"}),
    ({"decision": ""}, {"decision"}),
    ({"decision": "accept"}, {"decision"}),
    (APPROVE, set()),
    ({**APPROVE, "note": "Welcome"}, set()),
    ({"decision": "approve"}, {"credentials_checked"}),
    ({**APPROVE, "missing": "proof"}, {"missing"}),
    ({"decision": "decline", "note": "Rule 2"}, set()),
    ({"decision": "decline"}, {"note"}),
    ({"decision": "decline", "note": " \u200b "}, {"note"}),
    ({"decision": "decline", "note": "Rule 2", "credentials_checked": "y"}, {"credentials_checked"}),
    ({"decision": "decline", "note": "Rule 2", "missing": "name"}, {"missing"}),
    ({"decision": "ask", "missing": "proof"}, set()),
    ({"decision": "ask"}, {"missing"}),
    ({"decision": "ask", "missing": "passport"}, {"missing"}),
    ({"decision": "ask", "missing": "other"}, {"note"}),
    ({"decision": "ask", "missing": "other", "note": "Your desk"}, set()),
    ({"decision": "ask", "missing": "proof", "credentials_checked": "y"}, {"credentials_checked"}),
    ({**APPROVE, "note": "x" * 2001}, {"note"}),
    ({**APPROVE, "leave_empty": "x"}, {"leave_empty"}),
    ({**APPROVE, "leave_unticked": "y"}, {"leave_unticked"}),
]


@pytest.mark.parametrize(("answers", "wrong"), DECISIONS)
def test_a_decision_must_not_contradict_itself(answers, wrong):
    assert set(sent(**opened(), **answers).errors) == wrong


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("CF141-7K3M-9Q", True),
        ("7k3m-9q", True),
        ("7K3M9Q", True),
        (" 7k3m 9q ", True),
        ("9Q", False),
        ("", False),
        ("junk", False),
        ("7K3M9Q7", False),
        ("7K3M9R", False),
    ],
)
def test_undoing_needs_the_last_six_signs_of_the_reference(typed, right):
    assert end_of("CF141-7K3M-9Q") == "7K3M9Q"
    form = UndoForm(MultiDict({"reference": typed, **opened(UndoForm)}), link_id=7, seen=3)
    form.expect("CF141-7K3M-9Q")
    assert form.validate() == right


def test_the_list_of_countries_is_iso_3166():
    assert len(CODES) == 249
    assert {"CN", "SE", "HK", "MO", "TW", "SS"} <= CODES
    assert not {"EU", "UN", "XK", "ZZ"} & CODES
