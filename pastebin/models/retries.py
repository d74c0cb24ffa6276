"""Work on the database that is done again after a fault that passes."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

from .faults import is_conflict, is_lost_connection

# A transaction that loses against others is tried so often, and not begun again after so many seconds.
CONFLICT_TRIES = 30
CONFLICT_SECONDS = 8.0

# Pauses between two tries are random up to this many seconds, doubled each time up to 8 times of it.
PAUSE = 0.01

Result = TypeVar("Result")


def retry_on_disconnect(work: Callable[[], Result]) -> Result:
    """Return what `work` returns, done once more if its connection turned out to be lost.

    For work that may be done twice: the server may have done it before the connection broke.
    """
    try:
        return work()
    except DBAPIError as error:
        if not is_lost_connection(error):
            raise
    return work()


def retry_on_conflict(work: Callable[[], Result]) -> Result:
    """Return what `work`, a whole transaction, returns, done again after a deadlock with another one."""
    deadline = time.monotonic() + CONFLICT_SECONDS
    for tried in range(CONFLICT_TRIES - 1):
        try:
            return retry_on_disconnect(work)
        except OperationalError as error:
            if not is_conflict(error) or time.monotonic() > deadline:
                raise
        time.sleep(random.uniform(0, PAUSE * 2 ** min(tried, 3)))  # noqa: S311 (no secret)
    return retry_on_disconnect(work)
