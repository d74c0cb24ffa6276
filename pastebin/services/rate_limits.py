"""How much one address may do: counted by the `limits` library, in memory or in memcached."""

import ipaddress
import math
import time
from collections.abc import Sequence

from limits import RateLimitItem, parse
from limits.storage import MemcachedStorage, MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter


class Limit:
    """So many events for an address and a time."""

    def __init__(self, limiter: FixedWindowRateLimiter | None, name: str, item: RateLimitItem) -> None:
        self._limiter = limiter
        self._name = name
        self.item = item

    def seconds_to_wait(self, address: str, cost: int = 1) -> int:
        """Return 0 if an address may go on, else the seconds until it may."""
        if self._limiter is None or self._limiter.test(self.item, self._name, bucket(address), cost=cost):
            return 0
        return max(1, math.ceil(self.state(address)[1] - time.time()))

    def count(self, address: str, cost: int = 1) -> None:
        """Count an event."""
        if self._limiter is not None:
            self._limiter.hit(self.item, self._name, bucket(address), cost=cost)

    def state(self, address: str) -> tuple[int, float]:
        """Return how many events are left, and when all are there again (seconds since 1970)."""
        if self._limiter is None:
            return self.item.amount, time.time()
        stats = self._limiter.get_window_stats(self.item, self._name, bucket(address))
        return stats.remaining, stats.reset_time


def bucket(address: str) -> str:
    """Return what is counted together: an address, of version 6 the network of 64 bits it is in."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    if found.version == 4 or mapped:
        return str(mapped or found)
    return str(ipaddress.ip_network((int(found), 64), strict=False))


class RateLimits:
    """Every limit of the service; with `is_on` false nothing is counted."""

    def __init__(
        self,
        *,
        is_on: bool,
        memcached_servers: Sequence[str],
        uploads: int,
        upload_bytes: int,
        passwords: int,
    ) -> None:
        limiter = FixedWindowRateLimiter(_storage(memcached_servers)) if is_on else None
        self.is_on = is_on
        self.uploads = Limit(limiter, "uploads", parse(f"{uploads}/hour"))
        self.upload_bytes = Limit(limiter, "upload-bytes", parse(f"{upload_bytes}/hour"))
        self.wrong_passwords = Limit(limiter, "wrong-passwords", parse(f"{passwords}/minute"))
        self.wrong_keys = Limit(limiter, "wrong-keys", parse("60/minute"))


def _storage(memcached_servers: Sequence[str]) -> Storage:
    if not memcached_servers:
        return MemoryStorage()
    return MemcachedStorage(f"memcached://{','.join(memcached_servers)}")
