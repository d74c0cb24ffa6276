"""Add accounts, and let files and collections belong to them."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import BigId, UTCDateTime, exact_ascii, exact_text

revision = "0009"
down_revision = "0008"

OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}
OWNED = ("PasteFile", "Collection")


def upgrade() -> None:
    for table in OWNED:
        op.add_column(table, sa.Column("owner_id", sa.BigInteger, nullable=True))
        private = sa.Column("is_private", sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column(table, private)
    # Its files by age, and what they weigh together, without a look at the table.
    op.create_index("ix_PasteFile_owner_id", "PasteFile", ["owner_id", "source_id", "id", "size"])
    op.create_index("ix_Collection_owner_id", "Collection", ["owner_id"])
    op.create_table(
        "Account",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("name", exact_text(64), nullable=False),
        sa.Column("folded", exact_text(255), nullable=False),
        sa.Column("email", exact_text(254), nullable=True),
        sa.Column("folded_email", exact_text(255), nullable=True),
        sa.Column("password", exact_ascii(160), nullable=False),
        sa.Column("roles", sa.Integer, nullable=False),
        sa.Column("is_suspended", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("created", UTCDateTime, nullable=False),
        sa.Column("quota_bytes", sa.BigInteger, nullable=True),
        sa.Column("quota_files", sa.Integer, nullable=True),
        sqlite_autoincrement=True,
        **OPTIONS,
    )
    op.create_index("uq_Account_folded", "Account", ["folded"], unique=True)
    op.create_index("uq_Account_folded_email", "Account", ["folded_email"], unique=True)
    op.create_table(
        "AccountSession",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("secret_hash", exact_ascii(64), nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        sa.Column("seen", UTCDateTime, nullable=False),
        sa.Column("agent", exact_text(200), nullable=False),
        **OPTIONS,
    )
    op.create_index("uq_AccountSession_secret_hash", "AccountSession", ["secret_hash"], unique=True)
    op.create_index("ix_AccountSession_account_id", "AccountSession", ["account_id"])
    op.create_index("ix_AccountSession_seen", "AccountSession", ["seen"])
    op.create_table(
        "Invite",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("code_hash", exact_ascii(64), nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        sa.Column("expires", UTCDateTime, nullable=False),
        sa.Column("uses_left", sa.Integer, nullable=False),
        sa.Column("note", exact_text(200), nullable=False),
        **OPTIONS,
    )
    op.create_index("uq_Invite_code_hash", "Invite", ["code_hash"], unique=True)
    op.create_table(
        "ApiToken",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("public_id", exact_ascii(16), nullable=False),
        sa.Column("secret_hash", exact_ascii(64), nullable=False),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("name", exact_text(200), nullable=False),
        sa.Column("scopes", exact_ascii(64), nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        sa.Column("expires", UTCDateTime, nullable=True),
        sa.Column("last_used", UTCDateTime, nullable=True),
        sa.Column("max_size", sa.BigInteger, nullable=True),
        sa.Column("terms", exact_text(2000), nullable=False),
        **OPTIONS,
    )
    op.create_index("uq_ApiToken_public_id", "ApiToken", ["public_id"], unique=True)
    op.create_index("ix_ApiToken_account_id", "ApiToken", ["account_id"])


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(),
        sa.select(sa.column("id")).select_from(sa.table("Account")),
        "accounts",
        "Keep a dump: without it private files would be open to who knows their address.",
    )
    for table in ("ApiToken", "Invite", "AccountSession", "Account"):
        op.drop_table(table)
    op.drop_index("ix_Collection_owner_id", "Collection")
    op.drop_index("ix_PasteFile_owner_id", "PasteFile")
    for table in OWNED:
        op.drop_column(table, "is_private")
        op.drop_column(table, "owner_id")
