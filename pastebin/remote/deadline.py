"""How long a request to elsewhere may take in all."""

import socket
import time
from contextlib import suppress

from ..errors import RemoteTimeout


class Deadline:
    """The end of so many seconds from now, or an earlier one."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._guarded: socket.socket | None = None

    def wait(self, most: float) -> float:
        """Return how long to wait at most, in seconds; RemoteTimeout if the time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise RemoteTimeout("The other server takes too long.")
        return min(left, most)

    def guard(self, connected: socket.socket) -> None:
        """Have `end` wake whoever waits for this connection, instead of the one before."""
        self._guarded = connected

    def end(self) -> None:
        """Be over now, from any thread."""
        self._end = time.monotonic()
        if self._guarded is not None:
            with suppress(OSError):
                # Not that of TLS, which would have the reader take what comes for plain bytes.
                socket.socket.shutdown(self._guarded, socket.SHUT_RDWR)
