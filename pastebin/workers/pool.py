"""The pool of workers: a request's own thread checks one out, asks it, and watches over it.

There is no dispatcher thread and no queue of tasks, as with a pool of database connections.
"""

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import Overloaded, TaskKilled
from .admission import Admission, Place
from .after_fork import forget_after_fork
from .ceiling import MemoryCeiling, OutOfMemory
from .checkout import Checkout
from .limits import TaskLimits
from .outcomes import Crashed, Outcomes
from .protocol import MAX_BODY, MAX_HEADER, MAX_REQUEST, Answer, Ended, Garbled, encode
from .quarantine import SECONDS, Quarantine
from .single_flight import SingleFlight
from .sources import descriptor_of
from .template import Template
from .worker import OutOfTime, Watch, Worker

log = logging.getLogger(__name__)

# A task that takes longer is slow.
SLOW_SECONDS = 0.5

# Bytes a worker may have had resident; one with more is retired, so that memory goes back soon.
MAX_RSS = 192 * 2**20

# More than any machine has.
_NO_CEILING = 2**60


@dataclass(frozen=True, slots=True)
class _Job:
    """One call of `run`."""

    task: str
    key: str
    message: bytes
    source: BinaryIO | None
    target: int | None
    limits: TaskLimits
    heavy: bool


class WorkerPool:
    """Runs tasks in at most `size` workers (and as many slow ones) forked from a template.

    `waiting`, `wait_seconds` and `heavy_slots` are those of `Admission`; `size + waiting` of all
    pools must stay clearly below the number of the server's threads. `quarantine` is a folder
    shared by all processes, or None. `ceiling` bounds the memory of several pools together, if it
    is given. `max_header` and `max_body` cap answers, in bytes.
    """

    def __init__(
        self,
        template: Template,
        *,
        size: int,
        waiting: int,
        ceiling: MemoryCeiling | None = None,
        wait_seconds: float = 2.0,
        heavy_slots: int = 1,
        quarantine: Path | None = None,
        quarantine_seconds: float = SECONDS,
        slow_seconds: float = SLOW_SECONDS,
        max_header: int = MAX_HEADER,
        max_body: int = MAX_BODY,
    ) -> None:
        self._workers = Checkout(template, size)
        self._ceiling = ceiling or MemoryCeiling(_NO_CEILING)
        self._bounds = size, waiting, wait_seconds, heavy_slots
        self._quarantine = Quarantine(quarantine, quarantine_seconds)
        self._slow_seconds = slow_seconds
        self._caps = max_header, max_body
        self._outcomes = Outcomes()
        self._reset()
        forget_after_fork(self)

    def _reset(self) -> None:
        size, waiting, wait_seconds, heavy_slots = self._bounds
        self._admission = Admission(size, waiting, wait_seconds, heavy_slots)
        self._flights = SingleFlight(wait_seconds)

    def run(
        self,
        task: str,
        key: str,
        *,
        limits: TaskLimits,
        params: dict[str, Any] | None = None,
        source: BinaryIO | None = None,
        target: int | None = None,
        heavy: bool = False,
    ) -> Answer:
        """Do a task for the content that `key` names (a hash of the source).

        `params` is what JSON can hold, at most 60 KiB. `source` is read from its beginning, by
        descriptor if it has one (flush it before); its position stays. What the task writes goes
        to `target`, the descriptor of a temporary file open for reading and writing; after any
        error the file is to be thrown away. The same task, key and params at the same time are
        done once. `heavy` tasks, which need much memory, take turns. A worker killed from outside
        is replaced, and the task done again, once.

        Raises the task's own PastebinError; Overloaded; TaskKilled when the limits are exceeded
        or the worker crashed, at once for an hour afterwards; TaskFailed for a bug.
        """
        request = {
            "task": task,
            "params": params or {},
            "source": source is not None,
            "target": target is not None,
            "cpu_seconds": limits.cpu_seconds,
            "memory_bytes": limits.memory_bytes,
        }
        message = encode(request)
        if len(message) > MAX_REQUEST:
            raise ValueError(f"params of {len(message)} bytes; at most {MAX_REQUEST} are sent")
        reason = self._quarantine.reason(task, key)
        if reason:
            raise TaskKilled(reason)
        job = _Job(task, key, message, source, target, limits, heavy)
        return self._flights.run((key, message), target, lambda: self._admit(job))

    def close(self) -> None:
        """End the idle workers. `Template.close` ends those at work, too."""
        self._workers.close()

    def forget(self) -> None:
        """Leave all workers to the parent process. Called in a forked child."""
        self._workers.forget()
        self._reset()

    def _admit(self, job: _Job) -> Answer:
        """Do a job when its turn comes, and remember contents that must not have another."""
        with self._admission.enter(job.heavy) as place:
            try:
                return self._attempt_twice(job, place)
            except Crashed:
                killed, is_its_fault = TaskKilled("crash"), True
            except OutOfTime as late:
                killed, is_its_fault = TaskKilled("time"), late.used_cpu
            except OutOfMemory as large:
                if not large.is_its_fault:
                    raise Overloaded("the service is busy; try again in a moment") from None
                killed, is_its_fault = TaskKilled("memory"), True
            except TaskKilled as error:
                killed, is_its_fault = error, True
        log.warning("Killed task %s of %s: %s", job.task, job.key, killed.reason)
        if is_its_fault:
            self._quarantine.remember(job.task, job.key, killed.reason)
        raise killed

    def _attempt_twice(self, job: _Job, place: Place) -> Answer:
        try:
            return self._attempt(job, place)
        except Crashed as crash:
            if not crash.from_outside:
                raise
        return self._attempt(job, place)

    def _attempt(self, job: _Job, place: Place) -> Answer:
        worker = self._workers.check_out()
        is_fit = False
        try:
            with self._ceiling.task() as memory:
                watch = Watch(
                    worker, job.limits, memory, self._slow_seconds, lambda: _slow_down(worker, place)
                )
                header, body = self._ask(worker, job, watch)
            is_fit = not watch.is_slow and _is_fit(header)
            return self._outcomes.read(job.task, header, body)
        except (Garbled, Ended) as error:
            is_fit = False
            raise Crashed(from_outside=isinstance(error, Ended)) from None
        finally:
            if is_fit:
                self._workers.check_in(worker)
            else:
                self._workers.discard(worker)

    def _ask(self, worker: Worker, job: _Job, watch: Watch) -> tuple[dict[str, Any], bytes]:
        with ExitStack() as stack:
            descriptors = [] if job.source is None else [stack.enter_context(descriptor_of(job.source))]
            if job.target is not None:
                descriptors.append(job.target)
            return worker.ask(job.message, descriptors, watch, *self._caps)


def _slow_down(worker: Worker, place: Place) -> None:
    if place.move_to_slow_lane():
        worker.step_back()


def _is_fit(header: dict[str, Any]) -> bool:
    """Whether a worker may go on after such an answer: it has told how much memory it took, and little."""
    rss = header.get("rss")
    return isinstance(rss, int) and rss <= MAX_RSS and "killed" not in header
