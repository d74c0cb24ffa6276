"""Working on one piece of a large file while the next one is received."""

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Piece = TypeVar("Piece")


class Background(Generic[Piece]):
    """Calls `work` for each piece, in order, in a thread of its own; `ahead` pieces may wait for it.

    The first OSError of `work` is raised by the next `put` or by `close`, and nothing is
    worked on after it.
    """

    def __init__(self, work: Callable[[Piece], object], *, ahead: int, name: str) -> None:
        self._work = work
        self._pieces: queue.Queue[Piece | None] = queue.Queue(ahead)
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, piece: Piece) -> None:
        """Hand over a piece; waits while as many as may wait are on their way."""
        self._check()
        self._pieces.put(piece)

    def close(self) -> None:
        """Return when everything that was handed over is done."""
        self.stop()
        self._check()

    def stop(self) -> None:
        """End the thread; safe to call again."""
        if self._thread.is_alive():
            self._pieces.put(None)
            self._thread.join()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (piece := self._pieces.get()) is not None:
            if self._error is None:
                try:
                    self._work(piece)
                except OSError as error:
                    self._error = error
