"""Whether the parts of the service work."""

import logging
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from .. import _speedups
from ..cache import LookupCache
from ..errors import PastebinError
from ..models import PasteFile
from ..storage import BlobStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the service: `ok` or `down`, what it is, and what is wrong with it."""

    status: str
    name: str
    problem: str = ""


class HealthService:
    """Tries each part once."""

    def __init__(self, engine: Engine, cache: LookupCache, store: BlobStore) -> None:
        self._engine = engine
        self._cache = cache
        self._store = store

    def database(self) -> Part:
        """Return whether the database answers and has the tables of this version."""
        name = self._engine.dialect.name
        try:
            with self._engine.connect() as connection:
                connection.execute(select(PasteFile.sha256).where(PasteFile.id == 0))
        except SQLAlchemyError as error:
            log.warning("The database does not answer: %s", error)
            return Part("down", name, "The database does not answer, or has not been migrated.")
        return Part("ok", name)

    def cache(self) -> Part:
        """Return whether the look-up cache keeps what it is given; without it all is slower."""
        if self._cache.is_up():
            return Part("ok", self._cache.name)
        return Part("down", self._cache.name, "The cache does not answer; the service goes on without it.")

    def store(self) -> Part:
        """Return whether a file could be stored now."""
        try:
            self._store.check()
        except PastebinError as error:
            return Part("down", "folder", error.message)
        return Part("ok", "folder")

    def speedups(self) -> dict[str, str]:
        """Return `compiled` or `python` for each compiled module."""
        return _speedups.status()
