"""How names are written, printed and known again."""

import pytest

from cantonsite.models.names import is_name, printed, whole_name
from cantonsite.services.editor import is_of_outlet
from cantonsite.services.folding import name_key


@pytest.mark.parametrize(
    ("given", "family", "whole", "on_pass", "in_letter"),
    [
        ("Marta", "Lindqvist", "Marta Lindqvist", "Marta LINDQVIST", "LINDQVIST, Marta"),
        ("-", "Suharto", "Suharto", "SUHARTO", "SUHARTO"),
        ("Suharto", "–", "Suharto", "SUHARTO", "SUHARTO"),
        ("婉清", "何", "何婉清", "何婉清", "何婉清"),
        ("ليلى", "حداد", "ليلى حداد", "ليلى حداد", "حداد, ليلى"),
    ],
)
def test_a_name_is_printed_as_documents_print_it(given, family, whole, on_pass, in_letter):
    assert whole_name(given, family) == whole
    assert printed(given, family) == (on_pass, in_letter)


def test_dashes_and_dots_name_nobody():
    assert not is_name("-", "—")
    assert not is_name("·", ".")
    assert is_name("-", "何")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Marta Elisabet", "Lindqvist"), ("LINDQVIST", "marta elisabet")),
        (("Łukasz", "Wałęsa"), ("Lukasz", "Walesa")),
        (("Thị Hương", "Đặng"), ("Thi Huong", "Dang")),
        (("Søren", "Ærø"), ("Soren", "AERO")),
        (("Işıl", "Çağlar"), ("ISIL", "CAGLAR")),
        (("Đorđe", "Þórsson"), ("Dorde", "Thorsson")),
        (("Jürgen", "Groß"), ("JURGEN", "GROSS")),
        (("Anne-Marie", "O’Brien"), ("Anne Marie", "O'Brien")),
    ],
)
def test_a_name_is_known_again_whatever_its_order_case_and_diacritics(one, other):
    assert name_key(*one) == name_key(*other)


@pytest.mark.parametrize(
    ("email", "website", "own"),
    [
        ("erik@nordisk.example", "https://www.nordisk.example/om", True),
        ("erik@red.nordisk.example", "https://nordisk.example", True),
        ("erik@nordisk.example", "https://en.nordisk.example", True),
        ("erik@nordisk.example", "", False),
        ("erik@disk.example", "https://nordisk.example", False),
        ("123456@qq.com", "https://mp.weixin.qq.com/s/abc", False),
        ("desk@163.com", "https://www.163.com/dy/media/x.html", False),
        ("desk@vip.sina.com", "https://news.sina.com/x", False),
        ("me@gmail.com", "https://gmail.com", False),
        ("me@naver.com", "https://blog.naver.com/me", False),
        ("ed@xn--fiq228c.example", "https://中文.example", True),
    ],
)
def test_an_editors_address_is_of_the_outlet_if_its_domain_is_the_outlets_own(email, website, own):
    assert is_of_outlet(email, website) is own
