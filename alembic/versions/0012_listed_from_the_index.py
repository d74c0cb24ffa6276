"""Let the index of owners say which files of an account are there, so that counting them needs no row."""

from alembic import op

revision = "0012"
down_revision = "0011"

INDEX = "ix_PasteFile_owner_id"
OLD = ["owner_id", "source_id", "id", "size"]
NEW = [*OLD, "is_quarantined", "expires", "downloads_left"]


def upgrade() -> None:
    op.drop_index(INDEX, "PasteFile")
    op.create_index(INDEX, "PasteFile", NEW)


def downgrade() -> None:
    op.drop_index(INDEX, "PasteFile")
    op.create_index(INDEX, "PasteFile", OLD)
