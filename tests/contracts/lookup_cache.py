"""What every look-up cache promises; a cache's tests inherit LookupCacheContract."""

from functools import partial

import pytest

from pastebin.cache import LookupCache
from tests.contracts.together import in_threads

FILE = {
    "id": 2**63 - 1,
    "filename": "Ünïcode „name“ 😀.txt",
    "uploaded_at": 1764.123456,
    "width": 0,
    "sha256": "",
}


class LookupCacheContract:
    """The fixture `cache` of a subclass gives an empty cache that is up."""

    def test_a_cache_that_works_is_up(self, cache: LookupCache) -> None:
        assert cache.is_up()

    def test_what_was_set_comes_back_equal(self, cache: LookupCache) -> None:
        cache.set("file:a", FILE)
        found = cache.get("file:a")
        assert found == FILE
        assert {name: type(value) for name, value in found.items()} == {n: type(v) for n, v in FILE.items()}

    def test_what_was_never_set_is_missed(self, cache: LookupCache) -> None:
        assert cache.get("file:a") is None

    def test_the_last_value_counts(self, cache: LookupCache) -> None:
        cache.set("file:a", {"id": 1})
        cache.set("file:a", {"id": 2})
        assert cache.get("file:a") == {"id": 2}

    def test_what_was_deleted_is_missed(self, cache: LookupCache) -> None:
        cache.set("file:a", FILE)
        cache.set("file:b", FILE)
        cache.delete("file:a")
        assert cache.get("file:a") is None
        assert cache.get("file:b") == FILE

    def test_deleting_what_is_not_there_changes_nothing(self, cache: LookupCache) -> None:
        cache.delete("file:a")
        assert cache.get("file:a") is None
        assert cache.is_up()

    def test_keys_differ_by_case(self, cache: LookupCache) -> None:
        cache.set("file:aB", {"id": 1})
        cache.set("file:Ab", {"id": 2})
        assert (cache.get("file:aB"), cache.get("file:Ab")) == ({"id": 1}, {"id": 2})

    def test_the_longest_public_name_is_a_key(self, cache: LookupCache) -> None:
        for name in ("a" * 128, "a" * 127 + "b", "a." + "b" * 126):
            cache.set(f"file:{name}", {"name": name})
            assert cache.get(f"file:{name}") == {"name": name}

    def test_the_longest_file_name_is_kept(self, cache: LookupCache) -> None:
        value = {"filename": "😀" * 1000}
        cache.set("file:a", value)
        assert cache.get("file:a") == value

    @pytest.mark.parametrize("key", ["a b", "a\nget b", "é", "a" * 500, "\0", ""])
    def test_no_key_is_an_error(self, cache: LookupCache, key: str) -> None:
        cache.set(key, {"id": 1})
        assert cache.get(key) in (None, {"id": 1})
        cache.delete(key)
        assert cache.get(key) is None

    def test_no_value_is_too_large(self, cache: LookupCache) -> None:
        value = {"filename": "x" * 3 * 2**20}
        cache.set("file:a", value)
        assert cache.get("file:a") in (None, value)

    def test_values_of_another_generation_are_never_seen(self, cache: LookupCache) -> None:
        for generation in ("one", "other"):
            cache.use_generation(generation)
            assert cache.get("file:a") is None
            cache.set("file:a", {"name": generation})
            assert cache.get("file:a") == {"name": generation}
        cache.use_generation("one")
        assert cache.get("file:a") in (None, {"name": "one"})

    def test_many_threads_may_use_it(self, cache: LookupCache) -> None:
        def use(number: int) -> None:
            for turn in range(50):
                cache.set(f"id:{number}", {"id": number, "turn": turn})
                assert cache.get(f"id:{number}") == {"id": number, "turn": turn}
                cache.set("shared", {"id": number})
                assert set(cache.get("shared")) == {"id"}
            cache.delete(f"id:{number}")
            assert cache.get(f"id:{number}") is None

        in_threads([partial(use, number) for number in range(16)])
