"""Small contents as rows of a database, written in the same transaction as their links."""

import io
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from cachetools import LRUCache
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.engine import Connection, Engine

from ..models import CONTENTS, WriteTransactions, retry_on_disconnect, upsert
from .interface import BlobMissing, StagedBlob, StoredBlob, require_digest
from .memory_writer import MemoryBlobWriter

# Bytes of contents that were read lately and stay in memory: a statement costs more than all else that
# sending a small file takes. They never change under their SHA-256.
CACHED_BYTES = 16 * 2**20

# Contents that are listed in one query.
BATCH = 500

_DATA = select(CONTENTS.c.data).where(CONTENTS.c.sha256 == bindparam("sha256"))
_EXISTS = select(CONTENTS.c.put_at).where(CONTENTS.c.sha256 == bindparam("sha256"))
_REMOVE = delete(CONTENTS).where(
    CONTENTS.c.sha256 == bindparam("digest"), CONTENTS.c.put_at <= bindparam("moment")
)
_LIST = (
    select(CONTENTS.c.sha256, func.length(CONTENTS.c.data), CONTENTS.c.put_at)
    .where(CONTENTS.c.sha256 > bindparam("last"))
    .order_by(CONTENTS.c.sha256)
    .limit(BATCH)
)


class RemovedRow:
    """A content in its row, which is to be removed unless it was put after a moment."""

    def __init__(self, store: "DatabaseBlobStore", sha256: str, unless_put_after: float) -> None:
        self._store = store
        self._given = {"digest": sha256, "moment": unless_put_after}

    def restore(self) -> None:
        """Do nothing: the row is still there."""

    def delete(self, connection: Connection) -> None:
        """Delete the row."""
        connection.execute(_REMOVE, self._given)

    def forget(self) -> None:
        """Forget what stays in memory."""
        self._store.forget_content(str(self._given["digest"]))


class DatabaseBlobStore:
    """Contents in the table `Content`, for sizes that fit a row and a statement of 64 rows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.transactions = WriteTransactions(engine)
        self._cached: LRUCache[str, bytes] = LRUCache(CACHED_BYTES, getsizeof=len)
        self._lock = threading.Lock()

    def writer(self) -> MemoryBlobWriter:
        """Return a writer for a new content."""
        return MemoryBlobWriter()

    def commit(self, connection: Connection, staged: Sequence[StagedBlob]) -> None:
        """Insert the contents; one that exists only gets a new time."""
        now = time.time()
        rows = {
            one.blob.sha256: {"sha256": one.blob.sha256, "put_at": now, "data": one.data}
            for one in staged
            if one.data is not None
        }
        if rows:  # in the order of their keys, so that two writers never wait for each other crosswise
            upsert(connection, CONTENTS, "sha256", ("put_at",), [rows[key] for key in sorted(rows)])

    def require(self, staged: StagedBlob) -> None:
        """Do nothing: the content is written in the transaction of its row."""

    def open(self, sha256: str) -> BinaryIO:
        """Return a reader of a content; BlobMissing if it is not there."""
        require_digest(sha256)
        cached = self.open_cached(sha256)
        if cached is not None:
            return cached
        data = self._value(_DATA, sha256)
        if data is None:
            raise BlobMissing("The content of this file is missing from the store.")
        with self._lock:
            self._cached[sha256] = data
        return io.BytesIO(data)

    def open_cached(self, sha256: str) -> BinaryIO | None:
        """Return a reader of a content that was read lately; None for any other."""
        with self._lock:
            data = self._cached.get(sha256)
        return None if data is None else io.BytesIO(data)

    def _value(self, query: Any, sha256: str) -> Any:
        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(query, {"sha256": sha256}).scalar()

        return retry_on_disconnect(read)

    def __contains__(self, sha256: str) -> bool:
        require_digest(sha256)
        return self._value(_EXISTS, sha256) is not None

    def __iter__(self) -> Iterator[StoredBlob]:
        last = ""
        while True:
            with self._engine.connect() as connection:
                rows = connection.execute(_LIST, {"last": last}).all()
            for sha256, size, put_at in rows:
                yield StoredBlob(sha256, size, put_at)
            if len(rows) < BATCH:
                return
            last = rows[-1][0]

    def remove(self, sha256: str, unless_put_after: float) -> bool:
        """Remove a content unless it was put (again) after that moment; tell whether it is gone."""
        require_digest(sha256)
        given = {"digest": sha256, "moment": unless_put_after}
        removed = self.transactions.run(lambda connection: connection.execute(_REMOVE, given).rowcount)
        if removed:
            self.forget_content(sha256)
        return bool(removed)

    def set_aside(self, sha256: str, unless_put_after: float) -> "RemovedRow":
        """Return the content's row for removal, whether there is one or not: uploads wait for its lock."""
        require_digest(sha256)
        return RemovedRow(self, sha256, unless_put_after)

    def forget_content(self, sha256: str) -> None:
        """Forget a content that stays in memory."""
        with self._lock:
            self._cached.pop(sha256, None)

    def forget(self) -> None:
        """Forget the contents that stay in memory."""
        with self._lock:
            self._cached.clear()

    def remove_temporaries(self, older_than: float) -> int:
        """Return 0: a transaction that was not committed leaves nothing behind."""
        return 0

    def path(self, sha256: str) -> Path | None:
        """Return None: no content has a file."""
        return None

    def check(self) -> None:
        """Do nothing: the state of the database is asked elsewhere."""
