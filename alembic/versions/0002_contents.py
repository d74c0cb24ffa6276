"""Tell contents from links: the same bytes once, a row a link."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import exact_ascii

revision = "0002"
down_revision = "0001"

COLUMNS = (
    sa.Column("sha256", exact_ascii(64), nullable=True),
    sa.Column("link_key", exact_ascii(64), nullable=True),
    sa.Column("width", sa.Integer, nullable=False, server_default="0"),
    sa.Column("height", sa.Integer, nullable=False, server_default="0"),
    sa.Column("encoding", exact_ascii(32), nullable=False, server_default="binary"),
)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("PasteFile", column)
    op.create_index("ix_PasteFile_sha256", "PasteFile", ["sha256"])
    op.create_index("uq_PasteFile_link_key", "PasteFile", ["link_key"], unique=True)


def downgrade() -> None:
    refuse_to_lose(
        op.get_bind(),
        sa.select(sa.text("1")).select_from(sa.table("PasteFile")).where(sa.column("sha256").is_not(None)),
        "which content belongs to which link",
        "Keep a dump; `pastebin repair` finds most contents again after an upgrade, by MD5 and size.",
    )
    op.drop_index("uq_PasteFile_link_key", "PasteFile")
    op.drop_index("ix_PasteFile_sha256", "PasteFile")
    for column in reversed(COLUMNS):
        op.drop_column("PasteFile", column.name)
