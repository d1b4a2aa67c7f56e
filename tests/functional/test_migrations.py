"""Every migration, up and down with every table filled, on both databases."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text

from cantonsite.database import Base, db
from cantonsite.services import health, sample


def rows() -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables}


@pytest.fixture
def filled(app, client):
    with app.app_context():
        sample.fill()
        db.session.remove()
    client.fill_in("/desk/sign-in", {"email": "desk@press.example"}, "/desk/sign-in")
    from tests.people import sign_in

    sign_in(app, app.test_client(), "desk@press.example")
    return app


def test_a_filled_site_goes_up_again_without_losing_a_row(filled):
    """There is one migration today; a later one goes down by one step and up again with every row kept."""
    with filled.app_context():
        before = rows()
        assert all(before.values()), f"empty: {[name for name, number in before.items() if not number]}"
        db.session.remove()
        upgrade()
        assert rows() == before
        db.session.remove()
        revisions = db.session.scalar(text("select version_num from alembic_version"))
        db.session.remove()
        if revisions != "0001":
            downgrade(revision="-1")
            upgrade()
            assert rows() == before


def test_down_to_nothing_and_up_again_leaves_a_working_site(filled):
    with filled.app_context():
        db.session.remove()
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names())
        assert left <= {"alembic_version"}
        upgrade()
        assert health.database_is_ready()
        assert not any(rows().values())


def test_models_and_migrations_say_the_same(app):
    done = app.test_cli_runner().invoke(args=["db", "check"])
    assert done.exit_code == 0, done.output
