"""Transactions that write."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine

from .retries import retry_on_conflict

Result = TypeVar("Result")


class WriteTransactions:
    """Runs transactions that write, each done again after a deadlock.

    SQLite takes one writer at a time, and the others ask again and again until it is their turn. Processes
    that share a database therefore queue for a lock on a file beside it, which wakes them in order.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock_path = _lock_path(engine)

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """Return what `work` returns when its transaction is committed; it may be called several times."""
        return retry_on_conflict(lambda: self._once(work))

    def _once(self, work: Callable[[Connection], Result]) -> Result:
        with self._turn(), self.engine.begin() as connection:
            return work(connection)

    def _turn(self) -> Any:
        return nullcontext() if self._lock_path is None else _locked(self._lock_path)


def _lock_path(engine: Engine) -> Path | None:
    """Return the lock's file, where the database really lies; None for what is not one file of SQLite's."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name.startswith(("file:", ":memory:")):
        return None
    return Path(f"{os.path.realpath(name)}-lock")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
