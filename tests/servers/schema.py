"""Tables of an empty MariaDB database that was migrated, to be made again without the migrations."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pymysql
from pymysql.cursors import Cursor
from sqlalchemy import make_url


def is_empty(address: str) -> bool:
    """Tell whether a database has no table, from its SQLAlchemy address."""
    with _cursor(address) as cursor:
        return cursor.execute("SHOW TABLES") == 0


def dump(address: str) -> list[str]:
    """Return statements that make the tables of a database again, with their rows."""
    with _cursor(address) as cursor:
        cursor.execute("SHOW TABLES")
        names = [name for (name,) in cursor.fetchall()]
        return [*(_creation(cursor, name) for name in names), *(s for n in names for s in _rows(cursor, n))]


def load(address: str, statements: list[str]) -> None:
    """Make tables in an empty database; it is another one, as the look-up cache of all has to see."""
    with _cursor(address) as cursor:
        cursor.execute("SET foreign_key_checks = 0")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("UPDATE ServiceState SET generation = %s", [secrets.token_hex(16)])


def _creation(cursor: Cursor, name: str) -> str:
    cursor.execute(f"SHOW CREATE TABLE `{name}`")
    return str(cursor.fetchall()[0][1])


def _rows(cursor: Cursor, name: str) -> list[str]:
    cursor.execute(f"SELECT * FROM `{name}`")
    return [cursor.mogrify(f"INSERT INTO `{name}` VALUES %s", [row]) for row in cursor.fetchall()]


@contextmanager
def _cursor(address: str) -> Iterator[Cursor]:
    url = make_url(address)
    connection = pymysql.connect(
        host=url.host,
        port=url.port or 3306,
        user=url.username,
        database=url.database,
        autocommit=True,
        ssl_disabled=True,
    )
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
