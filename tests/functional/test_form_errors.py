"""The application form: what is wrong is told beside its field, answers are kept, the same form goes on working."""

import re
from html.parser import HTMLParser

import pytest

from cantonsite.database import db
from cantonsite.forms.countries import CODES
from cantonsite.models import Application, AuditEvent, OutgoingMail
from tests.people import ANSWERS, apply, fitting, go_on, later, open_edition, reach
from tests.strict import Page

CHOSEN = {"applicant_kind", "role", "outlet_kind", "phases", "proof_kind", "needs_letter", "declaration", "edition"}
CHOSEN |= {"live_broadcast", "press_list", "focus"}
BROWSERS_OWN = re.compile(r"<(?:input|select|textarea)[^>]*\s(?:required|maxlength|placeholder|pattern)\b")
FILES = {"bylines", "masthead", "press_card", "assignment_letter", "photo"}


class Inputs(HTMLParser):
    """The inputs of a page with their attributes, the links of its summary, and the errors beside the fields."""

    def __init__(self, text: str):
        super().__init__()
        self.by_name: dict[str, list[dict[str, str]]] = {}
        self.ids: dict[str, dict[str, str]] = {}
        self.summary: dict[str, str] = {}
        self.beside: dict[str, str] = {}
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self.ids[values.get("id", "")] = values
        if "name" in values:
            self.by_name.setdefault(values["name"], []).append(values)
        if tag not in ("input", "meta", "link", "br"):
            self._open.append((tag, values))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        inside = [values.get("class", "") for _, values in self._open]
        tag, values = self._open[-1] if self._open else ("", {})
        if "problem" in inside and tag == "a":
            self.summary[values["href"].removeprefix("#")] = data.strip()
        if tag == "p" and values.get("class") == "error" and data.strip():
            around = next(v["id"] for _, v in reversed(self._open) if v.get("id", "").endswith("-error"))
            self.beside[around.removesuffix("-error")] = data.strip()


def wrong(response) -> dict[str, str]:
    """What the page says is wrong, by the field it is about, once the page has been looked over."""
    assert response.status_code == 422
    assert Page(response.text).title.startswith("Error: ")
    page = Inputs(response.text)
    assert page.summary, "the summary names what is wrong"
    for field, words in page.summary.items():
        assert field in page.ids, f"the summary links to #{field}, which is not on the page"
        if field in page.beside:
            assert page.beside[field] == words, "the same words in both places"
        if field not in ("leave_empty", "leave_unticked"):
            assert field in page.beside, f"{field} has no words beside it"
            control = page.ids[field]
            about = page.ids.get(f"{field}-set", control).get("aria-describedby", "")
            assert f"{field}-error" in about.split()
            assert all(each in page.ids for each in about.split())
            assert control.get("aria-invalid") == "true" or control["type"] == "radio"
    return page.summary


def kept(response) -> dict[str, list[str]]:
    """The answers that stand in the form of a page."""
    values = Page(response.text).form("/apply").values
    return {name: [each.removeprefix("\r\n") for each in some] for name, some in values.items()}  # after <textarea>


def counts(app) -> tuple[int, int, int]:
    """How many applications, lines of history and mails are stored."""
    with app.app_context():
        return tuple(db.session.query(model).count() for model in (Application, AuditEvent, OutgoingMail))


def mend(client, page, **answers):
    """Correct what was wrong in the form that is on the screen, and send that same form again."""
    with later(8):
        return client.send(page, answers, "/apply")


@pytest.fixture
def site(app):
    open_edition(app)
    return app


OWN = {"csrf_token", "form_number", "number", "shown", "leave_empty", "leave_unticked", "go"}
FIELDS = {
    "apply": ["applicant_kind", "given_name", "family_name", "native_name", "email", "phone"],
    "outlet": ["role", "outlet_name", "outlet_kind", "outlet_country", "outlet_website"],
    "work": ["edition", "phases", "arrives_on", "departs_on", "topics", "interviews", "live_broadcast", "with_crew"],
    "proof": [
        *("proof_kind", "proof_links", "bylines", "masthead", "press_card", "assignment_letter"),
        *("editor_name", "editor_email"),
    ],
    "travel": ["nationality", "needs_letter", "letter_city"],
    "photo": ["photo"],
    "check": ["declaration", "press_list"],
}


