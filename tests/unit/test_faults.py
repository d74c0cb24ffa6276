"""What an error of a driver means."""

import sqlite3
from typing import Any

import pymysql
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pastebin.errors import PastebinError, StorageFull, Unavailable
from pastebin.models import fault_of, summary_of
from pastebin.models.faults import (
    DatabaseBusy,
    DatabaseReadOnly,
    NotMigrated,
    RefusedValue,
    is_conflict,
    is_lost_connection,
)
from pastebin.models.retries import CONFLICT_TRIES, retry_on_conflict

SECRET = "a-name-of-somebody"


def mariadb(kind: str, number: int, words: str = SECRET, *, lost: bool = False) -> DBAPIError:
    """Return an error as SQLAlchemy makes it of one of PyMySQL."""
    error = DBAPIError.instance(
        "INSERT INTO x VALUES (%s)",
        {"filename": SECRET},
        getattr(pymysql.err, kind)(number, words),
        pymysql.Error,
        hide_parameters=True,
        connection_invalidated=lost,
    )
    assert isinstance(error, DBAPIError)
    return error


def sqlite(kind: str, name: str, words: str = "words", *, lost: bool = False) -> DBAPIError:
    """Return an error as SQLAlchemy makes it of one of sqlite3."""
    cause = getattr(sqlite3, kind)(words)
    cause.sqlite_errorname = name
    error = DBAPIError.instance(
        "INSERT", {}, cause, sqlite3.Error, hide_parameters=True, connection_invalidated=lost
    )
    assert isinstance(error, DBAPIError)
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (mariadb("OperationalError", 1021), StorageFull),
        (mariadb("OperationalError", 1114), StorageFull),
        (mariadb("InternalError", 1030, 'Got error 28 "No space left on device"'), StorageFull),
        (sqlite("OperationalError", "SQLITE_FULL"), StorageFull),
        (mariadb("OperationalError", 1290), DatabaseReadOnly),
        (mariadb("InternalError", 1792), DatabaseReadOnly),
        (mariadb("OperationalError", 1836), DatabaseReadOnly),
        (sqlite("OperationalError", "SQLITE_READONLY"), DatabaseReadOnly),
        (sqlite("OperationalError", "SQLITE_READONLY_DBMOVED"), DatabaseReadOnly),
        (mariadb("OperationalError", 1213), DatabaseBusy),
        (mariadb("OperationalError", 1205), DatabaseBusy),
        (sqlite("OperationalError", "SQLITE_BUSY"), DatabaseBusy),
        (sqlite("OperationalError", "SQLITE_BUSY_SNAPSHOT"), DatabaseBusy),
        (PoolTimeout("QueuePool limit of size 16 overflow 64 reached"), DatabaseBusy),
        (mariadb("ProgrammingError", 1146), NotMigrated),
        (mariadb("OperationalError", 1054), NotMigrated),
        (sqlite("OperationalError", "SQLITE_ERROR", "no such table: PasteFile"), NotMigrated),
        (sqlite("OperationalError", "SQLITE_ERROR", "no such column: PasteFile.listed"), NotMigrated),
        (sqlite("OperationalError", "SQLITE_ERROR", "table x has no column named y"), NotMigrated),
        (mariadb("DataError", 1406), RefusedValue),
        (mariadb("DataError", 1366), RefusedValue),
        (mariadb("OperationalError", 2003), Unavailable),
        (mariadb("OperationalError", 2013), Unavailable),
        (mariadb("OperationalError", 1040), Unavailable),
        (mariadb("InterfaceError", 0), Unavailable),
        (sqlite("OperationalError", "SQLITE_IOERR_FSYNC"), Unavailable),
        (sqlite("OperationalError", "SQLITE_CANTOPEN"), Unavailable),
        (sqlite("DatabaseError", "SQLITE_CORRUPT"), Unavailable),
        (sqlite("DatabaseError", "SQLITE_NOTADB"), Unavailable),
    ],
)
def test_each_kind_has_its_own_words(error: SQLAlchemyError, kind: type[PastebinError]) -> None:
    fault = fault_of(error)
    assert type(fault) is kind
    assert ("does not answer" in fault.message) == (kind is Unavailable)
    assert SECRET not in fault.message


@pytest.mark.parametrize(
    "error",
    [
        mariadb("IntegrityError", 1062),
        mariadb("ProgrammingError", 1064),
        sqlite("IntegrityError", "SQLITE_CONSTRAINT_UNIQUE"),
        SQLAlchemyError("misused"),
    ],
)
def test_a_bug_of_ours_is_no_fault_of_the_database(error: SQLAlchemyError) -> None:
    assert fault_of(error) is None


@pytest.mark.parametrize("kind", ["IntegrityError", "DataError"])
def test_the_log_repeats_no_value(kind: str) -> None:
    """Drivers quote what they refuse: "Duplicate entry 'x' for key", "Incorrect string value"."""
    summary = summary_of(mariadb(kind, 1062))
    assert SECRET not in summary
    assert "1062" in summary


def test_the_log_is_one_line_without_sql() -> None:
    engine = create_engine("sqlite://", hide_parameters=True)
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as raised:
        connection.execute(text("SELECT *\nFROM nowhere WHERE a = :a"), {"a": SECRET})
    engine.dispose()
    assert summary_of(raised.value) == "OperationalError: no such table: nowhere"
    assert SECRET not in str(raised.value)


def test_only_a_connection_that_broke_is_worth_another_one() -> None:
    assert is_lost_connection(mariadb("OperationalError", 2006, "gone away", lost=True))
    assert not is_lost_connection(mariadb("OperationalError", 2006, "gone away"))
    hangs = "Lost connection to MySQL server during query (timed out)"
    assert not is_lost_connection(mariadb("OperationalError", 2013, hangs, lost=True))
    assert not is_lost_connection(sqlite("OperationalError", "SQLITE_IOERR_FSYNC", lost=True))


class Conflicts:
    """Work that meets other transactions a number of times."""

    def __init__(self, error: DBAPIError, times: int) -> None:
        self.error, self.left, self.done = error, times, 0

    def __call__(self) -> str:
        """Fail or succeed."""
        self.done += 1
        if self.left:
            self.left -= 1
            raise self.error
        return "done"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr("pastebin.models.retries.PAUSE", 0)


@pytest.mark.parametrize("number", [1213, 1205, 1020])
def test_a_transaction_that_met_another_is_done_again(number: int) -> None:
    work = Conflicts(mariadb("OperationalError", number), CONFLICT_TRIES - 1)
    assert is_conflict(work.error)
    assert retry_on_conflict(work) == "done"
    assert work.done == CONFLICT_TRIES


@pytest.mark.parametrize("limit", ["tries", "seconds"])
def test_but_not_for_ever(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if limit == "seconds":
        monkeypatch.setattr("pastebin.models.retries.CONFLICT_SECONDS", -1)
    work = Conflicts(mariadb("OperationalError", 1213), 1000)
    with pytest.raises(DBAPIError):
        retry_on_conflict(work)
    assert work.done == (CONFLICT_TRIES if limit == "tries" else 1)


def test_other_faults_are_not_tried_again() -> None:
    work: Any = Conflicts(mariadb("OperationalError", 1290), 1)
    with pytest.raises(DBAPIError):
        retry_on_conflict(work)
    assert work.done == 1
