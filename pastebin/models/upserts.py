"""Insertions that meet a row that exists already, as each database spells them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.engine import Connection


def insert_unless_exists(
    connection: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows, but none whose `key`, a unique column, exists already.

    MariaDB's `INSERT IGNORE` would also ignore values that do not fit, so a column is set to itself instead.
    """
    if connection.dialect.name == "sqlite":
        statement: Any = sqlite.insert(table).on_conflict_do_nothing(index_elements=[key])
    else:
        statement = mysql.insert(table).on_duplicate_key_update({key: table.c[key]})
    connection.execute(statement, rows)


def upsert(
    connection: Connection, table: Table, key: str, changed: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows; where one with its `key` exists, set the columns `changed` of that one."""
    if connection.dialect.name == "sqlite":
        insertion: Any = sqlite.insert(table)
        statement = insertion.on_conflict_do_update(
            index_elements=[key], set_={name: insertion.excluded[name] for name in changed}
        )
    else:
        insertion = mysql.insert(table)
        statement = insertion.on_duplicate_key_update({name: insertion.inserted[name] for name in changed})
    connection.execute(statement, rows)
