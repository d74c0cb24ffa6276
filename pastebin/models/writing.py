"""Transactions that write."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine

from ..errors import Unavailable
from .faults import DatabaseBusy
from .retries import retry_on_conflict

Result = TypeVar("Result")


# How long a transaction waits for its turn, in seconds.
TURN_SECONDS = 5.0
_BUSY = "The database is busy. Nothing was changed; try again in a moment."

# Threads that wait for a holder that was stopped wait until it goes on: so many at most.
_WAITING = threading.BoundedSemaphore(64)

# Where a connection has what is to be done after its transaction.
_LATER = "pastebin.after-commit"


def after_commit(connection: Connection, work: Callable[[], None]) -> None:
    """Have something done once the transaction under way (of `WriteTransactions`) is committed."""
    connection.info.setdefault(_LATER, []).append(work)


class WriteTransactions:
    """Runs transactions that write, each done again after a deadlock.

    SQLite takes one writer at a time, and the others ask again and again until it is their turn. Processes
    that share a database therefore queue for a lock on a file beside it, which wakes them in order.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """Return what `work` returns when its transaction is committed; it may be called several times."""
        return retry_on_conflict(lambda: self._once(work))

    def alone(self) -> Any:
        """Return a context in which nobody else writes to SQLite. `run` inside it would wait for ever."""
        return self._turn()

    def _once(self, work: Callable[[Connection], Result]) -> Result:
        with self._turn(), self.engine.begin() as connection:
            connection.info.pop(_LATER, None)  # of a transaction that failed
            result = work(connection)
            later = connection.info.pop(_LATER, ())
        for one in later:
            one()
        return result

    def _turn(self) -> Any:
        return nullcontext() if self._lock_path is None else _locked(self._lock_path)

    @cached_property
    def _lock_path(self) -> Path | None:
        path = sqlite_path(self.engine)
        return path and Path(f"{path}-lock")


def sqlite_path(engine: Engine) -> Path | None:
    """Return where the database really lies; None for what is not one file of SQLite's."""
    if engine.dialect.name != "sqlite":
        return None
    with engine.connect() as connection:  # SQLite has resolved links and addresses of `file:`
        name = connection.exec_driver_sql("PRAGMA database_list").one()[2]
    return Path(name) if name else None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unavailable(f"The database's folder cannot be written to ({error.strerror}).") from error
    try:
        _wait_for_turn(descriptor)
        yield
    finally:
        os.close(descriptor)


def _wait_for_turn(descriptor: int) -> None:
    """Lock a file in turn with others; DatabaseBusy after TURN_SECONDS, as its holder may have been stopped.

    The system's own wait has no end, so another thread waits. To ask again and again, every 5 ms at most,
    made the slowest uploads of two processes wait nine times as long. A lock that comes too late goes with
    the thread's own descriptor.
    """
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    if not _WAITING.acquire(timeout=TURN_SECONDS):
        raise DatabaseBusy(_BUSY)
    own, is_granted = os.dup(descriptor), threading.Event()

    def wait() -> None:
        try:
            fcntl.flock(own, fcntl.LOCK_EX)
            is_granted.set()
        finally:
            os.close(own)
            _WAITING.release()

    threading.Thread(target=wait, name="turn", daemon=True).start()
    if not is_granted.wait(TURN_SECONDS):
        raise DatabaseBusy(_BUSY)
