"""A worker as the pool sees it: a socket to ask it, a pidfd to kill it, its clock to watch it."""

import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from .ceiling import TaskMemory, private_memory
from .limits import TaskLimits
from .protocol import Ended, read_answer, send_request

# The niceness of a task in the slow lane.
SLOW_NICENESS = 19

# How often, at most, the clock of a worker is read that is about to use up its processor time.
_CLOCK_SECONDS = 0.01

# How often the memory of a worker is looked at; nearly all tasks are done before the first time.
_MEMORY_SECONDS = 0.025


class OutOfTime(Exception):
    """A task is late; `used_cpu` tells whether it has used its processor time, or only waited."""

    def __init__(self, used_cpu: bool) -> None:
        super().__init__()
        self.used_cpu = used_cpu


class Worker:
    """Used by one thread at a time. `pidfd` and `connection` become its own."""

    def __init__(self, pid: int, pidfd: int, connection: socket.socket) -> None:
        self._pid = pid
        self._pidfd = pidfd
        self._connection = connection
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)
        self._inherited = private_memory(pid)  # of the template's, until either writes to it
        self.tasks_done = 0
        self._last_used = time.monotonic()

    @property
    def idle_seconds(self) -> float:
        """How long it has done nothing."""
        return time.monotonic() - self._last_used

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to read: an idle worker that says something has died or is hostile."""
        return not self._poll.poll(0)

    def ask(
        self, message: bytes, descriptors: Sequence[int], watch: "Watch", max_header: int, max_body: int
    ) -> tuple[dict[str, Any], bytes]:
        """Send a request and return header and body of the answer.

        Raises Ended, Garbled, OutOfTime, OutOfMemory, after which the worker must be killed.
        """
        send_request(self._connection, message, descriptors)

        def read(length: int) -> bytearray:
            return self._read(length, watch)

        answer = read_answer(read, max_header, max_body)
        self.tasks_done += 1
        self._last_used = time.monotonic()
        return answer

    def _read(self, length: int, watch: "Watch") -> bytearray:
        data = bytearray(length)
        rest = memoryview(data)
        while rest:
            try:
                count = self._connection.recv_into(rest, 0, socket.MSG_DONTWAIT)
            except BlockingIOError:
                watch.wait(self._poll)
                continue
            except ConnectionError as error:
                raise Ended from error
            if not count:
                raise Ended
            rest = rest[count:]
        return data

    def cpu_seconds(self) -> float:
        """Return the processor time the process has used; 0 when it has ended."""
        try:
            # The clock of a process, as clock_getcpuclockid(3) makes it from its number.
            return time.clock_gettime((~self._pid << 3) | 2)
        except OSError:
            return 0.0

    def memory(self) -> int:
        """Return the bytes of memory it has taken for itself since it was forked."""
        return max(0, private_memory(self._pid) - self._inherited)

    def step_back(self) -> None:
        """Let others go first, for good: only a privileged process could take that back."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._pid, SLOW_NICENESS)

    def kill(self) -> None:
        """End the process, whatever it does, and forget it."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """Close the descriptors only: after a fork, the worker is the parent's."""
        os.close(self._pidfd)
        self._connection.close()


class Watch:
    """Waits for a worker within the limits of its task; calls `on_slow` once, after `slow_after` seconds."""

    def __init__(
        self,
        worker: Worker,
        limits: TaskLimits,
        memory: TaskMemory,
        slow_after: float,
        on_slow: Callable[[], None],
    ) -> None:
        now = time.monotonic()
        self._worker = worker
        self._memory = memory
        self._next_weighing = now + _MEMORY_SECONDS
        self._limits = limits
        self._cpu_at_start = worker.cpu_seconds()
        self._deadline = now + limits.seconds
        self._next_look = now + limits.cpu_seconds  # one thread cannot have used it up before
        self._slow_at = now + slow_after
        self._on_slow = on_slow
        self.is_slow = False

    def wait(self, poll: "select.poll") -> None:
        """Return when there is something to read. Raises OutOfTime and OutOfMemory."""
        while not poll.poll(max(0.0, self._seconds_to_wait() * 1000)):
            pass

    def _seconds_to_wait(self) -> float:
        now = time.monotonic()
        if not self.is_slow and now >= self._slow_at:
            self.is_slow = True
            self._on_slow()
        if now >= self._next_look:
            left = self._limits.cpu_seconds - (self._worker.cpu_seconds() - self._cpu_at_start)
            if left <= 0:
                raise OutOfTime(used_cpu=True)
            self._next_look = now + max(left, _CLOCK_SECONDS)
        if now >= self._deadline:
            raise OutOfTime(used_cpu=False)
        if now >= self._next_weighing:
            self._memory.note(self._worker.memory())
            self._next_weighing = now + _MEMORY_SECONDS
        until = min(self._deadline, self._next_look, self._next_weighing)
        return (until if self.is_slow else min(until, self._slow_at)) - now
