"""Add what administrators switch, and what the service counts and tells of itself."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import BigId, UTCDateTime, exact_ascii, exact_text

revision = "0011"
down_revision = "0010"

OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "Flag",
        sa.Column("name", exact_ascii(32), primary_key=True),
        sa.Column("moment", UTCDateTime, nullable=False),
        **OPTIONS,
    )
    op.create_table(
        "DayCount",
        sa.Column("day", exact_ascii(10), primary_key=True),
        sa.Column("uploads", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("downloads", sa.BigInteger, nullable=False),
        **OPTIONS,
    )
    op.create_table(
        "FileDay",
        sa.Column("day", exact_ascii(10), primary_key=True),
        sa.Column("file_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("downloads", sa.BigInteger, nullable=False),
        **OPTIONS,
    )
    op.create_index("ix_FileDay_file_id", "FileDay", ["file_id"])
    op.create_table(
        "Webhook",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("url", exact_text(2000), nullable=False),
        sa.Column("kind", exact_ascii(16), nullable=False),
        sa.Column("secret", exact_text(500), nullable=False),
        sa.Column("events", exact_ascii(500), nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        **OPTIONS,
    )
    op.create_table(
        "Job",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("webhook_id", sa.BigInteger, nullable=False),
        sa.Column("event", exact_ascii(32), nullable=False),
        sa.Column("payload", exact_text(8000), nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        sa.Column("due", UTCDateTime, nullable=True),
        sa.Column("done", UTCDateTime, nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer, nullable=True),
        sa.Column("fault", exact_text(200), nullable=False),
        **OPTIONS,
    )
    op.create_index("ix_Job_due", "Job", ["due"])
    op.create_index("ix_Job_webhook_id", "Job", ["webhook_id"])
    op.create_table(
        "ActiveDay",
        sa.Column("day", exact_ascii(10), primary_key=True),
        sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
        **OPTIONS,
    )


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(),
        sa.select(sa.column("day")).select_from(sa.table("DayCount")),
        "what was counted of uploads and downloads, by days",
        "Download the statistics first.",
    )
    for table in ("Job", "Webhook", "ActiveDay", "FileDay", "DayCount", "Flag"):
        op.drop_table(table)