def test_journalist_finds_exactly_the_fields_and_choices_that_others_rely_on(site, client):
    values, seen = {}, {}
    for name, fields in FIELDS.items():
        page = reach(site.test_client(), name)
        form, inputs = Page(page.text).form("/apply"), Inputs(page.text).by_name
        assert form.names - OWN == set(fields), name
        assert "novalidate" in page.text
        assert not re.search(
            r"<(?:input|select|textarea)[^>]*\s(?:required|maxlength|placeholder|pattern)\b", page.text
        )
        seen |= {field: inputs[field] for field in fields}
        values |= {field: [each.get("value") for each in inputs[field]] for field in fields}
        for field in {"nationality", "outlet_country"} & set(fields):
            options = re.search(rf'<select[^>]* name="{field}".*?</select>', page.text, re.S).group(0)
            assert set(re.findall(r'value="([^"]+)"', options)) == CODES
        chosen = set(form.values) & {"declaration", "needs_letter", "role", "phases", "applicant_kind", "press_list"}
        assert not chosen, "nothing is chosen before"
    assert values["role"] == ["reporter", "photographer", "video", "technician", "editor", "assistant"]
    assert values["outlet_kind"] == ["print", "online", "radio", "television", "agency", "freelance"]
    assert values["proof_kind"] == ["links", "bylines", "masthead", "press_card", "assignment", "editor"]
    assert values["phases"] == ["1", "2", "3"]
    assert values["edition"] == ["141"]
    assert values["needs_letter"] == values["declaration"] == ["y"]
    assert {each["type"] for each in seen["phases"]} == {"checkbox"}
    assert {each["type"] for each in seen["role"] + seen["edition"]} == {"radio"}
    assert seen["email"][0]["autocomplete"] == "email"
    assert {each["type"] for name in ("press_card", "assignment_letter", "photo") for each in seen[name]} == {"file"}


MISSING = {
    "apply": {
        "applicant_kind": "Select which of these you are",
        "given_name": "Enter your given name",
        "family_name": "Enter your family name",
        "email": "Enter your email address",
    },
    "outlet": {
        "role": "Select what you do",
        "outlet_name": "Enter the name of your outlet",
        "outlet_kind": "Select what kind of outlet it is",
        "outlet_country": "Select the country or region of your outlet",
    },
    "work": {
        "edition": "Select an edition that takes applications",
        "phases": "Select at least one phase",
        "arrives_on": "Enter the day on which you arrive, such as 2027-04-14",
        "departs_on": "Enter the day on which you leave, such as 2027-04-20",
    },
    "proof": {"proof_kind": "Select how you can show that you are a journalist"},
    "travel": {"nationality": "Select your nationality or region"},
    "check": {"declaration": "Tick that what you have written is true"},
}


@pytest.mark.parametrize("name", MISSING)
def test_journalist_who_sends_an_empty_page_reads_what_is_missing_in_the_fields_own_words(site, client, name):
    page = reach(client, name)
    empty = {field: None if field in CHOSEN else "" for field in FIELDS[name] if field not in FILES}
    with later(8):
        sent = client.send(page, empty, "/apply")
        assert wrong(sent) == MISSING[name]
        assert client.send(sent, fitting(sent, {}), "/apply").status_code == 303, "the same page can be mended"


LONG = "x" * 10_000
WRONG = {
    "given_name": (LONG, "The name must be 100 characters or fewer; it has 10000"),
    "family_name": ("\u200d", "Enter your family name"),
    "email": ("märta@nordisk.example", "Enter an email address such as name@example.org"),
    "phone": ("call me", "Enter a phone number with its digits, such as +44 20 7946 0000"),
    "applicant_kind": ("spy", "Select which of these you are"),
    "nationality": ("EU", "Select your nationality or region"),
    "letter_city": ("", "Enter the city in which you apply for the visa"),
    "role": ("buyer", "Select what you do"),
    "outlet_name": (LONG, "The name must be 150 characters or fewer; it has 10000"),
    "outlet_kind": ("blog", "Select what kind of outlet it is"),
    "outlet_country": ("se", "Select the country or region of your outlet"),
    "outlet_website": ("javascript:alert(1)", "Enter a web address such as https://www.example.org"),
    "edition": ("142", "Select an edition that takes applications"),
    "phases": (["1", "4"], "Select at least one phase"),
    "arrives_on": ("soon", "Enter the day on which you arrive, such as 2027-04-14"),
    "departs_on": ("2027-02-30", "Enter the day on which you leave, such as 2027-04-20"),
    "topics": (LONG, "The topics must be 1000 characters or fewer; they have 10000"),
    "interviews": (LONG, "This must be 1000 characters or fewer; it has 10000"),
    "proof_links": (
        "https://nordisk.example/one\ndata:text/html,x",
        "Link 2 must be a web address such as https://www.example.org/article",
    ),
}


