"""The days of an edition: its phases, when it takes applications, by when an answer is promised, and their words."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from cantonsite.models import Edition
from cantonsite.models.edition import ApplicationsState, Season
from cantonsite.services import edition_words
from cantonsite.services.editions import phase_days
from cantonsite.services.invitation import REFERENCE_ALPHABET


@pytest.fixture(autouse=True)
def context():
    app = Flask("editions")
    app.config["TIMEZONE"] = "Asia/Shanghai"
    Babel(app)
    with app.test_request_context():
        yield


def test_the_124th_fair_had_its_three_phases_on_its_own_days():
    phases = phase_days(date(2018, 10, 15), date(2018, 11, 4))
    assert phases == [
        (1, date(2018, 10, 15), date(2018, 10, 19)),
        (2, date(2018, 10, 23), date(2018, 10, 27)),
        (3, date(2018, 10, 31), date(2018, 11, 4)),
    ]


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 60))
def test_phases_lie_within_the_fair_in_order_and_never_overlap(starts, length):
    ends = starts + timedelta(days=length)
    phases = phase_days(starts, ends)
    assert [number for number, *_ in phases] == list(range(1, len(phases) + 1))
    assert (phases[0][1], phases[-1][2]) == (starts, ends)
    days = [day for _, first, last in phases for day in (first, last)]
    assert days == sorted(days)
    assert all(before[2] < after[1] for before, after in pairwise(phases))


def test_applications_are_taken_from_the_first_to_the_last_day_both_included():
    edition = Edition(applications_open_on=date(2026, 1, 10), applications_close_on=date(2026, 3, 31))
    states = [edition.applications_on(date(2026, *day)) for day in ((1, 9), (1, 10), (3, 31), (4, 1))]
    assert states == [
        ApplicationsState.NOT_YET,
        ApplicationsState.OPEN,
        ApplicationsState.OPEN,
        ApplicationsState.CLOSED,
    ]


def test_references_are_made_of_signs_that_cannot_be_misheard():
    assert not set("01OI") & set(REFERENCE_ALPHABET)
    assert len(set(REFERENCE_ALPHABET)) == len(REFERENCE_ALPHABET) == 32


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (112, "112th"), (121, "121st"), (124, "124th")],
)
def test_ordinals_in_english(number, words):
    assert edition_words.ordinal(number) == words


def test_an_edition_has_its_season_by_its_first_day():
    autumn = Edition(number=124, starts_on=date(2018, 10, 15))
    assert autumn.season is Season.AUTUMN
    assert edition_words.edition_name(autumn) == "124th, autumn 2018"
    assert edition_words.edition_name(Edition(number=123, starts_on=date(2018, 4, 15))) == "123rd, spring 2018"


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (date(2026, 4, 15), date(2026, 4, 19), "15–19 April", "4月15日至19日"),
        (date(2026, 10, 31), date(2026, 11, 4), "31 October – 4 November", "10月31日至11月4日"),
    ],
)
def test_a_range_of_days_is_said_as_briefly_as_it_can_be(first, last, english, chinese):
    with force_locale("en_GB"):
        assert edition_words.day_range(first, last) == english
    with force_locale("zh_Hans_CN"):
        assert edition_words.day_range(first, last) == chinese
