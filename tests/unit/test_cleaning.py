"""What pasting brings along is cleaned and told; words and Markdown stay."""

import re
import time
import unicodedata

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from cantonsite.services.cleaning import Done, Kind, added, clean_line, clean_pasted, words
from cantonsite.services.markdown import to_html

WRAPPED = """The 124th Canton Fair closed on Sunday after three phases in which more than
twenty-five thousand exhibitors showed their goods to buyers from two hundred
countries and regions.
The next fair opens in April, and the organisers expect as many buyers as came
this time."""
WRAPPED_CHINESE = """第一百二十四届广交会于十一月四日在广州闭幕，本届广交会为期
三期，共有来自二百多个国家和地区的采购商到会，出口成交额比
上届增长。"""
LONG = (
    "The fair closed on Sunday after three phases; more than twenty-five thousand exhibitors "
    + "had shown their goods in all halls."
)


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [
        ("one\r\n\r\ntwo\x0bthree\u2029four", "one\n\ntwo\nthree\n\nfour"),
        ("in\u200bvisi\u00adble\ufeff \u202aleft\u202c \ufffc", "invisible left"),
        ("fi\u200cne", "fine"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("👩\u200d🏭 at work", "👩\u200d🏭 at work"),
        ("\u200fonly Latin\u200e", "only Latin"),
        ("معرض 124\u200f (كانتون)", "معرض 124\u200f (كانتون)"),
        ("Itâ€™s â€œgreenâ€\x9d, Â£5 and CafÃ© \x93quoted\x94", "It’s “green”, £5 and Café “quoted”"),
        ("“Correct” ‘quotes’ – and the Portuguese “IRMÔ, a Ã£", "“Correct” ‘quotes’ – and the Portuguese “IRMÔ, a ã"),
        ("广交会ＡＢＣ１２３，（５０％）", "广交会ABC123，（50％）"),
        ("The\u00a0124th  Canton\u2003Fair", "The 124th Canton Fair"),
        ("30\u202f000 and 15\u00a0%", "30\u202f000 and 15\u00a0%"),
        ("广交会 今天 开幕，欢迎 采购商。", "广交会今天开幕，欢迎采购商。"),
        ("记者 张三 摄", "记者 张三 摄"),
        ("广 交 会 开 幕", "广交会开幕"),
        ("　　第一段。\n　　第二段。", "第一段。\n\n第二段。"),
        ("    第一段。", "第一段。"),
        ("\tIndented by Word", "Indented by Word"),
        ("one\n\n\n\n \u3000\ntwo   \n", "one\n\ntwo"),
        ("\uf0b7\tone\n\uf0b7   two\n·\u00a0three\n•four", "- one\n- two\n- three\n- four"),
        ("1)\tone\n2)\ttwo\n\n1、\t三", "1) one\n2) two\n\n1. 三"),
        ("     •  far in", "- far in"),
        ("A year: · not a bullet • here", "A year: · not a bullet • here"),
        ("text\n点击上方蓝字关注我们\n阅读原文\n扫码关注广交会\n↓↓↓", "text\n↓↓↓"),
        ("Home>>News>>Canton Fair News\n\nFont size: A+ A A-\n\ntext", "text"),
        ("<p>Hello <b>world</b>&nbsp;again</p><p class='x'>Two<br/>lines</p>", "Hello world again\n\nTwo\nlines"),
        ("<h2>Halls</h2><ul><li>one</li><li>two</li></ul>", "## Halls\n\n- one\n- two"),
        ("a<b and c>d &lt;p&gt; <https://fair.example> <p", "a<b and c>d &lt;p&gt; <https://fair.example> <p"),
        (
            WRAPPED,
            "The 124th Canton Fair closed on Sunday after three phases in which more than twenty-five thousand "
            "exhibitors showed their goods to buyers from two hundred countries and regions.\n\nThe next fair opens in "
            "April, and the organisers expect as many buyers as came this time.",
        ),
        (WRAPPED_CHINESE, WRAPPED_CHINESE.replace("\n", "")),
        (f"{LONG}\n{LONG}", f"{LONG}\n\n{LONG}"),
    ],
)
def test_rubbish_goes_and_the_text_stays(pasted, clean):
    assert clean_pasted(pasted).text == clean
    assert clean_pasted(clean).text == clean


