"""What the search makes of words: folding, terms of a query, marking."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantonsite.services.folding import fold, places
from cantonsite.services.search import MOST_CHARACTERS, MOST_WORDS, SNIPPET, _around, mark, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "straße"),
        ("Großen", "GROẞEN"),
        ("ЯРМАРКА", "ярмарка"),
        ("İSTANBUL", "istanbul"),
        ("IĞDIR", "ığdır"),
        ("ΦΩΣ", "φως"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("ﾊﾛｰ", "ハロー"),
        ("cafe\u0301", "CAFÉ"),
        ("ﬁnal", "FINAL"),
        ("fair’s", "FAIR'S"),
        ("2018–2019", "2018-2019"),
        ("  two \n words\t", "two words"),
    ],
)
def test_words_that_a_reader_takes_for_the_same_are_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("展馆", "展館"), ("résumé", "resume"), ("a", "b")])
def test_words_that_differ_stay_different(one, other):
    assert fold(one) != fold(other)


@given(st.text(max_size=100))
def test_folding_twice_is_folding_once_where_it_matters(text):
    assert fold(text) == " ".join(fold(text).split())


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("green halls", ["green", "halls"]),
        ('"green halls" fair', ["green halls", "fair"]),
        ("“green halls”", ["green halls"]),
        ("„grüne hallen“ «зелёные»", ["grüne hallen", "зелёные"]),
        ("＂wide quotes＂", ["wide quotes"]),
        ('open "quote', ["open", "quote"]),
        ('a""b', ["a", "b"]),
        ("green GREEN Green", ["green"]),
        ("  ", []),
        ('""', []),
        ("", []),
        ("广交会　展馆", ["广交会", "展馆"]),
    ],
)
def test_the_terms_of_a_query(query, wanted):
    assert terms(query) == wanted


def test_a_query_has_an_end():
    assert len(terms("a b c d e f g h i j k l")) == MOST_WORDS
    assert terms("x" * 10_000) == ["x" * MOST_CHARACTERS]


@pytest.mark.parametrize(
    ("text", "wanted", "html"),
    [
        ("Green halls", ["green"], "<mark>Green</mark> halls"),
        ("Die Große Straße", ["strasse"], "Die Große <mark>Straße</mark>"),
        ("Die STRASSE", ["strasse"], "Die <mark>STRASSE</mark>"),
        ("İstanbul’da", ["istanbul'da"], "<mark>İstanbul’da</mark>"),
        ("Stand ＸＹＺ", ["xyz"], "Stand <mark>ＸＹＺ</mark>"),
        ("half ½ more", ["1"], "half <mark>½</mark> more"),
        ("a <b> c", ["<b>"], "a <mark>&lt;b&gt;</mark> c"),
        ("green greenhouse", ["green", "greenhouse"], "<mark>green</mark> <mark>greenhouse</mark>"),
        ("aXbXc", ["b"], "aX<mark>b</mark>Xc"),
        ("new  line", ["new line"], "<mark>new  line</mark>"),
        ("a.c abc", ["a.c"], "<mark>a.c</mark> abc"),
        ("nothing", ["x"], "nothing"),
    ],
)
def test_words_are_marked_where_they_stand_in_the_text_as_it_is(text, wanted, html):
    assert mark(text, wanted) == html


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=3))
def test_marking_changes_no_letter(text, wanted):
    shown = re.sub(r"</?mark>", "", str(mark(text, [term for term in map(fold, wanted) if term] or ["x"])))
    from markupsafe import Markup

    assert Markup(shown).unescape() == text or "&" in text


@given(st.text(max_size=60), st.text(min_size=1, max_size=3))
def test_places_lie_within_the_text_in_order(text, word):
    at = 0
    for start, end in places(text, re.compile(re.escape(fold(word) or "x"))):
        assert at <= end <= len(text)
        assert start < end
        at = start


def test_a_snippet_shows_the_first_place_and_is_short():
    text = f"{'before ' * 100}needle {'after ' * 100}"
    shown = _around(text, ["needle"])
    assert "needle" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= SNIPPET + 4
    assert _around("short", ["x"]) == "short"
    assert "针" in _around("字" * 500 + "针" + "字" * 500, ["针"])
