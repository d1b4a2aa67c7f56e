"""The pages of the application after the first one, and those behind the links in its mails."""

from cantonsite.models.applicant import ProofKind
from cantonsite.models.invitation import Missing
from tests.browser.live import ROOT
from tests.browser.person import GO_ON, MARTA
from tests.browser.visit import BEHIND_LINKS, PUBLIC, Visit, among

ASKED = {
    "you": ("applicant_kind", "given_name", "family_name", "email", "phone"),
    "outlet": ("role", "outlet_name", "outlet_kind", "outlet_country", "outlet_website"),
    "work": ("edition", "phases", "arrives_on", "departs_on", "topics"),
    "proof": ("proof_kind", "proof_links"),
    "travel": ("nationality", "needs_letter", "letter_city"),
    "photo": ("focus",),
}
BY_EDITOR = {"proof_kind": ProofKind.EDITOR, "editor_name": "Erik Ed", "editor_email": "erik@outlet.example"}


def reach(v: Visit, name: str) -> None:
    """The page of the application with this name, those before it filled in."""
    before = list(ASKED)[: list(ASKED).index(name)] if name in ASKED else list(ASKED)
    typed = {page: {field: answer(field) for field in ASKED[page]} for page in before}
    if "work" in typed:
        typed["work"]["edition"] = [str(v.site.edition())]
    if "photo" in typed:
        typed["photo"]["focus"] = ["5"]
    v.open(v.site.draft_path(v.language, typed))
    v.send(200)


def answer(field: str) -> list[str]:
    """What Marta answers, as a form would send it."""
    given = MARTA.get(field, "")
    return given if isinstance(given, list) else ["y" if given is True else given] if given else []


def apply_page(name: str) -> None:
    def opened(v: Visit) -> None:
        reach(v, name)

    PUBLIC[f"apply {name}"] = opened

    def wrong(v: Visit) -> None:
        reach(v, name)
        if name == "photo":
            file = {"name": "photo.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic"}
            v.page.locator("[name=photo]").set_input_files(file)
        v.send(422, GO_ON)

    PUBLIC[f"apply {name} with every error"] = wrong


for each in ("outlet", "work", "proof", "travel", "photo", "check"):
    apply_page(each)


@among(PUBLIC)
def apply_proof_with_files(v: Visit) -> None:
    reach(v, "proof")
    v.page.locator("[name=proof_kind][value=press_card]").check()
    card = (ROOT / "cantonsite" / "sample" / "pictures" / "press-pass.png").read_bytes()
    for name in ("card.png", "a file with a name that is as long as such names are now and then.png"):
        file = {"name": name, "mimeType": "image/png", "buffer": card + name.encode()}
        v.page.locator("[name=press_card]").set_input_files(file)
        v.send(200, GO_ON)
        v.open("./invitation/apply/proof")


@among(PUBLIC)
def apply_photo_as_the_pass_shows_it(v: Visit) -> None:
    reach(v, "photo")
    choose_a_photo(v)
    v.send(200, GO_ON)
    v.open("./invitation/apply/photo")


@among(BEHIND_LINKS)
def status_asked_photo_as_the_pass_shows_it(v: Visit) -> None:
    reference = v.applied()
    v.site.ask(reference, by=v.reviewer, missing=[Missing.PHOTO])
    v.open_status(reference)
    choose_a_photo(v)
    v.page.locator("[name=focus]").first.check()
    v.send(200, "#asked ~ form button[name=go]")


def choose_a_photo(v: Visit) -> None:
    photo = (ROOT / "cantonsite" / "sample" / "pictures" / "flasks-old-and-new.png").read_bytes()
    v.page.locator("[name=photo]").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": photo})


@among(PUBLIC)
def apply_saved(v: Visit) -> None:
    reach(v, "photo")
    v.send(200, "main form button[value=later]")


@among(PUBLIC)
def returning(v: Visit) -> None:
    v.open("./invitation/returning")


@among(PUBLIC)
def returning_without_an_address(v: Visit) -> None:
    v.open("./invitation/returning")
    v.send(422)


@among(PUBLIC)
def deadline_reckoned(v: Visit) -> None:
    v.open("./invitation?kind=short_term&arrives=2027-04-14&letter=y")


@among(PUBLIC)
def deadline_with_every_error(v: Visit) -> None:
    v.open("./invitation?kind=&arrives=")


@among(BEHIND_LINKS)
def go_on_elsewhere(v: Visit) -> None:
    v.open(v.site.draft_path(v.language))


@among(BEHIND_LINKS)
def begin_from_last_time(v: Visit) -> None:
    v.open(v.site.returning_path(v.applied(), v.language))


@among(BEHIND_LINKS)
def editor_asked(v: Visit) -> None:
    v.open(v.site.editor_path(v.applied(**BY_EDITOR), v.language))


@among(BEHIND_LINKS)
def editor_asked_without_an_answer(v: Visit) -> None:
    v.open(v.site.editor_path(v.applied(**BY_EDITOR), v.language))
    v.send(422)


@among(BEHIND_LINKS)
def editor_has_answered(v: Visit) -> None:
    v.open(v.site.editor_path(v.applied(**BY_EDITOR), v.language))
    v.send(200, answer="yes")
