"""Entries that are held back, opinions, counts of matches, what platforms hold, and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "v0004"
down_revision = "v0003"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables, and the columns of those that there are."""
    op.add_column("lists", _number("flood_matches", sa.Integer(), "50"))
    op.add_column("lists", _number("flood_window", sa.Integer(), "3600"))
    op.add_column("lists", _number("false_opinions", sa.SmallInteger(), "2"))
    op.add_column("entries", sa.Column("held", sa.String(16), comment="Why; null where live."))
    op.add_column(
        "entries",
        sa.Column(
            "confirmed",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="Somebody looked at it: no count holds it back again.",
        ),
    )
    op.add_column("cases", _number("sequence", sa.BigInteger(), "0"))
    op.create_index(
        "ix_entries_held",
        "entries",
        ["held"],
        sqlite_where=sa.text("held IS NOT NULL"),
        postgresql_where=sa.text("held IS NOT NULL"),
    )
    op.create_table(
        "floods",
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("uploads", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "at", name="pk_floods"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_floods_entry_id"),
        comment="Uploads that matched an entry of late, by the slice of time they came in.",
    )
    op.create_index("ix_floods_at", "floods", ["at"])
    op.create_table(
        "sightings",
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("platform", sa.String(64), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("blocked", sa.BigInteger(), nullable=False),
        sa.Column("reviewed", sa.BigInteger(), nullable=False),
        sa.Column("nearest", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("entry_id", "platform", name="pk_sightings"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_sightings_entry_id"),
        comment="How often a platform's uploads matched an entry, and since when.",
    )
    op.create_table(
        "served",
        sa.Column("platform", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "at", name="pk_served"),
        comment="Up to which change a platform had what is here, by the hour.",
    )
    op.create_table(
        "opinions",
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("platform", sa.String(64), nullable=False),
        sa.Column("is_match", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("operator", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "platform", name="pk_opinions"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_opinions_entry_id"),
        comment="The latest opinion of each on an entry; the audit has all of them.",
    )
    op.create_table(
        "audit",
        sa.Column("number", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        comment="What was done, each line with the SHA-256 of itself and of the line before.",
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])
    counters = sa.table("counters", sa.column("name"), sa.column("value"))
    op.bulk_insert(counters, [{"name": "audit", "value": 0}])


def _number(name: str, kind: sa.types.TypeEngine[int], default: str) -> sa.Column[int]:
    return sa.Column(name, kind, nullable=False, server_default=default)
