"""How far a list reaches where a picture was found by its parts."""

import sqlalchemy as sa
from alembic import op

revision = "v0013"
down_revision = "v0012"


def upgrade() -> None:
    """Make the columns."""
    for name, comment in (
        ("part_threshold", "Null: as far as the threshold makes it."),
        ("part_review_threshold", "Null: likewise."),
    ):
        op.add_column("lists", sa.Column(name, sa.SmallInteger(), comment=comment))
