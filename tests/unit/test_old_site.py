"""The reader of the old site's pages: what it takes from a page, and what it refuses."""

import base64
import datetime
import io
import textwrap
import time
import zipfile
from contextlib import suppress
from html import unescape
from pathlib import Path

import pytest

from cantonsite.services.old_site import HEADING_WIDTH, MAX_BYTES, NotAnOldPage, OldPage, read

PAGES = Path(__file__).parents[1] / "data" / "old_site"
SEED = Path(__file__).parents[3] / "shared" / "seeds" / "canton-fair-news-article.txt"
FURNITURE = (
    "Home>",
    "Title Content",
    "Source:",
    "Author:",
    "Font size",
    "A+",
    "Invitation of Journalist",
    "首页>",
    "字号",
)
HEAD = "Home>>News>>Canton Fair News\nCanton Fair News\nPress Centre\n\nTitle Content\n\n"
SENTENCE = "The halls were full on the first morning, and the queue reached the river before the doors were opened"
CHINESE = "第二期的展区里从早到晚都站满了人，样品册在第一天下午就全部发完了，企业当天晚上又加印了五百册新的送到展台"


def page(name: str) -> OldPage:
    return read((PAGES / name).read_bytes())


def with_body(*blocks: str) -> OldPage:
    return read((HEAD + "A title\n\nSource: Author:\n\nFont size: A+ A A-\n\n" + "\n\n".join(blocks)).encode())


def with_credits(*lines: str) -> OldPage:
    return read((HEAD + "A title\n\n" + "\n".join(lines) + "\n\nThe halls were full.\n").encode())


def with_crumb(crumb: str) -> OldPage:
    return read(f"{crumb}\nA title\nSource: Author:\n\nThe halls were full.".encode())


def in_html(article: str) -> OldPage:
    return read(f"<div>Home&gt;&gt;News&gt;&gt;Exhibitor News</div><h1>A title</h1>{article}".encode())


def reason(data: bytes) -> str:
    with pytest.raises(NotAnOldPage) as refusal:
        read(data)
    return str(refusal.value)


# Whole pages


def test_a_page_saved_as_text_is_read_into_its_parts():
    opening = page("opening.txt")
    assert opening.section == "canton-fair-news"
    assert opening.title == "Doors open on the first phase of the autumn session"
    assert (opening.source, opening.author, opening.published) == ("", "", None)
    assert opening.sign_off == "Canton Fair Press Centre"
    assert [paragraph.split()[0] for paragraph in opening.paragraphs] == ["The", "Buyers", "Halls", "More"]


def test_a_sentence_broken_by_a_blank_line_is_one_paragraph_again():
    assert "a printed map shows the way through the Green Lane and back" in page("opening.txt").paragraphs[2]


def test_the_same_page_as_text_and_as_html_reads_the_same():
    assert page("opening.html") == page("opening.txt")


def test_a_page_keeps_its_source_author_date_heading_and_fields():
    forum = page("forum.txt")
    assert (forum.section, forum.source, forum.author) == ("conference-event", "Canton Fair Press Centre", "Newsroom")
    assert (forum.published, forum.sign_off) == (datetime.date(2018, 11, 2), "")
    assert [paragraph[:15] for paragraph in forum.paragraphs] == [
        "Three hundred d", "Speakers agreed", "What comes next", "The organisers ",
        "Date: 2018-11-3", "Venue: Room 12", "Languages: Engl", "Seats: 300",
    ]  # fmt: skip
    assert "met on Friday to talk about goods" in forum.paragraphs[0]


def test_a_chinese_page_that_declares_gb2312_and_goes_beyond_it_is_read():
    kettle = page("exhibitor-gbk.html")
    assert (kettle.section, kettle.title) == ("exhibitor-news", "琺瑯茶壶换上新釉色")
    assert (kettle.source, kettle.author) == ("广交会新闻中心", "编辑部")
    assert (kettle.published, kettle.sign_off) == (datetime.date(2018, 11, 1), "广交会新闻中心")
    assert kettle.paragraphs[0].endswith("又连夜加印了五百册，第二天一早送到展台。")
    assert kettle.paragraphs[1].startswith("企业负责人介绍，新釉不含铅，可以放进洗碗机。")
    assert kettle.paragraphs[2] == "下一步打算"
    assert len(kettle.paragraphs) == 4


