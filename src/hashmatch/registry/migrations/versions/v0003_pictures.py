"""Fingerprints of one picture belong together: views of it, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "v0003"
down_revision = "v0002"


def upgrade() -> None:
    """Add a column to entries and one to cases."""
    op.add_column("entries", sa.Column("view", sa.String(32)))
    op.add_column(
        "cases",
        sa.Column("pictures", sa.Text(), comment="What became of each, as `intake` writes it."),
    )
