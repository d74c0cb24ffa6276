"""Give a table that the older service made the exact columns that revision 0001 makes.

MariaDB only. `alembic stamp 0001` takes such a table as it is: with `DEFAULT CHARSET=utf8` hashes compare
without case, and names hold no characters of four bytes.
"""

import sqlalchemy as sa

from alembic import context, op

revision = "0005"
down_revision = "0004"

NAME = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"
HASH = "CHARACTER SET ascii COLLATE ascii_bin NOT NULL"

EXACT = f"""
ALTER TABLE `PasteFile`
MODIFY id BIGINT NOT NULL AUTO_INCREMENT,
MODIFY filename VARCHAR(5000) {NAME},
MODIFY filehash VARCHAR(128) {HASH},
MODIFY filemd5 VARCHAR(128) {HASH},
MODIFY uploadtime DATETIME(6) NOT NULL,
MODIFY mimetype VARCHAR(256) {NAME},
MODIFY size BIGINT NOT NULL,
ENGINE = InnoDB, DEFAULT CHARACTER SET utf8mb4
"""

UNIQUE = "uq_PasteFile_filehash"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        return
    op.execute(EXACT)
    if context.is_offline_mode():
        return
    indexes = sa.inspect(op.get_bind()).get_indexes("PasteFile")
    if UNIQUE not in {index["name"] for index in indexes}:
        op.create_index(UNIQUE, "PasteFile", ["filehash"], unique=True)
    for index in indexes:  # the older service's own name for it
        if index["column_names"] == ["filehash"] and index["name"] not in (None, UNIQUE):
            op.drop_index(str(index["name"]), "PasteFile")


def downgrade() -> None:
    """Do nothing: exact columns hold whatever others hold."""
