"""How much one address may do: counted by the `limits` library, in memory or in memcached.

The library is loaded when the first event is counted: it is large, and a start needs nothing of it.
"""

import hashlib
import ipaddress
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import TooManyRequests

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.storage import MemcachedStorage
    from limits.strategies import FixedWindowRateLimiter

log = logging.getLogger(__name__)

# How long a server that counts may take, and how long one that failed is not asked, in seconds.
ANSWER_SECONDS = 0.2
PAUSE_SECONDS = 5.0

# How many times more wrong sign-ins there may be of all together than of one account.
ALL_SIGN_INS = 30

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


@dataclass(frozen=True, slots=True)
class LimitState:
    """How many events are allowed, how many are left, and in how many seconds all are there again."""

    limit: int
    remaining: int
    seconds: int


class Limit:
    """So many events for an address and a time, or for whatever else is counted apart."""

    def __init__(
        self, counters: Counters | None, name: str, rate: str, message: str, *, is_by_address: bool = True
    ) -> None:
        self._counters = counters
        self._bucket = bucket if is_by_address else _digest
        self._name = name
        self._rate = rate
        self._amount = int(rate.partition("/")[0])
        self._message = message

    @cached_property
    def _item(self) -> "RateLimitItem":
        from limits import parse  # noqa: PLC0415

        return parse(self._rate)

    def require(self, address: str, cost: int = 1) -> None:
        """Raise TooManyRequests if an address may not do so much more now."""
        if self._counters is None:
            return
        key = (self._name, self._bucket(address))
        if not self._counters.ask(lambda limiter: limiter.test(self._item, *key, cost=cost), True):
            state = self.state(address)
            raise TooManyRequests(self._message, max(1, state.seconds), state.limit)

    def count(self, address: str, cost: int = 1) -> None:
        """Count events."""
        if self._counters is not None and cost > 0:
            key = (self._name, self._bucket(address))
            self._counters.ask(lambda limiter: limiter.hit(self._item, *key, cost=cost), True)

    def state(self, address: str) -> LimitState:
        """Return what an address has left."""
        amount = self._amount
        if self._counters is None:
            return LimitState(amount, amount, 0)
        key = (self._name, self._bucket(address))
        found = self._counters.ask(lambda limiter: limiter.get_window_stats(self._item, *key), None)
        if found is None:
            return LimitState(amount, amount, 0)
        seconds = max(0, math.ceil(found.reset_time - time.time()))
        return LimitState(amount, max(0, found.remaining), seconds)


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


def _digest(name: str) -> str:
    """Return what stands for a name that anybody may have typed."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class SubjectLimits:
    """Events of an address, of what is tried (an account, a mailbox), and of all together."""

    def __init__(self, counters: Counters | None, name: str, rates: Sequence[str], message: str) -> None:
        self._limits = [
            Limit(counters, f"{name}-{by}", rate, message, is_by_address=by == "address")
            for by, rate in zip(("address", "account", "all"), rates, strict=True)
        ]

    def require(self, address: str, name: str) -> None:
        """Raise TooManyRequests for an address or a subject of which there were too many."""
        for limit, subject in zip(self._limits, (address, name, ""), strict=True):
            limit.require(subject)

    def count(self, address: str, name: str) -> None:
        """Count one."""
        for limit, subject in zip(self._limits, (address, name, ""), strict=True):
            limit.count(subject)


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
        fetches: int,
    ) -> None:
        self._counters = counters = Counters(memcached_servers) if is_on else None
        self.is_on = is_on
        self.uploads = Limit(
            counters, "uploads", f"{uploads}/hour", "Too many uploads from your address. Try again later."
        )
        self.upload_bytes = Limit(
            counters,
            "upload-bytes",
            f"{upload_bytes}/hour",
            "Too many bytes were uploaded from your address. Try again later.",
        )
        self.fetches = Limit(
            counters,
            "fetches",
            f"{fetches}/hour",
            "Too many files were fetched for your address. Try again later.",
        )
        self.wrong_passwords = Limit(
            counters, "wrong-passwords", f"{passwords}/minute", "Too many wrong passwords. Try again later."
        )
        self.wrong_keys = Limit(
            counters, "wrong-keys", "60/minute", "Too many addresses that lead nowhere. Try again later."
        )
        self.sign_ins = SubjectLimits(
            counters,
            "sign-ins",
            (f"{passwords}/minute", f"{passwords}/minute", f"{passwords * ALL_SIGN_INS}/minute"),
            "Too many wrong passwords. Try again later.",
        )
        self.codes = SubjectLimits(
            counters, "codes", ("30/hour", "10/hour", "2000/hour"), "Too many wrong codes. Try again later."
        )
        self.mails = SubjectLimits(
            counters, "mails", ("10/hour", "5/hour", "500/hour"), "Too many messages. Try again later."
        )
        self.notices = SubjectLimits(
            counters, "notices", ("60/hour", "20/hour", "200/hour"), "Too many messages. Try again later."
        )
        self.sign_ups = Limit(
            counters,
            "sign-ups",
            "10/hour",
            "Too many tries to make an account from your address. Try again later.",
        )
        self.reports = Limit(
            counters, "reports", "10/hour", "Too many reports from your address. Try again later."
        )

    def require_uploads(self, address: str, files: int = 1) -> None:
        """Raise TooManyRequests for an address that may not upload so many files now."""
        self.uploads.require(address, files)
        # A body may be larger than what is allowed in an hour where that is less than one upload may have.
        self.upload_bytes.require(address)

    def count_uploads(self, address: str, sizes: Sequence[int]) -> None:
        """Count files of so many bytes that were taken in."""
        self.uploads.count(address, len(sizes))
        self.upload_bytes.count(address, sum(sizes))

    def close(self) -> None:
        """Close what counts."""
        if self._counters is not None:
            self._counters.close()


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
