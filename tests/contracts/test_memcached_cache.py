"""The look-up cache in memcached, and what becomes of it when its servers fail."""

import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pylibmc
import pytest

from pastebin.cache import LookupCache, make_cache, memcached_server
from pastebin.errors import ConfigurationError
from pastebin.settings import Settings
from tests.contracts.lookup_cache import FILE, LookupCacheContract
from tests.contracts.together import in_threads
from tests.servers import Memcached

pytestmark = pytest.mark.alone

QUICK = 1.0  # seconds; a timeout is 0.2


def cache_on(*servers: Memcached, seconds: int = 3600) -> LookupCache:
    """Return the cache that a service with these servers has."""
    settings = {
        "pastebin.cache": "memcached",
        "pastebin.memcached_servers": " ".join(server.address for server in servers),
        "pastebin.cache_seconds": seconds,
    }
    return make_cache(Settings.load(settings, {}))


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    """Wait until a condition holds; tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class TestMemcachedCache(LookupCacheContract):
    """One server."""

    @pytest.fixture
    def cache(self, memcached: Memcached) -> LookupCache:
        """Give a cache on an empty server."""
        memcached.flush()
        return cache_on(memcached)


class TestMemcachedRing(LookupCacheContract):
    """Several servers that share the keys."""

    @pytest.fixture(scope="class")
    @classmethod
    def servers(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Memcached]]:
        """Give two servers."""
        with (
            Memcached(tmp_path_factory.mktemp("one")) as one,
            Memcached(tmp_path_factory.mktemp("two")) as two,
        ):
            yield [one, two]

    @pytest.fixture
    def cache(self, servers: list[Memcached]) -> LookupCache:
        """Give a cache on empty servers."""
        for server in servers:
            server.flush()
        return cache_on(*servers)


@pytest.fixture
def own_memcached(tmp_path: Path) -> Iterator[Memcached]:
    """Give a memcached that the test may end."""
    with Memcached(tmp_path / "memcached") as server:
        yield server


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try a server that failed again soon."""
    monkeypatch.setattr(memcached_server, "PAUSE", 0.05)


def assert_only_misses(cache: LookupCache) -> None:
    """Assert that a cache without its server costs little time and nothing else."""
    started = time.monotonic()
    for number in range(200):
        cache.set(f"id:{number}", FILE)
        assert cache.get(f"id:{number}") is None
        assert not cache.is_up()
    assert time.monotonic() - started < QUICK


def test_services_share_it(memcached: Memcached) -> None:
    memcached.flush()
    cache_on(memcached).set("file:a", FILE)
    other = cache_on(memcached)
    assert other.get("file:a") == FILE
    other.delete("file:a")
    assert cache_on(memcached).get("file:a") is None


def test_what_it_holds_is_data_and_never_code(memcached: Memcached) -> None:
    memcached.flush()
    cache_on(memcached).set("file:a", FILE)
    client = pylibmc.Client([memcached.address])
    assert json.loads(client.get(cache_on(memcached).full_key("file:a")).partition(b"|")[2]) == FILE


def test_entries_end_with_their_time(memcached: Memcached) -> None:
    memcached.flush()
    cache_on(memcached, seconds=1000).set("file:a", FILE)
    assert 990 < memcached.seconds_left(cache_on(memcached).full_key("file:a")) <= 1000


class Pickled:
    """What would run code if it were unpickled."""

    def __reduce__(self) -> Any:
        return pytest.fail, ("unpickled",)

    def __repr__(self) -> str:
        return "Pickled()"  # the same in every run: tests are named after it


@pytest.mark.parametrize(
    "garbage",
    [b"", b"garbage", b"{}|garbage", b"{}|{}", b"[]|{}", b"|{}", b"\xff|\xff", "text", 7, True, Pickled()],
    ids=repr,
)
def test_what_somebody_else_wrote_there_is_a_miss(memcached: Memcached, garbage: object) -> None:
    memcached.flush()
    pylibmc.Client([memcached.address]).set(cache_on(memcached).full_key("file:a"), garbage)
    cache = cache_on(memcached)
    assert cache.get("file:a") is None
    cache.set("file:a", FILE)
    assert cache.get("file:a") == FILE


def test_a_killed_server_costs_only_misses(
    own_memcached: Memcached, caplog: pytest.LogCaptureFixture
) -> None:
    cache = cache_on(own_memcached)
    cache.set("id:0", FILE)
    own_memcached.kill()
    assert_only_misses(cache)
    [record] = caplog.records
    assert f"The look-up cache at {own_memcached.address} does not answer" in record.getMessage()


def test_a_server_that_hangs_costs_only_misses(own_memcached: Memcached) -> None:
    cache = cache_on(own_memcached)
    cache.set("id:0", FILE)
    own_memcached.pause()
    try:
        assert_only_misses(cache)
    finally:
        own_memcached.resume()


@pytest.mark.usefixtures("short_pauses")
def test_a_server_that_hangs_is_lost_once(own_memcached: Memcached, caplog: pytest.LogCaptureFixture) -> None:
    cache = cache_on(own_memcached)
    cache.set("found", FILE)
    own_memcached.pause()
    try:
        for number in range(4):
            assert cache.get(f"unknown {number}") is None
            time.sleep(memcached_server.PAUSE)
    finally:
        own_memcached.resume()
    assert [record.getMessage().partition(",")[0] for record in caplog.records] == [
        f"The look-up cache at {own_memcached.address} does not answer"
    ]
    assert eventually(lambda: cache.get("found") == FILE)
    assert len(caplog.records) == 2


