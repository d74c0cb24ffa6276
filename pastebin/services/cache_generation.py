"""Which database cached look-ups are of, so that a fresh or restored one never shows another's files.

Restoring an older dump brings back all of the database, so no mark inside it can tell that it happened, and
ids are then given again that caches know already. What holds whatever the operator does:

- The meaning of an id is remembered for a second, in this process only, and not at all beyond an upload that
  gets that id here. A warm short link costs a query a second; one that is asked for often costs nothing.
- What is cached for long is cached under a file's public name, which is random and never given again, and
  under the database's `generation`, which is random as well: another database has another one. Each query
  that fills the cache reads it too, so a running process notices at its next miss.

So a restored dump can at worst show, for as long as entries live, a file whose link it has lost. To spare
that, the generation is renewed when an id turns up again, and by each process that starts with a shared
cache, as after a restore; `pastebin new-generation` does it by hand. Renewing costs nothing but misses.
"""

import logging
import secrets
import threading
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..cache import BoundedEntries, LookupCache
from ..errors import PastebinError
from ..models import STATE, THE_ROW, WriteTransactions, summary_of, upsert

log = logging.getLogger(__name__)

# How long this process remembers what an id means, in seconds, and for how many of them.
ID_SECONDS = 1.0
ID_ENTRIES = 1000

# A column for queries of other tables; empty where the row was lost.
GENERATION = select(func.coalesce(func.max(STATE.c.generation), "")).scalar_subquery().label("generation")


class CacheGeneration:
    """Keeps `cache` on the generation of the database. `shape` names what the values look like."""

    def __init__(self, engine: Engine, cache: LookupCache, shape: str) -> None:
        self._transactions = WriteTransactions(engine)
        self._cache = cache
        self._shape = shape
        self._lock = threading.Lock()
        self._used: str | None = None
        self._forget_ids()

    def _forget_ids(self) -> None:
        self._ids = BoundedEntries(ID_ENTRIES, ID_SECONDS)
        self._highest = 0

    def use(self, generation: str) -> None:
        """Cache under the generation that the database has now."""
        if generation == self._used:
            return
        with self._lock:
            if self._used is None and self._cache.is_shared:
                generation = self._renewed() or generation
            self._set(generation)

    def _set(self, generation: str) -> None:
        self._forget_ids()
        self._cache.use_generation(f"{self._shape}.{generation}")
        self._used = generation

    def renew(self) -> None:
        """Give the database a new generation: everything that is cached is forgotten."""
        with self._lock:
            self._set(_renewed(self._transactions))

    def filehash_of(self, number: int) -> str | None:
        """Return the public name of the file with an id, if it was looked up a moment ago."""
        filehash: str | None = self._ids.get(number)
        return filehash

    def remember(self, number: int, filehash: str) -> None:
        """Remember for a moment which file has an id."""
        self._ids[number] = filehash

    def note_created(self, numbers: Iterable[int]) -> None:
        """Take note of ids that this process was just given, in the order in which they were given."""
        ids = list(numbers)
        for number in ids:
            self._ids.pop(number)
        if ids and min(ids) <= self._highest:
            log.warning("An id was given again: the database was restored. What is cached is forgotten.")
            with self._lock:
                self._set(self._renewed() or self._used or "")
        self._highest = max(self._highest, *ids, 0)

    def _renewed(self) -> str | None:
        """Return a new generation; None if the database does not take one, which is no reason to fail."""
        try:
            return _renewed(self._transactions)
        except (SQLAlchemyError, PastebinError) as error:
            log.warning("The generation of the cache could not be renewed: %s", summary_of(error))
            return None


def _renewed(transactions: WriteTransactions) -> str:
    generation = secrets.token_hex(16)

    def write(connection: Connection) -> None:
        upsert(connection, STATE, "id", ("generation",), [{"id": THE_ROW, "generation": generation}])

    transactions.run(write)
    return generation