@pytest.mark.parametrize(
    "text",
    [
        "- the first item of a list that somebody has broken at a width of eighty columns\n  and goes on here",
        "# A heading that is long enough to look like a line of some eighty columns width\nwith text below it",
        "| a  | b |\n| -- | - |\n| 1  | 2 |",
        "> quoted words that somebody has broken at a width of some eighty columns or so\n> and more of it",
        "```\nx  =  “1”\n\n\n　　y\u200b\n```",
        "~~~\n```\n\u200b\n~~~",
        "    code  in  an  indent",
        "- a\n    - b\n\n      more of b\n- c",
        "1. a\n   more\n2. b",
        "a line that ends in two spaces breaks there, and stays so whatever stands below it  \nthis",
        "a line that ends in a backslash breaks there, and stays so whatever stands below it\\\nthis",
        "A heading underlined\n====================\n\nText with `two  spaces <p>` in code",
        '[a link](https://fair.example/a_b?c=1&d=2 "Title") and *emphasis* and **strong** and \\*none\\*',
        "[picture 2]\nA line of text that follows the picture and is just about eighty columns wide\n[picture 3]",
        "Canton Fair Press Centre\n382 Yuejiang Middle Road\nGuangzhou 510335",
        "Wenn es „deutsch“ ist, ‚gut‘; « français » ; ¿español?",
        "***\n\n---\n\n* * *",
        "Ruled  out: \tnot".replace("  ", " "),
    ],
)
def test_markdown_and_good_typography_are_left_alone(text):
    cleaned = clean_pasted(text)
    assert cleaned.text == text
    assert cleaned.done == ()


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "\n",
                    "\n\n",
                    "\r\n",
                    " ",
                    "  ",
                    "\t",
                    "\u3000",
                    "\u3000\u3000",
                    "\u00a0",
                    "\u202f",
                    "\u2009",
                    "\u2028",
                ),
                *(
                    "\u200b",
                    "\u200c",
                    "\u200d",
                    "\u200e",
                    "\u200f",
                    "\u202e",
                    "\ufeff",
                    "\u00ad",
                    "\ufffc",
                    "\x00",
                    "\x93",
                ),
                *(
                    "# ",
                    "- ",
                    "* ",
                    "> ",
                    "1. ",
                    "1)\t",
                    "| ",
                    "|\n",
                    "```",
                    "~~~",
                    "`",
                    "---",
                    "===",
                    "\\",
                    "**",
                    "_",
                    "[picture 2]",
                ),
                *(
                    "[a](/en/news)",
                    "[",
                    "](",
                    ")",
                    "<p>",
                    "</p>",
                    "<br>",
                    "<li>",
                    "<h2>",
                    "<b",
                    "&nbsp;",
                    "&#8203;",
                    "&lt;",
                    "&",
                    "nbsp;",
                ),
                *(
                    "\uf0b7",
                    "·",
                    "•",
                    "‧",
                    "o\t",
                    "–\t",
                    "１",
                    "ＡＢ",
                    "．",
                    "、",
                    "。",
                    "，",
                    "（",
                    "”",
                    "’",
                    "%",
                    ".",
                    ":",
                    "!",
                ),
                *(
                    "广交会",
                    "开",
                    "幕",
                    "the fair",
                    "Guangzhou",
                    "and",
                    "a",
                    "15",
                    "معرض",
                    "می",
                    "👩",
                    "Source:",
                    "Home>",
                ),
                *(WRAPPED, WRAPPED_CHINESE, LONG),
            ]
        ),
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)


