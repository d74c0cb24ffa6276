"""Whether the parts of the service work."""

import logging
import threading
import time
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from .. import _speedups
from ..cache import LookupCache
from ..errors import PastebinError
from ..models import FILES, Standstill, fault_of, summary_of
from ..storage import BlobStore
from .cache_generation import GENERATION

log = logging.getLogger(__name__)

# What was found out holds for so many seconds, so that anybody may ask as often as they like.
SECONDS = 1.0

_TABLES = select(FILES.c.listed, GENERATION).where(FILES.c.id == 0)

# Changes nothing, and is refused by a database that takes nothing in. SQLite would wait for whoever writes.
_WRITE = update(FILES).where(FILES.c.id == 0).values(listed=FILES.c.listed)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the service: `ok` or `down`, what it is, and what is wrong with it."""

    status: str
    name: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The parts of the service."""

    database: Part
    cache: Part
    store: Part

    @property
    def status(self) -> str:
        """Return `ok`, `degraded` if only speed is lost, or `down`."""
        if "down" in (self.database.status, self.store.status):
            return "down"
        return "ok" if self.cache.status == "ok" else "degraded"


class HealthService:
    """Tries each part, at most once a second. Leaves nothing behind in any."""

    def __init__(self, engine: Engine, cache: LookupCache, store: BlobStore) -> None:
        self._engine = engine
        self._standstill = Standstill(engine)
        self._cache = cache
        self._store = store
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Have the parts be tried when somebody asks next."""
        self._state: State | None = None
        self._tried_at = 0.0

    def state(self) -> State:
        """Return the state of each part, at most SECONDS old."""
        with self._lock:
            if self._state is None or time.monotonic() - self._tried_at > SECONDS:
                self._state = State(self._try_database(), self._try_cache(), self._try_store())
                self._tried_at = time.monotonic()
            return self._state

    def speedups(self) -> dict[str, str]:
        """Return `compiled` or `python` for each compiled module."""
        return _speedups.status()

    def _try_database(self) -> Part:
        """Return whether the database answers, has the tables of this version and takes rows."""
        name = self._engine.dialect.name
        try:
            with self._engine.connect() as connection:
                connection.execute(_TABLES)
                if name != "sqlite":
                    connection.execute(_WRITE)
                connection.rollback()
            if self._standstill.is_lasting():
                return Part("down", name, "Another program keeps the database from taking anything in.")
        except SQLAlchemyError as error:
            log.warning("The database failed: %s", summary_of(error))
            fault = fault_of(error)
            return Part("down", name, fault.message if fault else "The database failed.")
        return Part("ok", name)

    def _try_cache(self) -> Part:
        """Return whether the look-up cache keeps what it is given; without it all is slower."""
        if self._cache.is_up():
            return Part("ok", self._cache.name)
        return Part("down", self._cache.name, "The cache does not answer; the service goes on without it.")

    def _try_store(self) -> Part:
        """Return whether a file could be stored now."""
        try:
            self._store.check()
        except PastebinError as error:
            return Part("down", "folder", error.message)
        return Part("ok", "folder")