def test_a_server_that_never_ran_costs_only_misses(tmp_path: Path, free_port: int) -> None:
    server = Memcached(tmp_path)
    server.port = free_port
    assert_only_misses(cache_on(server))


def test_deleting_without_a_server_is_no_error(own_memcached: Memcached) -> None:
    cache = cache_on(own_memcached)
    own_memcached.kill()
    cache.delete("id:0")


def test_many_threads_of_a_killed_server_wait_once(own_memcached: Memcached) -> None:
    cache = cache_on(own_memcached)
    own_memcached.kill()
    started = time.monotonic()
    assert in_threads([lambda: cache.get("id:0")] * 16) == [None] * 16
    assert time.monotonic() - started < QUICK


@pytest.mark.usefixtures("short_pauses")
def test_a_server_that_is_back_is_used_again(
    own_memcached: Memcached, caplog: pytest.LogCaptureFixture
) -> None:
    cache = cache_on(own_memcached)
    cache.set("id:0", FILE)
    own_memcached.kill()
    for _ in range(3):
        assert cache.get("id:0") is None
    own_memcached.restart()
    assert eventually(cache.is_up)
    assert cache.get("id:0") is None  # it lost what it had
    cache.set("id:0", FILE)
    assert cache.get("id:0") == FILE
    assert [record.getMessage().partition(" answers ")[2] for record in caplog.records] == ["", "again."]


def test_a_server_that_restarts_unnoticed_is_not_lost(
    own_memcached: Memcached, caplog: pytest.LogCaptureFixture
) -> None:
    """Connections that were open break; a new one does, so nobody goes without the cache."""
    cache = cache_on(own_memcached)
    in_threads([lambda: cache.set("id:0", FILE)] * 8)
    own_memcached.restart()
    cache.set("id:1", FILE)
    assert cache.get("id:1") == FILE
    assert caplog.records == []


def test_all_servers_killed_for_a_while_are_back_within_seconds(
    own_memcached: Memcached, tmp_path: Path
) -> None:
    """Many threads, each of which has met the loss: none of them keeps the others waiting."""
    with Memcached(tmp_path / "other") as other:
        cache = cache_on(own_memcached, other)

        def use() -> None:
            for number in range(20):
                cache.set(f"id:{number}", FILE)

        in_threads([use] * 8)
        for server in (own_memcached, other):
            server.kill()
        in_threads([use] * 32)
        for server in (own_memcached, other):
            server.restart()
        assert eventually(cache.is_up, 3 * memcached_server.PAUSE)
        use()
        assert all(cache.get(f"id:{number}") == FILE for number in range(20))


@pytest.mark.usefixtures("short_pauses")
def test_a_server_that_hangs_is_tried_by_one_request_at_a_time(own_memcached: Memcached) -> None:
    cache = cache_on(own_memcached)
    cache.set("id:0", FILE)
    own_memcached.pause()
    try:
        cache.get("id:0")
        started = time.monotonic()
        in_threads([lambda: [cache.get("id:0") for _ in range(5)]] * 32)
        assert time.monotonic() - started < 2 * QUICK
    finally:
        own_memcached.resume()
    assert eventually(lambda: cache.get("id:0") == FILE)


def test_the_connections_of_a_process_are_few(own_memcached: Memcached) -> None:
    cache = cache_on(own_memcached)
    in_threads([lambda: [cache.set("id:0", FILE) for _ in range(10)]] * 64)
    with socket.create_connection(("127.0.0.1", own_memcached.port), timeout=5) as connection:
        connection.sendall(b"stats\r\n")
        answer = connection.recv(10_000).decode()
    [line] = [line for line in answer.splitlines() if " curr_connections " in line]
    assert int(line.split()[2]) <= memcached_server.CLIENTS + 5  # memcached counts some of its own


@pytest.mark.usefixtures("short_pauses")
def test_the_others_of_a_ring_go_on(own_memcached: Memcached, memcached: Memcached) -> None:
    memcached.flush()
    cache = cache_on(memcached, own_memcached)
    own_memcached.kill()

    kept = 0
    for number in range(50):
        cache.set(f"id:{number}", FILE)
        kept += cache.get(f"id:{number}") == FILE
    assert 10 < kept < 40
    assert all(cache.get(f"id:{number}") in (None, FILE) for number in range(50))


def test_a_missing_client_stops_the_start_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylibmc", None)
    for name in ("pastebin.cache.memcached", "pastebin.cache.memcached_server"):
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ConfigurationError, match="needs pylibmc"):
        make_cache(Settings.load({"pastebin.cache": "memcached"}, {}))


def test_services_with_databases_of_their_own_share_a_server(memcached: Memcached, tmp_path: Path) -> None:
    memcached.flush()
    given = {"pastebin.cache": "memcached", "pastebin.memcached_servers": memcached.address}
    one, other, same = (
        make_cache(Settings.load({**given, "pastebin.data": str(tmp_path / name)}, {}))
        for name in ("one", "other", "one")
    )
    one.set("id:1", FILE)
    assert (other.get("id:1"), same.get("id:1")) == (None, FILE)
