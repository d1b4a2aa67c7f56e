"""What the search makes of a query: its terms, the same question for each database, and what is marked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from cantonsite.services.folding import fold
from cantonsite.services.search import query as search_query
from cantonsite.services.search.marks import SNIPPET, around, mark
from cantonsite.services.search.query import Term, terms, without_quotes


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
        ("١٢٤ ۱۲۴ ١٨٩٬٨١٢", "124 124 189,812"),
        ("  two \n words\t", "two words"),
    ],
)
def test_words_that_a_reader_takes_for_the_same_are_the_same(one, other):
    assert fold(one) == fold(other)


@given(st.text(max_size=100))
def test_folding_leaves_single_spaces(text):
    assert fold(text) == " ".join(fold(text).split())


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("green halls", [Term(("green",)), Term(("hall",), "halls")]),
        ('"green halls" fair', [Term(("green", "hall")), Term(("fair",), "fair")]),
        ("“green halls”", [Term(("green", "hall"))]),
        ("„grüne hallen“ «зелёные»", [Term(("grune", "hallen")), Term(("зеленые",))]),
        ("＂wide quotes＂", [Term(("wide", "quot"))]),
        ('open "quote', [Term(("open",)), Term(("quot",), "quote")]),
        ("green GREEN Green x1", [Term(("green",)), Term(("x1",))]),
        ("O'Brien", [Term(("o", "brien"))]),
        ("e-mail", [Term(("e", "mail"))]),
        ("of", [Term(("of",))]),
        ("  ", []),
        ('""', []),
        ("% _ *", []),
        ("广交会　展馆", [Term(("广交", "交会")), Term(("展馆",))]),
        ("会", [Term(("=会",))]),
        ("第124届", [Term(("第", "124")), Term(("=届",))]),
        ("届124", [Term(("届", "124"))]),
        ('"绿色 展馆"', [Term(("绿色", "色展", "展馆"))]),
        ("绿色，展馆", [Term(("绿色", "色", "展馆"))]),
        ("闭幕、馆", [Term(("闭幕", "幕")), Term(("=馆",))]),
    ],
)
def test_the_terms_of_a_query(query, wanted):
    assert terms(query) == wanted


def test_a_query_has_an_end():
    assert len(terms("a b c d e f g h i j k l")) == search_query.MOST_WORDS
    assert len(terms("x " * 10_000)) == 1
    assert all(len(token) <= 40 for term in terms("x" * 10_000) for token in term.tokens)


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("a b c d e f g h", False),
        ("a b c d e f g h i", True),
        ("a b c d e f g h a A", False),
        ('"a b" c d e f g h i', False),
        ("x" * 300, False),
        ("", False),
    ],
)
def test_it_is_known_whether_words_are_left_out(query, more):
    assert search_query.has_more(query) is more


def test_quotes_can_be_left_out():
    assert without_quotes(' “green halls”  "fair" ') == "green halls fair"


@pytest.mark.parametrize(
    ("within", "fts5", "tsquery"),
    [
        ("", '("a b") AND ("open" OR "opener")', "('a' <-> 'b') & ('open' | 'ope':* | '=ope':*)"),
        (
            "title",
            'title : ("a b") AND title : ("open" OR "opener")',
            "'^a' & '^b' & ('a':A <-> 'b':A) & ('^open' | '^ope':* | '^=ope':*)",
        ),
        (
            "content",
            'content : ("a b") AND content : ("open" OR "opener")',
            "('a':B <-> 'b':B) & ('open':B | 'ope':*B | '=ope':*B)",
        ),
    ],
)
def test_both_databases_are_asked_the_same(within, fts5, tsquery):
    wanted = [Term(("a", "b")), Term(("open",), "ope")]
    assert search_query.for_sqlite(wanted, within, ["~len"], ["opener"]) == f'{fts5} AND marks : "~len"'
    asked = search_query.for_postgresql(wanted, within, ["~len"], range(7, 9))
    assert asked == f"{tsquery} & '~len' & ('~b7' | '~b8')"


def test_a_beginning_of_very_many_words_is_asked_for_as_such():
    endings = [f"ope{n}" for n in range(search_query.MOST_ENDINGS + 1)]
    assert search_query.for_sqlite([Term(("ope",), "ope")], "", [], endings) == '("ope" OR "ope" * OR "=ope" *)'


@pytest.mark.parametrize(
    ("text", "query", "html"),
    [
        ("Green halls", "green", "<mark>Green</mark> halls"),
        ("Opening, opens; reopened", "opened", "<mark>Opening</mark>, <mark>opens</mark>; reopened"),
        ("Exhibitors here", "exhib", "<mark>Exhibitors</mark> here"),
        ("Exhibitors here", "exhib here", "Exhibitors <mark>here</mark>"),
        ("Die Große Straße", "strasse", "Die Große <mark>Straße</mark>"),
        ("İstanbul’da", "istanbul'da", "<mark>İstanbul’da</mark>"),
        ("Stand ＸＹＺ", "xyz", "Stand <mark>ＸＹＺ</mark>"),
        ("a <b> c", "<b>", "a &lt;<mark>b</mark>&gt; c"),
        ("a rock & roll", "rock roll", "a <mark>rock</mark> &amp; <mark>roll</mark>"),
        ("new  line, line", '"new line"', "<mark>new  line</mark>, line"),
        ("the fair’s own", "fairs", "the <mark>fair’s</mark> own"),
        ("第124届广交会", "广交会", "第124届<mark>广交会</mark>"),
        ("第124届广交会", "第124届", "<mark>第124届</mark>广交会"),
        ("广交会，交会", "交会", "广<mark>交会</mark>，<mark>交会</mark>"),
        ("广交会的会", "会", "广交<mark>会</mark>的<mark>会</mark>"),
        ("25 for US$25, $ 5", "$25", "25 for US<mark>$25</mark>, $ 5"),
        ("在المعرض", "معرض", "在<mark>المعرض</mark>"),
        ("fif\u200bth", "fifth", "<mark>fif\u200bth</mark>"),
        ("nothing", "x", "nothing"),
    ],
)
def test_words_are_marked_where_they_stand_in_the_text_as_it_is(text, query, html):
    assert re.sub("</mark><mark>", "", mark(text, terms(query))) == html


@given(st.text(max_size=60), st.text(max_size=12))
def test_marking_changes_no_letter(text, query):
    shown = str(mark(text, terms(query)))
    assert shown.replace("<mark>", "").replace("</mark>", "") == str(Markup.escape(text))


def test_a_snippet_shows_the_first_place_and_is_short():
    text = f"{'before ' * 100}needle {'after ' * 100}"
    shown = around(text, terms("needles"))
    assert "needle" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= SNIPPET + 4
    assert around("short", terms("x")) == "short"
    assert "$25" in around(f"{'25 before ' * 100} $25 {'after ' * 100}", terms("$25"))
    assert "针" in around("字" * 500 + "针" + "字" * 500, terms("针"))
