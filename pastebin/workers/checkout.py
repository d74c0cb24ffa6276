"""Workers that wait for work, and those that are at work."""

import threading

from .template import Template
from .worker import Worker

# When a worker is retired: leaks of decoders, and idleness.
MAX_TASKS = 2000
MAX_IDLE_SECONDS = 60.0


class Checkout:
    """Gives the worker used last first, so that the others can be retired. Safe among threads.

    At most `size` workers wait. How many are at work is for `Admission` to say.
    """

    def __init__(self, template: Template, size: int) -> None:
        self._template = template
        self._size = size
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Worker] = []  # the one used last is the last
        self._busy: set[Worker] = set()

    def check_out(self) -> Worker:
        """Return an idle worker or a new one. Raises what `Template.fork_worker` does."""
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                worker = self._template.fork_worker()
            elif not worker.is_quiet:  # it has died
                worker.kill()
                continue
            with self._lock:
                self._busy.add(worker)
            return worker

    def check_in(self, worker: Worker) -> None:
        """Take a worker back."""
        with self._lock:
            self._busy.discard(worker)
            if worker.tasks_done < MAX_TASKS:
                self._idle.append(worker)
                worker = self._idle[0]  # the one that has waited longest
                if len(self._idle) <= self._size and worker.idle_seconds < MAX_IDLE_SECONDS:
                    return
                del self._idle[0]
        worker.kill()

    def discard(self, worker: Worker) -> None:
        """End a worker."""
        with self._lock:
            self._busy.discard(worker)
        worker.kill()

    def close(self) -> None:
        """End the idle workers."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.kill()

    def forget(self) -> None:
        """Close the descriptors of all workers, which are another process's."""
        for worker in [*self._idle, *self._busy]:
            worker.close()
        self._reset()
