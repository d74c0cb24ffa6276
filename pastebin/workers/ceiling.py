"""How much memory all workers of a service may have together, whatever their tasks do.

RLIMIT_AS holds for one process, counts what is reserved, and has to be generous: PDFium and ffmpeg reserve
several times of what they use. So what workers really have is looked at while they work. Where that
is too much together, the one that has most has to end, and none of the others.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PAGE = os.sysconf("SC_PAGE_SIZE")


class OutOfMemory(Exception):
    """A task has to end; `is_its_fault` tells whether it has taken too much all by itself."""

    def __init__(self, is_its_fault: bool) -> None:
        super().__init__()
        self.is_its_fault = is_its_fault


class MemoryCeiling:
    """At most so many bytes for all tasks that are at work. Safe among threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._sizes: dict[int, int] = {}  # by the task's number
        self._last = 0

    @contextmanager
    def task(self) -> Iterator["TaskMemory"]:
        """Give what notes the memory of one task, for as long as it is at work."""
        with self._lock:
            self._last += 1
            number = self._last
        try:
            yield TaskMemory(self, number)
        finally:
            with self._lock:
                self._sizes.pop(number, None)

    def note(self, number: int, size: int) -> None:
        """Note what a task has now. Raises OutOfMemory if it is the one that has to end."""
        with self._lock:
            self._sizes[number] = size
            is_too_much = sum(self._sizes.values()) > self._most
            is_largest = size == max(self._sizes.values())
        if is_too_much and is_largest:
            raise OutOfMemory(is_its_fault=size > self._most)


class TaskMemory:
    """What one task has."""

    def __init__(self, ceiling: MemoryCeiling, number: int) -> None:
        self._ceiling = ceiling
        self._number = number

    def note(self, size: int) -> None:
        """Note what it has now, in bytes. Raises OutOfMemory if it has to end."""
        self._ceiling.note(self._number, size)


def private_memory(pid: int) -> int:
    """Return the bytes a process and its children have resident that are no file's; 0 when it has ended."""
    total = 0
    with suppress(OSError):
        total = _resident(pid)
        with open(f"/proc/{pid}/task/{pid}/children") as children:  # such as ffmpeg
            total += sum(map(private_memory, map(int, children.read().split())))
    return total


def _resident(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as file:
        _, resident, shared = file.read().split()[:3]
    return (int(resident) - int(shared)) * _PAGE
