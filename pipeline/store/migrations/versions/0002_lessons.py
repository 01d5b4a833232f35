"""Sites are remembered by article; the counts by line go."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """What each recent article taught is in ``lessons`` already."""
    op.drop_table("site_lines")
