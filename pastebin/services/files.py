"""Finding files: by public name and by short code, through the look-up cache."""

import hashlib
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Engine

from .._speedups.shorturl import ShortCodec
from ..cache import LookupCache
from ..errors import NotFound
from ..media import types as media
from ..models import FILES, retry_on_disconnect
from ..names import may_be_filehash
from .cache_generation import GENERATION, CacheGeneration

# The largest id either database can give.
MAX_ID = 2**63 - 1


@dataclass(frozen=True)
class StoredFile:
    """What there is to know about a file, apart from any session: size in bytes, sides in pixels.

    `uploaded_at` is in seconds since 1970; `width` and `height` are 0 unless it is an image.
    """

    id: int
    filename: str
    filehash: str
    md5: str
    sha256: str
    uploaded_at: float
    mimetype: str
    encoding: str
    size: int
    width: int
    height: int

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return what a row of PasteFile says; the row must have its content."""
        return cls(
            id=row.id,
            filename=row.filename,
            filehash=row.filehash,
            md5=row.filemd5,
            sha256=row.sha256 or "",
            uploaded_at=row.uploadtime.timestamp(),
            mimetype=row.mimetype,
            encoding=row.encoding,
            size=row.size,
            width=row.width,
            height=row.height,
        )

    @classmethod
    def from_cache(cls, value: dict[str, Any]) -> Self | None:
        """Return the file of a cached value; None for what is none: others may write to a shared server."""
        try:
            return cls(**value)
        except TypeError:
            return None

    @property
    def uploadtime(self) -> datetime:
        """Return the moment of the upload, in UTC."""
        return datetime.fromtimestamp(self.uploaded_at, UTC)

    @property
    def kind(self) -> str:
        """Return `image`, `pdf`, `video`, `audio` or `binary`."""
        return media.kind(self.mimetype)

    @property
    def is_text(self) -> bool:
        """Tell whether a person can read the bytes."""
        return media.is_text(self.mimetype)

    @property
    def inline_type(self) -> str | None:
        """Return the Content-Type for showing the bytes in a browser; None if they may only be saved."""
        return media.inline_type(self.mimetype, self.encoding)


# What a cached file looks like: a version with other fields has other keys.
SHAPE = hashlib.sha256(" ".join(f"{one.name}:{one.type}" for one in fields(StoredFile)).encode()).hexdigest()[
    :8
]

_BY_HASH = select(FILES, GENERATION).where(FILES.c.filehash == bindparam("value"))
_BY_ID = select(FILES, GENERATION).where(FILES.c.id == bindparam("value"))


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
        self, engine: Engine, cache: LookupCache, generation: CacheGeneration, codec: ShortCodec
    ) -> None:
        self._engine = engine
        self._cache = cache
        self._generation = generation
        self._codec = codec

    def by_hash(self, filehash: str) -> StoredFile:
        """Return the file with a public name; NotFound if there is none."""
        if not may_be_filehash(filehash):
            raise NotFound("There is no such file.")
        cached = self._cache.get(f"file:{filehash}")
        file = None if cached is None else StoredFile.from_cache(cached)
        return file or self._read(_BY_HASH, filehash)

    def by_short(self, code: str) -> StoredFile:
        """Return the file with a short code; NotFound if there is none or it is no code."""
        number = number_of(self._codec, code)
        filehash = self._generation.filehash_of(number)
        if filehash is not None:
            return self.by_hash(filehash)
        file = self._read(_BY_ID, number)
        self._generation.remember(number, file.filehash)
        return file

    def short_code(self, file: StoredFile) -> str:
        """Return the code of a file's short link."""
        return self._codec.encode(file.id)

    def _read(self, query: Any, value: str | int) -> StoredFile:
        """Return the file of the one row that a query finds, and cache it."""
        row = retry_on_disconnect(lambda: self._row(query, value))
        if row is None:
            raise NotFound("There is no such file.")
        if row.sha256 is None:
            raise ContentPending(row.filehash)
        file = StoredFile.of(row)
        self._generation.use(row.generation)
        self._cache.set(f"file:{file.filehash}", asdict(file))
        return file

    def _row(self, query: Any, value: str | int) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(query, {"value": value}).one_or_none()
