"""Telling whoever runs the threads that something is going to take long, or is not ready yet."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Any

_listeners: list[Callable[[], None]] = []


def on_long(listener: Callable[[], None]) -> None:
    """Have `listener` called, in the thread it is about, before something that takes long."""
    _listeners.append(listener)


def before_long() -> None:
    """Say that the calling thread will not be back within a fraction of a millisecond."""
    for listener in _listeners:
        listener()


class Awaiting:
    """What a WSGI application returns whose answer depends on `awaited`.

    `answer` makes the answer, in any thread, and calls WSGI's `start_response` (which may wait for
    the first iteration, PEP 3333). A server that knows nothing of this iterates, and waits.
    """

    def __init__(self, awaited: "Future[Any]", answer: Callable[[], Iterable[bytes]]) -> None:
        self.awaited = awaited
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer())
