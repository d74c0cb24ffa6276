"""What was learned a moment ago, in front of a shared cache."""

import time
from typing import Any

import pytest

from pastebin.cache import LookupCache, make_cache
from pastebin.cache.memcached import NearCache
from pastebin.cache.memory import memory_cache
from pastebin.settings import Settings
from tests.contracts.lookup_cache import LookupCacheContract


class Counted(LookupCache):
    """A cache that counts what it is asked for, and may be down."""

    def __init__(self, cache: LookupCache) -> None:
        self._cache = cache
        self.name = "counted"
        self.asked = 0
        self.is_there = True

    def get(self, key: str) -> dict[str, Any] | None:
        """Count."""
        self.asked += 1
        return self._cache.get(key) if self.is_there else None

    def set(self, key: str, value: dict[str, Any]) -> None:
        """Remember, if it is there."""
        if self.is_there:
            self._cache.set(key, value)

    def delete(self, key: str) -> None:
        """Forget."""
        self._cache.delete(key)

    def use_generation(self, generation: str) -> None:
        """Pass it on."""
        self._cache.use_generation(generation)

    def is_up(self) -> bool:
        """Tell whether it is there."""
        return self.is_there


@pytest.fixture
def shared() -> Counted:
    """Give a shared cache."""
    return Counted(memory_cache(entries=100, seconds=60))


class TestNearCache(LookupCacheContract):
    """The same promises as without it."""

    @pytest.fixture
    def cache(self, shared: Counted) -> LookupCache:
        """Give an empty one in front of an empty one."""
        return NearCache(shared)


def test_it_is_in_front_of_memcached() -> None:
    settings = Settings.load({"pastebin.cache": "memcached"}, {})
    cache = make_cache(settings)
    assert isinstance(cache, NearCache)
    assert cache.name == "memcached"


def test_what_many_ask_for_at_once_is_asked_for_once(shared: Counted) -> None:
    shared.set("id:1", {"id": 1})
    cache = NearCache(shared, seconds=60)
    assert [cache.get("id:1") for _ in range(5)] == [{"id": 1}] * 5
    assert shared.asked == 1


def test_what_is_missed_is_asked_for_again(shared: Counted) -> None:
    cache = NearCache(shared, seconds=60)
    assert cache.get("id:1") is None
    shared.set("id:1", {"id": 1})
    assert cache.get("id:1") == {"id": 1}


def test_what_another_process_forgot_is_forgotten_a_moment_later(shared: Counted) -> None:
    shared.set("id:1", {"id": 1})
    cache = NearCache(shared, seconds=0.05)
    assert cache.get("id:1") == {"id": 1}
    shared.delete("id:1")
    time.sleep(0.06)
    assert cache.get("id:1") is None


def test_what_is_set_here_reaches_the_others(shared: Counted) -> None:
    NearCache(shared).set("id:1", {"id": 1})
    assert NearCache(shared).get("id:1") == {"id": 1}
    NearCache(shared).delete("id:1")
    assert NearCache(shared).get("id:1") is None


def test_it_is_no_more_up_than_the_shared_one(shared: Counted) -> None:
    cache = NearCache(shared)
    shared.is_there = False
    assert not cache.is_up()
    cache.set("id:1", {"id": 1})
    assert cache.get("id:1") is None
