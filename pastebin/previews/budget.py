"""The processor time that a part of a preview may take, looked at between two steps of the work.

Within a step, such as one regular expression, only the worker's own limit can end it.
"""

import time


class OutOfBudget(Exception):
    """A file takes more work than its preview is worth."""


class Deadline:
    """The end of a span of this process's processor time, which other processes do not shorten."""

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.process_time() > self._end

    def check(self) -> None:
        """Raise OutOfBudget when the time is up."""
        if self.is_over:
            raise OutOfBudget
