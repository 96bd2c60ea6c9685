"""Parts and tiles of pictures, one row for each picture of a case."""

import sqlalchemy as sa
from alembic import op

revision = "v0011"
down_revision = "v0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "parts",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False, comment="Packed: parts and tiles."),
        sa.PrimaryKeyConstraint("entry_id", "case_id", name="pk_parts"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_parts_entry_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_parts_case_id"),
        comment="What a case knows of the parts of an entry's picture; of several, the oldest "
        "counts.",
    )