@pytest.mark.parametrize("name", ["apply", "outlet", "work", "proof", "travel"])
def test_journalist_with_every_answer_wrong_reads_each_in_its_own_words_and_loses_none(site, client, name):
    page = reach(client, name)
    bad = {field: WRONG[field] for field in FIELDS[name] if field in WRONG}
    answers = {**fitting(page, {}), **{field: value for field, (value, _) in bad.items()}}
    data = {**Page(page.text).form("/apply").values, **answers}
    with later(8):
        sent = client.post(page.request.path, data=data)
        assert wrong(sent) == {field: words for field, (_, words) in bad.items()}
        still = kept(sent)
        for field, (value, _) in bad.items():
            if field not in CHOSEN and field not in ("nationality", "outlet_country", "family_name"):
                assert still[field] == [value], f"{field} is kept, wrong as it is"
        mended = {**dict.fromkeys(set(bad) - CHOSEN, ""), **fitting(sent, {})}
        assert client.send(sent, mended, "/apply").status_code == 303
    assert counts(site)[0] == 0


def test_journalist_who_makes_one_mistake_finds_all_other_answers_untouched(site, client):
    changed = {"email": "marta@nordisk", "phone": "(0)20/555-01 24 ext. 3"}
    sent = apply(client, **changed)
    assert set(wrong(sent)) == {"email"}
    still = kept(sent)
    for name, value in fitting(sent, changed).items():
        assert still[name] == [value], name
    done = mend(client, sent, email="marta@nordisk.example")
    assert done.status_code == 303
    with later(8):
        assert "We have your application" in client.get(go_on(client, client.get(done.location)).location).text


LINKS = [
    ("\n".join(f"https://nordisk.example/{n}" for n in range(11)), "Enter 10 links or fewer; there are 11"),
    ("https://nordisk.example/" + "a" * 576, "Link 1 must be 500 characters or fewer; it has 600"),
    ("https://a@b", "Link 1 must be a web address such as https://www.example.org/article"),
    ("https://nordisk.example/one\nhttps://good.example@evil.example/", "Link 2 must be a web address such as "
     "https://www.example.org/article"),
    ("see my page", "Link 1 must be a web address such as https://www.example.org/article"),
]  # fmt: skip


def test_journalist_learns_which_link_is_wrong_and_why(site, client):
    page = apply(client, proof_links=LINKS[0][0])
    assert wrong(page) == {"proof_links": LINKS[0][1]}
    for typed, words in LINKS[1:]:
        page = mend(client, page, proof_kind="links", proof_links=typed)
        assert wrong(page) == {"proof_links": words}
        assert kept(page)["proof_links"] == [typed]


PEOPLE = [
    {"given_name": "محمد", "family_name": "الأمين", "email": "mohamed@sahafa.example", "outlet_name": "صحيفة التجارة"},
    {"given_name": "婉清", "family_name": "欧阳", "email": "ouyang@例え.example", "outlet_name": "岭南经济观察"},
    {"given_name": "-", "family_name": "Sukarno", "email": "sukarno@pasar.example", "phone": ""},
    {"given_name": "👩🏽‍💻 Zoë", "family_name": "O’Brien-Ñandú", "email": "zoe+fair@bücher.example"},
    {"given_name": "می‌نا", "family_name": "Ng\x00uyễn\u202e\u200b", "email": "mina@nordisk.example", "phone": "110 11"},
]


def test_people_with_names_in_any_script_apply_and_nothing_invisible_is_stored(site, client):
    for person in PEOPLE:
        sent = apply(site.test_client(), **person, outlet_website="", topics="", needs_letter=None)
        assert sent.status_code == 303, person
        assert client.get(sent.location).status_code == 200
    with site.app_context():
        stored = {each.email: each for each in db.session.query(Application)}
    assert stored["mohamed@sahafa.example"].name == "محمد الأمين"
    assert stored["ouyang@xn--r8jz45g.example"].outlet_name == "岭南经济观察"
    assert stored["zoe+fair@xn--bcher-kva.example"].given_name == "👩🏽‍💻 Zoë"
    assert stored["mina@nordisk.example"].name == "می‌نا Nguyễn"
    assert stored["sukarno@pasar.example"].phone == ""
    assert not any(each.needs_letter or each.topics or each.outlet_website for each in stored.values())


def test_journalist_whose_answers_are_odd_but_sound_is_taken_at_their_word(site, client):
    sent = apply(
        client,
        phone="００８６ 20 5550‐0124",
        phases=["2", "2", "1", "2"],
        outlet_website="HTTPS://Nordisk.example:8443/ekonomi?x=1#y",
        proof_links="  nordisk.example/å \n\nhttps://例え.example/一\r\nhttps://nordisk.example/å\n",
        topics="Line one\r\n\r\n=1+1\n<script>alert(1)</script>",
    )
    assert sent.status_code == 303
    with site.app_context():
        stored = db.session.query(Application).one()
    assert stored.phases == [1, 2]
    assert stored.proof_links == ["https://nordisk.example/å", "https://例え.example/一"]
    assert stored.topics == "Line one\n\n=1+1\n<script>alert(1)</script>"


