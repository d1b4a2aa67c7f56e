"""The sample's rules: which edition is next, on every day of the year; and what its files hold."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from cantonsite.languages import LANGUAGES
from cantonsite.models import ArticleText
from cantonsite.models.news import Section
from cantonsite.services.sample import LEAVES_TIME_TO_APPLY, coming_days, read_all
from cantonsite.services.sample.applications import SAMPLE_APPLICATIONS

PLACEHOLDERS = {"edition", "season", "starts", "ends", "closes"}
FILES = list(read_all())


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2035])
def test_on_every_day_of_a_year_a_coming_edition_leaves_time_to_apply(year):
    day = date(year, 1, 1)
    while day.year == year:
        number, starts, ends = coming_days(day)
        assert ends >= day + LEAVES_TIME_TO_APPLY
        assert starts - day < timedelta(days=200)
        assert starts <= ends
        assert number == (starts.year - 2007) * 2 + (101 if starts.month == 4 else 102)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2018, 10, 1), 124), (date(2018, 11, 1), 125), (date(2024, 4, 1), 135), (date(2026, 11, 23), 141)],
)
def test_editions_are_counted_as_the_fair_counts_them(day, number):
    assert coming_days(day)[0] == number


def test_there_are_enough_files_for_two_pages_in_both_languages():
    each = Counter(file.language for file in FILES)
    assert set(each) == set(LANGUAGES)
    assert all(each[language.code] > 20 for language in LANGUAGES.values() if not language.falls_back)
    assert len({file.number for file in FILES}) >= 24
    assert {file.head["section"] for file in FILES} == {section.value for section in Section}
    assert len({file.head["edition"] for file in FILES}) == 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.number}.{file.language}")
def test_a_sample_file_is_sound(file):
    assert {"section", "edition", "published", "title", "standfirst", "source", "author", "sign_off"} <= set(file.head)
    assert 0 < len(file.head["title"]) <= ArticleText.TITLE_LENGTH
    assert len(file.head["standfirst"]) <= ArticleText.STANDFIRST_LENGTH
    assert len(file.body) > 100
    whole = " ".join((*file.head.values(), file.body))
    assert set(re.findall(r"\{(\w*)\}", whole)) <= PLACEHOLDERS
    if file.language == "zh":
        assert re.search("[\u4e00-\u9fff]", file.head["title"])
    twins = [each for each in FILES if each.number == file.number]
    assert len({(each.head["section"], each.head["edition"], each.head["published"]) for each in twins}) == 1


def test_sample_applicants_write_in_several_scripts():
    names = " ".join(row[0] for row in SAMPLE_APPLICATIONS)
    for script in ("[A-Za-z]", "[\u4e00-\u9fff]", "[\u0600-\u06ff]", "[\u0400-\u04ff]"):
        assert re.search(script, names)
