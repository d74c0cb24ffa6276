"""How much of small contents on their way in is kept in memory, by all uploads together.

An upload of a hundred small files may take as long as its client likes, and there may be hundreds of them.
"""

import threading

MOST_BYTES = 64 * 2**20


class IncomingMemory:
    """At most so many bytes. Safe among threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._lock = threading.Lock()
        self._left = most_bytes

    def take(self, size: int) -> bool:
        """Take so many bytes, if they are left."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Give back what was taken."""
        with self._lock:
            self._left += size
