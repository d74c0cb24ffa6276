"""Work that one thread does for many, one stage after the other."""

import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


class Stage(Generic[Item]):
    """A thread that does `work` for what waits, at most `most` items at a time.

    While several come in at a time it begins only so often, `every` so many seconds. `work` sees to its
    own errors, as there is nobody it could raise them to: one that it lets through ends the thread, with a
    traceback, and another one goes on. There is a thread from the first item on, until nobody has the stage
    any more.
    """

    def __init__(
        self, name: str, work: Callable[[Sequence[Item]], None], *, most: int, every: float = 0.0
    ) -> None:
        self._name = name
        self._work = work
        self._most = most
        self._every = every
        # Each item comes with what works on it, so that nothing waits for a stage that is gone. None ends it.
        self._waiting: SimpleQueue[Any] = SimpleQueue()
        weakref.finalize(self, self._waiting.put, None).atexit = False
        self._starting = Lock()
        self._is_started = False
        self._were_several = False
        self._began = 0.0

    def put(self, *items: Item) -> None:
        """Have items worked on."""
        for item in items:
            self._waiting.put((self._work_on, item))
        if not self._is_started:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if not self._is_started:
                _start_thread(self._name, self._waiting)
                self._is_started = True

    def _work_on(self, first: Item) -> None:
        """Work on an item and those that wait behind it."""
        if self._were_several and self._every:
            time.sleep(max(0.0, self._began + self._every - time.monotonic()))
        self._began = time.monotonic()
        items = [first]
        while len(items) < self._most and not self._waiting.empty():
            _, item = self._waiting.get_nowait()
            items.append(item)
        self._were_several = len(items) > 1
        self._work(items)


def _start_thread(name: str, waiting: "SimpleQueue[Any]") -> None:
    Thread(target=_run, args=(name, waiting), name=name, daemon=True).start()


def _run(name: str, waiting: "SimpleQueue[Any]") -> None:
    """Be a stage's thread, and keep nothing of it while nothing waits."""
    with ExitStack() as failing:
        failing.callback(_start_thread, name, waiting)
        while (found := waiting.get()) is not None:
            work_on, item = found
            work_on(item)
            del found, work_on, item
        failing.pop_all()