@given(PIECES)
def test_cleaning_twice_is_cleaning_once(text):
    once = clean_pasted(text)
    twice = clean_pasted(once.text)
    assert twice.text == once.text
    line = clean_line(text).text
    assert clean_line(line).text == line
    assert "\n" not in line


def letters(text: str) -> str:
    """All letters and digits of a text, in its order, whatever stands between them."""
    return "".join(re.findall(r"[^\W_]", unicodedata.normalize("NFKC", text)))


WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "\n",
                "\n\n",
                " ",
                "  ",
                "\t",
                "\u3000",
                "\u00a0",
                "\u200b",
                "\u00ad",
                "# ",
                "- ",
                "> ",
                "• ",
                "1. ",
                "| ",
                "`",
                "**",
            ),
            *(
                "广交会",
                "开",
                "幕，",
                "the fair",
                "Guangzhou.",
                "and",
                "a < b",
                "15 %",
                "معرض",
                "１２",
                "[x](/y)",
                "```\n",
                "(",
                "“so”",
            ),
            *(WRAPPED, WRAPPED_CHINESE, LONG),
        ]
    ),
    max_size=30,
).map("".join)


@given(WORDS)
def test_no_word_gets_lost_or_moves(text):
    assert letters(clean_pasted(text).text) == letters(text)
    assert letters(clean_line(text).text) == letters(text)


WORD = st.sampled_from(["fair", "halls", "Guangzhou", "广交会", "124", "buyers,", "open."])
SENTENCE = st.lists(WORD, min_size=1, max_size=25).map(" ".join)
INLINE = st.one_of(
    SENTENCE,
    SENTENCE.map(lambda words: f"**{words}**"),
    SENTENCE.map(lambda words: f"*{words}*"),
    SENTENCE.map(lambda words: f"[{words}](https://fair.example/a_b?c=d&e=f)"),
    SENTENCE.map(lambda words: f"`{words}  <b>`"),
)
BLOCK = st.one_of(
    st.lists(INLINE, min_size=1, max_size=4).map(" ".join),
    INLINE.map(lambda words: f"## {words}"),
    st.lists(INLINE, min_size=1, max_size=4).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(INLINE, min_size=1, max_size=4).map(lambda items: "\n".join(f"{n}. {i}" for n, i in enumerate(items, 1))),
    INLINE.map(lambda words: f"> {words}\n> {words}"),
    SENTENCE.map(lambda words: f"| {words} | b |\n| - | -: |\n| {words} | 2 |"),
    SENTENCE.map(lambda words: f"```\n{words}  {words}\n\n\n<p>\n```"),
    SENTENCE.map(lambda words: f"    code  {words}"),
    SENTENCE.map(lambda words: f"{words}  \n{words}\\\n{words}"),
)


def shown(text: str) -> str:
    """The HTML, in which breaks of lines are spaces, and none stands beside or between Han characters."""
    return re.sub(r"(?<=[一-鿿]) | (?=[一-鿿])", "", re.sub(r"\n(?![^<]*</code>)", " ", to_html(text)))


@given(st.lists(BLOCK, min_size=1, max_size=6).map("\n\n".join))
def test_markdown_survives(text):
    assert shown(clean_pasted(text).text) == shown(text)


@given(st.lists(BLOCK, min_size=1, max_size=4).map("\n\n".join), st.sampled_from(["\r\n", "\n"]))
def test_markdown_survives_with_rubbish_in_it(text, line_end):
    rubbish = text.replace("fair", "fa\u200bir").replace("\n", line_end)
    assert "\u200b" not in clean_pasted(re.sub(r"```.*?```|`[^`]*`", "", rubbish, flags=re.S)).text
    assert shown(clean_pasted(text).text) == shown(text)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "\n",
            "`",
            "<p ",
            "<p>x</p>",
            "&nbsp;",
            "广 ",
            "· x\n",
            "| a\n",
            "x.\n",
            "<!--",
            "[",
            "- ",
            "_ ",
            "\u200b",
        ),
        *(
            "\u3000",
            "a\tb\n",
            "](",
            "~~~\n",
            "扫码",
            "âÃ",
            "A line of some eighty columns that is broken where it need not be\n",
        ),
    ],
)
def test_half_a_megabyte_of_anything_is_cleaned_in_seconds(piece):
    text = (piece * 500_000)[:500_000]
    began = time.process_time()
    clean_pasted(text)
    clean_line(text)
    assert time.process_time() - began < 10, "far from it, but not quadratic"