def test_a_page_cut_off_in_the_middle_gives_what_is_there():
    broken = page("broken.html")
    assert broken.title == page("opening.html").title
    assert broken.paragraphs[:2] == page("opening.html").paragraphs[:2]
    assert broken.paragraphs[-1].endswith("a discount of five per c")
    assert broken.sign_off == ""


@pytest.mark.parametrize("name", ["opening.txt", "opening.html", "forum.txt", "exhibitor-gbk.html", "broken.html"])
def test_no_furniture_is_ever_text(name):
    shown = page(name)
    for text in (shown.title, shown.source, shown.author, shown.body, shown.sign_off):
        assert not [piece for piece in FURNITURE if piece in text]
    assert not {"Canton Fair News", "Press Centre", "Conference & Event", "新闻中心", "大 中 小"} & {*shown.paragraphs}


def test_the_page_of_the_old_site_that_we_were_given_is_read():
    if not SEED.is_file():
        pytest.skip(f"the saved page of the old site is not at {SEED}")
    given = read(SEED.read_bytes())
    assert given.section == "canton-fair-news"
    assert given.title.startswith("Canton Fair better serves")
    assert (given.source, given.author, given.published) == ("", "", None)
    assert len(given.paragraphs) == 8
    assert "the selection mode of CF Awards" in given.paragraphs[7]
    assert given.sign_off == "Canton Fair Press Center"
    assert not [piece for piece in FURNITURE if piece in given.body]


# The head of the page


@pytest.mark.parametrize(
    ("crumb", "section"),
    [
        ("Home>>News>>Canton Fair News", "canton-fair-news"),
        ("home > news > conference & event", "conference-event"),
        ("Home » News » Conference &amp; Event", "conference-event"),
        ("Home&gt;&gt;News&gt;&gt;Conference and Event", "conference-event"),
        ("Home\u00a0› News › Exhibitor News ›", "exhibitor-news"),
        ("You are here: Home>>News>>Press Center", "press-centre"),
        ("首页>>新闻>>广交会新闻", "canton-fair-news"),
        ("首页 > 新闻 > 会议活动", "conference-event"),
        ("当前位置：首页＞新闻＞展商新闻", "exhibitor-news"),
        ("首页>>新闻>>新闻中心>>正文", "press-centre"),
    ],
)
def test_the_section_is_the_last_part_of_the_breadcrumb(crumb, section):
    assert with_crumb(crumb).section == section


def test_what_stands_above_the_breadcrumb_is_no_part_of_the_page():
    shown = read(b"Hotels\nVisa\n\n" + (PAGES / "opening.txt").read_bytes())
    assert shown == page("opening.txt")


def test_chinese_menus_and_search_boxes_are_furniture():
    menu = "首页>>新闻>>会议活动\n广交会新闻\n新闻中心\n邀请记者\n标题 内容\n搜索\n"
    shown = read((menu + "论坛开幕\n来源： 作者：\n字号：大 中 小\n\n论坛今天开幕。").encode())
    assert (shown.title, shown.paragraphs) == ("论坛开幕", ("论坛今天开幕。",))


@pytest.mark.parametrize(
    ("lines", "source", "author"),
    [
        (["Source: Author:"], "", ""),
        (["Source:", "Author:"], "", ""),
        (["Source: Canton Fair Press Centre Author: Newsroom"], "Canton Fair Press Centre", "Newsroom"),
        (["Source: Canton Fair Press Centre", "Author: Newsroom"], "Canton Fair Press Centre", "Newsroom"),
        (["Source:", "Canton Fair Press Centre", "Author:", "Newsroom"], "Canton Fair Press Centre", "Newsroom"),
        (["Source:", "", "The desk", "", "Author:", "", "Newsroom", "", "Font size: A+ A A-"], "The desk", "Newsroom"),
        (["Source: Sample Trading Co., Ltd. Author:"], "Sample Trading Co., Ltd.", ""),
        (["Source: Author: Newsroom"], "", "Newsroom"),
        (["Source: Newsroom"], "Newsroom", ""),
        (["Author: Newsroom", "Font size: A+ A A-"], "", "Newsroom"),
        (["来源：广交会新闻中心 作者：编辑部"], "广交会新闻中心", "编辑部"),
        (["来源:", "作者: 编辑部", "字号：", "大", "中", "小"], "", "编辑部"),
        (["Source: Press Centre | Author: Newsroom | Font size: A+ A A-"], "Press Centre", "Newsroom"),
    ],
)  # fmt: skip
def test_source_and_author_are_found_wherever_their_values_stand(lines, source, author):
    shown = with_credits(*lines)
    assert (shown.title, shown.source, shown.author) == ("A title", source, author)
    assert shown.paragraphs == ("The halls were full.",)


