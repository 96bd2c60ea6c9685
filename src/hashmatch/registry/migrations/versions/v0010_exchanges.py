"""Exchanges: remote sources of hashes, how far each was read, and which entries they hold."""

import sqlalchemy as sa
from alembic import op

revision = "v0010"
down_revision = "v0004"


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column(
            "settings",
            sa.Text(),
            nullable=False,
            comment="JSON. Says where credentials are kept; holds none.",
        ),
        sa.Column("checkpoint", sa.Text(), comment="JSON: how far the source has been read."),
        sa.Column("turn", sa.Integer(), nullable=False, comment="Pages applied so far."),
        sa.Column("round", sa.Integer(), nullable=False, comment="Whole readings begun so far."),
        sa.Column("whole", sa.Boolean(), nullable=False, comment="A whole reading is under way."),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger()),
        sa.Column("completed_at", sa.BigInteger()),
        sa.Column("failed_at", sa.BigInteger()),
        sa.Column("failure", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_exchanges"),
        sa.UniqueConstraint("name", name="uq_exchanges_name"),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name="fk_exchanges_list_id"),
    )
    op.create_table(
        "exchange_entries",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, comment="When it was last seen."),
        sa.PrimaryKeyConstraint(
            "exchange_id", "external_id", "entry_id", name="pk_exchange_entries"
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchanges.id"], name="fk_exchange_entries_exchange_id"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_exchange_entries_entry_id"),
        comment="An entry stays while a source still lists it, whoever else took it back.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_exchange_entries_entry_id", "exchange_entries", ["entry_id"])
