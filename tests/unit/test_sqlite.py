"""SQLite as it is set up: synced by itself wherever it lies, and one writer at a time in their turn."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from pastebin.errors import Unavailable
from pastebin.models import WriteTransactions, fault_of, make_engine, sqlite, writing
from pastebin.models.faults import DatabaseBusy
from tests.contracts.together import in_threads

FULL, OFF = 2, 0  # sqlite.org/pragma.html#pragma_synchronous


@contextmanager
def opened(url: str, *, durable: bool = True) -> Iterator[Engine]:
    engine = make_engine(url, durable=durable)
    yield engine
    engine.dispose()


@pytest.fixture(params=["path", "link", "uri", "uri of a link"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give each way to name a database that really lies at `there/real.sqlite`."""
    real = tmp_path / "there" / "real.sqlite"
    real.parent.mkdir()
    link = tmp_path / "link.sqlite"
    link.symlink_to(real)
    return {
        "path": f"sqlite:///{real}",
        "link": f"sqlite:///{link}",
        "uri": f"sqlite:///file:{real}?uri=true",
        "uri of a link": f"sqlite:///file:{link}?uri=true",
    }[request.param]


def test_it_syncs_its_log_wherever_that_lies(url: str, tmp_path: Path) -> None:
    with opened(url) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        connection.execute(text("CREATE TABLE x (a)"))
        connection.commit()
        assert (tmp_path / "there" / "real.sqlite-wal").stat().st_size > 0
        assert not (tmp_path / "link.sqlite-wal").exists()


def test_relaxed_it_leaves_that_to_the_system(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/x", durable=False) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == OFF


def test_writers_queue_beside_the_real_file(url: str, tmp_path: Path) -> None:
    """However each of them names it, none of them waits by asking again and again."""
    real = f"sqlite:///{tmp_path}/there/real.sqlite"
    with opened(url) as engine, opened(real) as other:
        one, two = WriteTransactions(engine), WriteTransactions(other)
        one.run(lambda connection: connection.execute(text("CREATE TABLE x (a)")))
        assert [path.name for path in tmp_path.rglob("*-lock")] == ["real.sqlite-lock"]

        def add(transactions: WriteTransactions) -> None:
            for _ in range(10):
                transactions.run(lambda connection: connection.execute(text("INSERT INTO x VALUES (1)")))

        in_threads([lambda: add(one), lambda: add(two)] * 4)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT COUNT(*) FROM x")).scalar() == 80


def test_a_database_that_is_locked_for_long_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    with opened(f"sqlite:///{tmp_path}/x") as engine, engine.connect() as writer:
        writer.exec_driver_sql("CREATE TABLE x (a)")
        writer.exec_driver_sql("INSERT INTO x VALUES (1)")
        with pytest.raises(OperationalError) as raised, engine.connect() as connection:
            connection.exec_driver_sql("CREATE TABLE y (a)")
        assert isinstance(fault_of(raised.value), DatabaseBusy)
        writer.rollback()


def test_a_turn_that_somebody_keeps_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a process that was stopped while it committed."""

    def insert(connection: Connection) -> None:
        connection.execute(text("INSERT INTO x VALUES (1)"))

    with opened(f"sqlite:///{tmp_path}/x") as engine:
        transactions = WriteTransactions(engine)
        transactions.run(lambda connection: connection.execute(text("CREATE TABLE x (a)")))
        with open(tmp_path / "x-lock") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with monkeypatch.context() as patch:
                patch.setattr(writing, "TURN_SECONDS", 0.05)
                with pytest.raises(DatabaseBusy):
                    transactions.run(insert)
        transactions.run(insert)  # what was granted too late was given back


@pytest.mark.parametrize("name", ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR_WRITE", "SQLITE_IOERR"])
def test_a_connection_whose_disk_failed_commits_nothing_more(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(f"sqlite:///{tmp_path}/x") as engine:
        transactions = WriteTransactions(engine)
        transactions.run(lambda connection: connection.execute(text("CREATE TABLE x (a)")))
        used = []

        def fail(connection: object) -> None:
            used.append(connection)
            error = engine.dialect.loaded_dbapi.OperationalError("disk I/O error")
            error.sqlite_errorname = name
            raise error

        def insert(connection: Connection) -> None:
            connection.execute(text("INSERT INTO x VALUES (1)"))

        with monkeypatch.context() as patch:
            patch.setattr(engine.dialect, "do_commit", fail)
            with pytest.raises(OperationalError):
                transactions.run(insert)
        assert len(used) == 1
        with engine.connect() as connection:
            assert connection.connection.dbapi_connection is not used[0]
            assert connection.execute(text("SELECT COUNT(*) FROM x")).scalar() == 0
        transactions.run(insert)


def test_a_folder_that_takes_no_lock_is_said_in_words(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/x") as engine:
        transactions = WriteTransactions(engine)
        transactions.run(lambda _connection: None)
        (tmp_path / "x-lock").unlink()
        (tmp_path / "x-lock").mkdir()
        with pytest.raises(Unavailable, match="cannot be written to"):
            transactions.run(lambda _connection: None)
