"""Two versions side by side: what was taken out and put in, in any text, however long and however often it repeats."""

import random
import re

import pytest
from markupsafe import Markup

from cantonsite.services.differences import Row, side_by_side

LINE = "* * *"


def column(rows: list[Row], side: str) -> str:
    """One of the two texts, as the rows tell it."""
    cells = [getattr(row, side) for row in rows]
    return "\n\n".join(Markup(re.sub(r"</?(del|ins)>", "", cell)).unescape() for cell in cells if cell is not None)


def told(before: str, after: str) -> list[Row]:
    """The comparison, after a look whether each column is still its text and equal rows are equal."""
    rows = side_by_side(before, after)
    assert column(rows, "before") == before
    assert column(rows, "after") == after
    assert all(row.before == row.after for row in rows if not row.differs)
    assert "<ins>" not in "".join(row.before or "" for row in rows)
    assert "<del>" not in "".join(row.after or "" for row in rows)
    return rows


def test_words_that_differ_are_marked_and_paragraphs_that_do_not_are_left():
    rows = told("One stays.\n\nThere were 198 halls.", "One stays.\n\nThere were 199 halls.\n\nA new one.")
    assert [(row.before, row.after) for row in rows] == [
        ("One stays.", "One stays."),
        ("There were <del>198</del> halls.", "There were <ins>199</ins> halls."),
        (None, "<ins>A new one.</ins>"),
    ]


def test_chinese_is_compared_sign_by_sign():
    (row,) = told("展馆今天开放。", "展馆明天开放。")
    assert (row.before, row.after) == ("展馆<del>今</del>天开放。", "展馆<ins>明</ins>天开放。")


def test_markup_in_a_text_is_words():
    (row,) = told("<b>one</b> & two", "<b>one</b> & three")
    assert row.before == "&lt;b&gt;one&lt;/b&gt; &amp; <del>two</del>"


@pytest.mark.parametrize(
    ("before", "after", "differing"),
    [
        ([LINE] * 5000, [LINE] * 5000, 0),
        ([LINE] * 5000, ["First."] + [LINE] * 5000, 1),
        ([LINE] * 5000, [LINE] * 4000, 1000),
        (["First.", *[LINE] * 5000, "Last."], ["Begin.", *[LINE] * 5000, "End."], 2),
    ],
)
def test_thousands_of_identical_paragraphs_are_compared(before, after, differing):
    rows = told("\n\n".join(before), "\n\n".join(after))
    assert sum(row.differs for row in rows) == differing


def test_what_changed_among_hundreds_of_identical_paragraphs_is_found():
    before = [part for n in range(300) for part in (f"Paragraph {n}.", LINE)]
    after = [part for part in before if part != "Paragraph 150."]
    after[1:1] = ["A new one."]
    after[-2:-1] = ["Another end."]
    rows = [(row.before, row.after) for row in told("\n\n".join(before), "\n\n".join(after)) if row.differs]
    assert (None, "<ins>A new one.</ins>") in rows
    assert ("<del>Paragraph 150.</del>", None) in rows
    assert len(rows) == 3


def test_a_long_paragraph_that_was_rewritten_but_for_its_spaces_is_compared():
    before, after = (" ".join(f"{name}{n}" for n in range(990)) for name in ("old", "new"))
    (row,) = told(before, after)
    assert row.differs


@pytest.mark.parametrize("length", [5, 60, 500, 3000])
def test_any_two_texts_are_told_as_they_are(length):
    chance = random.Random(length)
    for few in (2, 40):
        before, after = ([f"w{chance.randrange(few)}" for _ in range(length)] for _ in range(2))
        told(" ".join(before), " ".join(after))
        told("\n\n".join(before), "\n\n".join(after))
