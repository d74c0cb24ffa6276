"""The accounts whose files nobody sees."""

from sqlalchemy import select, true
from sqlalchemy.engine import Engine

from ..models import ACCOUNTS, retry_on_disconnect
from .invalidations import Invalidations

_SUSPENDED = select(ACCOUNTS.c.id).where(ACCOUNTS.c.is_suspended == true())


class SuspendedOwners:
    """The ids of suspended accounts, kept in memory: asking costs nothing, and files of nobody never ask.

    A change is seen at once where it was made, in other processes as soon as any other change.
    """

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._engine = engine
        self._invalidations = invalidations
        self._read_at = -1
        self._ids: frozenset[int] = frozenset()

    def ids(self) -> frozenset[int]:
        """Return the ids of the accounts that are suspended."""
        self._invalidations.follow()
        changes = self._invalidations.account_changes
        if changes != self._read_at:
            self._ids = retry_on_disconnect(self._read)
            self._read_at = changes
        return self._ids

    def _read(self) -> frozenset[int]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(_SUSPENDED))
