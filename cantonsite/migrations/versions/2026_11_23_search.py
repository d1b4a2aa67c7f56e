"""The index of the search: FTS5 on SQLite, a tsvector on PostgreSQL; the folded texts that LIKE read leave."""

from datetime import UTC
from types import SimpleNamespace

import sqlalchemy as sa
from alembic import op

from cantonsite.languages import LANGUAGES
from cantonsite.models.news import Section
from cantonsite.services.search import index as search_index
from cantonsite.services.folding import fold
from cantonsite.services.markdown import to_text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AT_ONCE = 500
FOLDED = ("folded_title", "folded_content")
MOMENT = sa.DateTime(timezone=True)
ARTICLE = sa.table(
    "article",
    *(sa.column(name) for name in ("id", "number", "section", "edition_id")),
    sa.column("published_at", MOMENT),
)
TEXT = sa.table(
    "article_text",
    *(sa.column(name) for name in ("article_id", "language", "title", "standfirst", "body", "source", "author")),
    *(sa.column(name) for name in ("sign_off", *FOLDED)),
)
WRITTEN = [TEXT.c[name] for name in ("language", "title", "standfirst", "body", "source", "author", "sign_off")]


def upgrade():
    op.create_table(
        "search_entry",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_search_entry_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_entry")),
    )
    op.create_index(op.f("ix_search_entry_article_id"), "search_entry", ["article_id"])
    if op.get_bind().dialect.name == "sqlite":
        # Not unicode61: the tokens are ours, and what is not ASCII is part of one whatever it is
        op.execute(
            "CREATE VIRTUAL TABLE search_fts USING fts5"
            "(title, content, marks, plain UNINDEXED, tokenize=\"ascii tokenchars '=~'\")"
        )
        op.execute("CREATE TABLE search_word_fts (word TEXT PRIMARY KEY) WITHOUT ROWID")
        fill()
    else:
        # Texts and tokens are kept aside, so that the keys of all texts stand on few pages
        op.execute(
            "CREATE TABLE search_fts (rowid bigint PRIMARY KEY, words tsvector NOT NULL, plain text NOT NULL)"
            " WITH (toast_tuple_target = 128)"
        )
        op.execute("ALTER TABLE search_fts ALTER words SET STORAGE EXTERNAL")
        fill()
        # A short list of what is not sorted in yet: every search reads it through
        op.execute("CREATE INDEX ix_search_fts ON search_fts USING gin (words) WITH (gin_pending_list_limit = 256)")
    with op.batch_alter_table("article_text") as batch_op:
        for name in FOLDED:
            batch_op.drop_column(name)


def fill():
    """Index what is there. `flask news reindex` does the same, and may be run at any time."""
    connection = op.get_bind()
    for part in in_parts(connection, sa.select(ARTICLE, *WRITTEN).join(TEXT, TEXT.c.article_id == ARTICLE.c.id)):
        search_index.write(connection, [entry for row in part if (entry := entry_of(row))])


def entry_of(row):
    """The entry of a text; none of a draft."""
    if row.published_at is None or row.language not in LANGUAGES:
        return None
    moment = row.published_at.replace(tzinfo=row.published_at.tzinfo or UTC)
    article = SimpleNamespace(**{**row._mapping, "section": Section(row.section), "published_at": moment})
    return search_index.entry_of(article, row)


def in_parts(connection, statement):
    """The rows of texts, some at a time, each part read before the next is asked for."""
    last = (0, "")
    order = (TEXT.c.article_id, TEXT.c.language)
    while True:
        more = statement.add_columns(TEXT.c.article_id).where(sa.tuple_(*order) > sa.tuple_(*last))
        part = connection.execute(more.order_by(*order).limit(AT_ONCE)).all()
        if not part:
            return
        yield part
        last = (part[-1].article_id, part[-1].language)


def downgrade():
    with op.batch_alter_table("article_text") as batch_op:
        for name in FOLDED:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    for part in in_parts(connection, sa.select(*WRITTEN)):
        for row in part:
            rest = (row.standfirst, to_text(row.body), row.source, row.author, row.sign_off)
            folded = {"folded_title": fold(row.title), "folded_content": fold(" ".join(filter(None, rest)))}
            this = (TEXT.c.article_id == row.article_id) & (TEXT.c.language == row.language)
            connection.execute(sa.update(TEXT).where(this).values(folded))
    with op.batch_alter_table("article_text") as batch_op:
        for name in FOLDED:
            batch_op.alter_column(name, server_default=None)
    op.drop_table("search_fts")
    if connection.dialect.name == "sqlite":
        op.drop_table("search_word_fts")
    op.drop_table("search_entry")
