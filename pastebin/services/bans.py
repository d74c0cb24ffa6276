"""Contents that nobody may upload again."""

from sqlalchemy import select
from sqlalchemy.engine import Engine

from ..errors import Banned
from ..models import BANS, retry_on_disconnect
from .invalidations import Invalidations

_ALL = select(BANS.c.sha256)


class BanList:
    """The banned contents, kept in memory: asking costs an upload nothing.

    A change is seen at once where it was made, in other processes as soon as any other change.
    """

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._engine = engine
        self._invalidations = invalidations
        self._read_at = -1
        self._banned: frozenset[str] = frozenset()

    def refuse(self, sha256: str) -> None:
        """Raise Banned for a content that is banned."""
        self._invalidations.follow()
        changes = self._invalidations.ban_changes
        if changes != self._read_at:
            self._banned = retry_on_disconnect(self._read)
            self._read_at = changes
        if sha256 in self._banned:
            raise Banned("These bytes were removed from this server and may not be uploaded again.")

    def _read(self) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(_ALL))
