"""Who may have a worker: bounded work, bounded waiting, and a slow lane.

Load shedding: whoever cannot be served soon is told at once, so that the server's threads stay
free. The slow lane keeps a few slow tasks from taking all places.
"""

import threading
from collections import deque
from contextlib import ExitStack
from types import TracebackType

from ..errors import Overloaded


class Place:
    """The right to have one task at work. A context manager, which gives it back."""

    def __init__(self, admission: "Admission", heavy: bool) -> None:
        self.heavy = heavy
        self.is_slow = False
        self.granted: threading.Event | None = None  # of one that waits
        self._admission = admission

    def move_to_slow_lane(self) -> bool:
        """Give the place to somebody else and go on in an extra one, if there is one left."""
        return self._admission.slow_down(self)

    def __enter__(self) -> "Place":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._admission.leave(self)


class Admission:
    """At most `size` tasks at work, as many more in the slow lane, `heavy_slots` heavy ones in all.

    At most `waiting` threads wait, in order and for at most `wait_seconds`; a heavy one that
    waits for a heavy slot does not hold up the others.
    """

    def __init__(self, size: int, waiting: int, wait_seconds: float, heavy_slots: int) -> None:
        self._lock = threading.Lock()
        self._free = size
        self._slow_free = size
        self._heavy_free = heavy_slots
        self._queue: deque[Place] = deque()
        self._waiting = waiting
        self._wait_seconds = wait_seconds

    def enter(self, heavy: bool = False) -> Place:
        """Return a place. Raises Overloaded."""
        place = Place(self, heavy)
        with self._lock:
            # Nobody who waits could take it: `leave` would have given it to them.
            if self._take(place):
                return place
            if len(self._queue) >= self._waiting:
                raise Overloaded("the service is busy; try again in a moment")
            place.granted = granted = threading.Event()
            self._queue.append(place)
        self._wait(place, granted)
        return place

    def slow_down(self, place: Place) -> bool:
        """Move a place into the slow lane; False if that is full."""
        with self._lock:
            if not self._slow_free:
                return False
            self._slow_free -= 1
            place.is_slow = True
            self._free += 1
            self._serve_queue()
        return True

    def leave(self, place: Place) -> None:
        """Take a place back."""
        with self._lock:
            if place.is_slow:
                self._slow_free += 1
            else:
                self._free += 1
            self._heavy_free += place.heavy
            self._serve_queue()

    def _wait(self, place: Place, granted: threading.Event) -> None:
        with ExitStack() as interrupted:
            interrupted.callback(self._abandon, place)
            granted.wait(self._wait_seconds)
            interrupted.pop_all()
        if self._withdraw(place):
            raise Overloaded("the service is busy; try again in a moment")

    def _abandon(self, place: Place) -> None:
        if not self._withdraw(place):
            self.leave(place)

    def _withdraw(self, place: Place) -> bool:
        """Stop waiting; False if the place has been granted."""
        with self._lock:
            if place not in self._queue:
                return False
            self._queue.remove(place)
        return True

    def _take(self, place: Place) -> bool:
        if not self._free or (place.heavy and not self._heavy_free):
            return False
        self._free -= 1
        self._heavy_free -= place.heavy
        return True

    def _serve_queue(self) -> None:
        for place in list(self._queue):
            if self._take(place):
                self._queue.remove(place)
                if place.granted:
                    place.granted.set()
