"""A cache that can fail without anybody noticing anything but the time it takes.

Values are plain dictionaries of strings and numbers; in memcached they are JSON, so that
what comes back from a shared server is data, never code. Only facts that stay true are
cached (a file that exists); whoever removes one calls `delete` after the commit.
"""

import secrets
from typing import Any

from dogpile.cache import CacheRegion

Value = dict[str, Any]

# Part of every key: raise it when the shape of a cached value changes.
GENERATION = "pastebin1"


class LookupCache:
    """Dictionaries by key; callers do not change what they get. `name` tells the backend.

    `namespace` keeps services apart that share a server.
    """

    def __init__(self, region: CacheRegion, name: str, namespace: str = "") -> None:
        self._region = region
        self._namespace = namespace
        self._prefix = f"{GENERATION}{namespace}"
        self.name = name

    def full_key(self, key: str) -> str:
        """Return `key` as the backend knows it."""
        return f"{self._prefix}:{key}"

    def get(self, key: str) -> Value | None:
        """Return the value under `key`; None if there is none or the cache is down.

        What others wrote into a shared server under that key is none of our values either.
        """
        try:
            found = self._region.get(self.full_key(key))
        except (LookupError, TypeError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def set(self, key: str, value: Value) -> None:
        """Remember `value` under `key`, if the cache is up."""
        self._region.set(self.full_key(key), value)

    def delete(self, key: str) -> None:
        """Forget the value under `key`."""
        self._region.delete(self.full_key(key))

    def clear(self) -> None:
        """Forget every value, in this process."""
        self._prefix = f"{GENERATION}{self._namespace}.{secrets.token_hex(8)}"

    def is_up(self) -> bool:
        """Tell whether a value that is stored now can be read back."""
        self.set("health", {"up": 1})
        return self.get("health") == {"up": 1}
