"""Add what signing in keeps besides accounts and sessions."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import BigId, UTCDateTime, exact_ascii, exact_text

revision = "0010"
down_revision = "0009"

LOST = (
    ("SecondFactor", "second factors", "Keep a dump: without them a password alone signs in."),
    ("ExternalIdentity", "linked sign-ins", "Keep a dump: who has no password could not sign in again."),
    ("Passkey", "passkeys", "Keep a dump: devices keep their halves, which are of no use then."),
)
OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "SpentToken",
        sa.Column("digest", exact_ascii(64), primary_key=True),
        sa.Column("until", UTCDateTime, nullable=False),
        **OPTIONS,
    )
    op.create_index("ix_SpentToken_until", "SpentToken", ["until"])
    op.create_table(
        "SecondFactor",
        sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("secret", exact_ascii(64), nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        **OPTIONS,
    )
    op.create_table(
        "RecoveryCode",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("code_hash", exact_ascii(64), nullable=False),
        **OPTIONS,
    )
    op.create_index("ix_RecoveryCode_account_id", "RecoveryCode", ["account_id"])
    op.create_table(
        "ExternalIdentity",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("issuer", exact_text(255), nullable=False),
        sa.Column("subject", exact_text(255), nullable=False),
        sa.Column("label", exact_text(64), nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        **OPTIONS,
    )
    op.create_index("uq_ExternalIdentity_subject", "ExternalIdentity", ["issuer", "subject"], unique=True)
    op.create_index("ix_ExternalIdentity_account_id", "ExternalIdentity", ["account_id"])
    op.create_table(
        "Passkey",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("credential_id", exact_ascii(1400), nullable=False),
        sa.Column("public_key", exact_ascii(1400), nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", exact_text(200), nullable=False),
        sa.Column("created", UTCDateTime, nullable=False),
        sa.Column("last_used", UTCDateTime, nullable=True),
        **OPTIONS,
    )
    op.create_index("uq_Passkey_credential_id", "Passkey", ["credential_id"], unique=True)
    op.create_index("ix_Passkey_account_id", "Passkey", ["account_id"])


def downgrade() -> None:
    for table, what, instead in LOST:
        rows = sa.select(sa.column("account_id")).select_from(sa.table(table))
        refuse_to_lose(op.get_bind(), rows, what, instead)
    for table in ("Passkey", "ExternalIdentity", "RecoveryCode", "SecondFactor", "SpentToken"):
        op.drop_table(table)
