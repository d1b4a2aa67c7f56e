"""Texts as tokens: words with their endings taken off, runs as pairs, numbers, signs, places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantonsite.services.search.words import LONGEST, may_go_on, placed, tokens


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        ("The Opening of halls", ["the", "open", "of", "hall"]),
        ("the fair’s, the fair's, fairs", ["the", "fair", "the", "fair", "fair"]),
        ("O'Brien’s", ["o", "brien"]),
        ("e-mail, e–mail", ["e", "mail", "e", "mail"]),
        ("25,000 buyers; 1,2,3; 3.5%", ["25000", "buyer", "1", "2", "3", "3", "5"]),
        ("共有189,812名", ["共有", "有", "189812", "名"]),
        ("25,000m²; 1,550,000平方米。", ["25000", "m2", "1550000", "平方", "方米", "米"]),
        ("1,100，其中 3,000, 4,500", ["1100", "其中", "中", "3000", "4500"]),
        ("1,2345; 1,234,5", ["1", "2345", "1", "234", "5"]),
        ("the 124th", ["the", "124th"]),
        ("广交会", ["广交", "交会", "会"]),
        ("广", ["广"]),
        ("第124届广交会", ["第", "124", "届广", "广交", "交会", "会"]),
        ("绿色，展馆", ["绿色", "色", "展馆", "馆"]),
        ("Café RÉSUMÉ", ["cafe", "resum"]),
        ("İSTANBUL ILIMAN ılıman", ["istanbul", "iliman", "iliman"]),
        ("المعرض معرض", ["معرض", "معرض"]),
        ("أُعلن اعلن", ["اعل", "اعل"]),
        ("ＡＢＣ １２３", ["abc", "123"]),
        ("x ≠ y ≯ 25", ["x", "≠", "y", "≯", "25"]),
        ("US$25,000, ＄5", ["us", "＄", "25000", "＄", "5"]),
        ("a 🏮 for €50", ["a", "🏮", "for", "€", "50"]),
        ("हिन्दी", ["हिन्दी"]),
        ("fif\u200bth \x00ab", ["fifth", "ab"]),
        ("a_b", ["a", "b"]),
        ("... -- *", []),
        ("", []),
    ],
)
def test_the_tokens_of_a_text(text, ordered):
    assert tokens(text)[0] == ordered


def test_words_as_written_and_single_characters_stand_beside():
    assert tokens("opening of 展馆") == (["open", "of", "展馆", "馆"], ["=opening", "=展", "=馆"])


def test_a_word_without_an_end_is_cut():
    assert tokens("x1" * 10_000)[0] == [("x1" * 10_000)[:LONGEST]]


@pytest.mark.parametrize(
    ("token", "may"), [("open", True), ("=opening", True), ("of", False), ("广交会", False), ("हिन्दी", True)]
)
def test_words_of_three_letters_may_go_on(token, may):
    assert may_go_on(token) is may


def test_places_are_those_of_the_text_as_it_was_written():
    text = "… Der GROẞEN Straße ½ 绿色馆"
    shown = [(each.token, text[each.start : each.end]) for each in placed(text)]
    assert shown == [
        ("der", "Der"),
        ("grossen", "GROẞEN"),
        ("strass", "Straße"),
        ("1", "½"),
        ("2", "½"),
        ("绿色", "绿色"),
        ("色馆", "色馆"),
        ("馆", "馆"),
    ]


@given(st.text(max_size=200))
def test_tokens_are_what_both_databases_take(text):
    ordered, beside = tokens(text)
    for token in (*ordered, *beside):
        assert token
        assert len(token) <= LONGEST + 1
        assert not set(token) & set(" '\"\\^~\x00")
        assert not token.isascii() or token.removeprefix("=").isalnum()


@given(st.text(max_size=100))
def test_places_lie_within_the_text_in_order(text):
    at = 0
    for each in placed(text):
        assert at <= each.start < each.first <= each.end <= len(text)
        at = each.start
