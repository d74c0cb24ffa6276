"""Tell uploads that may be listed from those that nobody shall find without their link."""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    listed = sa.Column("listed", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("PasteFile", listed)
    op.create_index("ix_PasteFile_listed", "PasteFile", ["listed"])


def downgrade() -> None:
    op.drop_index("ix_PasteFile_listed", "PasteFile")
    op.drop_column("PasteFile", "listed")
