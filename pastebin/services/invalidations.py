"""Telling every process that what it remembers of a file is no longer so."""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..cache import LookupCache
from ..errors import PastebinError
from ..models import INVALIDATIONS, retry_on_disconnect
from .cache_generation import CacheGeneration
from .stored_file import StoredFile

log = logging.getLogger(__name__)

# How often a process looks for news, in seconds. Others see a change that much later at most.
EVERY = 0.5

# How long a request waits for them, in seconds.
PATIENCE = 1.0

# Transactions may end in another order than their rows were numbered in, so some are read again.
LOOK_BACK = 100

# How long news stay for those who have not looked, in seconds. Who looked less often than twice in that
# time forgets everything instead.
KEPT_SECONDS = 120.0


class Kind(StrEnum):
    """What else than a file can change. It stands in the place of a public name, which has no asterisk."""

    BANS = "*bans"
    ACCOUNTS = "*accounts"  # which are suspended
    FLAGS = "*flags"
    WEBHOOKS = "*webhooks"


_LATEST = select(func.max(INVALIDATIONS.c.id))
_NEWS = select(INVALIDATIONS).where(INVALIDATIONS.c.id > bindparam("seen"))


def record(connection: Connection, *files: StoredFile) -> None:
    """Have every process forget files, once the transaction is committed."""
    _record_names(connection, [file.filehash for file in files])


def record_kind(connection: Connection, kind: Kind) -> None:
    """Have every process read all of a kind again, once the transaction is committed."""
    _record_names(connection, [kind])


def _record_names(connection: Connection, names: Sequence[str]) -> None:
    moment = datetime.now(UTC)
    if names:
        rows = [{"moment": moment, "filehash": name} for name in names]
        connection.execute(insert(INVALIDATIONS), rows)


def remove_old(connection: Connection, kept_seconds: float = KEPT_SECONDS) -> None:
    """Remove news that everybody has seen: they hold the names of files that are gone.

    The last row stays, without its name: a process that finds none knows that the database is another one.
    """
    last = connection.execute(_LATEST).scalar() or 0
    is_old = INVALIDATIONS.c.moment < datetime.now(UTC) - timedelta(seconds=kept_seconds)
    connection.execute(delete(INVALIDATIONS).where(is_old, INVALIDATIONS.c.id < last))
    connection.execute(update(INVALIDATIONS).where(is_old).values(filehash=""))


class Invalidations:
    """Forgets in this process's cache what others have changed.

    `changes` counts what was forgotten: who reads a row and then caches it looks whether that has grown
    meanwhile, for the row may be out of date then.
    """

    def __init__(
        self,
        engine: Engine,
        cache: LookupCache,
        generation: CacheGeneration,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        self._engine = engine
        self._cache = cache
        self._generation = generation
        self._kept_seconds = kept_seconds
        self._lock = threading.Lock()
        self._next = 0.0
        self._seen = -1
        self._handled: set[int] = set()
        self._looked_at = time.monotonic()
        self._failing = False
        self.changes = 0
        self.changes_of = dict.fromkeys(Kind, 0)

    def forget(self, *files: StoredFile) -> None:
        """Forget files in this process at once."""
        for file in files:
            self._forget(file.filehash)

    def forget_kind(self, kind: Kind) -> None:
        """Have all of a kind read again, when next asked for in this process."""
        self._forget(kind)

    def _forget(self, filehash: str) -> None:
        self.changes += 1  # before the deletion: see `changes`
        if filehash in self.changes_of:
            self.changes_of[Kind(filehash)] += 1
        else:
            self._cache.delete(f"file:{filehash}")

    def follow(self) -> None:
        """Forget what was changed elsewhere, if it is time to look; one thread looks for all.

        While the database does not answer nobody can change anything either, and what is cached holds:
        who finds that it is time waits a second at most, the others not at all.
        """
        if time.monotonic() < self._next or not self._lock.acquire(blocking=False):
            return
        looked = threading.Event()
        threading.Thread(target=self._look, args=(looked,), name="news", daemon=True).start()
        looked.wait(PATIENCE)

    def _look(self, looked: threading.Event) -> None:
        try:
            self._read_news()
            self._failing = False
        except (SQLAlchemyError, PastebinError) as error:
            if not self._failing:
                log.warning("News of changed files cannot be read: %s", type(error).__name__)
            self._failing = True
        finally:
            self._next = time.monotonic() + EVERY
            self._lock.release()
            looked.set()

    def _read_news(self) -> None:
        begun = time.monotonic()

        def read() -> list[Any]:
            with self._engine.connect() as connection:
                if self._seen < 0:
                    self._seen = connection.execute(_LATEST).scalar() or 0
                return list(connection.execute(_NEWS, {"seen": self._seen - LOOK_BACK}))

        news = retry_on_disconnect(read)
        is_other_database = self._seen > 0 and not news
        is_late = begun - self._looked_at > self._kept_seconds / 2  # some may have come and gone
        if is_other_database or is_late:
            self._forget_all()
        self._looked_at = begun
        for row in news:
            if row.id not in self._handled:
                self._forget(row.filehash)
        self._handled = {row.id for row in news}
        self._seen = max(self._handled, default=-1 if is_other_database else self._seen)

    def _forget_all(self) -> None:
        self.changes += 1
        for kind in Kind:
            self.changes_of[kind] += 1
        self._generation.renew()
