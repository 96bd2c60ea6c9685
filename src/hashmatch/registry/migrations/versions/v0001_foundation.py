"""Lists, entries, cases and the change feed."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "v0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make every table, the list ``default``, and the hashers that come with hashmatch."""
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
        comment="The last number given out: entry ids, and the sequence of changes.",
    )
    hashers = op.create_table(
        "hashers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("bits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hashers"),
        sa.UniqueConstraint("name", name="uq_hashers_name"),
        sa.CheckConstraint("bits > 0 AND bits % 8 = 0", name="ck_hashers_bits"),
    )
    lists = op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("threshold", sa.SmallInteger(), nullable=False),
        sa.Column("review_threshold", sa.SmallInteger(), nullable=False),
        sa.Column("min_quality", sa.SmallInteger(), nullable=False),
        sa.Column("action", sa.String(8), nullable=False),
        sa.Column("allow_list", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_lists"),
    )
    op.create_index(
        "uq_lists_name",
        "lists",
        ["name"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    _create_entries()
    _create_cases()
    changes = op.create_table(
        "changes",
        sa.Column("sequence", _ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", _ID),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_changes"),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name="fk_changes_list_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_changes_entry_id"),
    )

    now = int(datetime.now(UTC).timestamp())
    op.bulk_insert(
        hashers,
        [
            {"name": "pdq", "bits": 256},
            {"name": "phash", "bits": 64},
            {"name": "dhash", "bits": 64},
            {"name": "ahash", "bits": 64},
            {"name": "whash", "bits": 64},
            {"name": "md5", "bits": 128},
            {"name": "sha256", "bits": 256},
        ],
    )
    op.bulk_insert(
        lists,
        [
            {
                "name": "default",
                "threshold": 31,
                "review_threshold": 45,
                "min_quality": 50,
                "action": "block",
                "allow_list": False,
                "created_at": now,
            }
        ],
    )
    op.bulk_insert(changes, [{"sequence": 1, "kind": "set_list", "list_id": 1, "at": now}])
    op.bulk_insert(counters, [{"name": "entry", "value": 0}, {"name": "change", "value": 1}])


def _create_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("hasher_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.LargeBinary()),
        sa.Column("quality", sa.SmallInteger()),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False, comment="Put here by the list's keeper."),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name="fk_entries_list_id"),
        sa.ForeignKeyConstraint(["hasher_id"], ["hashers.id"], name="fk_entries_hasher_id"),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (code IS NULL)", name="ck_entries_withdrawn_means_gone"
        ),
    )
    op.create_index(
        "uq_entries_list_id_hasher_id_code",
        "entries",
        ["list_id", "hasher_id", "code"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column(
            "phrase_hash",
            sa.String(200),
            nullable=False,
            comment="argon2id; the phrase is unknown.",
        ),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name="fk_cases_list_id"),
    )
    op.create_table(
        "case_entries",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "entry_id", name="pk_case_entries"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_entries_case_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_case_entries_entry_id"),
        comment="Two persons may submit one picture: the entry stays until both have withdrawn.",
    )
    op.create_index("ix_case_entries_entry_id", "case_entries", ["entry_id"])
