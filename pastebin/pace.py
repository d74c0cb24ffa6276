"""Telling whoever runs the threads that this one is going to wait, or to work long."""

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def on_long(listener: Callable[[], None]) -> None:
    """Have `listener` called, in the thread it is about, before something that takes long."""
    _listeners.append(listener)


def before_long() -> None:
    """Say that the calling thread will not be back within a fraction of a millisecond."""
    for listener in _listeners:
        listener()
