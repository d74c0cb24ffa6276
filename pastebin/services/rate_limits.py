"""How much one address, account or token may do."""

import hashlib
import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import TooManyRequests
from .limit_counters import Counters

if TYPE_CHECKING:
    from limits import RateLimitItem

# How many times more wrong sign-ins there may be of all together than of one account.
ALL_SIGN_INS = 30

# How many times more wrong passwords of one file there may be than of one address.
ALL_GUESSERS = 10


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


# Who is counted: what follows the names of the counters, and what is said of uploads and of bytes.
_UPLOADS_BY = {
    "address": (
        "",
        "Too many uploads from your address. Try again later.",
        "Too many bytes were uploaded from your address. Try again later.",
    ),
    "account": (
        "-account",
        "Too many uploads by your account. Try again later.",
        "Too many bytes were uploaded by your account. Try again later.",
    ),
    "token": (
        "-token",
        "Too many uploads by this token. Try again later.",
        "Too many bytes were uploaded by this token. Try again later.",
    ),
}


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who uploads: an address, and the ids of its account and its token, if it has them."""

    address: str
    account: int | None = None
    token: int | None = None


class UploadLimits:
    """Uploads and their bytes in an hour: of an address, of an account and by a token."""

    def __init__(self, counters: Counters | None, uploads: int, size: int) -> None:
        self._limits: dict[str, tuple[Limit, Limit]] = {}
        for by, (ending, too_many, too_large) in _UPLOADS_BY.items():
            is_address = by == "address"
            self._limits[by] = (
                Limit(counters, f"uploads{ending}", f"{uploads}/hour", too_many, is_by_address=is_address),
                Limit(counters, f"upload-bytes{ending}", f"{size}/hour", too_large, is_by_address=is_address),
            )

    def _of(self, who: Uploader) -> list[tuple[Limit, Limit, str]]:
        told = {name: getattr(who, name) for name in self._limits}
        return [(*self._limits[name], str(value)) for name, value in told.items() if value is not None]

    def require(self, who: Uploader, files: int = 1) -> None:
        """Raise TooManyRequests for who may not upload so many files now."""
        for uploads, size, subject in self._of(who):
            uploads.require(subject, files)
            # A body may be larger than what is allowed in an hour, where one upload may have more than that.
            size.require(subject)

    def count(self, who: Uploader, sizes: Sequence[int]) -> None:
        """Count files of so many bytes that were taken in."""
        for uploads, size, subject in self._of(who):
            uploads.count(subject, len(sizes))
            size.count(subject, sum(sizes))

    def state(self, who: Uploader) -> LimitState:
        """Return what is left of the limit that is reached, or else of that in uploads."""
        of_uploads, of_bytes = [], []
        for uploads, size, subject in self._of(who):
            of_uploads.append(uploads.state(subject))
            of_bytes.append(size.state(subject))
        reached = [state for state in (*of_uploads, *of_bytes) if not state.remaining]
        return reached[0] if reached else min(of_uploads, key=lambda state: state.remaining)


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
        self.uploads = UploadLimits(counters, uploads, upload_bytes)
        self.fetches = Limit(
            counters,
            "fetches",
            f"{fetches}/hour",
            "Too many files were fetched for your address. Try again later.",
        )
        # Of all who try one file there may be more, so that one alone keeps nobody else from it.
        self.wrong_passwords = SubjectLimits(
            counters,
            "wrong-passwords",
            (
                f"{passwords}/minute",
                f"{passwords * ALL_GUESSERS}/minute",
                f"{passwords * ALL_SIGN_INS}/minute",
            ),
            "Too many wrong passwords. Try again later.",
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

    def close(self) -> None:
        """Close what counts."""
        if self._counters is not None:
            self._counters.close()
