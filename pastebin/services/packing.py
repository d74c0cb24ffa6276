"""Moving contents between the tiers of the store while the service goes on.

A content is in its new place, durably, before it leaves the old one, so either can be interrupted and done
again. What is uploaded meanwhile stays where it was put; a content in both places is in order.
"""

import time
from collections.abc import Iterator
from functools import partial
from itertools import islice

from sqlalchemy.engine import Engine

from .._speedups.hashing import ContentHash
from ..models import WriteTransactions
from ..storage import Blob, BlobMissing, StagedBlob, StoredBlob, TieredBlobStore

# Contents that one transaction writes.
BATCH = 64


class PackingService:
    """Moves small contents from files into the database, and back."""

    def __init__(self, engine: Engine, store: TieredBlobStore) -> None:
        self._transactions = WriteTransactions(engine)
        self._store = store

    def pack(self) -> Iterator[int]:
        """Move the files that are small enough into the database; yield how many, batch by batch."""
        started = time.time()
        limit = self._store.inline_size
        files = (stored for stored in self._store.large if stored.size <= limit and stored.put_at < started)
        while batch := list(islice(files, BATCH)):
            staged = [one for one in map(self._read, batch) if one is not None]
            self._transactions.run(partial(self._store.small.commit, staged=staged))
            yield sum(self._store.large.remove(one.blob.sha256, started) for one in staged)

    def _read(self, stored: StoredBlob) -> StagedBlob | None:
        """Return a file as a row to be written; None if it is gone or damaged: `check` tells."""
        try:
            with self._store.large.open(stored.sha256) as reader:
                data = reader.read()
        except BlobMissing:
            return None
        content = ContentHash()
        content.update(data)
        if content.sha256 != stored.sha256:
            return None
        return StagedBlob(Blob(content.sha256, content.md5, len(data)), data)

    def unpack(self) -> Iterator[int]:
        """Move all contents of the database into files; yield how many, one by one."""
        started = time.time()
        for stored in self._store.small:
            with self._store.small.open(stored.sha256) as reader, self._store.large.writer() as writer:
                writer.write(reader.read())
                if writer.finish().sha256 == stored.sha256:
                    writer.stage()
                    yield int(self._store.small.remove(stored.sha256, started))
