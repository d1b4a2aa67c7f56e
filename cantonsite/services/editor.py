"""The editor's word: asked by mail, answered yes or no behind its link, and whether the address is the outlet's own."""

from urllib.parse import urlsplit

from .. import clock
from ..database import transaction
from ..models import Application
from ..models.applicant import ProofKind
from ..models.audit import Actor
from ..models.link import Purpose
from . import audit, crews, links, outbox
from .mails.editor import EditorAsked

# Where anybody may have an address, under the domain of sites on which outlets publish too
MAIL_OF_ANYBODY = (
    "163.com 126.com yeah.net qq.com foxmail.com sina.com sina.cn sohu.com tom.com 21cn.com 139.com 189.cn wo.cn "
    "aliyun.com gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.jp ymail.com "
    "icloud.com me.com mac.com aol.com gmx.net gmx.de gmx.com web.de t-online.de proton.me protonmail.com naver.com "
    "daum.net hanmail.net kakao.com mail.ru yandex.ru yandex.com rambler.ru ukr.net rediffmail.com zoho.com "
    "orange.fr free.fr laposte.net libero.it uol.com.br bol.com.br seznam.cz wp.pl onet.pl"
)
ANYBODYS = frozenset(MAIL_OF_ANYBODY.split())


class AlreadyAnswered(Exception):
    """The editor has answered, or nobody waits for it any more."""


def ask(application: Application) -> None:
    """Mail the editor of an application whose proof is the editor's word."""
    if application.proof_kind is not ProofKind.EDITOR:
        return
    with transaction():
        links.issue(Purpose.EDITOR, application)
        outbox.enqueue(
            EditorAsked, recipient=application.editor_email, language=application.language, application=application
        )


def answer(application: Application, *, says: bool, note: str = "") -> None:
    """What the editor says of all about whom it is waited for. Raises AlreadyAnswered; the first answer stands."""
    now = clock.now()
    with transaction() as session:
        application = session.get_one(Application, application.id, with_for_update=True)
        about = crews.awaiting_editor(application)
        if application.editor_says is not None or not about:
            raise AlreadyAnswered
        kind = "editor_confirmed" if says else "editor_denied"
        for each in dict.fromkeys([application, *about]):  # whose link it is holds the answer in any case
            each.editor_says, each.editor_said_at = says, now
            audit.record(kind, actor=Actor.SITE, application=each, note=note, shown_from=None)


def is_of_outlet(email: str, website: str) -> bool:
    """Whether an address belongs to the outlet's own domain, or one of them lies within the other.

    An address that anybody can have belongs to none: mp.weixin.qq.com does not make one at qq.com the outlet's own.
    """
    host, domain = _ascii(urlsplit(website).hostname or "").removeprefix("www."), _ascii(email.rpartition("@")[2])
    if not host or not domain or any(domain == each or domain.endswith(f".{each}") for each in ANYBODYS):
        return False
    return host == domain or host.endswith(f".{domain}") or domain.endswith(f".{host}")


def _ascii(host: str) -> str:
    """A host as the mail and the web name it; one that cannot be named so stays as it is."""
    try:
        return host.casefold().encode("idna").decode()
    except UnicodeError:
        return host.casefold()
