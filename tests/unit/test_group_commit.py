"""SQLite's commits: each on the disk when it returns, many of them by one sync."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from pastebin.models import make_engine, sqlite
from pastebin.models.sqlite import LogSync

THREADS = 16


class Disk:
    """Stands in for the disk: a sync takes until it is let through, and may fail."""

    def __init__(self) -> None:
        self.syncs = 0
        self.errors: list[OSError] = []
        self._begun = threading.Semaphore(0)
        self._through = threading.Semaphore(0)

    def sync(self, _path: str) -> None:
        """Sync when told to."""
        self.syncs += 1
        self._begun.release()
        assert self._through.acquire(timeout=10)
        if self.errors:
            raise self.errors.pop(0)

    def wait_for_sync(self) -> None:
        """Return when one more sync has begun."""
        assert self._begun.acquire(timeout=10)

    def let_through(self, count: int = 1) -> None:
        """Let so many syncs end."""
        self._through.release(count)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Give the disk that the log is synced to."""
    disk = Disk()
    monkeypatch.setattr(sqlite, "_sync", disk.sync)
    return disk


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Give threads."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


@pytest.fixture
def log(tmp_path: Path) -> LogSync:
    """Give the log."""
    return LogSync(str(tmp_path / "log"))


def begun(pool: ThreadPoolExecutor, log: LogSync, count: int) -> list[Future[None]]:
    """Call `flush` in so many threads, and return when each has begun."""
    already = log._wanted
    calls = [pool.submit(log.flush) for _ in range(count)]
    deadline = time.monotonic() + 10
    while log._wanted < already + count:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return calls


def outcomes(calls: list[Future[None]]) -> list[str]:
    """Return the error of each call, or `done`."""
    return [str(call.exception(10) or "done") for call in calls]


def test_a_call_alone_syncs_once(log: LogSync, disk: Disk) -> None:
    disk.let_through(2)
    log.flush()
    assert disk.syncs == 1
    log.flush()
    assert disk.syncs == 2


def test_no_call_returns_before_a_sync_that_began_after_it(
    log: LogSync, disk: Disk, pool: ThreadPoolExecutor
) -> None:
    (first,) = begun(pool, log, 1)
    disk.wait_for_sync()
    later = begun(pool, log, THREADS - 1)
    disk.let_through()
    first.result(10)
    disk.wait_for_sync()
    assert not any(call.done() for call in later)
    disk.let_through()
    assert outcomes(later) == ["done"] * (THREADS - 1)


def test_one_sync_covers_all_that_came_before_it(log: LogSync, disk: Disk, pool: ThreadPoolExecutor) -> None:
    calls = begun(pool, log, 1)
    disk.wait_for_sync()
    calls += begun(pool, log, THREADS - 1)
    disk.let_through(THREADS)
    assert outcomes(calls) == ["done"] * THREADS
    assert disk.syncs == 2


def test_an_error_reaches_the_call_that_synced_and_the_others_try_again(
    log: LogSync, disk: Disk, pool: ThreadPoolExecutor
) -> None:
    disk.errors = [OSError(5, "Input/output error")]
    (first,) = begun(pool, log, 1)
    disk.wait_for_sync()
    later = begun(pool, log, THREADS - 1)
    disk.let_through(2)
    assert outcomes([first]) == ["[Errno 5] Input/output error"]
    assert outcomes(later) == ["done"] * (THREADS - 1)
    assert disk.syncs == 2


def test_while_the_disk_fails_every_call_fails(log: LogSync, disk: Disk, pool: ThreadPoolExecutor) -> None:
    disk.errors = [OSError(5, f"failure {number}") for number in range(THREADS)]
    calls = begun(pool, log, 1)
    disk.wait_for_sync()
    calls += begun(pool, log, THREADS - 1)
    disk.let_through(THREADS)
    failures = sorted(outcomes(calls))
    assert failures == sorted(f"[Errno 5] failure {number}" for number in range(THREADS))


def test_after_a_failure_the_next_call_works(log: LogSync, disk: Disk) -> None:
    disk.errors = [OSError(28, "No space left on device")]
    disk.let_through(2)
    with pytest.raises(OSError, match="No space left"):
        log.flush()
    log.flush()
    assert disk.syncs == 2


def test_a_log_that_is_not_there_is_on_the_disk(log: LogSync) -> None:
    """It was merged into the database, which SQLite syncs first."""
    log.flush()


def test_many_threads_in_many_rounds(
    log: LogSync, monkeypatch: pytest.MonkeyPatch, pool: ThreadPoolExecutor
) -> None:
    """Each call is followed by a whole sync, whoever makes it."""
    started, finished = [0], [0]

    def count(_path: str) -> None:
        started[0] += 1
        number = started[0]
        time.sleep(0.0005)
        finished[0] = number

    monkeypatch.setattr(sqlite, "_sync", count)

    def commit() -> bool:
        before = started[0]
        log.flush()
        return finished[0] > before

    assert all(call.result(10) for call in [pool.submit(commit) for _ in range(400)])
    assert started[0] < 400


