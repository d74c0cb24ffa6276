"""A cache that can fail without anybody noticing anything but the time it takes.

Values are plain dictionaries of strings and numbers; in memcached they are JSON, so that
what comes back from a shared server is data, never code. Only facts that stay true are
cached (a file that exists); whoever removes one calls `delete` after the commit.
"""

from typing import Any

from dogpile.cache import CacheRegion

Value = dict[str, Any]


class LookupCache:
    """Dictionaries by key; callers do not change what they get. `name` tells the backend.

    `namespace` keeps services apart that share a server. So does the generation, which the owner of the
    values sets: values of one generation are never seen in another.
    """

    is_shared = False

    def __init__(self, region: CacheRegion, name: str, namespace: str = "") -> None:
        self._region = region
        self._namespace = namespace
        self._prefix = self._prefix_of("")
        self.name = name

    def _prefix_of(self, generation: str) -> str:
        return f"pastebin{self._namespace}:{generation}:"

    def use_generation(self, generation: str) -> None:
        """Read and write the values of a generation (ASCII, at most 64 characters) from now on."""
        self._prefix = self._prefix_of(generation)

    def full_key(self, key: str) -> str:
        """Return `key` as the backend knows it."""
        return self._prefix + key

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

    def is_up(self) -> bool:
        """Tell whether a value that is stored now can be read back."""
        self.set("health", {"up": 1})
        return self.get("health") == {"up": 1}
