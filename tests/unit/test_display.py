"""How pages show dates, hosts and words; and the rules of the way back after choosing a text size."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel, LazyString, force_locale
from werkzeug.datastructures import LanguageAccept

from cantonsite.http import display
from cantonsite.http.language import preferred
from cantonsite.http.text_size import path_here
from cantonsite.languages import LANGUAGES

MOMENT = datetime(2018, 11, 4, 16, 30, tzinfo=UTC)  # half past midnight of the next day at the fair


@pytest.fixture
def fair():
    """No site, no database: only a zone and a language."""
    app = Flask(__name__)
    app.config["TIMEZONE"] = "Asia/Shanghai"
    Babel(app)
    with app.test_request_context():
        yield


def test_moments_are_shown_at_the_fair(fair):
    with force_locale("en_GB"):
        assert display.moment(MOMENT) == "5 November 2018, 00:30"
        assert display.day(MOMENT) == "5 November 2018"
        assert display.day(date(2018, 11, 4)) == "4 November 2018"
    with force_locale("zh_Hans_CN"):
        assert display.moment(MOMENT) == "2018年11月5日 00:30"
        assert display.day(date(2018, 11, 4)) == "2018年11月4日"


def test_machines_get_the_same_moment_with_its_offset(fair):
    assert display.iso(MOMENT) == "2018-11-05T00:30:00+08:00"
    assert display.iso(date(2018, 11, 4)) == "2018-11-04"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://fair.example/a/b", "fair.example"),
        ("http://fair.example:8080", "fair.example:8080"),
        ("fair.example/a", "fair.example"),
        ("https://fair.example?x=/y", "fair.example"),
        ("https://fair.example#x", "fair.example"),
        ("https://good.example@evil.example/", "evil.example"),
        ("https://evil.example\\@good.example/", "evil.example"),
    ],
)
def test_the_host_is_what_a_browser_would_open(address, host):
    assert display.host(address) == host


def test_words_in_another_direction_are_kept_apart_and_escaped():
    assert display.isolated("<b>مرحبا") == "<bdi>&lt;b&gt;مرحبا</bdi>"


def test_a_lazy_string_is_escaped_like_any_other_word():
    assert type(display._plain(LazyString(lambda: "A & B"))) is str
    assert display._plain(7) == 7


@pytest.mark.parametrize(
    ("header", "code"),
    [([("zh-CN", 1)], "zh"), ([("fr", 1), ("zh", 0.1)], "zh"), ([("fr", 1)], "en"), ([("zh", 0)], "en"), ([], "en")],
)
def test_the_preferred_language(header, code):
    assert preferred(LanguageAccept(header), LANGUAGES) == code


@pytest.mark.parametrize("path", ["/", "/en/news", "/zh/search?q=展馆", "/a//b"])
def test_a_path_of_this_site_is_gone_back_to(path):
    assert path_here(path) == path


@pytest.mark.parametrize(
    "path", [None, "", "//x", "/\\x", "/a\\b", "https://x", "x", "/\n", "/a\r\nb", "/" * 3000, "/text-size"]
)
def test_any_other_is_not(path):
    assert path_here(path) == "/"
