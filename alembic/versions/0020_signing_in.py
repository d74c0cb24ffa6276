"""Add what signing in keeps besides accounts and sessions."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.types import UTCDateTime, exact_ascii

revision = "0020"
down_revision = "0009"

OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "SpentToken",
        sa.Column("digest", exact_ascii(64), primary_key=True),
        sa.Column("until", UTCDateTime, nullable=False),
        **OPTIONS,
    )
    op.create_index("ix_SpentToken_until", "SpentToken", ["until"])


def downgrade() -> None:
    op.drop_table("SpentToken")
