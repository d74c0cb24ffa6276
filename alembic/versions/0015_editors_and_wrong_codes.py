"""Let editors keep files off the list, and count the wrong codes of second factors in their rows."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import UTCDateTime

revision = "0015"
down_revision = "0014"

INDEX = "ix_PasteFile_listed"


def upgrade() -> None:
    op.add_column(
        "PasteFile", sa.Column("is_off_list", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.drop_index(INDEX, "PasteFile")
    op.create_index(INDEX, "PasteFile", ["listed", "is_off_list"])
    op.add_column("SecondFactor", sa.Column("wrong_codes", sa.Integer, nullable=False, server_default="0"))
    op.add_column("SecondFactor", sa.Column("wrong_since", UTCDateTime, nullable=True))


def downgrade() -> None:
    files = sa.table("PasteFile", sa.column("id"), sa.column("is_off_list"))
    refuse_to_lose(
        op.get_bind(),
        sa.select(files.c.id).where(files.c.is_off_list == sa.true()),
        "which files editors keep off the list",
        "Put them back, or quarantine them.",
    )
    op.drop_column("SecondFactor", "wrong_since")
    op.drop_column("SecondFactor", "wrong_codes")
    op.drop_index(INDEX, "PasteFile")
    op.create_index(INDEX, "PasteFile", ["listed"])
    op.drop_column("PasteFile", "is_off_list")
