"""The sample's applications, recognisable as such, in several scripts and with every fate."""

from pathlib import Path

from ... import clock
from ...database import transaction
from ...models import Application, ApplicationNote, Block, Edition, KnownBrowser, StaffMember, Wording
from ...models.applicant import ApplicantKind, ProofKind
from ...models.document import DocumentKind
from ...models.invitation import ApplicantRole, Missing, OutletKind
from .. import drafts, editions, invitation, places, review, staff
from ..documents import keeping

PICTURES = Path(__file__).parent.parent.parent / "sample" / "pictures"
NOTE = "Sample note: called the outlet, the editor knows her."
WORDING = "Your proof does not show that you report for the public. Send a link to work that names you."

SAMPLE_APPLICATIONS: tuple[tuple[str, str, str, str, str, str, str, str, str], ...] = (
    ("Sample", "Journalist", "sample.journalist", "Sample Trade Weekly", "SE", "print", "reporter", "en", "waiting"),
    ("记者", "样例", "yangli.jizhe", "样例商报", "CN", "print", "reporter", "zh", "waiting"),
    ("مراسلة", "نموذجية", "namudhajia", "صحيفة الأسواق النموذجية", "LB", "online", "reporter", "en", "waiting"),
    ("Образец", "Журналистова", "obrazets", "Пример Экспорт", "KZ", "agency", "photographer", "en", "asked"),
    ("Exemplo", "da Câmara", "exemplo", "Canal Exemplo", "BR", "television", "video", "en", "approved"),
    ("記者", "見本", "mihon", "見本経済通信", "JP", "agency", "reporter", "zh", "declined"),
)


def fill() -> int:
    """Applications of every status, one with a document, a note and a tag; and one that is being written."""
    edition, reviewer = editions.coming(), staff.reviewers()[0]
    for number, row in enumerate(SAMPLE_APPLICATIONS):
        given, family, local, outlet, country, kind, role, language, fate = row
        invitation.submit(
            form_number=f"sample-{number}",
            language=language,
            edition=edition.number,
            given_name=given,
            family_name=family,
            email=f"{local}@outlet.example",
            phone="",
            nationality=country,
            role=ApplicantRole(role),
            outlet_name=outlet,
            outlet_country=country,
            outlet_kind=OutletKind(kind),
            outlet_website="https://outlet.example",
            phases=[1, 2] if number % 2 else [1],
            topics="",
            proof_kind=ProofKind.LINKS,
            proof_links=[f"https://outlet.example/{number}/one", f"https://outlet.example/{number}/two"],
            needs_letter=country != "CN",
        )
        _decide(invitation.receipt(f"sample-{number}"), fate, reviewer)
    _work_on(invitation.receipt("sample-0"), reviewer)
    _crew(edition)
    _begin()
    places.set_limit(edition, number=400, actor=reviewer)
    places.set_limit(edition, number=40, outlet_kind=OutletKind.TELEVISION, actor=reviewer)
    return len(SAMPLE_APPLICATIONS) + 1


def _crew(edition: Edition) -> None:
    """One person who applied for two more."""
    kind = ApplicantKind.SHORT_TERM
    alike = {
        "native_name": "",
        "nationality": "ID",
        "applicant_kind": kind,
        "needs_letter": True,
        "letter_city": "Jakarta",
    }
    invitation.submit(
        form_number="sample-crew",
        language="en",
        edition=edition.number,
        crew=[
            {**alike, "given_name": "Contoh", "family_name": "Kamerawan", "role": ApplicantRole.VIDEO},
            {**alike, "given_name": "Contoh", "family_name": "Teknisi", "role": ApplicantRole.TECHNICIAN},
        ],
        **alike,
        given_name="Contoh",
        family_name="Wartawan",
        email="contoh@siaran.example",
        phone="",
        role=ApplicantRole.REPORTER,
        outlet_name="Siaran Contoh",
        outlet_country="ID",
        outlet_kind=OutletKind.TELEVISION,
        outlet_website="https://siaran.example",
        phases=[1, 2],
        topics="",
        proof_kind=ProofKind.LINKS,
        proof_links=["https://siaran.example/one"],
    )


def _work_on(application: Application, reviewer: StaffMember) -> None:
    """What applicants and the desk add: a press card, a photo, a note, a tag."""
    card = (PICTURES / "press-pass.png").read_bytes()
    keeping.take_in(application, DocumentKind.PRESS_CARD, card, "press-card.png")
    with transaction() as session:
        now = clock.now()
        session.add(ApplicationNote(application_id=application.id, staff_id=reviewer.id, at=now, text=NOTE))
        application = session.get_one(Application, application.id)
        session.add(
            KnownBrowser(
                staff_id=reviewer.id,
                nonce="sample",
                cookie_hash="sample",
                browser="Sample browser",
                asked_at=now,
                known_at=now,
                expires_at=now + KnownBrowser.REMEMBERED,
            )
        )
        application.tags, application.assigned_to_id = ["sample"], reviewer.id
        session.add(Wording(reason="rule-3", language="en", text=WORDING, changed_at=now, staff_id=None))
        session.add(
            Block(pattern="advertising.example", reason="Sample: sends sales staff", added_at=now, staff_id=None)
        )


def _begin() -> None:
    """An application that somebody is still writing."""
    you = {
        "applicant_kind": ["hong_kong_macao"],
        "given_name": ["Sample"],
        "family_name": ["Writer"],
        "email": ["writer@outlet.example"],
    }
    drafts.begin("sample-draft", "en", "you", you, you["email"][0])


def _decide(application: Application, fate: str, reviewer: StaffMember) -> None:
    seen = application.version
    if fate == "approved":
        review.approve(application, seen=seen, actor=reviewer)
    elif fate == "declined":
        note = "The links do not open. You may apply again with links that do."
        review.decline(application, seen=seen, actor=reviewer, note=note)
    elif fate == "asked":
        review.ask(application, seen=seen, actor=reviewer, missing=[Missing.OWN_WORK])
