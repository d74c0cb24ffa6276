"""How long a request to elsewhere may take in all."""

import time

from ..errors import RemoteTimeout


class Deadline:
    """The end of so many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def wait(self, most: float) -> float:
        """Return how long to wait at most, in seconds; RemoteTimeout if the time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise RemoteTimeout("The other server takes too long.")
        return min(left, most)
