"""The cache of a service in one process: bounded, with expiry, safe among threads."""

import threading
from typing import Any

from cachetools import TTLCache
from dogpile.cache import make_region

from .lookups import LookupCache


class BoundedEntries:
    """The mapping dogpile's memory backend keeps its values in, which by itself never forgets."""

    def __init__(self, entries: int, seconds: float) -> None:
        self._entries: TTLCache[str | int, Any] = TTLCache(entries, seconds)
        self._lock = threading.Lock()

    def get(self, key: str | int, default: Any = None) -> Any:
        """Return the value under `key`, or `default`."""
        with self._lock:
            return self._entries.get(key, default)

    def __setitem__(self, key: str | int, value: Any) -> None:
        with self._lock:
            self._entries[key] = value

    def pop(self, key: str | int, default: Any = None) -> Any:
        """Remove and return the value under `key`, or `default`."""
        with self._lock:
            return self._entries.pop(key, default)


def memory_cache(entries: int, seconds: int) -> LookupCache:
    """Return a cache of at most `entries` values in this process."""
    region = make_region().configure(
        "dogpile.cache.memory", arguments={"cache_dict": BoundedEntries(entries, seconds)}
    )
    return LookupCache(region, "memory")
