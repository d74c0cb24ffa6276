"""Whether SQLite has taken nothing in for a while, as somebody holds its lock and does not go on."""

import fcntl
import os
import sqlite3
from contextlib import closing, suppress
from functools import cached_property
from pathlib import Path
from time import monotonic

from sqlalchemy.engine import Engine

from .sqlite import BUSY_SECONDS
from .writing import sqlite_path


class Standstill:
    """Looks whether writers get their turn, without waiting for any.

    A lock that is held at the moment says nothing: many take turns. It is a standstill where it was held
    whenever somebody looked, for as long as a writer waits at most, and nothing was committed meanwhile.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._began: tuple[float, int] | None = None  # the first look that found it held, and the log then

    def is_lasting(self) -> bool:
        """Look; tell whether nothing has been taken in for BUSY_SECONDS."""
        if self._path is None or not _is_held(self._path):
            self._began = None
            return False
        now, log = monotonic(), _last_change(Path(f"{self._path}-wal"))
        if self._began is None or self._began[1] != log:
            self._began = now, log
        return now - self._began[0] >= BUSY_SECONDS

    @cached_property
    def _path(self) -> Path | None:
        return sqlite_path(self._engine)


def _is_held(path: Path) -> bool:
    """Tell whether a process of ours, or another program, is writing to the database."""
    with suppress(FileNotFoundError):  # nobody has written yet
        lock = os.open(f"{path}-lock", os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorname.startswith("SQLITE_BUSY")
        connection.execute("ROLLBACK")
    return False


def _last_change(log: Path) -> int:
    try:
        return log.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