@pytest.mark.parametrize(
    "lines",
    [
        ["Date: 2018-11-04", "Source: Author:"],
        ["Source: Author: Date: 2018-11-04 09:30"],
        ["2018-11-04", "Source: Author:"],
        ["Source: Author: 2018-11-04 09:30:15"],
        ["2018/11/4 Source: Author:"],
        ["来源： 作者： 发布时间：2018年11月4日"],
        ["Source: Author:", "(2018-11-04)", "Font size: A+ A A-"],
    ],
)
def test_a_date_among_the_credits_is_when_the_page_was_published(lines):
    shown = with_credits(*lines)
    assert (shown.published, shown.source, shown.author) == (datetime.date(2018, 11, 4), "", "")
    assert shown.paragraphs == ("The halls were full.",)


def test_a_date_below_the_font_size_is_an_event_and_not_the_page():
    shown = with_body("Date: 2018-11-04", "The forum begins at nine.")
    assert (shown.published, shown.paragraphs[0]) == (None, "Date: 2018-11-04")


def test_a_date_that_does_not_exist_is_none():
    assert with_credits("Source: Author: Date: 2018-13-45").published is None


def test_a_date_below_the_sign_off_is_when_the_page_was_published():
    shown = with_body("The halls were full.", "Canton Fair Press Centre\n2018-11-04")
    assert (shown.published, shown.sign_off) == (datetime.date(2018, 11, 4), "Canton Fair Press Centre")


def test_a_date_within_the_text_is_only_text():
    assert with_body("The halls were full on 2018-11-04 too.").published is None


def test_a_title_on_two_lines_is_one_and_a_line_below_it_begins_the_text():
    shown = read(
        (HEAD + "A title that goes\non below\n\nA subtitle\n\nSource: Author:\n\nThe halls were full.").encode()
    )
    assert shown.title == "A title that goes on below"
    assert shown.paragraphs == ("A subtitle", "The halls were full.")


def test_a_page_without_credits_has_its_title_in_the_first_line():
    shown = read((HEAD + f"A title\n{SENTENCE}.\n\nNothing else happened.").encode())
    assert (shown.title, shown.paragraphs) == ("A title", (SENTENCE + ".", "Nothing else happened."))


def test_a_source_named_further_down_stays_in_the_text():
    for lines in (SENTENCE + ".",), ("It rained.",), ("Buses leave at nine.", "They are free."):
        shown = with_body(*lines, "Source: the timetable at the stop")
        assert shown.paragraphs == (*lines, "Source: the timetable at the stop")
        assert shown.source == ""


# Broken paragraphs and headings


def test_a_short_sentence_broken_before_a_small_letter_is_joined():
    assert with_body("The halls", "were full.").paragraphs == ("The halls were full.",)


def test_a_sentence_broken_after_a_word_that_cannot_end_it_is_joined():
    assert with_body("A new round of", "CF Awards begins.").paragraphs == ("A new round of CF Awards begins.",)


def test_a_long_text_without_a_full_stop_takes_the_next_block():
    assert with_body(SENTENCE, "12,000 visitors came.").paragraphs == (SENTENCE + " 12,000 visitors came.",)


def test_a_short_text_with_a_full_stop_inside_is_no_heading():
    assert with_body("It was full early. Buyers left", "Asia in May.").paragraphs == (
        "It was full early. Buyers left Asia in May.",
    )