@pytest.mark.parametrize(
    "line",
    [
        "扫描下方二维码预约采访",
        "长按识别二维码登记采访证，凭证入场",
        "扫描二维码报名",
        "请扫描二维码下载采访申请表。",
        "扫码关注公众号报名采访",
        "关注公众号报道情况的记者共三百人",
        "记者关注我们",
        "点击阅读原文，下载采访申请表",
        "阅读原文请至官网",
        "收录于话题墙的作品展出三天",
        "收藏",
        "## 扫描二维码报名",
        "## 扫码关注公众号",
        "- 扫码关注公众号",
        "> 长按识别二维码关注我们",
        "扫码关注公众号\n---",
        "首页>登录后填写申请。",
    ],
)
def test_a_line_that_says_more_than_follow_us_stays(line):
    text = f"第一段。\n\n{line}\n\n第二段。"
    cleaned = clean_pasted(text)
    assert cleaned.text == text
    assert cleaned.done == ()


@pytest.mark.parametrize(
    "line",
    [
        "长按识别二维码关注我们",
        "扫码关注公众号",
        "▼ 点击上方蓝字关注我们 ▼",
        "点击蓝字，关注我们",
        "请扫描下方二维码，关注广交会新闻中心公众号",
        "微信扫一扫关注该公众号",
        "**长按二维码 关注我们**",
        "关注公众号，获取更多精彩内容",
        "扫码关注广交会",
        "轻触阅读原文",
        "点击文末“阅读原文”了解更多",
        "收录于合集 #广交会 12个",
        "继续滑动看下一个",
        "分享 收藏 点赞 在看",
        "首页 > 新闻 > 广交会新闻",
    ],
)
def test_what_a_page_has_around_its_text_goes(line):
    cleaned = clean_pasted(f"第一段。\n\n{line}\n\n第二段。")
    assert cleaned.text == "第一段。\n\n第二段。"
    assert Done(Kind.FURNITURE, 1, (line,)) in cleaned.done


def test_a_line_is_plain_words():
    assert clean_line("  Doors\u00a0open\n at  the ＦＡＩＲ <b>\t# 1 ").text == "Doors open at the FAIR <b> # 1"
    assert clean_line("广交会\n开幕\u200b").text == "广交会开幕"
    assert clean_line("• one").text == "• one"


@pytest.fixture
def site():
    """No database: only a language."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def test_what_was_cleaned_is_told(site):
    done = clean_pasted("a\u200bb\u200bc\n\n\n\nd\n\n" + WRAPPED).done
    assert done == (Done(Kind.INVISIBLE, 2), Done(Kind.EMPTY, 2), Done(Kind.JOINED, 3), Done(Kind.APART, 1))
    assert words(done) == (
        "Cleaned: 2 invisible characters, 2 empty paragraphs, 3 hard-broken lines joined, 1 paragraph set apart."
    )
    assert words(()) == ""
    followed = clean_pasted("One.\n\n扫码关注公众号\n\nTwo.\n\n轻触阅读原文").done
    assert words(followed).startswith("Cleaned: 2 lines of the page around it (“扫码关注公众号”, “轻触阅读原文”)")
    many = added(*[followed] * 4)
    assert words(many).count("阅读原文") == 2
    assert "…)" in words(many), "and that there were more"
    assert all(words([Done(kind, 2)]) for kind in Kind)
    assert added(done, (Done(Kind.EMPTY, 1),))[1] == Done(Kind.EMPTY, 3)
