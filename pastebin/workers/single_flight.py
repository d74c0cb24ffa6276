"""Equal work that is asked for at the same time is done once (as golang.org/x/sync/singleflight)."""

import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

from ..errors import Overloaded, PastebinError, TaskFailed
from .protocol import Answer


@dataclass(slots=True)
class _Follower:
    """Somebody who waits for another one's answer; `target` is a descriptor of its own, or None."""

    target: int | None
    future: Future[Answer] = field(default_factory=Future)


class SingleFlight:
    """The first one works; others with the same key wait for at most `wait_seconds` and share."""

    def __init__(self, wait_seconds: float) -> None:
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._flights: dict[Hashable, list[_Follower]] = {}

    def run(self, key: Hashable, target: int | None, make: Callable[[], Answer]) -> Answer:
        """Return what `make` returns, here or in another thread, or raise what it raises.

        What the first one has written into its target, a descriptor that can be read, is copied
        into those of the others. Raises Overloaded after waiting in vain.
        """
        key = (key, target is None)
        with self._lock:
            followers = self._flights.get(key)
            if followers is not None:
                follower = _Follower(None if target is None else os.dup(target))
                followers.append(follower)
            else:
                self._flights[key] = []
        return self._lead(key, target, make) if followers is None else self._follow(follower)

    def _follow(self, follower: _Follower) -> Answer:
        try:
            return follower.future.result(self._wait_seconds)
        except TimeoutError:
            raise Overloaded("this file is being processed; try again in a moment") from None

    def _lead(self, key: Hashable, target: int | None, make: Callable[[], Answer]) -> Answer:
        outcome: Answer | PastebinError = TaskFailed("something went wrong on the server")
        try:
            outcome = answer = make()
        except PastebinError as error:
            outcome = error
            raise
        finally:
            for follower in self._land(key):
                _resolve(follower, outcome, target)
        return answer

    def _land(self, key: Hashable) -> list[_Follower]:
        with self._lock:
            return self._flights.pop(key)


def _resolve(follower: _Follower, outcome: Answer | PastebinError, target: int | None) -> None:
    """Tell a follower the outcome; its target is filled first."""
    try:
        if isinstance(outcome, PastebinError):
            follower.future.set_exception(outcome)
            return
        if target is not None and follower.target is not None:
            _copy(target, follower.target)
        follower.future.set_result(outcome)
    except OSError as error:  # the follower's disk
        follower.future.set_exception(error)
    finally:
        if follower.target is not None:
            os.close(follower.target)


def _copy(source: int, target: int) -> None:
    os.ftruncate(target, 0)
    os.lseek(target, 0, os.SEEK_SET)
    done, size = 0, os.fstat(source).st_size
    while done < size:
        sent = os.sendfile(target, source, done, size - done)
        if not sent:
            raise OSError("the target shrank while it was copied")
        done += sent
