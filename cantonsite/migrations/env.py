"""How Alembic reaches the database. On SQLite foreign keys are off while tables are rebuilt, and checked afterwards:
a batch migration would otherwise empty the tables that cascade from the rebuilt one.
"""

from alembic import context
from flask import current_app
from sqlalchemy import text

from cantonsite.database import Base, Moment

engine = current_app.extensions["migrate"].db.engine
options = current_app.extensions["migrate"].configure_args


def render_item(kind, thing, _autogen_context):
    """Write our own type as the plain one that it is in the database."""
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name, kind, _parents):
    """Leave out the shadow tables of SQLite's full-text search."""
    return not (kind == "table" and name and "_fts" in name)


with engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.rollback()
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    writer = connection.execution_options(writes=True)
    context.configure(
        connection=writer,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_name=include_name,
        transactional_ddl=True,
        transaction_per_migration=False,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite and (broken := writer.execute(text("PRAGMA foreign_key_check")).fetchall()):
            raise RuntimeError(f"a migration would leave rows without their parents: {broken[:5]}")
    writer.commit()
    if sqlite:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
