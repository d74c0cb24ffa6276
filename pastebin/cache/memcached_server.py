"""One memcached server: a bounded pool of clients, and how to live with its failures."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import pylibmc

log = logging.getLogger(__name__)

# A server that failed is left alone for so many seconds; then one request tries it, and the others go on
# without it meanwhile.
PAUSE = 1.0

# How long a server may take, in seconds: a slow cache is worse than none.
ANSWER_SECONDS = 0.2

# Clients of one server in one process. A pylibmc client may not be used by two threads at once.
CLIENTS = 16

BEHAVIORS = {
    "tcp_nodelay": True,
    "connect_timeout": int(ANSWER_SECONDS * 1e3),  # milliseconds
    "_poll_timeout": int(ANSWER_SECONDS * 1e3),  # milliseconds; for a server that hangs, otherwise 5 s
    "send_timeout": int(ANSWER_SECONDS * 1e6),  # microseconds
    "receive_timeout": int(ANSWER_SECONDS * 1e6),  # microseconds
}

# What a server that is well may say.
_MISSES = (pylibmc.BadKeyProvided, pylibmc.CacheMiss, pylibmc.NotFound, pylibmc.TooBig)


class BytesClient(pylibmc.Client):  # type: ignore[misc]  # pylibmc has no types
    """A client that gives bytes and nothing else.

    pylibmc itself unpickles what is marked as a pickle, and so would run what anybody wrote there.
    """

    def deserialize(self, data: bytes, flags: int) -> bytes:
        """Return `data`; CacheMiss for what was not stored as bytes."""
        if flags:
            raise pylibmc.CacheMiss
        return data


class MemcachedServer:
    """A server (`host:port`) whose failures are misses; its loss and its return are logged once each."""

    def __init__(self, address: str, seconds: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._is_down = False
        self._try_at = 0.0
        self._start_pool()
        os.register_at_fork(after_in_child=self._start_pool)  # two processes must not share a connection

    def _start_pool(self) -> None:
        self._turns = threading.BoundedSemaphore(CLIENTS)
        self._idle: queue.LifoQueue[BytesClient] = queue.LifoQueue()

    def get(self, key: str) -> bytes | None:
        """Return the bytes under `key`; None if there are none or the server is away."""
        found: bytes | None = self._ask(lambda client: self._answered(client, key))
        return found

    def set(self, key: str, value: bytes) -> None:
        """Store `value` under `key`, if the server is there and takes values of this size."""
        self._ask(lambda client: client.set(key, value, time=self._seconds))

    def delete(self, key: str) -> None:
        """Forget `key`. Tried even in a pause: a wrong value is worse than a slow request."""
        self._ask(lambda client: client.delete(key), always=True)

    def is_up(self) -> bool:
        """Tell whether a value that is stored now can be read back."""
        self.set("pastebin-health", b"up")
        return self.get("pastebin-health") == b"up"

    def _ask(self, work: Callable[[Any], Any], *, always: bool = False) -> Any:
        was_down = self._is_down
        if not (always or self._may_try()) or not self._turns.acquire(timeout=ANSWER_SECONDS):
            return None
        try:
            if self._is_down and not was_down and not always:  # lost while this request waited for a client
                return None
            return self._with_client(work)
        finally:
            self._turns.release()

    def _may_try(self) -> bool:
        """Tell whether to ask: always while the server is up, once in each pause while it is down."""
        if not self._is_down:
            return True
        with self._lock:
            now = self._clock()
            if now < self._try_at:
                return False
            self._try_at = now + PAUSE
            return True

    def _with_client(self, work: Callable[[Any], Any]) -> Any:
        """Return what `work` returns, tried on a new connection if an old one turned out to be closed."""
        started = self._clock()
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            return self._with_new_client(work)
        try:
            return self._used(client, work)
        except pylibmc.Error as error:
            self._idle = queue.LifoQueue()  # the others are as old
            if self._clock() - started > ANSWER_SECONDS / 2:  # it hangs
                return self._lost(error)
        return self._with_new_client(work)

    def _with_new_client(self, work: Callable[[Any], Any]) -> Any:
        try:
            return self._used(BytesClient([self.address], behaviors=BEHAVIORS), work)
        except pylibmc.Error as error:
            return self._lost(error)

    def _used(self, client: BytesClient, work: Callable[[Any], Any]) -> Any:
        """Return what `work` returns; what the protocol cannot carry is a miss and no failure."""
        idle = self._idle
        try:
            found = work(client)
        except (*_MISSES, ValueError):
            found = None
        idle.put(client)
        if self._is_down:
            self._is_down = False
            log.warning("The look-up cache at %s answers again.", self.address)
        return found

    def _answered(self, client: BytesClient, key: str) -> bytes | None:
        """Return what is under `key`; Error where the server was silent.

        libmemcached takes silence for a miss, and only refuses what is asked next: without that a server that
        hangs would be taken to answer again with every other request.
        """
        started = self._clock()
        found: bytes | None = client.get(key)
        if found is None and self._clock() - started > ANSWER_SECONDS / 2:
            found = client.get(key)
        return found

    def _lost(self, error: Exception) -> None:
        with self._lock:
            was_down, self._is_down = self._is_down, True
            self._try_at = self._clock() + PAUSE
        if not was_down:
            log.warning(
                "The look-up cache at %s does not answer, going on without it: %s", self.address, error
            )
