"""Every migration, up and down with every table filled, on both databases."""

from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text

from cantonsite import services
from cantonsite.database import Base, db
from cantonsite.services import health, sample

VERSIONS = Path(services.__file__).parents[1] / "migrations" / "versions"
STEPS = len(list(VERSIONS.glob("*.py"))) - 1  # down to the first


def rows() -> dict[str, int]:
    """How many rows each table has that is there."""
    there = set(inspect(db.engine).get_table_names())
    tables = [table for table in Base.metadata.sorted_tables if table.name in there]
    return {table.name: db.session.scalar(select(func.count(text("1"))).select_from(table)) for table in tables}


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
    with filled.app_context():
        before = rows()
        assert all(before.values()), f"empty: {[name for name, number in before.items() if not number]}"
        db.session.remove()
        upgrade()
        assert rows() == before


def test_each_step_down_and_up_again_keeps_every_row_that_was_there_before_it(filled):
    with filled.app_context():
        before = rows()
        db.session.remove()
        for _ in range(STEPS):
            downgrade(revision="-1")
            left = rows()
            assert left == {name: before[name] for name in left}
            db.session.remove()
        upgrade()
        assert {name: number for name, number in rows().items() if name in left} == left


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
