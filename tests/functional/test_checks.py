"""Links in a text are tried on the site's own routes, as a stranger would follow them."""

from datetime import timedelta

import pytest

from cantonsite import clock
from cantonsite.http.addresses_here import resolves
from tests.articles import publish
from tests.people import past_edition

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
    ],
)
def test_a_link_that_leads_somewhere(here, address):
    assert resolves(address, own=48317)


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
    ],
)
def test_a_link_that_leads_nowhere(here, address):
    assert not resolves(address, own=48317)
