"""The cache that several processes share: memcached, and a small one in front of it."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from dogpile.cache import CacheRegion, make_region, register_backend
from dogpile.cache.api import NO_VALUE, BytesBackend

from .lookups import LookupCache, Value
from .memcached_server import MemcachedServer
from .memory import BoundedEntries

# How long a value stays in front, in seconds: long enough for what many ask for at once. Another process's
# `delete` is seen that much later at most.
NEAR_SECONDS = 1.0
NEAR_ENTRIES = 1000


class MemcachedBackend(BytesBackend):
    """dogpile's way to memcached servers, each of which fails by itself.

    A key belongs to one server (rendezvous hashing): while that one is away its keys are misses, and no other
    server gets values that would be out of date when it is back.
    """

    def __init__(self, arguments: dict[str, Any]) -> None:
        self.servers: tuple[MemcachedServer, ...] = arguments["servers"]

    def _server_of(self, key: str) -> MemcachedServer:
        if len(self.servers) == 1:
            return self.servers[0]
        return max(self.servers, key=lambda server: _weight(server.address, key))

    def get_serialized(self, key: str) -> Any:
        """Return the bytes under `key`, or NO_VALUE."""
        found = self._server_of(key).get(key)
        return NO_VALUE if found is None else found

    def set_serialized(self, key: str, value: bytes) -> None:
        """Store `value` under `key`."""
        self._server_of(key).set(key, value)

    def delete(self, key: str) -> None:
        """Forget `key`."""
        self._server_of(key).delete(key)


def _weight(address: str, key: str) -> bytes:
    return hashlib.blake2b(f"{address} {key}".encode(), digest_size=8).digest()


register_backend("pastebin.memcached", __name__, "MemcachedBackend")


class MemcachedCache(LookupCache):
    """A cache on memcached servers."""

    is_shared = True

    def __init__(self, region: CacheRegion, servers: Sequence[MemcachedServer], namespace: str) -> None:
        super().__init__(region, "memcached", namespace)
        self._servers = servers

    def is_up(self) -> bool:
        """Tell whether every server keeps what it is given."""
        return all(server.is_up() for server in self._servers)


def memcached_cache(addresses: Sequence[str], seconds: int, namespace: str = "") -> MemcachedCache:
    """Return a cache on memcached servers (`host:port`) whose values end after some seconds."""
    servers = tuple(MemcachedServer(address, seconds) for address in addresses)
    region = make_region(serializer=_to_json, deserializer=json.loads).configure(
        "pastebin.memcached", arguments={"servers": servers}
    )
    return MemcachedCache(region, servers, namespace)


def _to_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


class NearCache(LookupCache):
    """A shared cache that is a round trip away and, for a second each, the values it gave."""

    is_shared = True

    def __init__(self, shared: LookupCache, seconds: float = NEAR_SECONDS) -> None:
        self._shared = shared
        self._seconds = seconds
        self._near = BoundedEntries(NEAR_ENTRIES, seconds)
        self.name = shared.name

    def use_generation(self, generation: str) -> None:
        """Read and write the values of a generation from now on."""
        self._shared.use_generation(generation)
        self._near = BoundedEntries(NEAR_ENTRIES, self._seconds)

    def full_key(self, key: str) -> str:
        """Return `key` as the shared cache's backend knows it."""
        return self._shared.full_key(key)

    def get(self, key: str) -> Value | None:
        """Return the value under `key`; None if there is none or the cache is down."""
        near = self._near
        found: Value | None = near.get(key)
        if found is None:
            found = self._shared.get(key)
            if found is not None:
                near[key] = found
        return found

    def set(self, key: str, value: Value) -> None:
        """Remember `value` under `key`, if the shared cache is up."""
        self._shared.set(key, value)
        self._near.pop(key)

    def delete(self, key: str) -> None:
        """Forget the value under `key`."""
        self._shared.delete(key)
        self._near.pop(key)

    def is_up(self) -> bool:
        """Tell whether the shared cache keeps what it is given."""
        return self._shared.is_up()
