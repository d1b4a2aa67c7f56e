"""Links in a text are tried on the site's own routes, as a stranger would follow them."""

from datetime import timedelta

import pytest

from cantonsite import clock
from cantonsite.database import db
from cantonsite.http.addresses_here import CHOSEN, NOT_FOR_READERS, ROWS, Own, resolves
from cantonsite.models import Article
from cantonsite.models.news import Viewer
from tests.articles import publish
from tests.drawings import files_of, in_the_library, jpeg
from tests.people import past_edition
from tests.press import add_event

OWN = Own(48317)
OLD = "/html/cantonfair/en/info/2018-11/48315.shtml"


@pytest.fixture
def here(app):
    past_edition(app)
    publish(app, 48315, old_path=OLD)
    publish(app, 48316, at=clock.now() + timedelta(days=1))
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/",
            "/en/",
            "/en",
            "/zh/news",
            "/en/news/exhibitor-news",
            "/en/news/48315-any-slug",
            "/en/news/48315.txt",
            OLD,
        ),
        *(
            "http://localhost/en/news/48315",
            "http://localhost",
            "/en/search?q=fair#main",
            "/static/site.css",
            "/sitemap.xml",
        ),
        *(
            "https://elsewhere.example/nothing",
            "//elsewhere.example/x",
            "mailto:press@fair.example",
            "tel:+862055500124",
        ),
        *("/en/news/48317-the-own-one", "/en/editions/124", "/en/invitation/apply"),
        *("/en/news/48315/changes", "/en/news/48315/kit.zip", "/zh/news/48315/kit.zip"),
        *("/zh/editions/124/kit.zip", "/en/editions/124/feed.xml", "/en/editions/124/"),
        *("/en/news/archive", "/en/news/archive/2018", "/en/news/archive/2018/11", "/sitemaps/1.xml"),
        *("/en/news/press-centre/feed.xml", "/en/invitation/apply/outlet", "/en/press-centre/calendar.ics"),
    ],
)
def test_a_link_that_leads_somewhere(here, address):
    assert resolves(address, OWN)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "#top",
            "/en/nowhere",
            "/en/news/48316",
            "/en/news/48318-x",
            "/en/news/48316.txt",
            "/zh/news/48315",
            "/fr/",
        ),
        *(
            "http://localhost/en/nowhere",
            "news/48315",
            "www.elsewhere.example",
            "/static/none.css",
            "/static/../app.py",
        ),
        *(
            "/desk",
            "/desk/articles",
            "/review/x",
            "/mailbox",
            "/html/none.shtml",
            "javascript:alert(1)",
            "ftp://x.example/",
        ),
        *(
            "http://[",
            "https://elsewhere",
            "mailto:",
            "/en/editions/999",
            "/en/news/99999999999",
            "/en/invitation/status/x/answer",
        ),
        *("/en/press-centre/media/999", "/media/nothing.jpg", "/media/nothing", "/en/editions/999/kit.zip"),
        *(
            "/en/editions/999/feed.xml",
            "/en/editions/999/",
            f"/en/editions/{10**30}",
            "/en/press-centre/calendar/9.ics",
        ),
        *("/en/news/archive/2018/13", "/en/news/archive/2018/10", "/en/news/archive/2199/1", "/en/news/archive/2017"),
        *("/zh/news/archive/2018", "/sitemaps/99.xml", "/sitemaps/0.xml", "//en/editions/999"),
        *("/en/news/48316/kit.zip", "/en/news/48318/kit.zip", "/zh/news/48315/changes", "/html/%00.shtml"),
        *("/en/invitation/status/aToken", "/en/invitation/received/1", "/en/alerts/manage/aToken"),
    ],
)
def test_a_link_that_leads_nowhere(here, address):
    assert not resolves(address, OWN)


def test_a_link_to_a_picture_or_an_event_leads_somewhere_as_long_as_it_is_there(app, here):
    shown, event = in_the_library(app), add_event(app)
    file = f"/media/{files_of(app, shown)[0]}"
    for address in (f"/en/press-centre/media/{shown}", file, f"/zh/press-centre/calendar/{event}.ics"):
        assert resolves(address), address


def test_a_file_of_the_article_itself_will_be_there_when_it_is_out(app, here):
    hidden = in_the_library(app, jpeg(900), 48316, in_library=False)
    file = f"/media/{files_of(app, hidden)[0]}"
    assert not resolves(file)
    article = db.session.query(Article).filter_by(number=48316).one()
    assert resolves(file, Own(48316, Viewer(previews=article.id)))


def test_every_public_route_that_carries_a_value_is_looked_up_or_behind_a_link_of_one_s_own(app):
    of_one_s_own = {"token", "form_number", "document_id"}
    for rule in app.url_map.iter_rules():
        values = rule.arguments - CHOSEN
        if "GET" in rule.methods and values and not rule.rule.startswith(NOT_FOR_READERS):
            assert rule.endpoint in ROWS or values <= of_one_s_own, rule.rule