def test_a_sentence_broken_twice_is_one_paragraph():
    assert with_body(SENTENCE, "Green Lane and the", "Blue Lane were full.").paragraphs == (
        SENTENCE + " Green Lane and the Blue Lane were full.",
    )


@pytest.mark.parametrize("end", [".", "!", "?", ":", ";", "…", ".”", '."', ".)", "。", "！”", "；"])
def test_a_finished_paragraph_takes_nothing(end):
    assert with_body(SENTENCE + end, "and more.").paragraphs == (SENTENCE + end, "and more.")


@pytest.mark.parametrize(
    "heading", ["What comes next", "Facts and figures", "124th session", "“Green” halls", "New in Hall 5"]
)
def test_a_heading_between_paragraphs_is_not_swallowed(heading):
    assert with_body(SENTENCE + ".", heading, SENTENCE + ".").paragraphs == (SENTENCE + ".", heading, SENTENCE + ".")


def test_a_heading_is_not_swallowed_by_a_paragraph_that_lost_its_full_stop():
    assert with_body(SENTENCE, "What comes next", SENTENCE + ".").paragraphs == (
        SENTENCE,
        "What comes next",
        SENTENCE + ".",
    )


def test_a_heading_right_above_its_paragraph_is_not_swallowed():
    wrapped = "What comes next\n" + SENTENCE.replace(" queue ", " queue\n") + "."
    assert with_body(SENTENCE + ".", wrapped).paragraphs == (SENTENCE + ".", "What comes next", SENTENCE + ".")


def test_chinese_text_is_joined_without_a_space_and_keeps_its_headings():
    shown = with_body(CHINESE, "在第二天一早发完。", "下一步打算", CHINESE + "。")
    assert shown.paragraphs == (CHINESE + "在第二天一早发完。", "下一步打算", CHINESE + "。")


def test_items_and_fields_stay_on_their_own():
    items = ("• desks and chairs", "• telephones", "1. Badge", "（一）展位", "Venue: Room 12", "Seats: 300")
    assert with_body(SENTENCE, *items).paragraphs == (SENTENCE, *items)
    assert with_body("\n".join(items)).paragraphs == items


# Lines within a paragraph


@pytest.mark.parametrize("width", [44, 60, 72, 100])
def test_wrapped_lines_are_one_paragraph(width):
    text = f"{SENTENCE}. It rained. {SENTENCE}. Nobody minded, said the guards, for the halls are dry."
    assert with_body(textwrap.fill(text, width), textwrap.fill(text, width)).paragraphs == (text, text)


def test_wrapped_chinese_lines_are_one_paragraph():
    text = (CHINESE + "。") * 2
    wrapped = "\n".join(text[start : start + 30] for start in range(0, len(text), 30))
    assert with_body(wrapped).paragraphs == (text,)


def test_paragraphs_saved_one_a_line_stay_apart():
    lines = [
        f"{SENTENCE}, and nobody was surprised by it.",
        f"In spring {SENTENCE.lower()}, as the guards recall.",
        "It rained.",
    ]
    assert with_body("\n".join(lines)).paragraphs == tuple(lines)


def test_an_indented_line_begins_a_paragraph():
    assert with_body(f"　　{CHINESE[:28]}。\n　　{CHINESE[:28]}。").paragraphs == (CHINESE[:28] + "。",) * 2
    indented = "\u00a0\u00a0 Buyers came from far away.\n\u00a0\u00a0 Guards opened the doors at nine."
    assert with_body(indented).paragraphs == ("Buyers came from far away.", "Guards opened the doors at nine.")


def test_a_hyphen_at_the_end_of_a_line_takes_no_space():
    assert with_body("This was an all-\nround success.").paragraphs == ("This was an all-round success.",)


# The sign-off


@pytest.mark.parametrize(
    "desk",
    ["Canton Fair Press Center", "Canton Fair Press Centre", "(Canton Fair Press Centre)", "Newsroom",
     "Press Office of the Canton Fair", "广交会新闻中心", "中国进出口商品交易会新闻办公室"],
)  # fmt: skip
def test_a_last_short_line_that_names_the_desk_is_the_sign_off(desk):
    for gap in ("\n", "\n\n"):
        shown = with_body(SENTENCE + "." + gap + desk)
        assert (shown.sign_off, shown.paragraphs) == (desk, (SENTENCE + ".",))


