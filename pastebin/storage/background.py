"""Writing a large file while the next piece of it is read and hashed."""

import queue
import threading
from collections.abc import Callable

# Pieces that may wait to be written; with those in hand this bounds the memory an upload takes.
AHEAD = 4


class BackgroundWriter:
    """Calls `write` for each piece, in order, in a thread of its own.

    The first error of `write` is raised by the next `put` or by `close`, and nothing is
    written after it.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._pieces: queue.Queue[bytes | None] = queue.Queue(AHEAD)
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="blob-writer", daemon=True)
        self._thread.start()

    def put(self, data: bytes) -> None:
        """Hand over a piece; waits while AHEAD pieces are on their way."""
        self._check()
        self._pieces.put(data)

    def close(self) -> None:
        """Return when everything that was handed over is written."""
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
        while (data := self._pieces.get()) is not None:
            if self._error is None:
                try:
                    self._write(data)
                except OSError as error:
                    self._error = error
