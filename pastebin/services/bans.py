"""Contents that nobody may upload again."""

from sqlalchemy import select
from sqlalchemy.engine import Engine

from ..errors import Banned
from ..models import BANS
from .invalidations import Invalidations, Kind
from .watched_set import WatchedSet

_ALL = select(BANS.c.sha256)


class BanList:
    """The banned contents."""

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._banned = WatchedSet(engine, invalidations, Kind.BANS, _ALL)

    def is_banned(self, sha256: str) -> bool:
        """Tell whether a content is banned."""
        return sha256 in self._banned.values()

    def refuse(self, sha256: str) -> None:
        """Raise Banned for a content that is banned."""
        if self.is_banned(sha256):
            raise Banned("These bytes were removed from this server and may not be uploaded again.")
