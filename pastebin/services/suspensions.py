"""The accounts whose files nobody sees."""

from sqlalchemy import select, true
from sqlalchemy.engine import Engine

from ..models import ACCOUNTS
from .invalidations import Invalidations, Kind
from .watched_set import WatchedSet

_SUSPENDED = select(ACCOUNTS.c.id).where(ACCOUNTS.c.is_suspended == true())


class SuspendedOwners:
    """The ids of suspended accounts. Files of nobody never ask."""

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._suspended = WatchedSet(engine, invalidations, Kind.ACCOUNTS, _SUSPENDED)

    def ids(self) -> frozenset[int]:
        """Return the ids of the accounts that are suspended."""
        return self._suspended.values()
