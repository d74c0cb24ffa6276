"""Say of every link who holds it and for how long; draw the numbers of new short links."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import BigId, UTCDateTime, exact_ascii, exact_text

revision = "0007"
down_revision = "0006"

COLUMNS = (
    sa.Column("short_id", sa.BigInteger, nullable=True),
    sa.Column("key_hash", exact_ascii(64), nullable=True),
    sa.Column("source_id", sa.BigInteger, nullable=True),
    sa.Column("title", exact_text(200), nullable=True),
    sa.Column("expires", UTCDateTime, nullable=True),
    sa.Column("downloads_left", sa.Integer, nullable=True),
    sa.Column("password", exact_ascii(160), nullable=True),
    sa.Column("is_quarantined", sa.Boolean, nullable=False, server_default=sa.false()),
)
INDEXES = {
    "uq_PasteFile_short_id": ("short_id", True),
    "uq_PasteFile_key_hash": ("key_hash", True),
    "ix_PasteFile_source_id": ("source_id", False),
    "ix_PasteFile_expires": ("expires", False),
}
OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("PasteFile", column)
    for name, (column, is_unique) in INDEXES.items():
        op.create_index(name, "PasteFile", [column], unique=is_unique)
    op.create_table(
        "Holder",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("file_id", sa.BigInteger, nullable=False),
        sa.Column("key_hash", exact_ascii(64), nullable=False),
        **OPTIONS,
    )
    op.create_index("uq_Holder_key_hash", "Holder", ["key_hash"], unique=True)
    op.create_index("ix_Holder_file_id", "Holder", ["file_id"])
    op.create_table(
        "AuditEntry",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("moment", UTCDateTime, nullable=False),
        sa.Column("act", exact_ascii(16), nullable=False),
        sa.Column("actor", exact_text(200), nullable=False),
        sa.Column("file_id", sa.BigInteger, nullable=True),
        sa.Column("sha256", exact_ascii(64), nullable=True),
        sa.Column("reason", exact_text(500), nullable=False),
        **OPTIONS,
    )
    op.create_index("ix_AuditEntry_file_id", "AuditEntry", ["file_id"])
    op.create_index("ix_AuditEntry_sha256", "AuditEntry", ["sha256"])
    op.create_table(
        "Invalidation",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("moment", UTCDateTime, nullable=False),
        sa.Column("filehash", exact_ascii(128), nullable=False),
        sqlite_autoincrement=True,
        **OPTIONS,
    )
    op.create_table(
        "Ban",
        sa.Column("sha256", exact_ascii(64), primary_key=True),
        sa.Column("moment", UTCDateTime, nullable=False),
        sa.Column("reason", exact_text(500), nullable=False),
        **OPTIONS,
    )
    op.create_table(
        "Report",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("moment", UTCDateTime, nullable=False),
        sa.Column("file_id", sa.BigInteger, nullable=False),
        sa.Column("reason", exact_text(500), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        **OPTIONS,
    )
    op.create_index("ix_Report_file_id", "Report", ["file_id"])
    op.create_table(
        "Lease",
        sa.Column("name", exact_ascii(16), primary_key=True),
        sa.Column("holder", exact_ascii(32), nullable=False),
        sa.Column("until", UTCDateTime, nullable=False),
        **OPTIONS,
    )


def downgrade() -> None:
    lost = ("short_id", "key_hash", "expires", "downloads_left", "password")
    refuse_to_lose(
        op.get_bind(),
        sa.select(sa.text("1"))
        .select_from(sa.table("PasteFile"))
        .where(sa.or_(*(sa.column(name).is_not(None) for name in lost))),
        "short links, management keys, passwords and other terms of links",
        "Keep a dump: without it locked files would be open, and short links lead nowhere.",
    )
    for table in ("Lease", "Report", "Ban", "Invalidation", "AuditEntry", "Holder"):
        op.drop_table(table)
    for name in INDEXES:
        op.drop_index(name, "PasteFile")
    for column in reversed(COLUMNS):
        op.drop_column("PasteFile", column.name)
