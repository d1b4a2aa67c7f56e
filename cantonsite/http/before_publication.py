"""What an editor should look at before an article goes out: the facts are gathered here, the services check them."""

from ..languages import DEFAULT
from ..models import Article
from ..models.news import Viewer
from ..services import checks, figures, site, versions
from ..services.checks import ArticleFacts, Finding, PictureFacts, TextFacts
from . import addresses_here


def findings(article: Article) -> list[Finding]:
    """What the checks find in the newest versions, what blocks first."""
    saved, written = versions.newest(article), versions.written(article)
    texts = {
        code: TextFacts(
            **{name: content[name] for name in ("title", "standfirst", "body", "source")},
            changed_at=saved[code].saved_at if code in saved else None,
        )
        for code, content in written.items()
        if code in site.spoken()
    }
    pictures = tuple(
        PictureFacts(each.name, dict.fromkeys(each.described_in, each.alt.text), each.credit)
        for each in figures.of_article(article.id, DEFAULT)
    )
    own = addresses_here.Own(article.number, Viewer(previews=article.id))
    facts = ArticleFacts(
        texts=texts,
        has_contact=article.contact_id is not None,
        pictures=pictures,
        languages=tuple(code for code, language in site.spoken().items() if not language.falls_back),
        resolves=lambda address: addresses_here.resolves(address, own),
        emptied=tuple(code for code in versions.emptied(article) if code in site.spoken()),
    )
    return checks.before_publication(facts)
