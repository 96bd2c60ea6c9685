"""What each exchange was told of the entries that it holds."""

import sqlalchemy as sa
from alembic import op

revision = "v0012"
down_revision = "v0011"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "told",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("is_match", sa.Boolean(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("exchange_id", "entry_id", name="pk_told"),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchanges.id"], name="fk_told_exchange_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_told_entry_id"),
        comment="What the source was last told of an entry, and whether it took it.",
    )
