"""Connections to MariaDB when their user is done: rolled back where there is anything to roll back."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from pymysql import Error
from sqlalchemy import text
from sqlalchemy.engine import Engine

from tests.inprocess import Service

INSERT = "INSERT INTO PasteFile (filename, filehash, filemd5, uploadtime, mimetype, size) VALUES ({})"
VALUES = "'left.txt', 'left.txt', '', '2026-01-01', 'text/plain', 4"


@pytest.fixture
def engine(mariadb_service: Service) -> Engine:
    """Give the service's engine, on an empty database."""
    engine: Engine = mariadb_service.registry["pastebin.engine"]
    engine.dispose()
    mariadb_service.empty()
    return engine


@pytest.fixture
def rollbacks(engine: Engine) -> Callable[[], int]:
    """Give a function that tells how often the server was asked to roll back."""

    def count() -> int:
        with engine.connect() as connection:
            _name, value = connection.execute(text("SHOW GLOBAL STATUS LIKE 'Com_rollback'")).one()
        return int(value)

    count()
    return count


def test_nothing_is_rolled_back_after_a_commit(
    mariadb_service: Service, engine: Engine, rollbacks: Callable[[], int]
) -> None:
    before = rollbacks()
    with engine.begin() as connection:
        connection.execute(text(INSERT.format(VALUES)))
    assert mariadb_service.upload(bytes(9), "nine.bin").status_int == 201
    assert rollbacks() == before + 1  # of the first call of `rollbacks`
    assert len(mariadb_service.rows()) == 2


@pytest.mark.parametrize(
    "values",
    [VALUES.replace("left.txt", "more.txt"), VALUES, "NOTHING"],
    ids=["another row", "a conflict", "an error"],
)
def test_what_was_left_open_is_rolled_back(mariadb_service: Service, engine: Engine, values: str) -> None:
    connection = engine.raw_connection()
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(VALUES))
        with suppress(Error):
            cursor.execute(INSERT.format(values))
        number = connection.driver_connection.thread_id()
    connection.close()
    with engine.begin() as other:
        assert other.scalar(text("SELECT CONNECTION_ID()")) == number
        other.execute(text(INSERT.format(VALUES.replace("left", "right"))))
    assert [row.filename for row in mariadb_service.rows()] == ["right.txt"]
