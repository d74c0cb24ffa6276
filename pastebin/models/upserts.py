"""Insertions that meet a row that exists already, as each database spells them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.engine import Connection


def insert_unless_exists(
    connection: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows, but none whose `key`, a unique column, exists already."""
    connection.execute(_insertion(connection.dialect.name, table, key), rows)


def upsert(
    connection: Connection, table: Table, key: str, changed: tuple[str, ...], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows; where one with its `key` exists, set the columns `changed` of that one."""
    connection.execute(_upsertion(connection.dialect.name, table, key, changed), rows)


# Building a statement takes about as long as executing it, so each is built once.


@cache
def _insertion(dialect: str, table: Table, key: str) -> Any:
    """MariaDB's `INSERT IGNORE` would also ignore values that do not fit, so a column is set to itself."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=[key])
    return mysql.insert(table).on_duplicate_key_update({key: table.c[key]})


@cache
def _upsertion(dialect: str, table: Table, key: str, changed: tuple[str, ...]) -> Any:
    if dialect == "sqlite":
        insertion: Any = sqlite.insert(table)
        values = {name: insertion.excluded[name] for name in changed}
        return insertion.on_conflict_do_update(index_elements=[key], set_=values)
    insertion = mysql.insert(table)
    return insertion.on_duplicate_key_update({name: insertion.inserted[name] for name in changed})
