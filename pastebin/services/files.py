"""Finding files: by public name and by short code, through the look-up cache."""

import hashlib
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Engine

from .._speedups.shorturl import ShortCodec
from ..cache import LookupCache
from ..errors import NotFound
from ..models import FILES, retry_on_disconnect
from ..names import may_be_filehash
from .cache_generation import GENERATION, CacheGeneration
from .invalidations import Invalidations
from .stored_file import FIRST_DRAWN, LAST_DRAWN, StoredFile

__all__ = ["MAX_ID", "SHAPE", "ContentPending", "FileService", "StoredFile"]

# The largest id either database can give.
MAX_ID = 2**63 - 1


# What a cached file looks like: a version with other fields has other keys.
SHAPE = hashlib.sha256(" ".join(f"{one.name}:{one.type}" for one in fields(StoredFile)).encode()).hexdigest()[
    :8
]

_BY_HASH = select(FILES, GENERATION).where(FILES.c.filehash == bindparam("value"))
_BY_ID = select(FILES, GENERATION).where(FILES.c.id == bindparam("value"), FILES.c.short_id.is_(None))
_BY_SHORT_ID = select(FILES, GENERATION).where(FILES.c.short_id == bindparam("value"))


def number_of(codec: ShortCodec, code: str) -> int:
    """Return the number that a short code stands for; NotFound if no file can have it."""
    try:
        number = codec.decode(code)
    except ValueError as error:
        raise NotFound("There is no such short link.") from error
    if not 0 < number <= MAX_ID:
        raise NotFound("There is no such short link.")
    return number


class ContentPending(NotFound):
    """A row of the older service whose content has not been taken in yet."""

    def __init__(self, filehash: str) -> None:
        super().__init__("There is no such file.")
        self.filehash = filehash


class FileService:
    """Look-ups. What was found stays in the cache; what was not found is asked for again.

    A public name is random and never given again, so its file may be cached for long. An id is given again
    after an older database was restored: see `CacheGeneration`.
    """

    def __init__(
        self,
        engine: Engine,
        cache: LookupCache,
        generation: CacheGeneration,
        codec: ShortCodec,
        invalidations: Invalidations,
    ) -> None:
        self._engine = engine
        self._cache = cache
        self._generation = generation
        self._codec = codec
        self._invalidations = invalidations

    def by_hash(self, filehash: str) -> StoredFile:
        """Return the file with a public name; NotFound if there is none."""
        if not may_be_filehash(filehash):
            raise NotFound("There is no such file.")
        self._invalidations.follow()
        cached = self._cache.get(f"file:{filehash}")
        file = None if cached is None else StoredFile.from_cache(cached)
        return file or self._read(_BY_HASH, filehash)

    def by_short(self, code: str) -> StoredFile:
        """Return the file with a short code; NotFound if there is none or it is no code."""
        number = number_of(self._codec, code)
        filehash = self._generation.filehash_of(number)
        if filehash is not None:
            return self.by_hash(filehash)
        file = self._read(_BY_SHORT_ID if FIRST_DRAWN <= number <= LAST_DRAWN else _BY_ID, number)
        self._generation.remember(number, file.filehash)
        return file

    def short_code(self, file: StoredFile) -> str:
        """Return the code of a file's short link."""
        return self._codec.encode(file.short_number)

    def _read(self, query: Any, value: str | int) -> StoredFile:
        """Return the file of the one row that a query finds, and cache it unless it was changed meanwhile."""
        changes = self._invalidations.changes
        row = retry_on_disconnect(lambda: self._row(query, value))
        if row is None:
            raise NotFound("There is no such file.")
        if row.sha256 is None:
            raise ContentPending(row.filehash)
        file = StoredFile.of(row)
        self._generation.use(row.generation)
        key = f"file:{file.filehash}"
        self._cache.set(key, asdict(file))
        if self._invalidations.changes != changes:
            self._cache.delete(key)
        return file

    def _row(self, query: Any, value: str | int) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(query, {"value": value}).one_or_none()
