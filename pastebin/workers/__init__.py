"""Processes in which untrusted bytes are parsed: whatever a file does there, the service goes on.

`WorkerPool.run` runs a task (a function of a tasks module, by name) in a worker process that
has limits of time and memory, no network and no paths. Workers are forked from a template
process that has imported the tasks, as in Android's zygote; both end with the web process,
however that ends. Nothing of a worker's answer is trusted: no pickle, and every length is capped.
"""

from ..errors import Overloaded, TaskFailed, TaskKilled
from .admission import Admission
from .ceiling import MemoryCeiling
from .limits import TaskLimits
from .pool import WorkerPool
from .protocol import Answer
from .template import Template

__all__ = [
    "Admission",
    "Answer",
    "MemoryCeiling",
    "Overloaded",
    "TaskFailed",
    "TaskKilled",
    "TaskLimits",
    "Template",
    "WorkerPool",
]
