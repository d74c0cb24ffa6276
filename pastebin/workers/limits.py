"""What a task may use, and how a worker is held to it."""

import math
import os
import resource
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Once per worker: bytes of the largest file a task may write, and how far it steps back for the service.
MAX_FILE_BYTES = 256 * 2**20
NICENESS = 5

# Preferred by the kernel when memory runs out (-1000 to 1000), so that the service survives.
OOM_SCORE = 500

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class TaskLimits:
    """The bounds of one task.

    `cpu_seconds` is processor time, the real limit. `seconds` is wall-clock time from the sending
    of the task; make it a multiple of `cpu_seconds`, so that a loaded machine does not condemn
    innocent files. `memory_bytes` is address space (RLIMIT_AS) on top of what the worker has when
    the task begins: larger than the memory really used, above all with threads (AVIF), whose
    stacks and heaps reserve about 70 MiB each.
    """

    seconds: float
    cpu_seconds: float
    memory_bytes: int


def limit_worker() -> None:
    """Set what holds for a worker's whole life. Called in the worker."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _set_soft(resource.RLIMIT_FSIZE, MAX_FILE_BYTES)
    os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))


def limit_task(cpu_seconds: float, memory_bytes: int) -> None:
    """Set the limits of the task that begins. Called in the worker.

    The pool measures processor time itself, and exactly. RLIMIT_CPU, in whole seconds and one
    later, ends a worker whose pool is gone or stopped.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_soft(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + cpu_seconds) + 1)
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[0])
    _set_soft(resource.RLIMIT_AS, pages * _PAGE + memory_bytes)


def lift_memory_limit() -> None:
    """Take the limit of memory back, so that there is room to answer. Called in the worker."""
    _set_soft(resource.RLIMIT_AS, resource.getrlimit(resource.RLIMIT_AS)[1])


def max_rss() -> int:
    """Return the most memory in bytes this process has had resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _set_soft(kind: int, value: int) -> None:
    """Set a soft limit, which can be raised again for the next task, within the hard one."""
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY and (value > hard or value == resource.RLIM_INFINITY):
        value = hard
    resource.setrlimit(kind, (value, hard))
