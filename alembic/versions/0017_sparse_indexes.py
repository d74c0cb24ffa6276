"""Keep out of SQLite's indexes the rows that nobody looks for there: most uploads have no owner and no end.

MariaDB has no index of some rows.
"""

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"

TABLE = "PasteFile"

INDEXES = {
    "source_id": (["source_id"], "source_id IS NOT NULL"),
    "collection_id": (["collection_id"], "collection_id IS NOT NULL"),
    "expires": (["expires"], "expires IS NOT NULL"),
    "owner_id": (
        ["owner_id", "source_id", "id", "size", "is_quarantined", "expires", "downloads_left"],
        "owner_id IS NOT NULL",
    ),
    "listed": (["listed", "is_off_list"], "listed = 1"),
}


def upgrade() -> None:
    _make_again(is_sparse=True)


def downgrade() -> None:
    _make_again(is_sparse=False)


def _make_again(*, is_sparse: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name, (columns, rows) in INDEXES.items():
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
        where = sa.text(rows) if is_sparse else None
        op.create_index(f"ix_{TABLE}_{name}", TABLE, columns, sqlite_where=where)
