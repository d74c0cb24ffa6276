"""Make the table of files as the older service had it.

A database of that service is brought in with `alembic stamp 0001`, and goes on from there.
"""

import sqlalchemy as sa

from alembic import op
from pastebin.models.types import BigId, UTCDateTime, exact_ascii, exact_text

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "PasteFile",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("filename", exact_text(5000), nullable=False),
        sa.Column("filehash", exact_ascii(128), nullable=False),
        sa.Column("filemd5", exact_ascii(128), nullable=False),
        sa.Column("uploadtime", UTCDateTime, nullable=False),
        sa.Column("mimetype", exact_text(256), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("uq_PasteFile_filehash", "PasteFile", ["filehash"], unique=True)


def downgrade() -> None:
    op.drop_table("PasteFile")
