"""The cache that several processes share: memcached, and how to live with its failures."""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pylibmc
from dogpile.cache import make_region, register_backend
from dogpile.cache.api import NO_VALUE
from dogpile.cache.backends.memcached import PylibmcBackend
from dogpile.cache.proxy import ProxyBackend

from .lookups import LookupCache

log = logging.getLogger(__name__)

# Seconds after a failure in which nobody asks: otherwise each request would wait for a timeout.
PAUSE = 2.0

BEHAVIORS = {
    "ketama": True,  # consistent hashing: a lost server costs only its own share of the keys
    "tcp_nodelay": True,
    "connect_timeout": 200,  # milliseconds
    "send_timeout": 200_000,  # microseconds
    "receive_timeout": 200_000,  # microseconds
    "_poll_timeout": 200,  # milliseconds; how long a server that hangs is waited for, otherwise 5 s
    "remove_failed": 1,
    "retry_timeout": 2,  # seconds
    "dead_timeout": 2,  # seconds
}


class BytesClient(pylibmc.Client):  # type: ignore[misc]  # pylibmc has no types
    """A client that gives bytes and nothing else.

    pylibmc itself unpickles what is marked as a pickle, and so would run what anybody wrote there.
    """

    def deserialize(self, data: bytes, flags: int) -> bytes:
        """Return `data`; CacheMiss for what was not stored as bytes."""
        if flags:
            raise pylibmc.CacheMiss
        return data


class BytesBackend(PylibmcBackend):
    """dogpile's backend with such clients, one a thread."""

    def _create_client(self) -> BytesClient:
        return BytesClient(self.url, binary=self.binary, behaviors=self.behaviors)


register_backend("pastebin.memcached", __name__, "BytesBackend")


class Guarded(ProxyBackend):
    """A backend whose failures are misses, logged.

    pylibmc raises its own errors for network and server trouble, and ValueError for a key
    the protocol cannot carry.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._resume_at = 0.0

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except (pylibmc.Error, ValueError) as error:
            self._resume_at = self._clock() + PAUSE
            log.warning("The look-up cache does not answer, going on without it: %s", error)

    @property
    def _paused(self) -> bool:
        return self._clock() < self._resume_at

    def get_serialized(self, key: str) -> Any:
        """Return the bytes under `key`, or NO_VALUE."""
        found: Any = NO_VALUE
        if not self._paused:
            with self._guard():
                found = self.proxied.get_serialized(key)
        return found

    def set_serialized(self, key: str, value: bytes) -> None:
        """Store `value` under `key`."""
        if not self._paused:
            with self._guard():
                self.proxied.set_serialized(key, value)

    def delete(self, key: str) -> None:
        """Forget `key`. Tried even in a pause: a wrong value is worse than a slow request."""
        with self._guard():
            self.proxied.delete(key)


def memcached_cache(servers: Sequence[str], seconds: int, namespace: str = "") -> LookupCache:
    """Return a cache on a consistent-hash ring of memcached `servers` (`host:port`).

    Timeouts are short, for a slow cache is worse than none; a server that fails leaves the
    ring and is tried again after some seconds. dogpile keeps one client a thread, as a
    pylibmc client may not be shared.
    """
    region = make_region(serializer=_to_json, deserializer=json.loads).configure(
        "pastebin.memcached",
        wrap=[Guarded],
        arguments={
            "url": list(servers),
            "binary": False,
            "memcached_expire_time": seconds,
            "behaviors": BEHAVIORS,
        },
    )
    return LookupCache(region, "memcached", namespace)


def _to_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
