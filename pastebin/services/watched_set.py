"""Values of a table that everything is compared with."""

from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from ..models import retry_on_disconnect
from .invalidations import Invalidations, Kind


class WatchedSet:
    """The values of one column, kept in memory: asking costs no statement.

    A change is seen at once where it was made, in other processes as soon as any other change.
    """

    def __init__(self, engine: Engine, invalidations: Invalidations, kind: Kind, query: Any) -> None:
        self._engine = engine
        self._invalidations = invalidations
        self._kind = kind
        self._query = query
        self._read_at = -1
        self._values: frozenset[Any] = frozenset()

    def values(self) -> frozenset[Any]:
        """Return the values as they are now."""
        self._invalidations.follow()
        return self._current()

    def known(self) -> frozenset[Any]:
        """Return the values as last seen, for what is only shown: no page waits for a lost database."""
        try:
            return self._current()
        except SQLAlchemyError:
            return self._values

    def _current(self) -> frozenset[Any]:
        changes = self._invalidations.changes_of[self._kind]
        if changes != self._read_at:
            self._values = retry_on_disconnect(self._read)
            self._read_at = changes
        return self._values

    def _read(self) -> frozenset[Any]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(self._query))