@pytest.mark.parametrize(
    "last", ["Ask for it in the Press Centre", "Come to the Press Centre.", "广交会新闻中心今天开放。", "The End"]
)
def test_a_last_line_that_is_text_is_no_sign_off(last):
    shown = with_body(SENTENCE + ".", last)
    assert (shown.sign_off, shown.paragraphs) == ("", (SENTENCE + ".", last))


def test_a_desk_that_ends_a_broken_sentence_is_no_sign_off():
    assert with_body("It was announced by the", "Canton Fair Press Centre").paragraphs == (
        "It was announced by the Canton Fair Press Centre",
    )


# Characters


def test_characters_are_normalised():
    shown = with_body("\ufeffCafe\u0301\u00a0 and \u200bte\u00ada\u0000 for\u202e “all”\u2069\tguests.")
    assert shown.paragraphs == ("Café and tea for “all” guests.",)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\x0b"])
def test_every_kind_of_line_end_is_one(end):
    text = (PAGES / "opening.txt").read_text(encoding="utf-8")
    assert read(text.replace("\n", end).encode()) == page("opening.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_read_in_every_encoding_that_saved_pages_have(encoding):
    text = (PAGES / "opening.txt").read_text(encoding="utf-8")
    assert read(text.encode(encoding)) == page("opening.txt")


def test_html_is_read_in_the_encoding_that_it_declares_unless_it_is_utf_8():
    for declared, encoding in (("iso-8859-1", "cp1252"), ("gb2312", "utf-8"), ("zlib", "gb18030")):
        data = f"<meta charset={declared}><p>Home&gt;Press Centre<p>A title<p>The “first” day.</p>".encode(encoding)
        assert read(data).paragraphs == ("The “first” day.",)


# HTML


def test_html_is_known_by_its_content():
    assert in_html("<p>One &amp; two.</p>").paragraphs == ("One & two.",)
    assert read(b"Home&gt;News&gt;Press Centre<br>A title<br><br>The halls were full.").title == "A title"


def test_text_that_only_mentions_a_comparison_is_no_html():
    assert with_body("Fewer than <b> or 3 < 4 &amp; more.").paragraphs == ("Fewer than <b> or 3 < 4 &amp; more.",)


def test_inline_markup_breaks_no_word_and_blocks_break_every_line():
    inline = "<p>The <b>h</b>alls<!-- were --> were<span\nstyle='a>b'> full</span>.</p>"
    shown = in_html(f"{inline}<div>It<wbr> rained.<div>Much.</div></div>")
    assert shown.paragraphs == ("The halls were full.", "It rained.", "Much.")


def test_scripts_styles_and_hidden_text_are_dropped():
    unseen = (
        "<script>if (a < b) { '<p>x</p>' }</script><style>p{}</style><noscript><p>On!</p></noscript><!-- <p>c</p> -->"
    )
    assert in_html(f"{unseen}<p>The halls were full.</p>{unseen}").paragraphs == ("The halls were full.",)


def test_entities_are_decoded_once():
    assert in_html("<p>A &ldquo;&lt;b&gt;&rdquo; &amp;amp; B&#8203;&nbsp; &#24191;.</p>").paragraphs == (
        "A “<b>” &amp; B 广.",
    )


def test_a_lone_angle_bracket_in_html_is_text():
    assert in_html("<p>Under 3 < 4 and <5 it was cold.</p>").paragraphs == ("Under 3 < 4 and <5 it was cold.",)


# The body as Markdown


def test_the_body_is_the_paragraphs_with_a_blank_line_between():
    assert with_body("One.", "Two.").body == "One.\n\nTwo."


@pytest.mark.parametrize(
    "text",
    ["# One.", "- One.", "+ One.", "* One.", "1. One.", "12) One.", "> One.", "---.", "=== One.", "`One` ~~two~~.",
     "*One* _two_.", "[One](http://two.example).", "![One](two).", "<b>One</b>.", "<http://one.example>.", "One \\",
     "&amp; &copy; &#35;.", "One \\* two\\", "| One | two |.", "~~~ One.", "[one]: two.", "2018. It rained.", "a_b_c."],
)  # fmt: skip
def test_markdown_shows_the_text_exactly_as_it_stood(text):
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    shown = with_body("It rained.", text, "It rained.")
    assert shown.paragraphs[1] == text
    for flavour in ("commonmark", "js-default"):
        page = markdown_it.MarkdownIt(flavour, {"html": False, "linkify": False, "typographer": False}).render(
            shown.body
        )
        assert unescape(page).splitlines() == ["<p>It rained.</p>", f"<p>{text}</p>", "<p>It rained.</p>"]


# What is refused


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(PAGES / "opening.html", "opening.html")
    return file.getvalue()


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n", "the file is empty"),
        (base64.b64decode(PIXEL), "binary"),
        (a_zip(), "binary"),
        (b"\x80\xff" * 50, "neither UTF-8 nor GB18030"),
        (b"x" * (MAX_BYTES + 1), "larger than 2 MB"),
        (b"Buses leave at nine. Home>>News is a phrase.", "no breadcrumb line such as Home>>News>>Canton Fair News"),
        (b"<html><body><p>Buses leave at nine.</p></body></html>", "no breadcrumb"),
        (b"Home>>News>>Invitation of Journalist\nA title\n\nText.", "'Invitation of Journalist'"),
        (b"Home>>\nA title\n\nText.", "none of the four sections"),
        (HEAD.encode(), "no title"),
        ((HEAD + "Source: Author:\n\nText.").encode(), "no title"),
        ((HEAD + "A title").encode(), "no paragraph"),
        ((HEAD + "A title\nSource: Author:\nFont size: A+ A A-\n\nPress Centre\n").encode(), "no paragraph"),
        ((HEAD + "A title\nSource: Author:\n\nCanton Fair Press Centre\n").encode(), "no paragraph"),
        ((HEAD + "A title\nSource: Author:\n\n2018-11-04").encode(), "no paragraph"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_page_is_refused_with_its_reason(data, why):
    assert why in reason(data)


def test_characters_that_no_database_takes_never_come_out():
    shown = in_html("<p>A &#0;b&#xD800;c &#x202e;d &#65279;e&#133;.</p>")
    assert shown.body.encode().isascii() or "\ufffd" in shown.body or "…" in shown.body
    assert not {*"\0\ud800\u202e\ufeff\x85"} & {*shown.body}


def test_an_ordinary_text_is_refused_with_its_reason():
    assert reason((PAGES / "not-a-page.txt").read_bytes()) == "no breadcrumb line such as Home>>News>>Canton Fair News"


HOSTILE = [
    "<!--x>", "<a ", "<a b='\"", "<p a b=c d>", "<div>", "<![CDATA[ x>", "<script></", "<a b=\">\" '", "&amp;",
    "<<<>>>", "\u0315\u0300", "\n \n", " \u00a0", ".”)", "AA. ", "Source: Author: ", "1234-", "Home>", "A+ ",
    "Press Centre ", "\ufeff", "字" * 150 + "\n", "Word " * 80 + "\n", "Word " * 40 + "\n\n",
]  # fmt: skip


def seconds(data: bytes) -> float:
    began = time.process_time()
    with suppress(NotAnOldPage):
        read(data)
    return time.process_time() - began


@pytest.mark.parametrize("piece", HOSTILE)
def test_two_megabytes_of_hostile_input_are_read_or_refused_in_a_second(piece):
    html = "<p>Home>>Press Centre</p><p>A title</p><p>"
    start = html if piece[0] in "<&" else HEAD + "A title\n\nSource: Author:\n\n"
    data = (start + piece * (MAX_BYTES // len(piece))).encode()[:MAX_BYTES]
    assert any(seconds(data) < 1 for _ in range(3))  # a busy machine may be slow once


def test_a_page_that_looks_like_the_limits_is_still_read():
    long = " ".join([SENTENCE + "."] * 200)
    assert len(with_body(*[long] * 60).paragraphs) == 60
    assert len(long) > HEADING_WIDTH


def test_a_page_cannot_be_changed_once_read():
    with pytest.raises(AttributeError):
        page("opening.txt").title = "Another"
