"""The look-up cache in the process's own memory."""

import time

import pytest

from pastebin.cache import LookupCache, make_cache
from pastebin.cache.memory import memory_cache
from pastebin.settings import Settings
from tests.contracts.lookup_cache import LookupCacheContract


class TestMemoryCache(LookupCacheContract):
    """Dictionaries in memory."""

    @pytest.fixture
    def cache(self) -> LookupCache:
        """Give the cache of the default settings."""
        return make_cache(Settings.load({}, {}))


def test_it_is_the_default() -> None:
    assert make_cache(Settings.load({}, {})).name == "memory"


def test_it_keeps_at_most_so_many_entries() -> None:
    cache = memory_cache(entries=10, seconds=60)
    for number in range(100):
        cache.set(f"id:{number}", {"id": number})
    kept = [number for number in range(100) if cache.get(f"id:{number}")]
    assert len(kept) == 10
    assert 99 in kept


def test_entries_end_with_their_time() -> None:
    cache = memory_cache(entries=10, seconds=0.05)
    cache.set("id:1", {"id": 1})
    assert cache.get("id:1") == {"id": 1}
    time.sleep(0.06)
    assert cache.get("id:1") is None


def test_two_caches_share_nothing() -> None:
    one, other = memory_cache(10, 60), memory_cache(10, 60)
    one.set("id:1", {"id": 1})
    assert other.get("id:1") is None
