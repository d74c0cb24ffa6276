"""Work that one thread does for many, one stage after the other."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Stage(Generic[Item]):
    """A thread that does `work` for what waits, at most `most` items at a time.

    While several come in at a time it begins only so often, `every` so many seconds. `work` sees to
    its own errors, as there is nobody it could raise them to.
    """

    def __init__(
        self, name: str, work: Callable[[Sequence[Item]], None], *, most: int, every: float = 0.0
    ) -> None:
        self._work = work
        self._most = most
        self._every = every
        self._waiting: deque[Item] = deque()
        self._is_called = False  # the thread will look at what waits
        self._were_several = False
        self._began = 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    def put(self, *items: Item) -> None:
        """Have items worked on."""
        self._waiting.extend(items)
        self._call()

    def _call(self) -> None:
        if not self._is_called:
            self._is_called = True
            self._thread.submit(self._run)

    def _run(self) -> None:
        """Work on what waits."""
        if self._were_several and self._every:
            time.sleep(max(0.0, self._began + self._every - time.monotonic()))
        self._began = time.monotonic()
        self._is_called = False  # before looking: who comes from now on calls again
        count = min(len(self._waiting), self._most)
        if not count:  # two called at the same moment, and the other call saw to it all
            return
        self._were_several = count > 1
        try:
            self._work([self._waiting.popleft() for _ in range(count)])
        finally:
            if self._waiting:
                self._call()
