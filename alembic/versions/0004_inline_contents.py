"""Keep small contents in the database."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.content import Bytes
from pastebin.models.types import exact_ascii

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "Content",
        sa.Column("sha256", exact_ascii(64), primary_key=True),
        sa.Column("put_at", sa.Double, nullable=False),
        sa.Column("data", Bytes, nullable=False),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )


def downgrade() -> None:
    op.drop_table("Content")
