"""Add file requests: addresses under which guests upload to an account."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import BigId, UTCDateTime, exact_ascii, exact_text

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "FileRequest",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("code", exact_ascii(32), nullable=False),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        sa.Column("title", exact_text(200), nullable=False),
        sa.Column("note", exact_text(2000), nullable=False),
        sa.Column("most_files", sa.Integer, nullable=True),
        sa.Column("most_bytes", sa.BigInteger, nullable=True),
        sa.Column("types", exact_ascii(2000), nullable=False),
        sa.Column("expires", UTCDateTime, nullable=True),
        sa.Column("is_blind", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("files", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("collection_code", exact_ascii(32), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("uq_FileRequest_code", "FileRequest", ["code"], unique=True)
    op.create_index("ix_FileRequest_account_id", "FileRequest", ["account_id"])


def downgrade() -> None:
    rows = sa.select(sa.column("id")).select_from(sa.table("FileRequest"))
    refuse_to_lose(op.get_bind(), rows, "file requests", "Keep a dump: their addresses would be over.")
    op.drop_table("FileRequest")
