"""Put several files under one link."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import BigId, UTCDateTime, exact_ascii, exact_text

revision = "0008"
down_revision = "0007"

OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.add_column("PasteFile", sa.Column("collection_id", sa.BigInteger, nullable=True))
    op.create_index("ix_PasteFile_collection_id", "PasteFile", ["collection_id"])
    op.create_table(
        "Collection",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("code", exact_ascii(32), nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        sa.Column("key_hash", exact_ascii(64), nullable=False),
        sa.Column("title", exact_text(200), nullable=True),
        sa.Column("expires", UTCDateTime, nullable=True),
        sa.Column("downloads_left", sa.Integer, nullable=True),
        sa.Column("password", exact_ascii(160), nullable=True),
        sa.Column("listed", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("is_quarantined", sa.Boolean, nullable=False, server_default=sa.false()),
        sqlite_autoincrement=True,
        **OPTIONS,
    )
    op.create_index("uq_Collection_code", "Collection", ["code"], unique=True)
    op.create_index("uq_Collection_key_hash", "Collection", ["key_hash"], unique=True)
    op.create_index("ix_Collection_expires", "Collection", ["expires"])
    op.create_table(
        "CollectionItem",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("collection_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("file_id", sa.BigInteger, nullable=False),
        sa.Column("path", exact_text(1000), nullable=False),
        **OPTIONS,
    )
    op.create_index("ix_CollectionItem_collection_id", "CollectionItem", ["collection_id", "position"])
    op.create_index("ix_CollectionItem_file_id", "CollectionItem", ["file_id"])


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(),
        sa.select(sa.column("id")).select_from(sa.table("Collection")),
        "collections",
        "Keep a dump.",
    )
    op.drop_table("CollectionItem")
    op.drop_table("Collection")
    op.drop_index("ix_PasteFile_collection_id", "PasteFile")
    op.drop_column("PasteFile", "collection_id")
