"""SQLite with durable commits that do not wait for each other.

In WAL mode with `synchronous = FULL` every commit waits for its own fsync, one after the
other. Here SQLite commits with `synchronous = NORMAL`, which leaves the log unsynced, and each
commit then waits for one fsync of the log that began after it: whoever commits meanwhile is
covered by the next one, however many they are (group commit). What a commit promises is the
same: when it returns, it is on the disk.
"""

import os
import sqlite3
import threading
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, create_engine


class LogSync:
    """Syncs a file for many threads at once; each call returns after a sync that began after it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._turn = threading.Condition()
        self._wanted = 0  # calls so far
        self._synced = 0  # calls that a finished sync covers
        self._is_syncing = False

    def flush(self) -> None:
        """Return when what was in the file at the time of the call is on the disk; OSError if not."""
        with self._turn:
            self._wanted += 1
            mine = self._wanted
            while self._is_syncing and self._synced < mine:
                self._turn.wait()
            if self._synced >= mine:
                return
            self._is_syncing, covered = True, self._wanted
        done = False
        try:
            _sync(self._path)
            done = True
        finally:
            with self._turn:
                self._is_syncing = False
                if done:
                    self._synced = covered
                self._turn.notify_all()


def _sync(path: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # the log was merged into the database, and that was synced
        return
    try:
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def make_sqlite_engine(url: URL, *, durable: bool) -> Engine:
    """Return an engine in WAL mode; `durable=False` leaves the disk to the operating system."""
    log = LogSync(f"{url.database}-wal")

    class DurableConnection(sqlite3.Connection):
        """A connection whose commits are on the disk when they return."""

        changes = 0

        def commit(self) -> None:
            super().commit()
            if durable and self.total_changes != self.changes:
                self.changes = self.total_changes
                try:
                    log.flush()
                except OSError as error:
                    raise sqlite3.OperationalError(f"the log was not synced: {error.strerror}") from error

    engine = create_engine(url, pool_size=16, max_overflow=64, connect_args={"factory": DurableConnection})
    _configure(engine, "NORMAL" if durable else "OFF")
    return engine


def _configure(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing of its own; SQLAlchemy does
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")
