"""Giving rows that lost their contents, as by a migration down and up again, what is still in the store."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine

from ..models import FILES, WriteTransactions
from ..storage import BlobStore, copy_into
from .file_records import Content, described, upload_key
from .uploads import UploadService

_LOST = select(FILES.c.id, FILES.c.filename, FILES.c.filemd5, FILES.c.size).where(FILES.c.sha256.is_(None))
_KEYS = select(FILES.c.id).limit(1)

Wanted = dict[tuple[str, int], list[tuple[int, str]]]


class RepairService:
    """Finds contents by the MD5 and the size that rows still state."""

    def __init__(self, engine: Engine, store: BlobStore, uploads: UploadService) -> None:
        self._transactions = WriteTransactions(engine)
        self._engine = engine
        self._store = store
        self._uploads = uploads

    def repair(self) -> Iterator[int]:
        """Yield, for each content that may be a lost one, how many rows it was given to.

        Where two contents have the same MD5 and size nobody can tell whose is which: those stay lost.
        """
        wanted = self._wanted()
        sizes = {size for _, size in wanted}
        found: dict[tuple[str, int], Content | None] = {}
        for sha256 in {stored.sha256 for stored in self._store if stored.size in sizes}:
            content = self._examine(sha256)
            key = (content.blob.md5, content.blob.size)
            found[key] = None if key in found or content.blob.sha256 != sha256 else content
        for key, rows in wanted.items():
            lost = found.get(key)
            yield 0 if lost is None else self._give(lost, rows)

    def _wanted(self) -> Wanted:
        """Return the rows without content, id and file name, by MD5 and size."""
        wanted: Wanted = defaultdict(list)
        with self._engine.connect() as connection:
            for number, filename, md5, size in connection.execute(_LOST):
                wanted[md5.lower(), size].append((number, filename))
        return wanted

    def _examine(self, sha256: str) -> Content:
        """Return a content as an upload of it would be described."""
        with self._store.open(sha256) as reader, self._store.writer() as copy:
            copy_into(reader, copy)
            return self._uploads.examine(copy, sha256)

    def _give(self, content: Content, rows: list[tuple[int, str]]) -> int:
        def write(connection: Connection) -> int:
            return sum(_complete(connection, content, number, filename) for number, filename in rows)

        return self._transactions.run(write)


def _complete(connection: Connection, content: Content, number: int, filename: str) -> int:
    """Give a row its content, and its key unless a later upload has that."""
    key = upload_key(content.blob, filename)
    is_taken = connection.execute(_KEYS.where(FILES.c.link_key == key)).first() is not None
    values = described(content, key) | ({"link_key": None} if is_taken else {})
    statement = update(FILES).where(FILES.c.id == number, FILES.c.sha256.is_(None)).values(values)
    return connection.execute(statement).rowcount
