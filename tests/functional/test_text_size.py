"""A+ A A−: remembered without a script, the page the same but for a mark, and no way out to another site."""

import re

import pytest

from tests.articles import publish

ELSEWHERE = [
    *(
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "evil.example",
    ),
    *(
        "javascript:alert(1)",
        "/\nevil",
        "/\r\nSet-Cookie: a=b",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\x00",
    ),
    *("", "en/news", "/" + "a" * 5000, "/\u2028evil", "data:text/html,x", "/text-size", "/text-size?x=1"),
]


def choose(client, size: str, to: str = "/en/news"):
    return client.post("/text-size", data={"size": size, "next": to})


def without_mark(page: str) -> str:
    page = re.sub(r'(<html [^>]*?) data-size="[a-z]+"', r"\1", page)
    return re.sub(r'aria-pressed="(true|false)"', "aria-pressed", page)


@pytest.mark.parametrize("size", ["larger", "smaller"])
def test_the_size_is_remembered_and_only_a_mark_differs(app, client, size):
    publish(app)
    plain = client.get("/en/news/48315-doors-open")
    answer = choose(client, size, "/en/news/48315-doors-open")
    assert (answer.status_code, answer.location) == (303, "/en/news/48315-doors-open")
    sized = client.get("/en/news/48315-doors-open")
    assert f'<html lang="en" dir="ltr" data-size="{size}">' in sized.text
    assert sized.text != plain.text
    assert without_mark(sized.text) == without_mark(plain.text)
    assert f'value="{size}" aria-pressed="true"' in sized.text
    assert sized.text.count('aria-pressed="true"') == 1
    assert sized.headers["ETag"] != plain.headers["ETag"]


def test_a_page_of_a_chosen_size_is_for_that_reader_alone(client):
    assert client.get("/en/").headers["Cache-Control"] == "public, no-cache"
    choose(client, "larger")
    sized = client.get("/en/")
    assert sized.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in sized.headers["Vary"]
    choose(client, "normal")
    assert client.get_cookie("text_size") is None
    again = client.get("/en/")
    assert again.headers["Cache-Control"] == "public, no-cache"
    assert "data-size" not in again.text
    assert 'value="normal" aria-pressed="true"' in again.text


def test_the_cookie_lasts_a_year_and_is_out_of_reach_of_scripts(client):
    cookie = choose(client, "larger").headers["Set-Cookie"]
    assert cookie.startswith("text_size=larger;")
    for part in ("Max-Age=31536000", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie


def test_no_address_of_another_site_is_gone_to(client):
    for to in ELSEWHERE:
        answer = choose(client, "larger", to)
        assert (answer.status_code, answer.location) == (303, "/"), to
        assert len(answer.headers.getlist("Set-Cookie")) == 1


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("/zh/search?q=展馆&in=title", "/zh/search?q=%E5%B1%95%E9%A6%86&in=title"),
        ("/en/news?page=2", "/en/news?page=2"),
        ("/en/search?q=a%2Fb%26c", "/en/search?q=a%2Fb%26c"),
        ("/en/search?q=https://fair.example", "/en/search?q=https://fair.example"),
    ],
)
def test_it_leads_back_to_the_same_page_of_this_site(client, to, location):
    assert choose(client, "larger", to).location == location


def test_the_form_on_each_page_leads_back_to_it(client):
    page = client.get("/zh/search?q=展馆&in=title")
    assert client.send(page, {}, "/text-size").status_code == 422, "no button was pressed, so nothing is chosen"
    (there,) = re.findall(r'name="next" value="([^"]+)"', page.text)
    answer = choose(client, "larger", there.replace("&amp;", "&"))
    assert 'value="展馆"' in client.get(answer.location).text


def test_pages_with_errors_lead_back_to_something_that_opens(client):
    for page in (client.post("/text-size", data={"size": "huge"}), client.get("/text-size"), client.post("/en/news")):
        assert page.status_code in (405, 422)
        (there,) = re.findall(r'name="next" value="([^"]+)"', page.text)
        back = client.get(choose(client, "larger", there).location, follow_redirects=True)
        assert back.status_code == 200


@pytest.mark.parametrize("size", ["huge", "", "LARGER", "larger\n", None])
def test_an_unknown_size_is_refused(client, size):
    answer = client.post("/text-size", data={"size": size, "next": "/"} if size is not None else {})
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("value", ["huge", '"><script>', "larger;x", "x" * 3000])
def test_a_forged_cookie_counts_as_none(client, value):
    client.set_cookie("text_size", value)
    assert "data-size" not in client.get("/en/").text


def test_the_size_cannot_be_chosen_by_a_link(client):
    answer = client.get("/text-size?size=larger&next=/en/")
    assert answer.status_code == 405
    assert "Set-Cookie" not in answer.headers
