"""What can go wrong with the work of a worker."""

from .base import InternalError, PastebinError, Unavailable

_KILLED = {
    "time": "this file takes too long to process",
    "memory": "this file takes too much memory to process",
    "crash": "this file cannot be processed",
}


class Overloaded(Unavailable):
    """All workers are busy and enough requests wait already: try again in a moment."""

    code = "overloaded"


class TaskFailed(InternalError):
    """A worker failed because of a bug; its traceback is in the log."""


class TaskKilled(PastebinError):
    """A file took more time or memory than it may, or crashed what read it.

    `reason` is "time", "memory" or "crash".
    """

    code = "too_costly"

    def __init__(self, reason: str) -> None:
        super().__init__(_KILLED[reason])
        self.reason = reason