def test_journalist_without_a_cookie_keeps_all_answers_and_sends_the_same_form_again(site, client):
    page = client.get("/en/invitation/apply")
    client.delete_cookie("session")
    with later(4):
        sent = client.send(page, fitting(page, {}), "/apply")
    assert sent.status_code == 422
    assert "could not be sure that this form came from this site" in sent.text
    assert kept(sent)["given_name"] == [ANSWERS["given_name"]]
    assert kept(sent)["form_number"] == Page(page.text).form("/apply").values["form_number"]
    assert mend(client, sent).status_code == 303


def test_journalist_whose_hidden_fields_were_lost_keeps_all_answers_and_sends_the_form_again(site, client):
    page = client.get("/en/invitation/apply")
    with later(4):
        bare = client.send(page, {**fitting(page, {}), "csrf_token": None, "form_number": None}, "/apply")
    assert bare.status_code == 422
    assert "was not opened on this site" in bare.text
    assert kept(bare)["email"] == [ANSWERS["email"]]
    assert kept(bare)["form_number"][0]
    assert mend(client, bare).status_code == 303
    nothing = site.test_client().post("/en/invitation/apply", data={})
    assert nothing.status_code == 422


def test_form_that_comes_back_at_once_is_refused_and_the_same_form_works_three_seconds_later(site, client):
    page = client.get("/en/invitation/apply")
    at_once = client.send(page, fitting(page, {}), "/apply")
    assert at_once.status_code == 422
    assert "faster than people type" in at_once.text
    assert Page(at_once.text).title.startswith("Error: ")
    still = kept(at_once)
    assert all(still[name] == [value] for name, value in fitting(page, {}).items())
    assert still["form_number"] == Page(page.text).form("/apply").values["form_number"]
    with later(4):
        assert client.send(at_once, {}, "/apply").status_code == 303


def test_robot_that_fills_in_everything_is_told_and_stores_nothing(site, client):
    first = apply(client, leave_empty="http://spam.example")
    assert wrong(first) == {"leave_empty": "Leave this field empty: it is there to catch robots"}
    both = apply(client, leave_empty="x", leave_unticked="y")
    assert set(wrong(both)) == {"leave_empty", "leave_unticked"}
    assert counts(site)[0] == 0
    assert mend(client, both, leave_empty="", leave_unticked=None).status_code == 303


def test_robot_that_fills_in_the_last_page_sends_nothing(site, client):
    page = reach(client, "check")
    with later(8):
        sent = client.send(page, {"declaration": "y", "leave_unticked": "y"}, "/apply")
        assert set(wrong(sent)) == {"leave_unticked"}
    assert counts(site)[0] == 0


def test_edition_that_closes_between_opening_and_sending_is_said_in_words_and_answers_are_kept(site, client):
    page, last = client.get("/en/invitation/apply"), reach(site.test_client(), "check")
    with later(31 * 86400):
        sent = client.send(page, fitting(page, {}), "/apply")
        assert sent.status_code == 422
        assert "This edition no longer takes applications" in sent.text
        assert kept(sent)["given_name"] == [ANSWERS["given_name"]]
        assert Page(sent.text).title.startswith("Error: ")
    assert last.status_code == 200
    assert counts(site)[0] == 0
    open_edition(site, 142)
    assert wrong(apply(site.test_client(), edition="99")) == {"edition": "Select an edition that takes applications"}
    two = reach(site.test_client(), "work")
    assert "edition" not in Page(two.text).form("/apply").values, "with two editions, none is chosen"
    assert apply(site.test_client(), edition="142").status_code == 303


def test_journalist_reads_errors_in_chinese(site, client):
    sent = apply(client, language="zh", given_name="")
    assert sent.status_code == 422
    assert kept(sent)["family_name"] == [ANSWERS["family_name"]]


def test_form_that_is_far_too_large_gets_a_page_and_no_crash(site, client):
    page = reach(client, "work")
    with later(8):
        assert client.send(page, {**fitting(page, {}), "topics": "x" * 3_000_000}, "/apply").status_code == 413
        assert client.send(page, {**fitting(page, {}), "topics": "字" * 100_000}, "/apply").status_code in (413, 422)
    assert counts(site)[0] == 0
