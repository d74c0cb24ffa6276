"""Work on the database that is done again after a fault that passes."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

# MariaDB: 1213 ER_LOCK_DEADLOCK, 1205 ER_LOCK_WAIT_TIMEOUT, 1020 ER_CHECKREAD (record has changed).
_CONFLICTS = frozenset({1213, 1205, 1020})

CONFLICT_TRIES = 10

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
        if not error.connection_invalidated:
            raise
    return work()


def retry_on_conflict(work: Callable[[], Result]) -> Result:
    """Return what `work`, a whole transaction, returns, done again after a deadlock with another one."""
    for tried in range(CONFLICT_TRIES - 1):
        try:
            return retry_on_disconnect(work)
        except OperationalError as error:
            if _code(error) not in _CONFLICTS:
                raise
        time.sleep(random.uniform(0, PAUSE * 2 ** min(tried, 3)))  # noqa: S311 (no secret)
    return retry_on_disconnect(work)


def _code(error: OperationalError) -> object:
    return next(iter(getattr(error.orig, "args", ())), None)
