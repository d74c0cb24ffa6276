"""What a cache that is a round trip away said a moment ago."""

from .lookups import LookupCache, Value
from .memory import BoundedEntries

# Long enough for what many ask for at once; another process's `delete` is seen that much later at most.
SECONDS = 1

ENTRIES = 1000


class RecentLookups(LookupCache):
    """A shared cache and, for a second each, the values it gave."""

    def __init__(self, shared: LookupCache, seconds: float = SECONDS) -> None:
        self._shared = shared
        self._seconds = seconds
        self._recent = BoundedEntries(ENTRIES, seconds)
        self.name = shared.name

    def full_key(self, key: str) -> str:
        """Return `key` as the shared cache's backend knows it."""
        return self._shared.full_key(key)

    def get(self, key: str) -> Value | None:
        """Return the value under `key`; None if there is none or the cache is down."""
        found: Value | None = self._recent.get(key)
        if found is None:
            found = self._shared.get(key)
            if found is not None:
                self._recent[key] = found
        return found

    def set(self, key: str, value: Value) -> None:
        """Remember `value` under `key`, if the shared cache is up."""
        self._shared.set(key, value)
        self._recent.pop(key)

    def delete(self, key: str) -> None:
        """Forget the value under `key`."""
        self._shared.delete(key)
        self._recent.pop(key)

    def clear(self) -> None:
        """Forget every value, in this process."""
        self._shared.clear()
        self._recent = BoundedEntries(ENTRIES, self._seconds)

    def is_up(self) -> bool:
        """Tell whether the shared cache keeps what it is given."""
        return self._shared.is_up()
