"""How many of something there may be at a time, in all and for one address."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import Overloaded
from .rate_limits import bucket

# Downloads that one process sends at a time, and to one address: each has a thread of the server for as long
# as somebody reads it, and granian.env allows 512. A proxy that reads ahead, as nginx does, needs few.
DOWNLOADS = 160
DOWNLOADS_FOR_ONE = 96


class Slots:
    """So many slots, and some of them at most for one address. `message` is said when none is left."""

    def __init__(self, in_all: int, for_one: int, message: str) -> None:
        self._in_all = in_all
        self._for_one = for_one
        self._message = message
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, address: str) -> None:
        """Take a slot, which `give_back` frees; Overloaded if there is none for this address."""
        group = bucket(address)
        with self._lock:
            if self._taken.total() >= self._in_all or self._taken[group] >= self._for_one:
                raise Overloaded(self._message)
            self._taken[group] += 1

    def give_back(self, address: str) -> None:
        """Free a slot."""
        group = bucket(address)
        with self._lock:
            self._taken[group] -= 1
            if not self._taken[group]:
                del self._taken[group]

    @contextmanager
    def taken(self, address: str) -> Iterator[None]:
        """Hold a slot; Overloaded if there is none for this address."""
        self.take(address)
        try:
            yield
        finally:
            self.give_back(address)


def download_slots() -> Slots:
    """Return the slots of all downloads of a process that take longer than one write."""
    return Slots(DOWNLOADS, DOWNLOADS_FOR_ONE, "Enough files are being sent. Try again in a moment.")
