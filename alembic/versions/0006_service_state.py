"""Give each database a generation of its own, so that cached look-ups of another are not taken for its."""

import secrets

import sqlalchemy as sa

from alembic import op
from pastebin.models.types import exact_ascii

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    state = op.create_table(
        "ServiceState",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("generation", exact_ascii(32), nullable=False),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.bulk_insert(state, [{"id": 1, "generation": secrets.token_hex(16)}])


def downgrade() -> None:
    op.drop_table("ServiceState")
