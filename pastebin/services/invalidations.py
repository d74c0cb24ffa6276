"""Telling every process that what it remembers of a file is no longer so."""

import threading
import time
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.engine import Connection, Engine

from ..cache import LookupCache
from ..models import INVALIDATIONS, retry_on_disconnect
from .stored_file import StoredFile

# How often a process looks for news, in seconds. Others see a change that much later at most.
EVERY = 0.5

# Transactions may end in another order than their rows were numbered in, so some are read again.
LOOK_BACK = 100

_LATEST = select(func.max(INVALIDATIONS.c.id))
_NEWS = select(INVALIDATIONS).where(INVALIDATIONS.c.id > bindparam("seen"))


def record(connection: Connection, *files: StoredFile) -> None:
    """Have every process forget files, once the transaction is committed."""
    moment = datetime.now(UTC)
    if files:
        rows = [{"moment": moment, "filehash": file.filehash} for file in files]
        connection.execute(insert(INVALIDATIONS), rows)


class Invalidations:
    """Forgets in this process's cache what others have changed."""

    def __init__(self, engine: Engine, cache: LookupCache) -> None:
        self._engine = engine
        self._cache = cache
        self._lock = threading.Lock()
        self._next = 0.0
        self._seen = -1

    def forget(self, file: StoredFile) -> None:
        """Forget a file in this process at once."""
        self._cache.delete(f"file:{file.filehash}")

    def follow(self) -> None:
        """Forget what was changed elsewhere, if it is time to look; one thread looks for all."""
        if time.monotonic() < self._next or not self._lock.acquire(blocking=False):
            return
        try:
            self._read_news()
            self._next = time.monotonic() + EVERY
        finally:
            self._lock.release()

    def _read_news(self) -> None:
        def read() -> list:
            with self._engine.connect() as connection:
                if self._seen < 0:
                    self._seen = connection.execute(_LATEST).scalar() or 0
                return list(connection.execute(_NEWS, {"seen": self._seen - LOOK_BACK}))

        for row in retry_on_disconnect(read):
            self._seen = max(self._seen, row.id)
            self._cache.delete(f"file:{row.filehash}")