class Commits:
    """The embedded database with a table to write to, and how often its log was synced."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, durable: bool = True) -> None:
        self.synced: list[str] = []
        self.failing = False
        monkeypatch.setattr(sqlite, "_sync", self._sync)
        self.path = folder / "pastebin.sqlite"
        self.engine = make_engine(f"sqlite:///{self.path}", durable=durable)
        self.write("CREATE TABLE t (x INTEGER)")
        self.write("INSERT INTO t VALUES (1)")
        self.synced.clear()

    def _sync(self, path: str) -> None:
        if self.failing:
            raise OSError(5, "Input/output error")
        self.synced.append(path)

    def write(self, statement: str) -> None:
        """Run a statement in a transaction of its own."""
        with self.engine.begin() as connection:
            connection.execute(text(statement))

    def count(self) -> int:
        """Return how many rows there are."""
        with self.engine.connect() as connection:
            return connection.scalar(text("SELECT COUNT(*) FROM t")) or 0


OpenDatabase = Callable[..., Commits]


@pytest.fixture
def open_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenDatabase]:
    """Give a function that opens the database."""
    opened: list[Engine] = []

    def open_database(**options: bool) -> Commits:
        database = Commits(tmp_path, monkeypatch, **options)
        opened.append(database.engine)
        return database

    yield open_database
    for engine in opened:
        engine.dispose()


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO t VALUES (2)", "UPDATE t SET x = 3", "DELETE FROM t", "INSERT INTO t SELECT x FROM t"],
)
def test_a_commit_that_wrote_is_followed_by_a_sync(open_database: OpenDatabase, statement: str) -> None:
    database = open_database()
    database.write(statement)
    assert database.synced == [f"{database.path}-wal"]


def test_the_sync_comes_after_the_commit_and_before_its_return(
    open_database: OpenDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database()
    seen: list[int] = []
    with closing(sqlite3.connect(database.path)) as other:
        count = "SELECT COUNT(*) FROM t"
        monkeypatch.setattr(sqlite, "_sync", lambda _: seen.append(other.execute(count).fetchone()[0]))
        database.write("INSERT INTO t VALUES (2)")
    assert seen == [2]


def test_reading_syncs_nothing(open_database: OpenDatabase) -> None:
    database = open_database()
    assert [database.count() for _ in range(3)] == [1, 1, 1]
    with database.engine.begin() as connection:
        connection.execute(text("SELECT x FROM t")).all()
    assert database.synced == []


def test_reading_on_a_connection_that_wrote_syncs_nothing_more(open_database: OpenDatabase) -> None:
    database = open_database()
    with database.engine.connect() as connection:
        connection.execute(text("INSERT INTO t VALUES (2)"))
        connection.commit()
        connection.execute(text("SELECT x FROM t")).all()
        connection.commit()
        connection.execute(text("INSERT INTO t VALUES (3)"))
        connection.commit()
    assert len(database.synced) == 2


def test_what_is_rolled_back_syncs_nothing(open_database: OpenDatabase) -> None:
    database = open_database()
    with database.engine.connect() as connection:
        connection.execute(text("INSERT INTO t VALUES (2)"))
        connection.rollback()
    assert database.synced == []
    assert database.count() == 1


def test_a_commit_whose_sync_fails_raises(open_database: OpenDatabase) -> None:
    database = open_database()
    database.failing = True
    with pytest.raises(OperationalError, match="Input/output error"):
        database.write("INSERT INTO t VALUES (2)")
    database.failing = False
    database.write("INSERT INTO t VALUES (3)")
    assert database.synced == [f"{database.path}-wal"]


def test_a_relaxed_database_waits_for_no_disk(open_database: OpenDatabase) -> None:
    database = open_database(durable=False)
    database.write("INSERT INTO t VALUES (2)")
    assert database.synced == []
    assert database.count() == 2


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 1), (False, 0)])
def test_every_connection_is_set_up_alike(
    open_database: OpenDatabase, durable: bool, synchronous: int
) -> None:
    engine = open_database(durable=durable).engine
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            pragmas = ("journal_mode", "synchronous", "busy_timeout")
            values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
            assert values == ["wal", synchronous, 30000]


def test_the_log_that_is_synced_is_the_one_sqlite_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fdatasync = os.fdatasync

    def noted(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fdatasync(descriptor)

    monkeypatch.setattr(os, "fdatasync", noted)
    engine = make_engine(f"sqlite:///{tmp_path}/pastebin.sqlite")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
        connection.execute(text("INSERT INTO t VALUES (1)"))
    assert synced == [f"{tmp_path}/pastebin.sqlite-wal"]
    engine.dispose()


def test_many_threads_write_with_few_syncs_and_lose_nothing(open_database: OpenDatabase) -> None:
    database = open_database()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda n: database.write(f"INSERT INTO t VALUES ({n})"), range(200)))
    assert database.count() == 201
    assert len(database.synced) <= 200
