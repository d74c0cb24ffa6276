"""Where events are counted for limits: in memory, or in memcached.

The library `limits` is loaded when the first event is counted: it is large, and a start needs nothing of it.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from limits.storage import MemcachedStorage
    from limits.strategies import FixedWindowRateLimiter

log = logging.getLogger(__name__)

# How long a server that counts may take, and how long one that failed is not asked, in seconds.
ANSWER_SECONDS = 0.2
PAUSE_SECONDS = 5.0

Result = TypeVar("Result")


class Counters:
    """Where events are counted. While that fails everybody may go on, and it is logged once."""

    def __init__(self, memcached_servers: Sequence[str]) -> None:
        self._servers = tuple(memcached_servers)
        self._lock = threading.Lock()
        self._limiter: FixedWindowRateLimiter | None = None
        self._is_down = False
        self._try_at = 0.0

    def close(self) -> None:
        """Close the connections; what is used again opens them again."""
        if self._servers and self._limiter is not None:
            storage: Any = self._limiter.storage
            storage.storage.close()

    def ask(self, work: "Callable[[FixedWindowRateLimiter], Result]", otherwise: Result) -> Result:
        """Return what `work` returns, or `otherwise` while counting fails."""
        from limits.errors import StorageError  # noqa: PLC0415

        if self._is_down and time.monotonic() < self._try_at:
            return otherwise
        try:
            result = work(self._limiter or self._make_limiter())
        except (StorageError, OSError, ValueError) as error:  # ValueError: somebody else's value
            if not self._is_down:
                log.warning("Events cannot be counted, so nothing is limited: %s", type(error).__name__)
            self._is_down, self._try_at = True, time.monotonic() + PAUSE_SECONDS
            return otherwise
        self._is_down = False
        return result

    def _make_limiter(self) -> "FixedWindowRateLimiter":
        """Return the limiter, one for all threads that ask at once."""
        from limits.storage import MemoryStorage  # noqa: PLC0415
        from limits.strategies import FixedWindowRateLimiter  # noqa: PLC0415

        with self._lock:
            if self._limiter is None:
                storage = _memcached(self._servers) if self._servers else MemoryStorage()
                self._limiter = FixedWindowRateLimiter(storage)
            return self._limiter


def _memcached(servers: Sequence[str]) -> "MemcachedStorage":
    """Return counters in memcached, with one pool of connections for all threads."""
    from limits.storage import MemcachedStorage  # noqa: PLC0415

    made: list[Any] = []

    def client(module: Any, hosts: Any, **times: float) -> Any:
        if not made:
            several = len(hosts) > 1
            made.append(
                module.HashClient(hosts, use_pooling=True, **times)
                if several
                else module.PooledClient(hosts[0], **times)
            )
        return made[0]

    options: dict[str, Any] = {"connect_timeout": ANSWER_SECONDS, "timeout": ANSWER_SECONDS}
    options["client_getter"] = client
    addresses = f"memcached://{','.join(servers)}"
    return MemcachedStorage(addresses, wrap_exceptions=True, **options)
