"""Keep small contents in the database."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.content import Bytes
from pastebin.models.losses import refuse_to_lose
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
    refuse_to_lose(
        op.get_bind(),
        sa.select(sa.column("sha256")).select_from(sa.table("Content")),
        "contents that are kept in the database",
        "`pastebin unpack` moves them into files first.",
    )
    op.drop_table("Content")
